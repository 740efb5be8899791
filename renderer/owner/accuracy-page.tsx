/**
 * How good were we, over the whole shop: plain sentence first, then by how fast items sell, then the ten worst. Rule kept: a
 * share is shown beside what it should be; figures of trade speech only, the technical ones are in the model's fold.
 */
import type { AccuracyView } from '#contract/till-accuracy.ts';
import { useState } from 'react';
import { errorText } from '../counter/till-calls.ts';
import { useAnswer } from '../link/use-answer.ts';
import { Icon } from '../parts/icons.tsx';
import { ActionButton } from '../parts/pieces.tsx';
import { nameIn } from '../words/formats.ts';
import { useWords } from '../words/words.ts';
import { DeskPageFrame, ItemName, KeyHints } from './desk-pieces.tsx';
import { showItem, showPage } from './desk-store.ts';
import { countText, percent, roundQty, unitName } from './figures.ts';
import { speedWords } from './forecast-words.ts';
import { smallerMissBp } from './judged-card.tsx';

const shareBp = (part: number, whole: number): number => (whole === 0 ? 0 : Math.round((10_000 * part) / whole));
/** How many weeks of a hundred should lie inside P10…P90. */
const wantedInside = 80;

export function AccuracyPage() {
  const { say } = useWords();
  const answer = useAnswer('accuracy', (till) => till.forecast.accuracy());
  const [at, setAt] = useState(0);
  const view = answer?.ok === true ? answer.value : null;
  const back = (): void => showPage({ is: 'forecasts' });
  const model = (): void => showPage({ is: 'model' });
  const worst = view?.worst[at];
  return (
    <DeskPageFrame
      testId="accuracy-page"
      keys={{
        name: 'accuracy',
        back,
        letters: { M: model },
        enter: () => (worst === undefined ? undefined : showItem(worst.itemId, 'accuracy')),
        move: (key) => {
          const by = key === 'Up' || key === 'PageUp' || key === 'Home' ? -1 : 1;
          setAt((now) => Math.max(0, Math.min((view?.worst.length ?? 1) - 1, now + by)));
        },
      }}
    >
      <header className="ow-head">
        <button type="button" className="ow-crumb" onClick={back}>
          {say('owForecasts')}
        </button>
        <Icon name="next" size={16} />
        <h1>{say('acTitle')}</h1>
        <span className="bm-push" />
        <ActionButton cap="M" onPress={model} testId="see-model">
          {say('fcAboutModel')}
        </ActionButton>
      </header>
      {answer?.ok === false ? <p className="ow-empty">{errorText(answer.error)}</p> : null}
      {view !== null && view.weeks === 0 ? (
        <p className="bm-card ow-empty" data-testid="accuracy-empty">
          {say('acNothing')}
        </p>
      ) : null}
      {view !== null && view.weeks > 0 ? (
        <div className="ow-ac" data-testid="accuracy">
          <Plain view={view} />
          <BySpeed view={view} />
          <Worst view={view} at={at} onChoose={setAt} />
        </div>
      ) : null}
      <KeyHints
        hints={[
          ['↑|↓', 'fcHintItem'],
          ['Enter', 'olHintSee'],
          ['Esc', 'owBack'],
        ]}
      />
    </DeskPageFrame>
  );
}

function Plain({ view }: { readonly view: AccuracyView }) {
  const { say } = useWords();
  const smaller = smallerMissBp(view.missBp, view.lastWeekMissBp);
  const inside = Math.round((100 * view.inside) / view.weeks);
  return (
    <section className="bm-card ow-card ow-plain">
      <p className="ow-plain-first" data-testid="accuracy-plain">
        {say('acPlain', { inside, wanted: wantedInside })}
      </p>
      <p className="ow-note">{say('acCounted', { count: view.weeks, n: countText(view.weeks) })}</p>
      <div className="ow-good-row">
        {view.missBp === null ? null : (
          <p className="ow-good-one">
            <b className="bm-display">{percent(view.missBp)}</b>
            <span>{say('acMiss')}</span>
          </p>
        )}
        {smaller === null ? null : (
          <p className="ow-good-one">
            <b className="bm-display">{percent(Math.abs(smaller))}</b>
            <span>{say(smaller < 0 ? 'fcLargerMiss' : 'fcSmallerMiss')}</span>
          </p>
        )}
      </div>
    </section>
  );
}

