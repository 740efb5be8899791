/**
 * Publish prices: the written prices with what they mean, who gets them and from when; below, what was published and who
 * has it. Rule kept: the server judges each line (margin, MRP, cost); a line that may not be sold so is named and stays
 * here, the others go.
 */
import { useEffect, useState } from 'react';
import {
  type PreviewLine,
  type PreviewReply,
  publishApi,
  type PublicationView,
  type PublishScope,
} from '#contract/publish.ts';
import { type Me, officeApi, type OrgView } from '#contract/server.ts';
import { formatPaise } from '#core/money.ts';
import { nameIn } from '../words/formats.ts';
import { useStore } from '../state/store.ts';
import { ask, type Failure } from './api.ts';
import { errorText } from './error-words.ts';
import { faultText } from './fault-words.ts';
import { Choose } from '../parts/choose.tsx';
import { OfficeButton, OfficeTrouble, PageHead } from './office-pieces.tsx';
import { useOffice } from './office-words.ts';
import { draftStore, dropDraft, dropDrafts } from './price-draft.ts';
import { OnReceipt, PriceSums } from './price-preview.tsx';
import { Published } from './published.tsx';
import { goTo } from './route.ts';
import { nextMorning } from './times.ts';

type From = 'now' | 'tomorrow';
const scopeOf = (choice: string): PublishScope =>
  choice.startsWith('region:')
    ? { kind: 'region', region: choice.slice('region:'.length) }
    : choice.startsWith('store:')
      ? { kind: 'stores', storeIds: [choice.slice('store:'.length) as never] }
      : { kind: 'all' };

export function PublishPage({ me, nowMs }: { readonly me: Me; readonly nowMs: number }) {
  const { say } = useOffice();
  const drafts = useStore(draftStore, (now) => now);
  const [org, setOrg] = useState<OrgView | null>(null);
  const [choice, setChoice] = useState(me.role === 'region' && me.region !== null ? `region:${me.region}` : 'all');
  const [from, setFrom] = useState<From>('now');
  const [preview, setPreview] = useState<PreviewReply | null>(null);
  const [trouble, setTrouble] = useState<Failure | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [sent, setSent] = useState<PublicationView | null>(null);
  useEffect(() => {
    void ask(officeApi.org, {}).then((answer) => {
      if (answer.ok) setOrg(answer.value);
    });
  }, []);
  useEffect(() => {
    let isGone = false;
    if (drafts.length > 0) {
      void ask(publishApi.preview, { lines: linesOf(drafts), scope: scopeOf(choice) } as never).then((answer) => {
        if (isGone) return;
        setTrouble(answer.ok ? null : answer.error);
        if (answer.ok) setPreview(answer.value);
      });
    }
    return () => {
      isGone = true;
    };
  }, [drafts, choice]);
  const lines = drafts.length === 0 ? [] : (preview?.lines ?? []);
  const good = lines.filter((line) => line.fault === null);
  const publish = async (): Promise<void> => {
    if (isBusy || good.length === 0) return;
    setBusy(true);
    const answer = await ask(publishApi.publish, {
      publicationId: crypto.randomUUID(),
      lines: linesOf(drafts),
      scope: scopeOf(choice),
      effectiveAtMs: from === 'now' ? 0 : nextMorning(Date.now()),
      note: '',
    } as never);
    setBusy(false);
    setTrouble(answer.ok ? null : answer.error);
    if (!answer.ok) return;
    const refused = answer.value.refused.map((line) => line.itemId as string);
    dropDrafts(drafts.map((draft) => draft.itemId).filter((itemId) => !refused.includes(itemId)));
    setSent(answer.value.publication);
  };
  const regions = org?.regions ?? [];
  const whoAll = me.role === 'chain' ? [{ value: 'all', text: say('whoAll') }] : [];
  return (
    <>
      <PageHead
        title={say('navPublish')}
        note={drafts.length === 0 ? '' : say('pricesWritten', { count: drafts.length })}
      >
        <OfficeButton icon="catalogue" onPress={() => goTo('catalogue')} testId="to-catalogue">
          {say('morePrices')}
        </OfficeButton>
      </PageHead>
      {trouble === null ? null : <OfficeTrouble>{errorText(trouble, say)}</OfficeTrouble>}
      <div className="ho-split">
        <div className="ho-column">
          <div className="ho-card ho-fill">
            {drafts.length === 0 ? <p className="ho-calm">{say('noPrices')}</p> : <ChangeTable lines={lines} />}
          </div>
        </div>
        <section className="ho-card ho-side" aria-label={say('sendThem')}>
          <h2>{say('sendThem')}</h2>
          <Choose
            label={say('who')}
            value={choice}
            onChoose={setChoice}
            testId="who"
            options={[
              ...whoAll,
              ...regions.map((region) => ({
                value: `region:${region.name}`,
                text: say('whoRegion', { region: region.name }),
              })),
              ...regions.flatMap((region) =>
                region.stores.map((store) => ({ value: `store:${store.storeId}`, text: store.name })),
              ),
            ]}
          />
          <Choose
            label={say('fromWhen')}
            value={from}
            onChoose={setFrom}
            testId="from"
            options={[
              { value: 'now', text: say('fromNow') },
              { value: 'tomorrow', text: say('fromTomorrow') },
            ]}
          />
          {lines.length === 0 || preview === null ? null : (
            <p className="ho-quiet" data-testid="reach">
              {say('reach', { good: good.length, all: lines.length, stores: preview.stores, tills: preview.tills })}
            </p>
          )}
          {lines.length === 0 || preview === null ? null : <PriceSums preview={preview} />}
          <OfficeButton
            look="main"
            icon="tag"
            onPress={() => void publish()}
            isDisabled={isBusy || good.length === 0}
            testId="publish"
          >
            {say('publishNow', { count: good.length })}
          </OfficeButton>
          {lines.length === 0 || preview === null ? null : <OnReceipt preview={preview} />}
          <Published key={sent?.id ?? 'none'} me={me} nowMs={nowMs} />
        </section>
      </div>
    </>
  );
}

