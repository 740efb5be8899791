/**
 * Sync: how every till stands. Rule kept: the first sentence answers the fear; tills in trouble stand first; what is not
 * known (what waits on a till that is away) is said so.
 */
import { useState } from 'react';
import type { Me, TillStateView } from '#contract/server.ts';
import { RevokeDialog } from './code-dialogs.tsx';
import type { Asked, Today } from './office-data.ts';
import { Icon } from '../parts/icons.tsx';
import { Chip, KeyCap, OfficeButton, OfficeTrouble, PageHead } from './office-pieces.tsx';
import { useOffice } from './office-words.ts';
import { errorText } from './error-words.ts';
import { goTo, useRoute } from './route.ts';
import { SyncJobs } from './sync-jobs.tsx';
import { SyncMends } from './sync-mends.tsx';
import { SyncTill } from './sync-till.tsx';
import { byTrouble, checkWord, hasDifference, lacksPrices, needsLook, tillState } from './till-state.ts';
import { saveTillsFile } from './tills-file.ts';
import { ageText, whenText } from './times.ts';
import { useRows } from './use-rows.ts';

export function SyncPage(props: {
  readonly me: Me;
  readonly today: Today;
  readonly tills: Asked<readonly TillStateView[]>;
}) {
  const { say } = useOffice();
  const { id } = useRoute();
  const [revoking, setRevoking] = useState<TillStateView | null>(null);
  const { value, error, again } = props.tills;
  const tills = byTrouble(value ?? []);
  const chosen = tills.find((till) => till.tillId === id) ?? tills[0];
  const nowMs = props.today.view?.atMs ?? 0;
  useRows({
    ids: tills.map((till) => till.tillId),
    chosen: chosen?.tillId ?? null,
    onChoose: (tillId) => goTo('sync', tillId),
  });
  return (
    <>
      <PageHead
        title={say('syncTitle')}
        note={value === null ? say('loading') : say('syncNote', { count: tills.length })}
      >
        <OfficeButton icon="plus" onPress={() => goTo('stores')} testId="add-till">
          {say('addTill')}
        </OfficeButton>
        <OfficeButton isDisabled={tills.length === 0} onPress={() => saveTillsFile(tills, nowMs)} testId="export-tills">
          {say('exportTills')}
        </OfficeButton>
      </PageHead>
      {error === null ? null : <OfficeTrouble>{errorText(error, say)}</OfficeTrouble>}
      <Safe tills={tills} bills={props.today.view?.total.bills ?? null} />
      <div className="ho-split">
        <div className="ho-column">
          <div className="ho-card ho-fill">
            <div className="ho-table-box" tabIndex={0} role="region" aria-label={say('syncTitle')}>
              <table className="ho-table ho-tills">
                <thead>
                  <tr>
                    <th scope="col">{say('colTill')}</th>
                    <th scope="col">{say('colState')}</th>
                    <th scope="col">{say('colHeard')}</th>
                    <th scope="col" className="ho-num">
                      {say('colWaiting')}
                    </th>
                    <th scope="col" className="ho-num">
                      {say('colSince')}
                    </th>
                    <th scope="col" className="ho-num">
                      {say('keptAside')}
                    </th>
                    <th scope="col" className="ho-num">
                      {say('colItems')}
                    </th>
                    <th scope="col" className="ho-num">
                      {say('colPrices')}
                    </th>
                    <th scope="col">{say('colCheck')}</th>
                  </tr>
                </thead>
                <tbody>
                  {tills.map((till) => (
                    <TillRow key={till.tillId} till={till} nowMs={nowMs} isChosen={till.tillId === chosen?.tillId} />
                  ))}
                </tbody>
              </table>
              {value !== null && tills.length === 0 ? <p className="ho-calm">{say('safeNone')}</p> : null}
            </div>
            <div className="ho-keys">
              <span className="ho-push">
                <KeyCap>↑</KeyCap>
                <KeyCap>↓</KeyCap>
                {say('keyTill')}
              </span>
            </div>
          </div>
          <SyncMends nowMs={nowMs} />
          {props.me.role === 'chain' ? <SyncJobs nowMs={nowMs} /> : null}
        </div>
        {chosen === undefined ? null : (
          <SyncTill
            key={chosen.tillId}
            till={chosen}
            nowMs={nowMs}
            onRevoke={props.me.role === 'store' || chosen.state === 'revoked' ? null : () => setRevoking(chosen)}
          />
        )}
      </div>
      {revoking === null ? null : (
        <RevokeDialog
          till={revoking}
          onDone={() => {
            setRevoking(null);
            again();
          }}
        />
      )}
    </>
  );
}

