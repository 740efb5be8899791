/**
 * Stores and their tills: who is there, a code for a new till, revoking one. Rule kept: a code is shown once, large,
 * with its end; revoking is asked about first, for it cannot be undone from here.
 */
import { useId, useState } from 'react';
import type { Me, StoreToday, TillStateView } from '#contract/server.ts';
import { CodeDialog, NewStoreDialog, RevokeDialog } from './code-dialogs.tsx';
import type { Asked, Today } from './office-data.ts';
import { ReplaceDialog } from './replace-dialog.tsx';
import { Chip, ListKeys, OfficeButton, PageHead } from './office-pieces.tsx';
import { useOffice } from './office-words.ts';
import { goTo, useRoute } from './route.ts';
import { tillState } from './till-state.ts';
import { whenText } from './times.ts';
import { useRows } from './use-rows.ts';

type Open =
  | { readonly kind: 'code'; readonly store: StoreToday }
  | { readonly kind: 'newStore' }
  | { readonly kind: 'revoke' | 'replace'; readonly till: TillStateView };

export function StoresPage(props: {
  readonly me: Me;
  readonly today: Today;
  readonly tills: Asked<readonly TillStateView[]>;
}) {
  const { say, language } = useOffice();
  const { id } = useRoute();
  const searchId = useId();
  const [text, setText] = useState('');
  const [open, setOpen] = useState<Open | null>(null);
  const view = props.today.view;
  const stores = (view?.stores ?? [])
    .filter((store) => `${store.name} ${store.region}`.toLowerCase().includes(text.trim().toLowerCase()))
    .toSorted((a, b) => a.region.localeCompare(b.region) || a.name.localeCompare(b.name));
  const chosen = stores.find((store) => store.storeId === id) ?? stores[0];
  const canManage = props.me.role !== 'store';
  const nowMs = view?.atMs ?? 0;
  const tills = props.tills.value ?? [];
  useRows({
    ids: stores.map((store) => store.storeId),
    chosen: chosen?.storeId ?? null,
    onChoose: (storeId) => goTo('stores', storeId),
    onOpen: () => {
      if (canManage && chosen !== undefined) setOpen({ kind: 'code', store: chosen });
    },
    searchId,
  });
  const close = (): void => {
    setOpen(null);
    props.tills.again();
  };
  return (
    <>
      <PageHead
        title={say('storesTitle')}
        note={`${say('storesOf', { count: view?.storeCount ?? 0 })}, ${say('tillCount', {
          count: tills.filter((till) => till.state !== 'revoked').length,
        })}`}
      >
        <span className="ho-search">
          <label htmlFor={searchId} className="bm-hidden">
            {say('find')}
          </label>
          <input
            id={searchId}
            className="bm-input"
            value={text}
            placeholder={say('find')}
            onChange={(event) => setText(event.currentTarget.value)}
            data-testid="find"
          />
        </span>
        {canManage ? (
          <OfficeButton icon="plus" onPress={() => setOpen({ kind: 'newStore' })} testId="new-store">
            {say('newStore')}
          </OfficeButton>
        ) : null}
      </PageHead>
      <div className="ho-split">
        <div className="ho-card ho-fill">
          <div className="ho-table-box" tabIndex={0} role="region" aria-label={say('storesTitle')}>
            <table className="ho-table">
              <thead>
                <tr>
                  <th scope="col">{say('colStore')}</th>
                  <th scope="col">{say('region')}</th>
                  <th scope="col">{say('colTills')}</th>
                  <th scope="col">{say('colHeard')}</th>
                </tr>
              </thead>
              <tbody>
                {stores.map((store) => (
                  <tr
                    key={store.storeId}
                    data-row={store.storeId}
                    className="ho-row"
                    aria-selected={store.storeId === chosen?.storeId}
                    onClick={() => goTo('stores', store.storeId)}
                  >
                    <td className="ho-strong">{store.name}</td>
                    <td className="ho-quiet">{store.region}</td>
                    <td className={store.tills === 0 ? 'ho-quiet' : ''}>
                      {store.tills === 0 ? say('tillNone') : say('tillCount', { count: store.tills })}
                    </td>
                    <td className="ho-quiet">
                      {store.lastSeenMs === null ? '' : whenText(store.lastSeenMs, nowMs, say, language)}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
            {stores.length === 0 && view !== null ? (
              <p className="ho-calm">{text === '' ? say('noStores') : say('findNone', { text })}</p>
            ) : null}
          </div>
          <ListKeys row={say('keyRow')} enter={canManage ? say('keyOpen') : null} find={say('keyFind')} />
        </div>
        {chosen === undefined ? null : (
          <section className="ho-card ho-side" aria-label={chosen.name} data-testid="store-side">
            <div className="ho-side-head">
              <h2>{chosen.name}</h2>
              <span className="ho-quiet">{chosen.region}</span>
            </div>
            <StoreTills
              tills={tills.filter((till) => till.storeId === chosen.storeId)}
              nowMs={nowMs}
              onAct={canManage ? (kind, till) => setOpen({ kind, till }) : null}
            />
            {canManage ? (
              <div className="ho-side-foot">
                <OfficeButton
                  look="main"
                  icon="plus"
                  cap="Enter"
                  onPress={() => setOpen({ kind: 'code', store: chosen })}
                  testId="make-code"
                >
                  {say('makeCode')}
                </OfficeButton>
              </div>
            ) : null}
          </section>
        )}
      </div>
      {open?.kind === 'code' ? <CodeDialog store={open.store} onDone={close} /> : null}
      {open?.kind === 'newStore' ? <NewStoreDialog me={props.me} onDone={close} /> : null}
      {open?.kind === 'replace' ? <ReplaceDialog till={open.till} onDone={close} /> : null}
      {open?.kind === 'revoke' ? <RevokeDialog till={open.till} onDone={close} /> : null}
    </>
  );
}

function StoreTills(props: {
  readonly tills: readonly TillStateView[];
  readonly nowMs: number;
  readonly onAct: ((kind: 'revoke' | 'replace', till: TillStateView) => void) | null;
}) {
  const { say, language } = useOffice();
  const { onAct } = props;
  if (props.tills.length === 0) return <p className="ho-quiet">{say('tillsNone')}</p>;
  return (
    <div data-testid="tills">
      <h3>{say('tillsOf')}</h3>
      {props.tills.map((till) => {
        const state = tillState(till);
        return (
          <div key={till.tillId} className="ho-till">
            <span>
              <b>{till.name}</b>
              <small>
                {till.lastSeenMs === null
                  ? say('sNever')
                  : say('tillHeard', { when: whenText(till.lastSeenMs, props.nowMs, say, language) })}
              </small>
            </span>
            <Chip look={state.look} icon={state.icon}>
              {say(state.word)}
            </Chip>
            {onAct === null ? null : (
              <span className="ho-till-acts">
                {/* A stolen PC is revoked first and replaced afterwards. */}
                <OfficeButton onPress={() => onAct('replace', till)} testId={`replace-${till.tillId}`}>
                  {say('replace')}
                </OfficeButton>
                {till.state === 'revoked' ? null : (
                  <OfficeButton onPress={() => onAct('revoke', till)} testId={`revoke-${till.tillId}`}>
                    {say('revoke')}
                  </OfficeButton>
                )}
              </span>
            )}
          </div>
        );
      })}
    </div>
  );
}
