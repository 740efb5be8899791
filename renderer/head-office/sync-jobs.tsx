/**
 * What head office does by itself at night, below the tills: bills kept a second time, backups checked, forecasts made. Rule
 * kept: said in words with the time; clearing away is named only when it failed; nobody is asked to do anything here.
 */
import { type JobName, type JobView, jobsApi } from '#contract/jobs.ts';
import { useAsked } from './office-data.ts';
import { Chip } from './office-pieces.tsx';
import { type OfficeSay, type OfficeWord, useOffice } from './office-words.ts';
import { whenText } from './times.ts';

const words: Readonly<Record<JobName, OfficeWord>> = {
  exportBills: 'jobExport',
  proveBackups: 'jobProve',
  tidyBackups: 'jobTidyBackups',
  tidyExports: 'jobTidyExports',
  tidyPublications: 'jobTidyPublications',
  forecastIngest: 'jobForecastIngest',
  forecastClean: 'jobForecastClean',
  forecastFeatures: 'jobForecastFeatures',
  forecastTrain: 'jobForecastTrain',
  forecastPredict: 'jobForecastPredict',
  forecastStore: 'jobForecastStore',
};
const doneWords: Readonly<
  Record<JobName, 'jobExported' | 'jobProved' | 'jobDays' | 'jobItems' | 'jobLearnt' | 'jobSent'>
> = {
  exportBills: 'jobExported',
  proveBackups: 'jobProved',
  tidyBackups: 'jobProved',
  tidyExports: 'jobProved',
  tidyPublications: 'jobProved',
  forecastIngest: 'jobDays',
  forecastClean: 'jobDays',
  forecastFeatures: 'jobItems',
  forecastTrain: 'jobLearnt',
  forecastPredict: 'jobItems',
  forecastStore: 'jobSent',
};
const isShown = (job: JobView): boolean => !job.name.startsWith('tidy') || job.failedAtMs !== null;

function outcome(job: JobView, say: OfficeSay): string {
  const held = say(doneWords[job.name], { count: job.done });
  if (job.isWaiting) return say('jobTooEarly');
  if (job.broken === 0) return job.done === 0 ? say('jobNothing') : held;
  const broken = say('jobBroken', { count: job.broken });
  return job.done === 0 ? broken : `${held}, ${broken}`;
}

export function SyncJobs({ nowMs }: { readonly nowMs: number }) {
  const { say, language } = useOffice();
  const { value } = useAsked(jobsApi.jobs, 60_000);
  if (value === null) return null;
  return (
    <div className="ho-card ho-jobs" tabIndex={0} role="region" aria-label={say('jobsTitle')}>
      <table className="ho-table" data-testid="jobs">
        <caption>{say('jobsTitle')}</caption>
        <tbody>
          {value.filter(isShown).map((job) => (
            <tr key={job.name}>
              <th scope="row">{say(words[job.name])}</th>
              <td className="ho-quiet">{job.okAtMs === null ? '' : whenText(job.okAtMs, nowMs, say, language)}</td>
              <td>
                {job.running !== null ? (
                  <span className="ho-quiet">
                    {job.running.of === 0
                      ? say('jobRuns')
                      : say('jobRunsShare', { share: Math.floor((100 * job.running.done) / job.running.of) })}
                  </span>
                ) : job.failedAtMs !== null ? (
                  <Chip look="warn" icon="alert">
                    {say('jobFailed', { when: whenText(job.failedAtMs, nowMs, say, language) })}
                  </Chip>
                ) : job.okAtMs === null ? (
                  <span className="ho-quiet">{say('jobNotYet')}</span>
                ) : (
                  <Chip look={job.broken === 0 ? 'good' : 'warn'} icon={job.broken === 0 ? 'check' : 'alert'}>
                    {outcome(job, say)}
                  </Chip>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
