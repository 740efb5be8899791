/** One device's problem as a sentence, up to three ways out, best first, and what was checked. Rule kept: every
 * way has its number and its button; what is not known is said to be not known. */
import { UnstyledButton } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Check, DeviceKind, Diagnosis, Way } from '#contract/device-views.ts';
import { Icon } from '../parts/icons.tsx';
import { useWords } from '../words/words.ts';
import { checkIcons, checkWords, problemWords } from './device-words.ts';
import { type Step, wayWords } from './way-words.ts';

function WayRow(props: {
  readonly way: Way;
  readonly nth: number;
  readonly isBest: boolean;
  readonly diagnosis: Diagnosis;
  readonly onTake: () => void;
}) {
  const { say } = useWords();
  const { way, nth, isBest, diagnosis, onTake } = props;
  const words = wayWords(way, diagnosis, say);
  return (
    <li className="bm-dway" data-testid={`way-${way.id}`}>
      <span className="bm-dway-nth" aria-hidden="true">
        {nth}
      </span>
      <div className="bm-dway-words">
        <h2>
          {words.title}
          {isBest ? <span className="bm-best">{say('dvBest')}</span> : null}
        </h2>
        <p>{words.help}</p>
      </div>
      <UnstyledButton
        className={isBest ? 'bm-button bm-dway-do bm-button-main' : 'bm-button bm-dway-do'}
        onClick={onTake}
        aria-label={`${nth} ${words.title}: ${words.button}`}
      >
        {words.button}
      </UnstyledButton>
    </li>
  );
}

function Checked({ kind, checks }: { readonly kind: DeviceKind; readonly checks: readonly Check[] }) {
  const { say } = useWords();
  if (checks.length === 0) return null;
  return (
    <section className="bm-checked" data-testid="checked">
      <h2>{say('dvChecked')}</h2>
      <dl>
        {checks.map((check) => {
          const { name, detail } = checkWords(check, kind, say);
          return (
            <div key={check.id} data-outcome={check.outcome}>
              <Icon name={checkIcons[check.outcome]} size={19} />
              <dt>{name}</dt>
              <dd>{detail}</dd>
            </div>
          );
        })}
      </dl>
    </section>
  );
}

export function ProblemHead({ diagnosis }: { readonly diagnosis: Diagnosis }) {
  const { say } = useWords();
  const { title, help } = problemWords(diagnosis, say);
  return (
    <header className="bm-dhead" aria-live="polite">
      <h1 data-testid="problem">{title}</h1>
      <p>{help}</p>
    </header>
  );
}

export function DeviceCentre(props: {
  readonly diagnosis: Diagnosis;
  readonly onTake: (way: Way) => void;
  /** Said after a way was taken: "The test page is on its way." or why it wasn't. */
  readonly told: ReactNode;
}) {
  const { say } = useWords();
  const { diagnosis, onTake, told } = props;
  const isWell = diagnosis.problem === 'works' || diagnosis.problem === 'toFile';
  return (
    <>
      <ProblemHead diagnosis={diagnosis} />
      <ol className="bm-dways">
        {diagnosis.ways.map((way, i) => (
          <WayRow
            key={`${way.id} ${way.found?.id ?? ''}`}
            way={way}
            nth={i + 1}
            isBest={i === 0 && !isWell && diagnosis.ways.length > 1}
            diagnosis={diagnosis}
            onTake={() => onTake(way)}
          />
        ))}
      </ol>
      {told}
      <Checked kind={diagnosis.kind} checks={diagnosis.checks} />
      <p className="bm-remark bm-dsafe">
        <Icon name="info" size={18} />
        {say(diagnosis.kind === 'printer' ? 'dvSafe' : 'dvSafeOther')}
      </p>
    </>
  );
}

/** A way that a person walks: numbered steps, with a command to copy where there is one. */
export function StepsPane(props: { readonly title: string; readonly steps: readonly Step[] }) {
  const { say } = useWords();
  return (
    <div className="bm-dpane" data-testid="steps">
      <h1>{props.title}</h1>
      <ol className="bm-dsteps">
        {props.steps.map((step) => (
          <li key={step.text}>
            <span>{step.text}</span>
            {step.command === null ? null : (
              <code aria-label={say('dtCommand')} tabIndex={0}>
                {step.command}
              </code>
            )}
          </li>
        ))}
      </ol>
    </div>
  );
}
