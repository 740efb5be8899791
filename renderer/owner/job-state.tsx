/**
 * The forecast's work in words: when it was made, how far it is, what went wrong; begin and stop. Rule kept: trouble says
 * what still holds first (the last forecasts stay), then one next step; only the incident's short name of what is ours.
 */
import type { ForecastJobView } from '#contract/till-forecast.ts';
import { tellRefusal } from '../counter/till-calls.ts';
import { ask } from '../link/till-link.ts';
import { useFeed } from '../link/use-feed.ts';
import { ActionButton } from '../parts/pieces.tsx';
import { clockTime, shortDay } from '../words/formats.ts';
import { type Say, useWords } from '../words/words.ts';
import type { Language } from '#contract/views.ts';
import { countText } from './figures.ts';
import { stageWords } from './forecast-words.ts';

export const useJob = (): ForecastJobView | null =>
  useFeed('job', (till, _question, options) => till.forecast.jobFeed(undefined, options));

const whenText = (atMs: number, language: Language): string =>
  `${shortDay(atMs, language)}, ${clockTime(atMs, language)}`;

export function startJob(): void {
  void ask((till) => till.forecast.start()).then((answer) => {
    if (!answer.ok) tellRefusal(answer.error);
  });
}
export function stopJob(): void {
  void ask((till) => till.forecast.cancel()).then((answer) => {
    if (!answer.ok) tellRefusal(answer.error);
  });
}

function jobText(job: ForecastJobView, say: Say, language: Language): string {
  if (job.state === 'running') {
    const stage = job.stage === null ? say('fcStageReading') : say(stageWords[job.stage]);
    return job.total > 0
      ? say('fcRunningOf', { stage, done: countText(job.done), total: countText(job.total) })
      : say('fcRunning', { stage });
  }
  if (job.state === 'failed') return say('fcJobFailed', { id: job.incidentId ?? '····' });
  if (job.state === 'cancelled') return say('fcJobStopped');
  return job.endedAtMs === null ? '' : say('fcMadeAt', { when: whenText(job.endedAtMs, language) });
}

export function JobState({
  job,
  madeAtMs,
}: {
  readonly job: ForecastJobView | null;
  readonly madeAtMs: number | null;
}) {
  const { say, language } = useWords();
  if (job === null) return <span className="ow-job" />;
  const isRunning = job.state === 'running';
  const made = madeAtMs === null ? say('fcNeverMade') : say('fcMadeAt', { when: whenText(madeAtMs, language) });
  const isQuiet = job.state === 'idle' || job.state === 'done';
  return (
    <span className="ow-job" data-testid="job-state" data-state={job.state}>
      <span role="status" className={job.state === 'failed' ? 'ow-job-bad' : 'ow-note'}>
        {isQuiet ? made : jobText(job, say, language)}
      </span>
      {isRunning ? (
        <progress
          className="ow-progress"
          aria-label={say('fcProgress')}
          {...(job.total > 0 ? { value: job.done, max: job.total } : {})}
        />
      ) : null}
      {isRunning ? (
        <ActionButton cap="X" onPress={stopJob} testId="job-stop">
          {say('fcStop')}
        </ActionButton>
      ) : (
        <ActionButton cap="N" onPress={startJob} testId="job-start">
          {say('fcNow')}
        </ActionButton>
      )}
    </span>
  );
}
