/** Live: what the scale sends, and what the chosen kind makes of it. Rule kept: what is not understood is shown as
 * it came, so that a person can compare it with the scale's manual; nothing here becomes a weight for a bill. */
import type { ScaleSetting, ScaleTrial, ScaleUnderstood } from '#contract/till-scale.ts';
import { formatQty } from '#core/quantity.ts';
import { useFeed } from '../link/use-feed.ts';
import { type Say, useWords } from '../words/words.ts';
import { troubleWord } from './device-words.ts';

export function understoodWords(read: ScaleUnderstood, say: Say): string {
  switch (read.kind) {
    case 'weight':
      return say(read.isStable === false ? 'dslMovingAt' : 'dslReads', { weight: formatQty(read.weightMilli, 'kg') });
    case 'moving':
      return say('dslMoving');
    case 'negative':
      return say('dslNegative');
    case 'overload':
      return say('dslOverload');
    case 'underload':
      return say('dslUnderload');
  }
}

/** null: the setting is not whole yet. */
export const useScaleTrial = (setting: ScaleSetting | null): ScaleTrial | null =>
  useFeed(setting, (till, question, options) => till.scale.try(question, options));

export function ScaleTrialBox({ trial, isSet }: { readonly trial: ScaleTrial | null; readonly isSet: boolean }) {
  const { say } = useWords();
  const trouble = trial?.view.trouble ?? null;
  return (
    <section aria-label={say('dtrTitle')}>
      <h2>{say('dtrTitle')}</h2>
      <div className="bm-dtrial" role="log" tabIndex={0} data-testid="scale-trial">
        {trial === null ? (
          <p>{say(isSet ? 'dslListening' : 'dtrChoose')}</p>
        ) : trial.bytes === 0 ? (
          <p className={trouble === null ? undefined : 'bm-bad-text'}>
            {say(trouble === null ? 'dslListening' : troubleWord(trouble))}
          </p>
        ) : trial.lines.length === 0 ? (
          <>
            <b className="bm-bad-text">{say('dslNotRead')}</b>
            <code>{trial.raw}</code>
          </>
        ) : (
          trial.lines.slice(-5).map((line, i) => (
            <div key={`${i} ${line.text}`}>
              <code>{line.text}</code>
              <b className={line.understood === null ? 'bm-bad-text' : 'bm-good-text'}>
                {line.understood === null ? say('dslNotRead') : understoodWords(line.understood, say)}
              </b>
            </div>
          ))
        )}
      </div>
    </section>
  );
}
