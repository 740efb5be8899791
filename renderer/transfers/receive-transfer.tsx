/**
 * Receiving a challan: each line beside what was sent; by scanning, or all of it at once. Rule kept: nothing is taken for
 * arrived before a person or a scan says so; a difference is named by its reason before it is put into stock.
 */
import { useRef, useState } from 'react';
import type { OpenChallan, TillTransfer } from '#contract/till-transfers.ts';
import { formatQty, type Milli, milli, onePiece, parseQty } from '#core/quantity.ts';
import type { SentLine, VarianceReason } from '#core/stock/transfer-events.ts';
import { KeyBar } from '../counter/key-bar.tsx';
import { errorText } from '../counter/till-calls.ts';
import { tell } from '../counter/ui-store.ts';
import { walkToNextField } from '../keys/field.ts';
import { useForm } from '../keys/form-stack.ts';
import { ask, newKey } from '../link/till-link.ts';
import { ActionButton, Field } from '../parts/pieces.tsx';
import { play } from '../sound/sounds.ts';
import { nameIn, unitBeside } from '../words/formats.ts';
import { useWords } from '../words/words.ts';
import { TransferSide } from './transfer-side.tsx';
import { reasonWords } from './transfer-words.ts';

type Said = { readonly good: string; readonly damaged: string; readonly reason: VarianceReason | null };
const nothing: Said = { good: '', damaged: '', reason: null };
const qtyOf = (text: string): Milli | null => (text.trim() === '' ? milli(0) : parseQty(text));

/** What is plain from the amounts; a person may choose another. */
function likelyReason(sent: Milli, good: Milli, damaged: Milli): VarianceReason | null {
  if (good === sent && damaged === 0) return null;
  if (damaged > 0 && good + damaged === sent) return 'damaged';
  return good + damaged < sent ? 'short' : 'excess';
}

export function ReceiveTransfer(props: { readonly transfer: TillTransfer; readonly onBack: () => void }) {
  const challan = props.transfer.open[0];
  return challan === undefined ? null : <ReceiveChallan {...props} challan={challan} />;
}

