/**
 * Closing a shift (screens.md §5.10): settle UPI, count blind, compare. Rule kept: what should be there is not
 * shown before the count is done; "count again" keeps the first count; a difference asks a reason.
 */
import { useState } from 'react';
import type { CashComparison, ShiftReport } from '#contract/views.ts';
import type { Paise } from '#core/money.ts';
import { useHeader } from '../counter/cart-store.ts';
import { command, errorText } from '../counter/till-calls.ts';
import { goTo } from '../counter/ui-store.ts';
import { walkToNextField } from '../keys/field.ts';
import { useForm } from '../keys/form-stack.ts';
import { ask } from '../link/till-link.ts';
import { KeyBar } from '../counter/key-bar.tsx';
import { Icon } from '../parts/icons.tsx';
import { ActionButton } from '../parts/pieces.tsx';
import { sessionStore, signOut } from '../state/session.ts';
import { useStore } from '../state/store.ts';
import { clockTime } from '../words/formats.ts';
import { useWords, type Word } from '../words/words.ts';
import { CashCountTable, type Pieces, useCashCount } from './cash-count.tsx';
import { Compare, TendersColumn } from './compare.tsx';
import { ReportView } from './report-view.tsx';
import { SettleUpi } from './settle-upi.tsx';

function Step({ isDone, isNow, word }: { readonly isDone: boolean; readonly isNow: boolean; readonly word: Word }) {
  const { say } = useWords();
  return (
    <span className={isDone ? 'bm-step bm-good-text' : isNow ? 'bm-step bm-step-now' : 'bm-step'}>
      <Icon name={isDone ? 'checkRound' : isNow ? 'dotRound' : 'ring'} size={18} />
      {say(word)}
    </span>
  );
}

export function CloseShift() {
  const { say, language } = useWords();
  const shift = useStore(sessionStore, (session) => session.shift);
  const heldCount = useHeader((header) => header.heldCount, 0);
  const [pieces, setPieces] = useState<Pieces>({});
  const [compared, setCompared] = useState<{ readonly comparison: CashComparison; readonly atMs: number } | null>(null);
  const [firstCount, setFirstCount] = useState<Paise | null>(null);
  const [reason, setReason] = useState('');
  const [error, setError] = useState('');
  const [openedHere] = useState(() => Date.now());
  const [closed, setClosed] = useState<ShiftReport | null>(null);
  const count = useCashCount(pieces);
  const waiting = shift?.waitingUpi ?? [];
  const isSettled = waiting.length === 0;

  const compare = async (): Promise<void> => {
    if (count === null || !isSettled) return;
    const answer = await ask((till) => till.shift.compare({ countedCashPaise: count.totalPaise }));
    if (!answer.ok) return setError(errorText(answer.error));
    setError('');
    setCompared({ comparison: answer.value, atMs: Date.now() });
  };
  const countAgain = (): void => {
    if (compared === null || count === null) return;
    setFirstCount((first) => first ?? count.totalPaise);
    setCompared(null);
  };
  const close = async (): Promise<void> => {
    if (count === null) return;
    const answer = await command(
      (till, key) =>
        till.shift.close({
          key,
          countedCashPaise: count.totalPaise,
          firstCountPaise: firstCount,
          reason: reason.trim() === '' ? null : reason.trim(),
        }),
      { isQuiet: true },
    );
    if (answer.ok) setClosed(answer.value);
    else setError(errorText(answer.error));
  };
  const accept = (): void => {
    if (closed !== null) leave();
    else if (compared === null) void compare();
    else void close();
  };
  const leave = (): void => {
    goTo('counter');
    if (closed !== null) void signOut();
  };
  useForm({
    name: 'closeShift',
    back: leave,
    accept,
    enter: () => {
      if (compared === null && closed === null && walkToNextField()) return;
      accept();
    },
    again: countAgain,
  });
  if (shift?.shift == null && closed === null) return <main className="bm-center">{say('eNoShift')}</main>;
  if (closed !== null) {
    return (
      <main className="bm-center" data-testid="shift-closed">
        <section className="bm-card bm-narrow">
          <h1>{say('zTitle')}</h1>
          <ReportView report={closed} />
          <ActionButton look="main" cap="Enter" onPress={leave}>
            {say('suNext')}
          </ActionButton>
        </section>
      </main>
    );
  }
  return (
    <>
      <main className="bm-close" data-testid="close-shift" data-form="closeShift">
        <div className="bm-card bm-close-head">
          <h1>{say('closeShiftTitle')}</h1>
          <Step isDone={isSettled} isNow={!isSettled} word={isSettled ? 'stepUpiDone' : 'stepUpi'} />
          <Step
            isDone={compared !== null}
            isNow={isSettled && compared === null}
            word={compared === null ? 'stepCount' : 'stepCountDone'}
          />
          <Step isDone={false} isNow={compared !== null} word="stepCompare" />
          <span className="bm-push">
            {shift?.shift == null
              ? ''
              : say('fromTo', {
                  name: shift.shift.cashierName,
                  from: clockTime(shift.shift.openedAtMs, language),
                  to: clockTime(compared?.atMs ?? openedHere, language),
                })}
          </span>
        </div>
        <div className="bm-close-body">
          <section className="bm-card bm-close-col">
            <div className="bm-close-title">
              <h2>{say('countedInDrawer')}</h2>
              {compared === null ? null : (
                <span className="bm-locked">
                  <Icon name="lock" size={15} />
                  {say('lockedAt', { time: clockTime(compared.atMs, language) })}
                </span>
              )}
            </div>
            <CashCountTable
              pieces={pieces}
              count={count}
              onPieces={setPieces}
              isLocked={compared !== null || !isSettled}
            />
          </section>
          {!isSettled ? (
            <SettleUpi waiting={waiting} />
          ) : compared === null ? (
            <section className="bm-card bm-close-col bm-close-wait">
              <h2>{say('stepCount')}</h2>
              <p className="bm-dialog-help">{say('blindHelp')}</p>
              <div className="bm-field-error" role="alert">
                {error}
              </div>
              <ActionButton look="main" cap="Ctrl A" onPress={accept} testId="count-done">
                {say('countDone')}
              </ActionButton>
            </section>
          ) : (
            <Compare
              comparison={compared.comparison}
              reason={reason}
              onReason={setReason}
              error={error}
              onClose={() => void close()}
              onAgain={countAgain}
            />
          )}
          <TendersColumn comparison={compared?.comparison ?? null} heldCount={heldCount} />
        </div>
      </main>
      <KeyBar
        state="form"
        groups={[
          {
            title: 'groupForm',
            hints: [
              { key: 'CtrlA', cap: 'Ctrl A', word: 'kAccept' },
              { key: 'F2', cap: 'F2', word: 'kCountAgain' },
              { key: 'Escape', cap: 'Esc', word: 'kBack' },
            ],
          },
          { hints: [{ key: 'F1', cap: 'F1', word: 'kAllKeys' }] },
        ]}
      />
    </>
  );
}
