/** All sides of one item's wishes, and what may be done. Rule kept: a side is never left out; a decline says why. */
import { useState } from 'react';
import { type CaseView, proposalApi, type ProposalView } from '#contract/proposals.ts';
import type { InputOf } from '#contract/server.ts';
import { formatRupees, type Paise } from '#core/money.ts';
import { nameIn } from '../words/formats.ts';
import { ask } from './api.ts';
import { errorText } from './error-words.ts';
import { faultText } from './fault-words.ts';
import { Chip, OfficeButton, OfficeField } from './office-pieces.tsx';
import { type OfficeSay, type OfficeWord, useOffice } from './office-words.ts';
import { whenText } from './times.ts';

type Decision = InputOf<typeof proposalApi.decide>['decision'];

const fieldWords: Readonly<Record<ProposalView['fields'][number]['field'], OfficeWord>> = {
  code: 'colCode',
  name: 'pfName',
  nameHi: 'pfNameHi',
  brand: 'pfBrand',
  category: 'pfCategory',
  unit: 'pfUnit',
  hsn: 'pfHsn',
  taxClassKey: 'pfTax',
  isInclusive: 'pfInclusive',
  mrpPaise: 'colMrp',
  sellingPricePaise: 'colPrice',
  costPricePaise: 'colCost',
  isActive: 'pfActive',
  barcodes: 'barcodes',
};

function valueText(field: string, value: unknown, say: OfficeSay): string {
  if (value === null || value === undefined) return say('notKnown');
  if (field.endsWith('Paise') && typeof value === 'number') return formatRupees(value as Paise);
  if (typeof value === 'boolean') return say(value ? 'pfYes' : 'pfNo');
  if (Array.isArray(value)) {
    return value
      .map((one: unknown) => (typeof one === 'object' && one !== null && 'code' in one ? one.code : one))
      .join(', ');
  }
  return String(value);
}

export function ProposalSides(props: {
  readonly one: CaseView;
  readonly nowMs: number;
  readonly canDecide: boolean;
  readonly onDecided: () => void;
}) {
  const { say, language } = useOffice();
  const { one, nowMs } = props;
  const [note, setNote] = useState('');
  const [told, setTold] = useState('');
  const [isBusy, setBusy] = useState(false);
  const decide = async (decision: Decision): Promise<void> => {
    if (isBusy) return;
    setBusy(true);
    const answer = await ask(proposalApi.decide, { itemId: one.itemId, seen: one.seen, decision, note: note.trim() });
    setBusy(false);
    if (!answer.ok) return setTold(errorText(answer.error, say));
    if (answer.value.ok) setTold('');
    else setTold(answer.value.reason === 'refused' ? faultText(answer.value.fault, say) : say('prMeanwhile'));
    props.onDecided();
  };
  const when = (atMs: number): string => whenText(atMs, nowMs, say, language);
  return (
    <section className="ho-card ho-side" aria-label={nameIn(one, language)} data-testid="case-side">
      <div>
        <h2>{nameIn(one, language)}</h2>
        {one.reasons.map((reason) => (
          <p key={reason} className="ho-fault">
            {say(reason === 'officeChanged' ? 'prOfficeChanged' : 'prBranchesDiffer')}
          </p>
        ))}
      </div>
      {one.proposals.map((side) => (
        <article
          key={side.id}
          className={side.state === 'open' ? 'ho-aside' : 'ho-aside ho-aside-done'}
          data-testid="side"
        >
          <p>
            <b>{side.storeName}</b>{' '}
            <span className="ho-quiet">
              {say('ruleBy', { who: side.byName || side.tillName, when: when(side.proposedAtMs) })}
            </span>
          </p>
          <dl className="ho-pairs">
            {side.fields.flatMap(({ field, base, value, office }) => [
              <dt key={field}>{say(fieldWords[field])}</dt>,
              <dd key={`${field}-wish`}>
                {say('prFromTo', { from: valueText(field, base, say), to: valueText(field, value, say) })}
              </dd>,
              ...(office === null
                ? []
                : [
                    <dt key={`${field}-office`} className="ho-quiet">
                      {say('prOfficeSaid', { who: office.by, when: when(office.atMs) })}
                    </dt>,
                    <dd key={`${field}-said`}>
                      {say('prFromTo', {
                        from: valueText(field, office.before, say),
                        to: valueText(field, office.value, say),
                      })}
                    </dd>,
                  ]),
            ])}
            {/* What it would change: of one that is decided there is nothing to weigh. */}
            {side.state !== 'open' ? null : (
              <>
                <dt>{say('colMargin')}</dt>
                <dd>
                  {say('prFromTo', {
                    from: valueText('Paise', side.marginNowPaise, say),
                    to: valueText('Paise', side.marginPaise, say),
                  })}
                </dd>
              </>
            )}
            {side.mrpPaise === null ? null : (
              <>
                <dt>{say('colMrp')}</dt>
                <dd>{formatRupees(side.mrpPaise)}</dd>
              </>
            )}
          </dl>
          {side.fault === null || side.state !== 'open' ? null : (
            <p className="ho-fault">{faultText(side.fault, say)}</p>
          )}
          {side.state === 'open' ? null : (
            <p>
              <Chip look={side.state === 'accepted' ? 'good' : 'quiet'}>
                {say(
                  side.state === 'accepted' ? 'prAccepted' : side.state === 'declined' ? 'prDeclined' : 'prTakenBack',
                )}
              </Chip>{' '}
              <span className="ho-quiet">
                {say('ruleBy', { who: side.decidedBy ?? side.byName, when: when(side.decidedAtMs ?? 0) })} {side.note}
              </span>
            </p>
          )}
          {props.canDecide ? (
            <span className="ho-side-foot">
              <OfficeButton
                look="main"
                isDisabled={isBusy || side.fault !== null}
                onPress={() => void decide({ kind: 'accept', proposalId: side.id, scope: 'store' })}
                testId="accept-store"
              >
                {say('prForStore')}
              </OfficeButton>
              <OfficeButton
                isDisabled={isBusy || side.fault !== null}
                onPress={() => void decide({ kind: 'accept', proposalId: side.id, scope: 'all' })}
                testId="accept-all"
              >
                {say('prForAll')}
              </OfficeButton>
              <OfficeButton
                isDisabled={isBusy}
                onPress={() => void decide({ kind: 'decline', proposalId: side.id })}
                testId="decline"
              >
                {say('prDecline')}
              </OfficeButton>
            </span>
          ) : null}
        </article>
      ))}
      {props.canDecide ? (
        <>
          <OfficeField label={say('prNote')} value={note} onText={setNote} maxLength={120} testId="decide-note" />
          {one.reasons.length === 0 ? null : (
            <OfficeButton isDisabled={isBusy} onPress={() => void decide({ kind: 'keepOffice' })} testId="keep-office">
              {say('prKeepOffice')}
            </OfficeButton>
          )}
          <small className="bm-field-error" role="status">
            {told}
          </small>
        </>
      ) : null}
    </section>
  );
}