function ReceiveChallan(props: {
  readonly transfer: TillTransfer;
  readonly challan: OpenChallan;
  readonly onBack: () => void;
}) {
  const { say } = useWords();
  const { transfer, challan, onBack } = props;
  const { row } = transfer;
  const [said, setSaid] = useState<Readonly<Record<number, Said>>>({});
  const [text, setText] = useState('');
  const [note, setNote] = useState('');
  const [error, setError] = useState('');
  const [isBusy, setBusy] = useState(false);
  const key = useRef(newKey());
  const saidOf = (line: SentLine): Said => said[line.lineNo] ?? nothing;
  const put = (line: SentLine, change: Partial<Said>): void => {
    setError('');
    setSaid((now) => ({ ...now, [line.lineNo]: { ...nothing, ...now[line.lineNo], ...change } }));
  };
  const all = (): void => {
    setError('');
    setSaid(
      Object.fromEntries(
        challan.lines.map((line) => [line.lineNo, { ...nothing, good: formatQty(line.qtyMilli, line.unit) }]),
      ),
    );
  };
  const scan = (code: string): void => {
    setText('');
    void ask((till) => till.item.byCode({ code })).then((answer) => {
      const line = answer.ok ? challan.lines.find((one) => one.itemId === answer.value.id) : undefined;
      if (line === undefined) {
        play('unknown');
        return setError(answer.ok ? say('trNotOnChallan') : errorText(answer.error));
      }
      play('added');
      setSaid((now) => {
        const before = now[line.lineNo] ?? nothing;
        const good = formatQty(milli((qtyOf(before.good) ?? 0) + onePiece), line.unit);
        return { ...now, [line.lineNo]: { ...before, good } };
      });
    });
  };
  const commit = async (): Promise<void> => {
    const lines = challan.lines.map((line) => {
      const { good, damaged, reason } = saidOf(line);
      const [goodMilli, damagedMilli] = [qtyOf(good), qtyOf(damaged)];
      if (goodMilli === null || damagedMilli === null || good.trim() === '') return null;
      const likely = likelyReason(line.qtyMilli, goodMilli, damagedMilli);
      return { lineNo: line.lineNo, goodMilli, damagedMilli, reason: likely === null ? null : (reason ?? likely) };
    });
    const whole = lines.flatMap((line) => (line === null ? [] : [line]));
    if (whole.length < lines.length) return setError(say('trCountAll'));
    if (isBusy) return;
    setBusy(true);
    const { transferId } = row;
    const answer = await ask((till) =>
      till.transfer.receive({
        key: key.current,
        transferId,
        dispatchId: challan.dispatchId,
        lines: whole,
        note: note.trim(),
      }),
    );
    setBusy(false);
    if (!answer.ok) {
      play('refused');
      return setError(errorText(answer.error));
    }
    const differs = whole.some((line) => line.reason !== null);
    tell(() => say(differs ? 'trReceivedDiffers' : 'trReceived'), differs ? 'warn' : 'good', 6_000);
    onBack();
  };
  useForm({
    name: 'transferReceive',
    back: onBack,
    accept: () => void commit(),
    enter: () => {
      if (text.trim() === '') walkToNextField();
      else scan(text.trim());
    },
    scan,
    same: { F2: all },
  });
  return (
    <>
      <main className="bm-main" data-form="transferReceive" data-testid="transfer-receive">
        <section className="bm-card bm-left">
          <div className="bm-screen-head">
            <h1>
              {say('trIn', { store: row.otherName })}: {say('trChallan', { number: challan.number })}
            </h1>
            <span className="bm-push">
              <ActionButton cap="F2" onPress={all} testId="transfer-all">
                {say('trAll')}
              </ActionButton>
            </span>
          </div>
          <div className="bm-pad">
            <Field
              label={say('trScanArrived')}
              value={text}
              onText={setText}
              isDefault
              error={error}
              testId="transfer-field"
            />
          </div>
          <div className="bm-arrived bm-head">
            <span>{say('colItem')}</span>
            <span>{say('trSent')}</span>
            <span>{say('trGood')}</span>
            <span>{say('trDamaged')}</span>
            <span>{say('trReason')}</span>
          </div>
          <div className="bm-lines">
            {challan.lines.map((line) => (
              <ArrivedRow key={line.lineNo} line={line} said={saidOf(line)} onSaid={(change) => put(line, change)} />
            ))}
          </div>
        </section>
        <aside className="bm-right">
          <TransferSide transfer={transfer} />
          <Field label={say('trNoteReceive')} value={note} onText={setNote} maxLength={300} testId="transfer-note" />
          <ActionButton look="main" cap="Ctrl A" onPress={() => void commit()} testId="transfer-do">
            {say('trDoReceive')}
          </ActionButton>
        </aside>
      </main>
      <KeyBar
        state="form"
        groups={[
          {
            title: 'groupTransfer',
            hints: [
              { key: 'CtrlA', cap: 'Ctrl A', word: 'kAccept' },
              { key: 'F2', cap: 'F2', word: 'trAll' },
              { key: 'Escape', cap: 'Esc', word: 'kBack' },
            ],
          },
        ]}
      />
    </>
  );
}

function ArrivedRow(props: {
  readonly line: SentLine;
  readonly said: Said;
  readonly onSaid: (change: Partial<Said>) => void;
}) {
  const { say, language } = useWords();
  const { line, said, onSaid } = props;
  const name = nameIn(line, language);
  const [good, damaged] = [qtyOf(said.good), qtyOf(said.damaged)];
  const likely =
    said.good.trim() === '' || good === null || damaged === null ? null : likelyReason(line.qtyMilli, good, damaged);
  const field = (key: 'good' | 'damaged', label: string) => (
    <input
      className="bm-input bm-number"
      inputMode="decimal"
      maxLength={12}
      data-testid={`transfer-${key}`}
      aria-label={`${label}: ${name}`}
      value={said[key]}
      onFocus={(event) => event.currentTarget.select()}
      onChange={(event) => onSaid({ [key]: event.currentTarget.value })}
    />
  );
  return (
    <div className={likely === null ? 'bm-arrived' : 'bm-arrived bm-arrived-differs'} data-testid="transfer-line">
      <span>
        {name} <small>{unitBeside(line.unit, say)}</small>
      </span>
      <span className="bm-num">{formatQty(line.qtyMilli, line.unit)}</span>
      {field('good', say('trGood'))}
      {field('damaged', say('trDamaged'))}
      {likely === null ? (
        <span />
      ) : (
        <select
          className="bm-input"
          aria-label={`${say('trReason')}: ${name}`}
          data-testid="transfer-reason"
          value={said.reason ?? likely}
          onChange={(event) => onSaid({ reason: event.currentTarget.value as VarianceReason })}
        >
          {Object.entries(reasonWords).map(([reason, word]) => (
            <option key={reason} value={reason}>
              {say(word)}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}
