/**
 * About the model: what makes the forecasts, since when, how it won, what happened, and the way back. Rule kept: plain words
 * first, version numbers and losses only in the fold; going back asks for the owner's PIN.
 */
import { Fragment, useState } from 'react';
import type { ForecastJobView, ModelEvent, ModelPage, ModelView } from '#contract/till-forecast.ts';
import { errorText } from '../counter/till-calls.ts';
import { tell } from '../counter/ui-store.ts';
import { ask } from '../link/till-link.ts';
import { useAnswer } from '../link/use-answer.ts';
import { Icon } from '../parts/icons.tsx';
import { ActionButton, Dialog, Field } from '../parts/pieces.tsx';
import { usePinTrouble } from '../signin/pin-trouble.ts';
import { clockTime, shortDay } from '../words/formats.ts';
import { useWords } from '../words/words.ts';
import { DeskPageFrame, KeyHints } from './desk-pieces.tsx';
import { showPage } from './desk-store.ts';
import { countText, percent } from './figures.ts';
import { FormFoot } from './form-foot.tsx';
import { eventWords, originWords, reasonWords, sourceWords, stateWords } from './forecast-words.ts';
import { JobState, startJob, stopJob, useJob } from './job-state.tsx';
import { smallerMissBp } from './judged-card.tsx';
import { eventReason } from './model-reasons.ts';

export function ModelPageView() {
  const { say } = useWords();
  const job = useJob();
  // Asked anew when a night's work has ended: another model may run then.
  const question = job === null ? null : `model ${job.endedAtMs ?? 0}`;
  const answer = useAnswer(question, (till) => till.forecast.model());
  const [changed, setChanged] = useState<{ readonly to: string | null; readonly page: ModelPage } | null>(null);
  const [target, setTarget] = useState<ModelView | null>(null);
  const known = changed !== null && changed.to === question ? changed.page : null;
  const page = known ?? (answer?.ok === true ? answer.value : null);
  const back = (): void => showPage({ is: 'forecasts' });
  const before = page?.models.find((one) => one.isRollbackTarget) ?? null;
  return (
    <DeskPageFrame
      testId="model-page"
      keys={{
        name: 'model',
        back,
        letters: { G: () => showPage({ is: 'accuracy' }), B: () => setTarget(before), N: startJob, X: stopJob },
      }}
    >
      <header className="ow-head">
        <button type="button" className="ow-crumb" onClick={back}>
          {say('owForecasts')}
        </button>
        <Icon name="next" size={16} />
        <h1>{say('moTitle')}</h1>
        <span className="bm-push" />
        <ActionButton cap="G" onPress={() => showPage({ is: 'accuracy' })}>
          {say('acTitle')}
        </ActionButton>
        {before === null ? null : (
          <ActionButton cap="B" onPress={() => setTarget(before)} testId="roll-back">
            {say('moGoBack')}
          </ActionButton>
        )}
      </header>
      {answer?.ok === false ? <p className="ow-empty">{errorText(answer.error)}</p> : null}
      {page === null ? null : (
        <div className="ow-mo" data-testid="model">
          <Now page={page} job={job} />
          <Events events={page.events} />
          <Fold page={page} />
        </div>
      )}
      <KeyHints hints={[['Esc', 'owBack']]} />
      {target === null ? null : (
        <GoBack
          model={target}
          onClose={() => setTarget(null)}
          onDone={(next) => {
            setChanged({ to: question, page: next });
            setTarget(null);
            tell(() => say('moWentBack'), 'good');
          }}
        />
      )}
    </DeskPageFrame>
  );
}

const isTold: ReadonlySet<ForecastJobView['state']> = new Set(['running', 'failed', 'cancelled']);

function Now({ page, job }: { readonly page: ModelPage; readonly job: ForecastJobView | null }) {
  const { say, language } = useWords();
  const why = reasonWords[page.reason];
  const running = page.models.find((one) => one.state === 'running') ?? null;
  const shadow = page.models.find((one) => one.state === 'shadow') ?? null;
  const isResting = page.reason === 'modelFailed' || page.reason === 'modelSlow' || page.reason === 'noRuntime';
  const smaller = running === null ? null : smallerMissBp(running.wql, running.wqlBefore);
  return (
    <section className="bm-card ow-card ow-plain">
      <p className="ow-plain-first" data-testid="model-now">
        {say('fcUsing', { source: say(sourceWords[page.rung]) })}
      </p>
      {page.isUnread ? (
        <p className="ow-rung" role="status" data-testid="model-unread">
          {say('moUnread')}
        </p>
      ) : null}
      {why === null ? null : <p className="ow-rung">{say(why)}</p>}
      {running === null ? (
        // The model that came with BillMitra is no rule.
        page.rung === 'seedModel' ? null : (
          <p className="ow-note">{say('moNone')}</p>
        )
      ) : (
        <p className="ow-note">
          {isResting ? `${say('moResting')} ` : null}
          {say(originWords[running.origin])} {say('moSince', { day: shortDay(running.sinceMs, language) })}{' '}
          {smaller === null
            ? say('moFirst')
            : say(smaller < 0 ? 'moLost' : 'moWon', { share: percent(Math.abs(smaller)) })}
        </p>
      )}
      {shadow === null ? null : <p className="ow-note">{say('moShadowHelp')}</p>}
      {page.sources.length < 2 ? null : (
        <dl className="ow-facts" data-testid="model-sources">
          {page.sources.map(({ source, items }) => (
            <Fragment key={source}>
              <dt>{say('moItemsBy', { source: say(sourceWords[source]) })}</dt>
              <dd>{say('fcItems', { count: items, n: countText(items) })}</dd>
            </Fragment>
          ))}
        </dl>
      )}
      {job !== null && isTold.has(job.state) ? <JobState job={job} madeAtMs={null} /> : null}
    </section>
  );
}

