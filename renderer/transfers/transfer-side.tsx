/**
 * The right column beside a transfer: how it stands and what happened to it, newest last. Rule kept: whoever did a thing is
 * named with the time; a conflict says what to do about it.
 */
import type { TillTransfer } from '#contract/till-transfers.ts';
import { formatRupees } from '#core/money.ts';
import { clockTime, shortDay } from '../words/formats.ts';
import { useWords } from '../words/words.ts';
import { conflictWords, stateWords, stepWords } from './transfer-words.ts';

export function TransferSide({ transfer }: { readonly transfer: TillTransfer }) {
  const { say, language } = useWords();
  const { row, steps } = transfer;
  return (
    <section className="bm-card bm-pad bm-stack bm-grow" aria-label={say('trHistory')}>
      <div>
        <b data-testid="transfer-state">{say(stateWords[row.state])}</b>{' '}
        {row.hasVariance ? <b className="bm-transfer-warn">{say('trVariance')}</b> : null}
      </div>
      {row.sentPaise === 0 ? null : (
        <div>
          {say('trValue')}: <b>{formatRupees(row.sentPaise)}</b>
        </div>
      )}
      <ol className="bm-transfer-steps">
        {steps.map((step) => (
          <li key={step.eventId}>
            <b>{say(stepWords[step.type], { number: step.number ?? '' })}</b>
            <small>
              {say('trBy', {
                name: step.storeId === null ? `${say('trHeadOffice')}, ${step.byName}` : step.byName,
                when: `${shortDay(step.atMs, language)} ${clockTime(step.atMs, language)}`,
              })}
            </small>
            {step.note === '' ? null : <span>{step.note}</span>}
            {step.conflict === null ? null : (
              <span className="bm-field-error" role="alert">
                {say(conflictWords[step.conflict])}
              </span>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