function Safe({ tills, bills }: { readonly tills: readonly TillStateView[]; readonly bills: number | null }) {
  const { say } = useOffice();
  const looks = tills.filter(needsLook).length;
  const aside = tills.reduce((n, till) => n + till.refused, 0);
  const told = tills.filter((till) => till.state !== 'revoked' && till.backlog !== null);
  const waiting = told.reduce((n, till) => n + (till.backlog ?? 0), 0);
  return (
    <section className="ho-card ho-safe" data-testid="safe">
      <span className="ho-mark ho-mark-good">
        <Icon name="checkRound" size={26} />
      </span>
      <div className="ho-safe-words">
        <h2>{say('safe')}</h2>
        <p>
          {tills.length === 0 ? say('safeNone') : looks === 0 ? say('safeFine') : say('safeLook', { count: looks })}
        </p>
      </div>
      <div className="ho-kpi">
        <span>{say('billsToday')}</span>
        <b>{bills === null ? '' : bills.toLocaleString('en-IN')}</b>
      </div>
      <div className="ho-kpi">
        <span>{say('keptAside')}</span>
        <b>{aside}</b>
      </div>
      <div className="ho-kpi">
        <span>{say('waitingInShops')}</span>
        <b>{told.length === 0 ? say('notKnown') : waiting.toLocaleString('en-IN')}</b>
      </div>
    </section>
  );
}

function TillRow(props: { readonly till: TillStateView; readonly nowMs: number; readonly isChosen: boolean }) {
  const { say, language } = useOffice();
  const { till } = props;
  const state = tillState(till);
  return (
    <tr
      data-row={till.tillId}
      className="ho-row"
      aria-selected={props.isChosen}
      onClick={() => goTo('sync', till.tillId)}
    >
      <td>
        <span className="ho-two">
          <b className="ho-name" title={till.storeName}>
            {till.storeName}
          </b>
          <span className="ho-quiet">{till.name}</span>
        </span>
      </td>
      <td>
        <Chip look={state.look} icon={state.icon}>
          {say(state.word)}
        </Chip>
      </td>
      <td className="ho-quiet">
        {till.lastSeenMs === null ? '' : whenText(till.lastSeenMs, props.nowMs, say, language)}
      </td>
      <td className="ho-num">
        {till.state !== 'live' || till.backlog === null ? (
          <span className="ho-quiet">{say('unknown')}</span>
        ) : (
          till.backlog.toLocaleString('en-IN')
        )}
      </td>
      <td className="ho-num ho-quiet">
        {till.state !== 'live' || till.waitsSinceMs === null ? '' : ageText(props.nowMs - till.waitsSinceMs, say)}
      </td>
      <td className="ho-num">{till.refused === 0 ? '' : till.refused}</td>
      <td className="ho-num ho-quiet">{till.audit?.items?.toLocaleString('en-IN') ?? ''}</td>
      <td className={lacksPrices(till) ? 'ho-num ho-lacks' : 'ho-num ho-quiet'}>
        {till.prices.all === 0 ? '' : say('pricesOf', till.prices)}
      </td>
      <td className={hasDifference(till) ? 'ho-fault' : 'ho-quiet'}>{say(checkWord(till))}</td>
    </tr>
  );
}
