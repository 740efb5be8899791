/**
 * Models: which forecast model runs in how many stores, and what each till makes of the chosen one. Rule kept: plain words
 * first, what a next training waits for beside them; versions and losses stand in the fold; a store that has said nothing
 * is not known, never against it.
 */
import { useState } from 'react';
import { type ReleasesView, type ReleaseVerdict, type ReleaseView, releasesApi } from '#contract/releases.ts';
import type { Me } from '#contract/server.ts';
import { longDate } from '../words/formats.ts';
import { errorText } from './error-words.ts';
import { ReleaseAct, type ReleaseDo } from './models-act.tsx';
import { saveVerdictsFile } from './models-file.ts';
import { ReleaseSide } from './models-side.tsx';
import { missText, releaseState, trainingText, whyText, wordLook } from './models-words.ts';
import { useAsked } from './office-data.ts';
import { OfficeTable, PickRow } from './office-list.tsx';
import { Chip, OfficeButton, OfficeTrouble, PageHead } from './office-pieces.tsx';
import { useOffice } from './office-words.ts';
import { goTo, useRoute } from './route.ts';
import { whenText } from './times.ts';
import { useRows } from './use-rows.ts';

const everyMs = 30_000;

export function ModelsPage({ me, nowMs }: { readonly me: Me; readonly nowMs: number }) {
  const { say } = useOffice();
  const { id } = useRoute();
  const { value, error, again } = useAsked(releasesApi.releases, everyMs);
  const [act, setAct] = useState<ReleaseDo | null>(null);
  const releases = value?.releases ?? [];
  const chosen = releases.find((one) => one.modelId === id) ?? releases[0];
  return (
    <>
      <PageHead title={say('relPage')} note={value === null && error === null ? say('loading') : ''} />
      {error === null ? null : <OfficeTrouble>{errorText(error, say)}</OfficeTrouble>}
      {value === null ? null : (
        <>
          <First view={value} nowMs={nowMs} />
          {chosen === undefined ? null : (
            <Chosen
              key={chosen.modelId}
              view={value}
              chosen={chosen}
              nowMs={nowMs}
              mayAct={me.role === 'chain'}
              onAct={(does) => setAct({ does, release: chosen })}
            />
          )}
        </>
      )}
      {act === null ? null : (
        <ReleaseAct
          act={act}
          nowMs={nowMs}
          onDone={() => {
            setAct(null);
            void again();
          }}
        />
      )}
    </>
  );
}

/** Whoever is in a hurry reads this and no more. */
function First({ view, nowMs }: { readonly view: ReleasesView; readonly nowMs: number }) {
  const { say, language } = useOffice();
  const [newest] = view.releases;
  const offered = view.releases.find((one) => one.withdrawnAtMs === null && one.isOffered);
  const when = (one: ReleaseView): string => whenText(one.releasedAtMs, nowMs, say, language);
  return (
    <section className="ho-card ho-safe" data-testid="models-first">
      <div className="ho-safe-words">
        <h2>
          {newest === undefined
            ? say('relNone')
            : offered === undefined
              ? say('relNoneOffered')
              : say('relFirst', { when: when(offered), count: offered.runs, all: view.stores })}
        </h2>
        <p data-testid="training">{trainingText(view.training, nowMs, say, language)}</p>
      </div>
    </section>
  );
}