/** Inside the band, on one scale, with the mark where it should be. */
function InsideBar({ bp }: { readonly bp: number }) {
  return (
    <svg className="ow-inside" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">
      <rect className="ow-bar-ground" width="100" height="8" y="2" />
      <rect className="ow-effect-more" width={Math.min(100, bp / 100)} height="8" y="2" />
      <rect className="ow-judged-line" x={wantedInside - 0.6} width="1.2" height="12" />
    </svg>
  );
}

function BySpeed({ view }: { readonly view: AccuracyView }) {
  const { say } = useWords();
  return (
    <section className="bm-card ow-card">
      <h2>{say('acBySpeed')}</h2>
      <table className="ow-table">
        <thead>
          <tr>
            <th scope="col">{say('acKind')}</th>
            <th scope="col">{say('acItems')}</th>
            <th scope="col" colSpan={2}>
              {say('acInside')}
            </th>
            <th scope="col">{say('acMissShort')}</th>
            <th scope="col">{say('acAgainst')}</th>
          </tr>
        </thead>
        <tbody>
          {view.bySpeed.map((one) => {
            const smaller = smallerMissBp(one.missBp, one.lastWeekMissBp);
            const bp = shareBp(one.inside, one.weeks);
            return (
              <tr key={one.speed}>
                <th scope="row">{say(speedWords[one.speed])}</th>
                <td>{countText(one.items)}</td>
                <td className="ow-inside-cell">{one.weeks === 0 ? null : <InsideBar bp={bp} />}</td>
                <td>{one.weeks === 0 ? '–' : percent(bp)}</td>
                <td>{one.missBp === null ? '–' : percent(one.missBp)}</td>
                <td>
                  {smaller === null
                    ? '–'
                    : say(smaller < 0 ? 'acWorseBy' : 'acBetterBy', { share: percent(Math.abs(smaller)) })}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <p className="ow-note">{say('acShould', { wanted: wantedInside })}</p>
    </section>
  );
}

function Worst(props: { readonly view: AccuracyView; readonly at: number; readonly onChoose: (at: number) => void }) {
  const { say, language } = useWords();
  return (
    <section className="bm-card ow-card ow-worst">
      <h2>{say('acWorst')}</h2>
      <div
        role="grid"
        className="ow-grid"
        aria-label={say('acWorst')}
        tabIndex={0}
        aria-activedescendant={`ac-row-${props.at}`}
      >
        <div role="rowgroup" className="ow-rows-head">
          <div role="row" className="ow-row-head ac-grid">
            <span role="columnheader">{say('colItem')}</span>
            <span role="columnheader">{say('acSold')}</span>
            <span role="columnheader">{say('acSaid')}</span>
            <span role="columnheader">{say('acMissed')}</span>
            <span role="columnheader">{say('acOver')}</span>
          </div>
        </div>
        <div role="rowgroup">
          {props.view.worst.map((one, i) => (
            // The grid around it hears the keys; a row is also answered by the mouse.
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
            <div
              key={one.itemId}
              id={`ac-row-${i}`}
              role="row"
              aria-selected={i === props.at}
              className={i === props.at ? 'ow-row ow-row-plain ac-grid ow-row-chosen' : 'ow-row ow-row-plain ac-grid'}
              data-testid="worst-row"
              onClick={() => props.onChoose(i)}
              onDoubleClick={() => showItem(one.itemId, 'accuracy')}
            >
              <ItemName name={nameIn(one, language)} />
              <span role="gridcell" className="bm-num">
                {roundQty(one.soldMilli, one.unit)}
              </span>
              <span role="gridcell" className="bm-num">
                {roundQty(one.forecastMilli, one.unit)}
              </span>
              <span role="gridcell" className="bm-num">
                <b>{roundQty(one.missMilli, one.unit)}</b>
              </span>
              <span role="gridcell" className="ow-quiet">
                {unitName(one.unit, say)}, {say('acWeeks', { count: one.weeks })}
              </span>
            </div>
          ))}
        </div>
      </div>
    </section>
  );
}
