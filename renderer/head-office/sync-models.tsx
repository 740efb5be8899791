/**
 * What the stores make of head office's forecast models, below its nightly work. Rule kept: stores are counted and reasons
 * are said in words; there is nothing to press: what too many stores refuse is taken back by itself.
 */
import { type ReleaseView, releasesApi } from '#contract/releases.ts';
import { codeReason, type ModelReason } from '../owner/model-reasons.ts';
import { useAsked } from './office-data.ts';
import { Chip } from './office-pieces.tsx';
import { type OfficeSay, type OfficeWord, useOffice } from './office-words.ts';
import { whenText } from './times.ts';

const whyWords: Readonly<Record<ModelReason, OfficeWord>> = {
  moWhyWorse: 'relWorse',
  moWhyBands: 'relBands',
  moWhySkew: 'relSkew',
  moWhyBest: 'relBest',
  moWhyShort: 'relShort',
  moWhyDamaged: 'relDamaged',
  moWhyUnsigned: 'relUnsigned',
  moWhyOther: 'relOther',
  moWhyExpired: 'relExpired',
  moWhyNoRuntime: 'relNoRuntime',
  moWhySlow: 'relSlow',
  moWhyBroken: 'relBroken',
  moWhyOwner: 'relOwner',
  moWhyDrift: 'relDrift',
  moWhyShadow: 'relShort',
};

function Why({ why, stores, say }: ReleaseView['reasons'][number] & { readonly say: OfficeSay }) {
  const reason = codeReason(why);
  const said = reason === null ? why : say(whyWords[reason]);
  return (
    <span className="ho-quiet">
      {' '}
      {said} ({say('relStores', { count: stores })}).
    </span>
  );
}

export function SyncModels({ nowMs }: { readonly nowMs: number }) {
  const { say, language } = useOffice();
  const { value } = useAsked(releasesApi.releases, 60_000);
  if (value === null || value.length === 0) return null;
  return (
    <div className="ho-card ho-jobs">
      <table className="ho-table" data-testid="releases">
        <caption>{say('relTitle')}</caption>
        <tbody>
          {value.map((one) => (
            <tr key={one.modelId}>
              <th scope="row">{say('relModelOf', { when: whenText(one.releasedAtMs, nowMs, say, language) })}</th>
              <td>
                {one.withdrawnAtMs === null ? (
                  <Chip
                    look={one.refused > one.runs ? 'warn' : 'good'}
                    icon={one.refused > one.runs ? 'alert' : 'check'}
                  >
                    {say('relRuns', { count: one.runs })}
                  </Chip>
                ) : (
                  <Chip look="warn" icon="alert">
                    {say('relWithdrawn', { when: whenText(one.withdrawnAtMs, nowMs, say, language) })}
                  </Chip>
                )}
              </td>
              <td>
                {one.tried === 0 ? null : <span>{say('relTried', { count: one.tried })}</span>}{' '}
                {one.refused === 0 ? null : <span>{say('relRefused', { count: one.refused })}</span>}
                {one.reasons.map((each) => (
                  <Why key={each.why} {...each} say={say} />
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
