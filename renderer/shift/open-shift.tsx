/** Opening a shift: the float by pieces, or the same as at the last close with one Enter. Rule kept: held bills
 * and waiting UPI of the last shift are mentioned and block nothing. */
import { useState } from 'react';
import { formatPaise, type Paise } from '#core/money.ts';
import { command, errorText } from '../counter/till-calls.ts';
import { walkToNextField } from '../keys/field.ts';
import { useForm } from '../keys/form-stack.ts';
import { Icon } from '../parts/icons.tsx';
import { ActionButton } from '../parts/pieces.tsx';
import { sessionStore, signOut } from '../state/session.ts';
import { useStore } from '../state/store.ts';
import { useWords } from '../words/words.ts';
import { CashCountTable, type Pieces, useCashCount } from './cash-count.tsx';

export function OpenShift() {
  const { say } = useWords();
  const shift = useStore(sessionStore, (session) => session.shift);
  const [pieces, setPieces] = useState<Pieces>({});
  const [error, setError] = useState('');
  const count = useCashCount(pieces);
  const isTouched = Object.values(pieces).some((text) => text !== '');
  const last = shift?.lastClosePaise ?? null;
  const open = async (floatPaise: Paise): Promise<void> => {
    const answer = await command((till, key) => till.shift.open({ key, floatPaise }), { isQuiet: true });
    if (!answer.ok) setError(errorText(answer.error));
  };
  const accept = (): void => {
    if (!isTouched && last !== null) void open(last);
    else if (count !== null) void open(count.totalPaise);
  };
  useForm({
    name: 'openShift',
    back: () => void signOut(),
    enter: () => {
      if (!isTouched && last !== null) accept();
      else if (!walkToNextField()) accept();
    },
    accept,
  });
  return (
    <main className="bm-center" data-testid="open-shift">
      <section className="bm-card bm-open-shift">
        <div>
          <h1>{say('openShiftTitle')}</h1>
          <p className="bm-dialog-help">{say('openShiftHelp')}</p>
          {last === null ? null : (
            <ActionButton
              look={isTouched ? 'plain' : 'main'}
              cap={isTouched ? undefined : 'Enter'}
              onPress={() => void open(last)}
              testId="same-float"
            >
              {say('sameAsLast', { amount: formatPaise(last) })}
            </ActionButton>
          )}
          {shift !== null && shift.heldCount > 0 ? (
            <p className="bm-remark">
              <Icon name="pause" size={18} />
              {say('heldFromLast', { count: shift.heldCount })}
            </p>
          ) : null}
          {shift !== null && shift.waitingUpi.length > 0 ? (
            <p className="bm-remark">
              <Icon name="hourglass" size={18} />
              {say('upiFromLast', { count: shift.waitingUpi.length })}
            </p>
          ) : null}
          <div className="bm-field-error" role="alert">
            {error}
          </div>
          <ActionButton
            look={last === null || isTouched ? 'main' : 'plain'}
            cap="Ctrl A"
            onPress={accept}
            testId="open-shift-button"
          >
            {say('openShift')}
          </ActionButton>
        </div>
        <CashCountTable pieces={pieces} count={count} onPieces={setPieces} isLocked={false} />
      </section>
    </main>
  );
}
