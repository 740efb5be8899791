/**
 * A print as it goes: how many came out, what it waits for, and after a stop where to go on. Rule kept: the number to
 * go on after is what a person counted, filled in with what is certain; nothing goes on by itself after a stop.
 */
import { useState } from 'react';
import type { LabelJob } from '#contract/till-label.ts';
import { errorText } from '../counter/till-calls.ts';
import { ask } from '../link/till-link.ts';
import { Icon } from '../parts/icons.tsx';
import { ActionButton, Field } from '../parts/pieces.tsx';
import { useWords } from '../words/words.ts';
import { jobWords, troubleWords } from './label-words.ts';

const isEnded = (job: LabelJob): boolean => job.state !== 'running';
const isShort = (job: LabelJob): boolean => job.state === 'stopped' || job.state === 'cancelled';

/** Made anew when the print ends, so that the number to go on after is what is certain then. */
export const JobPanel = ({ job }: { readonly job: LabelJob }) => <Panel key={`${job.no} ${job.state}`} job={job} />;

function Panel({ job }: { readonly job: LabelJob }) {
  const { say } = useWords();
  const [after, setAfter] = useState(String(job.printed));
  const [error, setError] = useState('');
  const isWaiting = job.state === 'running' && job.trouble !== null;
  const tone = isShort(job) || isWaiting ? 'bad' : isEnded(job) ? 'good' : 'quiet';
  const goOn = async (): Promise<void> => {
    if (!/^\d{1,4}$/.test(after.trim())) return setError(say('qtyBad'));
    const answer = await ask((till) => till.label.goOn({ no: job.no, after: Number(after) }));
    setError(answer.ok ? '' : errorText(answer.error));
  };
  const canGoOn = isShort(job) && job.printed < job.total;
  const close = (
    <ActionButton onPress={() => void ask((till) => till.label.dismiss())} testId="label-dismiss">
      {say('lbClose')}
    </ActionButton>
  );
  return (
    <div className={`bm-label-job bm-label-job-${tone}`} data-testid="label-job" data-state={job.state}>
      <p role="status" aria-live="polite">
        <Icon name={tone === 'bad' ? 'alert' : tone === 'good' ? 'checkRound' : 'printer'} size={20} />
        <b>{jobWords(job, say)}</b>
      </p>
      {isEnded(job) ? null : (
        <progress max={job.total} value={Math.max(job.printed, job.sent === job.total ? job.printed : 0)} />
      )}
      {isWaiting && job.trouble !== null ? (
        <p>
          {troubleWords(job.trouble, say)} {say('lbWaits')}
        </p>
      ) : null}
      {canGoOn ? (
        <div className="bm-label-goon">
          <Field
            label={say('lbGoOnAfter')}
            value={after}
            onText={setAfter}
            isNumber
            error={error}
            testId="label-after"
          />
          <ActionButton look="main" onPress={() => void goOn()} testId="label-goon">
            {say('lbGoOn')}
          </ActionButton>
          {close}
        </div>
      ) : null}
      <div className="bm-pane-actions">
        {isEnded(job) ? (
          canGoOn ? null : (
            close
          )
        ) : (
          <ActionButton onPress={() => void ask((till) => till.label.cancel())} testId="label-stop">
            {say('lbStop')}
          </ActionButton>
        )}
      </div>
    </div>
  );
}
