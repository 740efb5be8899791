/** The chosen till at the right of the sync page. Rule kept: first what is safe, then what to do. */
import type { TillStateView } from '#contract/server.ts';
import { Chip, OfficeButton } from './office-pieces.tsx';
import { type OfficeSay, useOffice } from './office-words.ts';
import { RefusedDocuments } from './refused-documents.tsx';
import { shapeText } from './shape-words.ts';
import { checkWord, tillState } from './till-state.ts';
import { whenText } from './times.ts';

function sentence(till: TillStateView, when: string, say: OfficeSay): string {
  if (till.state === 'revoked') return say('tillRevokedHelp');
  if (till.state === 'reused') return say('tillKeyTwice');
  if (till.lastSeenMs === null) return say('needNeverHelp');
  if (till.refused > 0) return say('tillLook', { count: till.refused });
  return till.state === 'live' ? say('tillFine') : say('tillQuiet', { when });
}

export function SyncTill(props: {
  readonly till: TillStateView;
  readonly nowMs: number;
  readonly onRevoke: (() => void) | null;
}) {
  const { say, language } = useOffice();
  const { till } = props;
  const state = tillState(till);
  const heard = till.lastSeenMs === null ? say('never') : whenText(till.lastSeenMs, props.nowMs, say, language);
  return (
    <section className="ho-card ho-side" aria-label={`${till.storeName}, ${till.name}`} data-testid="till-side">
      <div>
        <div className="ho-side-head">
          <h2>{`${till.storeName}, ${till.name}`}</h2>
          <Chip look={state.look} icon={state.icon}>
            {say(state.word)}
          </Chip>
        </div>
        <p className="ho-quiet">{sentence(till, heard, say)}</p>
      </div>
      <RefusedDocuments till={till} nowMs={props.nowMs} />
      <h3>{say('whatTillHas', { till: till.name })}</h3>
      <dl className="ho-pairs">
        <dt>{say('entriesThrough')}</dt>
        <dd>{till.throughSeq.toLocaleString('en-IN')}</dd>
        <dt>{say('colHere')}</dt>
        <dd>{till.documents.toLocaleString('en-IN')}</dd>
        <dt>{say('pricesHas')}</dt>
        <dd>{till.prices.all === 0 ? say('noneOfIt') : say('pricesOf', till.prices)}</dd>
        <dt>{say('comparedAt')}</dt>
        <dd>
          {till.audit === null
            ? say('checkNotYet')
            : say(checkWord(till) === 'checkAgrees' ? 'comparedAgrees' : 'comparedDiffers', {
                when: whenText(till.audit.atMs, props.nowMs, say, language),
                what: till.audit.differing.map((shape) => shapeText(shape, say)).join(', '),
              })}
        </dd>
        <dt>{say('heardAt')}</dt>
        <dd>{heard}</dd>
        <dt>{say('appVersion')}</dt>
        <dd>{till.version ?? say('notKnown')}</dd>
      </dl>
      {props.onRevoke === null ? null : (
        <div className="ho-side-foot">
          <OfficeButton onPress={props.onRevoke} testId="revoke">
            {say('revoke')}
          </OfficeButton>
        </div>
      )}
    </section>
  );
}