const linesOf = (drafts: readonly { readonly itemId: string; readonly newPaise: number }[]) =>
  drafts.map((draft) => ({ itemId: draft.itemId, change: { sellingPricePaise: draft.newPaise } }));

function ChangeTable({ lines }: { readonly lines: readonly PreviewLine[] }) {
  const { say, language } = useOffice();
  return (
    <div className="ho-table-box" tabIndex={0} role="region" aria-label={say('navPublish')}>
      <table className="ho-table ho-wrap" data-testid="changes">
        <thead>
          <tr>
            <th scope="col">{say('colItem')}</th>
            <th scope="col" className="ho-num">
              {say('colOld')}
            </th>
            <th scope="col" className="ho-num">
              {say('colNew')}
            </th>
            <th scope="col" className="ho-num">
              {say('colMargin')}
            </th>
            <th scope="col" className="ho-num">
              {say('colMrp')}
            </th>
            <th scope="col" className="ho-num">
              {say('colStores')}
            </th>
            <th scope="col">
              <span className="bm-hidden">{say('takeOff')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.itemId} data-testid={`change-${line.itemId}`}>
              <td>
                <b>{nameIn(line, language)}</b>
                {line.fault === null ? null : <small className="ho-fault">{faultText(line.fault, say)}</small>}
                {line.storesWithOtherPrice === 0 ? null : (
                  <small className="ho-quiet ho-below">
                    {say('otherPrices', { count: line.storesWithOtherPrice })}
                  </small>
                )}
              </td>
              <td className="ho-num ho-quiet">
                {line.oldPaise === null ? say('newItem') : formatPaise(line.oldPaise)}
              </td>
              <td className="ho-num">{formatPaise(line.newPaise)}</td>
              <td className="ho-num ho-quiet">
                {line.marginPaise === null ? say('notKnown') : formatPaise(line.marginPaise)}
              </td>
              <td className="ho-num ho-quiet">{line.mrpPaise === null ? '' : formatPaise(line.mrpPaise)}</td>
              <td className="ho-num">{line.stores}</td>
              <td>
                <OfficeButton look="quiet" onPress={() => dropDraft(line.itemId)} testId={`drop-${line.itemId}`}>
                  {say('takeOff')}
                </OfficeButton>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
