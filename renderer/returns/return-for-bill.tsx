/** A return against its bill: bought, back before, back now. Rule kept: no more than was bought; a refusal of
 * the till stands under the list with its date. */
import { useRef, useState } from 'react';
import type { BillForReturn, ReturnReason } from '#contract/views.ts';
import { formatPaise } from '#core/money.ts';
import { formatQty, type Milli, milli, parseQty } from '#core/quantity.ts';
import { KeyBar } from '../counter/key-bar.tsx';
import { errorText } from '../counter/till-calls.ts';
import { walkToNextField } from '../keys/field.ts';
import { useForm } from '../keys/form-stack.ts';
import { ask, newKey } from '../link/till-link.ts';
import { useAnswer } from '../link/use-answer.ts';
import type { Uuid } from '#core/ids.ts';
import { ActionButton } from '../parts/pieces.tsx';
import { longDate, nameIn, unitBeside } from '../words/formats.ts';
import { useWords } from '../words/words.ts';
import { ReasonAndWay, RefundPanel, type WayBack } from './return-parts.tsx';
import { returnDone } from './return-done.ts';

type Texts = Readonly<Record<number, string>>;
type Chosen = readonly { readonly billLineNo: number; readonly qtyMilli: Milli }[];

const readRows = (texts: Texts) =>
  Object.entries(texts)
    .filter(([, text]) => text.trim() !== '')
    .map(([lineNo, text]) => ({ billLineNo: Number(lineNo), qtyMilli: parseQty(text) }));
const chosenOf = (texts: Texts): Chosen =>
  readRows(texts).flatMap(({ billLineNo, qtyMilli }) =>
    qtyMilli === null || qtyMilli === 0 ? [] : [{ billLineNo, qtyMilli }],
  );
/** A row that is no quantity is asked for again: left out in silence it would be money not given back. */
const hasBadRow = (texts: Texts): boolean => readRows(texts).some(({ qtyMilli }) => qtyMilli === null);

export function ReturnForBill({ found, onBack }: { readonly found: BillForReturn; readonly onBack: () => void }) {
  const { say, language } = useWords();
  const { bill } = found;
  const [texts, setTexts] = useState<Texts>({});
  const [reason, setReason] = useState<ReturnReason>('notWanted');
  const [way, setWay] = useState<WayBack>('cash');
  const [error, setError] = useState('');
  const key = useRef<Uuid>(newKey() as Uuid);
  const backBefore = (lineNo: number): Milli =>
    milli(found.returned.filter((one) => one.billLineNo === lineNo).reduce((sum, one) => sum + one.qtyMilli, 0));
  const left = (lineNo: number, bought: Milli): Milli => milli(bought - backBefore(lineNo));
  const chosen = chosenOf(texts);
  const previewed = useAnswer(chosen.length === 0 ? null : chosen, (till, lines) =>
    till.creditNote.preview({ billId: bill.id, lines: [...lines] }),
  );
  const preview = previewed?.ok === true ? previewed.value : null;
  const isAllBack = bill.lines.every((line) => left(line.lineNo, line.qtyMilli) === 0);
  const said = error === '' && isAllBack ? say('returnNothingLeft') : error;
  const refusal = said !== '' || previewed === null || previewed.ok ? said : errorText(previewed.error);
  const commit = async (): Promise<void> => {
    const lines = chosenOf(texts);
    if (hasBadRow(texts)) return setError(say('qtyBad'));
    if (lines.length === 0) return setError(say('returnHelp'));
    const answer = await ask((till) =>
      till.creditNote.commitForBill({ key: key.current, billId: bill.id, lines: [...lines], reason, refundKind: way }),
    );
    if (answer.ok) returnDone(answer.value);
    else setError(errorText(answer.error));
  };
  const all = (): void =>
    setTexts(
      Object.fromEntries(
        bill.lines.map((line) => [line.lineNo, formatQty(left(line.lineNo, line.qtyMilli), line.unit)]),
      ),
    );
  useForm({
    name: 'returnBill',
    back: onBack,
    accept: () => void commit(),
    enter: () => {
      if (!walkToNextField()) void commit();
    },
    same: { F9: () => void commit(), F2: all },
    scan: (code) => {
      const line = bill.lines.find((one) => one.barcode === code);
      if (line === undefined) return setError(say('eNotFound'));
      const now = parseQty(texts[line.lineNo] ?? '') ?? milli(0);
      const most = left(line.lineNo, line.qtyMilli);
      setTexts({ ...texts, [line.lineNo]: formatQty(milli(Math.min(most, now + 1000)), line.unit) });
    },
  });
  const wasUpi = bill.tenders.some((tender) => tender.kind === 'upi');
  return (
    <>
      <main className="bm-main" data-form="returnBill" data-testid="return-bill">
        <section className="bm-card bm-left">
          <div className="bm-screen-head">
            <h1>{say('returnBill', { number: bill.number, date: longDate(bill.businessDate, language) })}</h1>
            <span className="bm-push">
              <ActionButton cap="F2" onPress={all}>
                {say('returnAll')}
              </ActionButton>
            </span>
          </div>
          <div className="bm-return-row bm-head">
            <span>{say('colItem')}</span>
            <span>{say('bought')}</span>
            <span>{say('alreadyBack')}</span>
            <span>{say('backNow')}</span>
            <span>{say('colAmount')}</span>
          </div>
          <div className="bm-lines">
            {bill.lines.map((line, i) => (
              <div key={line.lineNo} className="bm-return-row" data-testid="return-line">
                <span>
                  {nameIn(line, language)} <small>{unitBeside(line.unit, say)}</small>
                </span>
                <span>{formatQty(line.qtyMilli, line.unit)}</span>
                <span>{formatQty(backBefore(line.lineNo), line.unit)}</span>
                <input
                  className="bm-input bm-number"
                  inputMode="decimal"
                  autoFocus={i === 0}
                  data-default-field={i === 0 ? '' : undefined}
                  aria-label={`${say('backNow')}: ${nameIn(line, language)}`}
                  data-testid="return-qty"
                  maxLength={12}
                  value={texts[line.lineNo] ?? ''}
                  onChange={(event) => {
                    setError('');
                    setTexts({ ...texts, [line.lineNo]: event.currentTarget.value });
                  }}
                />
                <b className="bm-num">{formatPaise(line.totalPaise)}</b>
              </div>
            ))}
          </div>
          <div className="bm-pad bm-field-error" role="alert" data-testid="return-error">
            {refusal}
          </div>
        </section>
        <aside className="bm-right">
          <ReasonAndWay reason={reason} onReason={setReason} way={way} onWay={setWay} />
          <p className="bm-dialog-help">{wasUpi ? say('returnUpi') : say('returnHelp')}</p>
          <div className="bm-space" />
          <RefundPanel amountPaise={preview?.payablePaise ?? null} />
          <ActionButton look="main" cap="Ctrl A" onPress={() => void commit()} testId="give-refund">
            {say('returnDo')}
          </ActionButton>
        </aside>
      </main>
      <KeyBar
        state="form"
        groups={[
          {
            title: 'groupReturn',
            hints: [
              { key: 'CtrlA', cap: 'Ctrl A', word: 'kAccept' },
              { key: 'F2', cap: 'F2', word: 'returnAll' },
              { key: 'Escape', cap: 'Esc', word: 'kBack' },
            ],
          },
        ]}
      />
    </>
  );
}