function Events({ events }: { readonly events: readonly ModelEvent[] }) {
  const { say, language } = useWords();
  return (
    <section className="bm-card ow-card ow-events" aria-label={say('moEvents')}>
      <h2>{say('moEvents')}</h2>
      {events.length === 0 ? <p className="ow-note">{say('moNoEvents')}</p> : null}
      <ul tabIndex={0} aria-label={say('moEvents')}>
        {events.map((event, i) => (
          // Newest first, and two may be of one moment: counted from the oldest, each keeps its own.
          <li key={events.length - i} data-testid="model-event">
            <span className="ow-quiet">
              {shortDay(event.atMs, language)}, {clockTime(event.atMs, language)}
            </span>
            <span>
              {say(eventWords[event.what])}
              <EventReason event={event} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function EventReason({ event }: { readonly event: ModelEvent }) {
  const { say } = useWords();
  const why = eventReason(event);
  return why === null ? null : <small className="ow-quiet"> {say(why)}</small>;
}

const figure = (value: number | null): string => (value === null ? '–' : value.toFixed(4));

/** Names and figures for whoever asks in the shopkeeper's name. */
function Fold({ page }: { readonly page: ModelPage }) {
  const { say, language } = useWords();
  return (
    <details className="bm-card ow-card ow-fold" data-testid="model-fold">
      <summary>{say('moFold')}</summary>
      <div className="ow-fold-body" tabIndex={0} role="region" aria-label={say('moFold')}>
        <table className="ow-table">
          <thead>
            <tr>
              <th scope="col">{say('moVersion')}</th>
              <th scope="col">{say('moKind')}</th>
              <th scope="col">{say('moState')}</th>
              <th scope="col">{say('moSinceWhen')}</th>
              <th scope="col">WQL</th>
              <th scope="col">{say('moBefore')}</th>
              <th scope="col">{say('moCoverage')}</th>
            </tr>
          </thead>
          <tbody>
            {page.models.map((one) => (
              <tr key={one.id}>
                <th scope="row">{one.version}</th>
                <td>{one.kind}</td>
                <td>{say(stateWords[one.state])}</td>
                <td>{shortDay(one.sinceMs, language)}</td>
                <td>{figure(one.wql)}</td>
                <td>{figure(one.wqlBefore)}</td>
                <td>{one.coverage === null ? '–' : percent(Math.round(one.coverage * 10_000))}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <ul className="ow-fold-events" lang="en">
          {page.events
            .filter((event) => event.reason !== null)
            .map((event, i, told) => (
              <li key={told.length - i}>
                {event.what} {event.version}: {event.reason}
              </li>
            ))}
        </ul>
      </div>
    </details>
  );
}

function GoBack(props: {
  readonly model: ModelView;
  readonly onClose: () => void;
  readonly onDone: (page: ModelPage) => void;
}) {
  const { say, language } = useWords();
  const [pin, setPin] = useState('');
  const trouble = usePinTrouble();
  const accept = (): void => {
    void ask((till) => till.forecast.rollBack({ modelId: props.model.id, ownerPin: pin })).then((answer) => {
      if (answer.ok) return props.onDone(answer.value);
      setPin('');
      trouble.show(answer.error);
    });
  };
  return (
    <Dialog
      title={say('moGoBackTitle')}
      help={say('moGoBackHelp', { day: shortDay(props.model.sinceMs, language) })}
      size="small"
      keys={{ name: 'goBack', back: props.onClose, accept, enter: accept }}
      footer={<FormFoot word="moGoBack" cap="Enter" onAccept={accept} onBack={props.onClose} testId="roll-back-yes" />}
    >
      <Field
        label={say('moOwnerPin')}
        type="password"
        maxLength={6}
        value={pin}
        onText={setPin}
        error={trouble.text}
        isDefault
        isNumber
        testId="roll-back-pin"
      />
    </Dialog>
  );
}
