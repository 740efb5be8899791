/** A return without a bill: items by scan or search, a supervisor's PIN, a reason. Rule kept: the panel of
 * approval says what, how much and why; Esc goes back with nothing changed. */
import { useRef, useState } from 'react';
import type { FoundItem, ItemView, ReturnReason } from '#contract/views.ts';
import type { Uuid } from '#core/ids.ts';
import { formatPaise } from '#core/money.ts';
import { type Milli, parseQty, type Unit } from '#core/quantity.ts';
import { KeyBar } from '../counter/key-bar.tsx';
import { errorText } from '../counter/till-calls.ts';
import { useForm } from '../keys/form-stack.ts';
import { ask, newKey, type Refusal } from '../link/till-link.ts';
import { useAnswer } from '../link/use-answer.ts';
import { ActionButton, Cap, Field } from '../parts/pieces.tsx';
import { play } from '../sound/sounds.ts';
import { nameIn, unitBeside } from '../words/formats.ts';
import { useWords } from '../words/words.ts';
import { ApprovalPanel } from './approval-panel.tsx';
import { returnDone } from './return-done.ts';
import { ReasonAndWay, RefundPanel, type WayBack } from './return-parts.tsx';

/** null while a row is no quantity: read as one piece it would be money given back for goods nobody saw. */
function wantedOf(lines: readonly Back[]): readonly { readonly itemId: Uuid; readonly qtyMilli: Milli }[] | null {
  const rows = lines.flatMap(({ itemId, text }) => {
    const qtyMilli = parseQty(text);
    return qtyMilli === null ? [] : [{ itemId, qtyMilli }];
  });
  return rows.length === lines.length ? rows : null;
}

type Back = {
  readonly itemId: Uuid;
  readonly name: string;
  readonly nameHi: string | null;
  readonly unit: Unit;
  readonly text: string;
};

export function ReturnNoBill({ onBack }: { readonly onBack: () => void }) {
  const { say, language } = useWords();
  const [lines, setLines] = useState<readonly Back[]>([]);
  const [text, setText] = useState('');
  const [reason, setReason] = useState<ReturnReason>('notWanted');
  const [way, setWay] = useState<WayBack>('cash');
  const [error, setError] = useState('');
  const [isAsking, setIsAsking] = useState(false);
  const key = useRef<Uuid>(newKey() as Uuid);
  const add = (item: FoundItem | ItemView): void => {
    setText('');
    setError('');
    setLines((now) => [...now, { itemId: item.id, name: item.name, nameHi: item.nameHi, unit: item.unit, text: '1' }]);
  };
  const wanted = wantedOf(lines);
  const previewed = useAnswer(wanted === null || wanted.length === 0 ? null : wanted, (till, all) =>
    till.creditNote.previewWithoutBill({ lines: [...all] }),
  );
  const preview = previewed?.ok === true ? previewed.value : null;
  const searched = useAnswer(text.trim() === '' ? null : text.slice(0, 120), (till, typed) =>
    till.item.search({ text: typed, limit: 5 }),
  );
  const found = searched?.ok === true ? searched.value : [];
  const said = error === '' && wanted === null ? say('qtyBad') : error;
  const refusal = said !== '' || previewed === null || previewed.ok ? said : errorText(previewed.error);
  const scan = async (code: string): Promise<void> => {
    const answer = await ask((till) => till.item.byCode({ code }));
    if (answer.ok) return add(answer.value);
    play('unknown');
    setError(errorText(answer.error));
  };
  const enter = async (): Promise<void> => {
    if (text.trim() === '') return askPin();
    const hit = found[0] ?? null;
    if (hit === null) return scan(text.trim());
    add(hit);
  };
  const askPin = (): void => {
    if (lines.length === 0) return setError(say('returnHelp'));
    // A quantity nobody can read stands under the field already.
    if (wanted !== null) setIsAsking(true);
  };
  const commit = async (supervisorPin: string): Promise<Refusal | null> => {
    if (wanted === null) return { type: 'InputInvalid', field: 'qtyMilli', reason: 'notQty' };
    const answer = await ask((till) =>
      till.creditNote.commitWithoutBill({
        key: key.current,
        lines: [...wanted],
        reason,
        refundKind: way,
        supervisorPin,
      }),
    );
    if (!answer.ok) return answer.error;
    returnDone(answer.value);
    return null;
  };
  useForm({
    name: 'returnNoBill',
    back: onBack,
    enter: () => void enter(),
    accept: askPin,
    scan: (code) => void scan(code),
    del: () => {
      if (text !== '') return setText('');
      setError('');
      setLines((now) => now.slice(0, -1));
    },
  });
  return (
    <>
      <main className="bm-main" data-form="returnNoBill" data-testid="return-no-bill">
        <section className="bm-card bm-left">
          <div className="bm-screen-head">
            <h1>{say('returnNoBill')}</h1>
          </div>
          <div className="bm-pad">
            <Field
              label={say('scanField')}
              value={text}
              onText={setText}
              isDefault
              error={refusal}
              testId="no-bill-field"
            />
            {found.map((item) => (
              <button
                key={item.id}
                type="button"
                className="bm-button bm-button-quiet bm-find-row"
                onClick={() => add(item)}
              >
                {nameIn(item, language)}
                <b className="bm-push">{formatPaise(item.sellingPricePaise)}</b>
                {item === found[0] ? <Cap>Enter</Cap> : null}
              </button>
            ))}
          </div>
          <div className="bm-lines">
            {lines.map((line, i) => (
              <div key={`${line.itemId}-${i}`} className="bm-return-row" data-testid="return-line">
                <span>
                  {nameIn(line, language)} <small>{unitBeside(line.unit, say)}</small>
                </span>
                <span />
                <span />
                <input
                  className="bm-input bm-number"
                  aria-label={`${say('backNow')}: ${nameIn(line, language)}`}
                  maxLength={12}
                  value={line.text}
                  onChange={(event) => {
                    const typed = event.currentTarget.value;
                    setLines(lines.map((one, j) => (j === i ? { ...one, text: typed } : one)));
                  }}
                />
                <b className="bm-num">
                  {preview?.lines[i] === undefined ? '–' : formatPaise(preview.lines[i].totalPaise)}
                </b>
              </div>
            ))}
          </div>
        </section>
        <aside className="bm-right">
          <ReasonAndWay reason={reason} onReason={setReason} way={way} onWay={setWay} />
          <div className="bm-space" />
          <RefundPanel amountPaise={preview?.payablePaise ?? null} />
          <ActionButton look="main" cap="Ctrl A" onPress={askPin} testId="give-refund">
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
              { key: 'Delete', cap: 'Del', word: 'kTakeOut' },
              { key: 'Escape', cap: 'Esc', word: 'kBack' },
            ],
          },
        ]}
      />
      {isAsking ? (
        <ApprovalPanel
          what={say('returnNoBill')}
          amountPaise={preview?.payablePaise ?? null}
          why={say('approvalReturn')}
          onPin={commit}
          onBack={() => setIsAsking(false)}
        />
      ) : null}
    </>
  );
}