function Chosen(props: {
  readonly view: ReleasesView;
  readonly chosen: ReleaseView;
  readonly nowMs: number;
  readonly mayAct: boolean;
  readonly onAct: (does: ReleaseDo['does']) => void;
}) {
  const { say, language } = useOffice();
  const { view, chosen, nowMs } = props;
  const [asked] = useState({ modelId: chosen.modelId });
  const { value: verdicts, error } = useAsked(releasesApi.verdicts, everyMs, asked);
  const newest = view.releases.find((one) => one.withdrawnAtMs === null);
  const canGiveBack = props.mayAct && chosen.withdrawnAtMs !== null && chosen.isOffered;
  const canTake = props.mayAct && chosen.withdrawnAtMs === null;
  useRows({
    ids: view.releases.map((one) => one.modelId),
    chosen: chosen.modelId,
    onChoose: (modelId) => goTo('models', modelId),
    letters: {
      ...(canTake ? { t: () => props.onAct('withdraw') } : {}),
      ...(canGiveBack ? { g: () => props.onAct('giveBack') } : {}),
    },
  });
  return (
    <div className="ho-split">
      <div className="ho-column">
        <div className="ho-models-list">
          <OfficeTable
            label={say('relPage')}
            testId="releases"
            columns={[
              { word: 'relColModel' },
              { word: 'colState' },
              { word: 'relColThrough' },
              { word: 'relColRuns', isNumber: true },
              { word: 'relColTries', isNumber: true },
              { word: 'relColRefused', isNumber: true },
              { word: 'relColSilent', isNumber: true },
              { word: 'relColMiss', isNumber: true },
            ]}
            keys={{ row: say('relKey'), enter: null, find: null }}
          >
            {view.releases.map((one) => {
              const state = releaseState(one, one === newest);
              return (
                <PickRow
                  key={one.modelId}
                  id={one.modelId}
                  isChosen={one === chosen}
                  onChoose={(modelId) => goTo('models', modelId)}
                >
                  <td className="ho-strong">{whenText(one.releasedAtMs, nowMs, say, language)}</td>
                  <td>
                    <Chip look={state.look} icon={state.look === 'good' ? 'check' : 'dotRound'}>
                      {say(state.word)}
                    </Chip>
                  </td>
                  <td className="ho-quiet">
                    {one.learnt === null ? say('notKnown') : longDate(one.learnt.through, language)}
                  </td>
                  <td className="ho-num">{one.runs}</td>
                  <td className="ho-num ho-quiet">{one.tried === 0 ? '' : one.tried}</td>
                  <td className="ho-num">{one.refused === 0 ? '' : one.refused}</td>
                  <td className="ho-num ho-quiet">{one.silent === 0 ? '' : one.silent}</td>
                  <td className="ho-num ho-quiet">{missText(one.smallerMissBp, say) ?? ''}</td>
                </PickRow>
              );
            })}
          </OfficeTable>
        </div>
        <Verdicts release={chosen} verdicts={verdicts} nowMs={nowMs} />
      </div>
      <ReleaseSide
        release={chosen}
        nowMs={nowMs}
        trouble={error}
        onTake={canTake ? () => props.onAct('withdraw') : null}
        onGiveBack={canGiveBack ? () => props.onAct('giveBack') : null}
      />
    </div>
  );
}

function Verdicts(props: {
  readonly release: ReleaseView;
  readonly verdicts: readonly ReleaseVerdict[] | null;
  readonly nowMs: number;
}) {
  const { say } = useOffice();
  const { release, verdicts, nowMs } = props;
  return (
    <div className="ho-card ho-fill">
      <header className="ho-card-head">
        <h2>{say('relVerdicts')}</h2>
        <OfficeButton
          isDisabled={verdicts === null || verdicts.length === 0}
          onPress={() => saveVerdictsFile(release, verdicts ?? [], nowMs)}
          testId="export-verdicts"
        >
          {say('exportTills')}
        </OfficeButton>
      </header>
      <div className="ho-table-box" tabIndex={0} role="region" aria-label={say('relVerdicts')}>
        <table className="ho-table ho-verdicts" data-testid="verdicts">
          <thead>
            <tr>
              <th scope="col">{say('colTill')}</th>
              <th scope="col">{say('relColSaid')}</th>
              <th scope="col" className="ho-num">
                {say('relColMiss')}
              </th>
              <th scope="col">{say('relColHeard')}</th>
            </tr>
          </thead>
          <tbody>
            {(verdicts ?? []).map((one) => (
              <VerdictRow key={one.tillId} one={one} nowMs={nowMs} />
            ))}
          </tbody>
        </table>
        {verdicts === null ? <p className="ho-calm">{say('loading')}</p> : null}
        {verdicts?.length === 0 ? <p className="ho-calm">{say('safeNone')}</p> : null}
      </div>
    </div>
  );
}

function VerdictRow({ one, nowMs }: { readonly one: ReleaseVerdict; readonly nowMs: number }) {
  const { say, language } = useOffice();
  const look = wordLook(one.what);
  const why = whyText(one.why, say);
  return (
    <tr>
      <td>
        <span className="ho-two">
          <b className="ho-name" title={one.storeName}>
            {one.storeName}
          </b>
          <span className="ho-quiet">{one.tillName}</span>
        </span>
      </td>
      <td className="ho-said">
        {look === null ? (
          <span className="ho-quiet">{say('tsSilent')}</span>
        ) : (
          <Chip look={look.look} icon={look.icon}>
            {say(look.word)}
          </Chip>
        )}
        {why === null ? null : <span className="ho-quiet"> {why}</span>}
      </td>
      <td className="ho-num ho-quiet">{missText(one.smallerMissBp, say) ?? ''}</td>
      <td className="ho-quiet">{one.atMs === null ? '' : whenText(one.atMs, nowMs, say, language)}</td>
    </tr>
  );
}
