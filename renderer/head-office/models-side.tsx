/**
 * The chosen release at the right of the models page: what it was learnt from, how good it was on days it had not seen and
 * in the stores themselves, why it was refused. Rule kept: plain words first, losses and versions only in the fold; a figure
 * that was not kept is said to be not known.
 */
import type { ReleaseView } from '#contract/releases.ts';
import { longDate } from '../words/formats.ts';
import type { Failure } from './api.ts';
import { errorText } from './error-words.ts';
import { countOf, lessBp, missText, share, whyText } from './models-words.ts';
import { Chip, OfficeButton, OfficeTrouble } from './office-pieces.tsx';
import { useOffice } from './office-words.ts';
import { whenText } from './times.ts';

export function ReleaseSide(props: {
  readonly release: ReleaseView;
  readonly nowMs: number;
  readonly trouble: Failure | null;
  readonly onTake: (() => void) | null;
  readonly onGiveBack: (() => void) | null;
}) {
  const { say, language } = useOffice();
  const { release, nowMs } = props;
  const when = (atMs: number): string => whenText(atMs, nowMs, say, language);
  const title = say('relModelOf', { when: when(release.releasedAtMs) });
  return (
    <section className="ho-card ho-side" aria-label={title} data-testid="release-side">
      <h2>{title}</h2>
      {props.trouble === null ? null : <OfficeTrouble>{errorText(props.trouble, say)}</OfficeTrouble>}
      {release.withdrawnAtMs === null ? null : (
        <div className="ho-aside" data-testid="release-gone">
          {release.withdrawnBy === null
            ? say('relGoneShops', { when: when(release.withdrawnAtMs) })
            : say('relGonePerson', { when: when(release.withdrawnAtMs), who: release.withdrawnBy })}
        </div>
      )}
      {release.returnedAtMs === null ? null : (
        <p className="ho-quiet">{say('relReturned', { when: when(release.returnedAtMs) })}</p>
      )}
      {release.learnt === null ? (
        <p className="ho-quiet">{say('relOldTime')}</p>
      ) : (
        <p>
          {say('relLearnt', {
            count: release.learnt.stores,
            from: longDate(release.learnt.from, language),
            through: longDate(release.learnt.through, language),
          })}
        </p>
      )}
      <HowGood release={release} />
      <Reasons release={release} />
      <Fold release={release} />
      <div className="ho-side-foot ho-foot-stays">
        {props.onTake === null ? null : (
          <OfficeButton cap="T" onPress={props.onTake} testId="release-take">
            {say('relTake')}
          </OfficeButton>
        )}
        {props.onGiveBack === null ? null : (
          <OfficeButton look="main" cap="G" onPress={props.onGiveBack} testId="release-give">
            {say('relGive')}
          </OfficeButton>
        )}
      </div>
    </section>
  );
}

function HowGood({ release }: { readonly release: ReleaseView }) {
  const { say } = useOffice();
  const figures = release.learnt?.figures ?? null;
  const known = figures === null || figures.windows === 0 ? null : figures;
  const naive = known === null ? null : missText(lessBp(known.wql, known.seasonalNaive), say);
  const plain = known === null ? null : missText(lessBp(known.wql, known.bestPlain), say);
  const before = missText(release.smallerMissBp, say);
  return (
    <>
      <h3>{say('relHowGood')}</h3>
      <dl className="ho-pairs" data-testid="release-figures">
        <dt>{say('relVsNaive')}</dt>
        <dd>{naive ?? say('notKnown')}</dd>
        <dt>{say('relVsPlain')}</dt>
        <dd>{plain ?? say('notKnown')}</dd>
        <dt>{say('relVsBefore')}</dt>
        <dd>{before === null ? say('relNobodyYet') : before}</dd>
        {known === null ? null : (
          <>
            <dt>{say('relInside')}</dt>
            <dd>{share(Math.round(known.coverage * 10_000))}</dd>
          </>
        )}
      </dl>
      <p className="ho-quiet">
        {known === null ? say('relHeldNone') : say('relHeldHelp')}
        {release.smallerMissStores === 0 ? '' : ` ${say('relBeforeHelp', { count: release.smallerMissStores })}`}
      </p>
      {release.drifted === 0 ? null : (
        <Chip look="warn" icon="alert">
          {say('relDrifted', { count: release.drifted })}
        </Chip>
      )}
    </>
  );
}

function Reasons({ release }: { readonly release: ReleaseView }) {
  const { say } = useOffice();
  if (release.reasons.length === 0) return null;
  // Codes that share a sentence are one line; stores of both are told once each.
  const said = new Map<string, number>();
  for (const { why, stores } of release.reasons) {
    const text = whyText(why, say) ?? say('relOtherWhy');
    said.set(text, Math.max(said.get(text) ?? 0, stores));
  }
  return (
    <>
      <h3>{say('relWhyNot')}</h3>
      <dl className="ho-pairs" data-testid="release-reasons">
        {[...said].map(([text, stores]) => (
          <div key={text} className="ho-pair">
            <dt>{text}</dt>
            <dd>{say('relStores', { count: stores })}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

const loss = (value: number | null): string => (value === null ? '–' : value.toFixed(4));

/** Names and figures for whoever asks in the shopkeeper's name. */
function Fold({ release }: { readonly release: ReleaseView }) {
  const { say } = useOffice();
  const { learnt } = release;
  return (
    <details className="ho-tech" data-testid="release-fold">
      <summary>{say('relFold')}</summary>
      <dl className="ho-pairs" lang="en">
        <dt>Version</dt>
        <dd>{release.version}</dd>
        {learnt === null ? null : (
          <>
            <dt>Item-days</dt>
            <dd>{countOf(learnt.rows)}</dd>
            <dt>Held-back windows</dt>
            <dd>{countOf(learnt.figures.windows)}</dd>
            <dt>WQL</dt>
            <dd>{loss(learnt.figures.wql)}</dd>
            <dt>WQL, seasonal naive</dt>
            <dd>{loss(learnt.figures.seasonalNaive)}</dd>
            <dt>WQL, best plain rule</dt>
            <dd>{loss(learnt.figures.bestPlain)}</dd>
            <dt>P10–P90 coverage</dt>
            <dd>{loss(learnt.figures.coverage)}</dd>
            <dt>Bias</dt>
            <dd>{loss(learnt.figures.bias)}</dd>
          </>
        )}
      </dl>
      <small className="ho-quiet">{release.modelId}</small>
    </details>
  );
}
