/**
 * Home: what the chain sold today, store by store, and what needs a person. Rule kept: a store that was not heard is
 * not known, never zero, and every total says how many stores are in it; figures change in place, without motion.
 */
import type { StoreToday, TillStateView, TodayView } from '#contract/server.ts';
import type { ReleaseView } from '#contract/releases.ts';
import type { OfficeTransfer } from '#contract/transfers.ts';
import { formatDeskRupees } from '#core/money.ts';
import { clockTime, fullDay } from '../words/formats.ts';
import { NeedsYou } from './needs-you.tsx';
import { OfficeTrouble, Chip, PageHead } from './office-pieces.tsx';
import { useOffice } from './office-words.ts';
import type { Today } from './office-data.ts';
import { goTo } from './route.ts';
import { ageText, heardMs, whenText } from './times.ts';
import { useState } from 'react';
import { useRows } from './use-rows.ts';

export function HomePage(props: {
  readonly today: Today;
  readonly tills: readonly TillStateView[] | null;
  readonly cases: number;
  readonly transfers: readonly OfficeTransfer[];
  readonly release: ReleaseView | null;
}) {
  const { say, language } = useOffice();
  const { view, isLive } = props.today;
  if (view === null) return <PageHead title={say('homeTitle')} note={isLive ? '' : say('loading')} />;
  return (
    <>
      <PageHead title={say('homeTitle')} note={`${fullDay(view.atMs, language)}, ${clockTime(view.atMs, language)}`} />
      {isLive ? null : <OfficeTrouble>{say('staleSince', { time: clockTime(view.atMs, language) })}</OfficeTrouble>}
      <div className="ho-home">
        <div className="ho-column">
          <Kpis view={view} />
          <div className="ho-card ho-fill">
            <StoreTable view={view} />
          </div>
        </div>
        <div className="ho-column">
          <NeedsYou {...props} view={view} />
        </div>
      </div>
    </>
  );
}

function Kpis({ view }: { readonly view: TodayView }) {
  const { say } = useOffice();
  // Nothing was heard: that is not nothing.
  const none = '–';
  return (
    <section className="ho-card ho-kpis" aria-label={say('soldToday')}>
      <div className="ho-kpi">
        <span>{say('soldToday')}</span>
        <b className="bm-display ho-total" data-testid="chain-total" data-paise={view.total.salesPaise}>
          {view.counted === 0 ? say('notKnown') : formatDeskRupees(view.total.salesPaise)}
        </b>
      </div>
      <div className="ho-judge">
        <b data-testid="counted">{say('counted', { heard: view.counted, all: view.storeCount })}</b>
        <span>{say(view.counted === view.storeCount ? 'allCounted' : 'someNotKnown')}</span>
      </div>
      <div className="ho-kpi">
        <span>{say('refunds')}</span>
        <b>{view.counted === 0 ? none : formatDeskRupees(view.total.refundsPaise)}</b>
      </div>
      <div className="ho-kpi">
        <span>{say('afterRefunds')}</span>
        <b>{view.counted === 0 ? none : formatDeskRupees(view.total.netPaise)}</b>
      </div>
      <div className="ho-kpi">
        <span>{say('bills')}</span>
        <b data-testid="chain-bills">{view.counted === 0 ? none : view.total.bills.toLocaleString('en-IN')}</b>
      </div>
    </section>
  );
}

function StoreTable({ view }: { readonly view: TodayView }) {
  const { say } = useOffice();
  const [chosen, setChosen] = useState<string | null>(null);
  const inOrder = view.regions.flatMap((region) => view.stores.filter((store) => store.region === region.name));
  useRows({
    ids: inOrder.map((store) => store.storeId),
    chosen,
    onChoose: setChosen,
    onOpen: (id) => goTo('stores', id),
  });
  // One scale for every bar: the store that sold most fills its cell.
  const scale = Math.max(1, ...view.stores.map((store) => store.figures?.salesPaise ?? 0));
  if (view.storeCount === 0) return <p className="ho-calm">{say('noStores')}</p>;
  return (
    <div className="ho-table-box" tabIndex={0} role="region" aria-label={say('tableLabel')}>
      <table className="ho-table" data-testid="stores">
        <thead>
          <tr>
            <th scope="col">{say('colStore')}</th>
            <th scope="col">{say('colSold')}</th>
            <th scope="col" className="ho-num">
              {say('colRupees')}
            </th>
            <th scope="col" className="ho-num">
              {say('colBills')}
            </th>
            <th scope="col" className="ho-num">
              {say('colRefunds')}
            </th>
            <th scope="col">{say('colHeard')}</th>
          </tr>
        </thead>
        {view.regions.map((region) => (
          <tbody key={region.name}>
            <tr className="ho-region">
              <th scope="row">{region.name}</th>
              <td className="ho-quiet">
                {region.counted === region.storeCount
                  ? say('storesOf', { count: region.storeCount })
                  : say('countedOf', { heard: region.counted, all: region.storeCount })}
              </td>
              {region.counted === 0 ? (
                <td colSpan={3} />
              ) : (
                <>
                  <td className="ho-num">{formatDeskRupees(region.total.salesPaise)}</td>
                  <td className="ho-num">{region.total.bills.toLocaleString('en-IN')}</td>
                  <td className="ho-num">
                    {region.total.refundsPaise === 0 ? '' : formatDeskRupees(region.total.refundsPaise)}
                  </td>
                </>
              )}
              <td />
            </tr>
            {view.stores
              .filter((store) => store.region === region.name)
              .map((store) => (
                <StoreRow
                  key={store.storeId}
                  store={store}
                  nowMs={view.atMs}
                  scale={scale}
                  isChosen={chosen === store.storeId}
                  onChoose={() => setChosen(store.storeId)}
                />
              ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}

function StoreRow(props: {
  readonly store: StoreToday;
  readonly nowMs: number;
  readonly scale: number;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}) {
  const { say, language } = useOffice();
  const { store, nowMs } = props;
  const { figures, lastSeenMs } = store;
  return (
    <tr
      data-row={store.storeId}
      data-testid={`store-${store.storeId}`}
      className="ho-row"
      aria-selected={props.isChosen}
      onClick={props.onChoose}
      onDoubleClick={() => goTo('stores', store.storeId)}
    >
      <td className="ho-indent">
        <span className="ho-name" title={store.name}>
          {store.name}
        </span>
      </td>
      {figures === null ? (
        <td colSpan={4} className="ho-quiet">
          {store.tills === 0
            ? say('noTill')
            : lastSeenMs === null
              ? say('neverHeard')
              : say('unheard', { when: whenText(lastSeenMs, nowMs, say, language) })}
        </td>
      ) : (
        <>
          <td className="ho-bar-cell">
            <svg className="ho-bar" viewBox={`0 0 ${props.scale} 10`} preserveAspectRatio="none" aria-hidden="true">
              <rect width={figures.salesPaise} height="10" />
            </svg>
          </td>
          <td className="ho-num">{formatDeskRupees(figures.salesPaise)}</td>
          <td className="ho-num">{figures.bills.toLocaleString('en-IN')}</td>
          <td className="ho-num ho-quiet">
            {figures.refundsPaise === 0 ? '' : formatDeskRupees(figures.refundsPaise)}
          </td>
        </>
      )}
      <td>
        {store.tills === 0 || lastSeenMs === null ? (
          ''
        ) : (
          <Heard lastSeenMs={lastSeenMs} nowMs={nowMs} isCounted={figures !== null} />
        )}
      </td>
    </tr>
  );
}

function Heard(props: { readonly lastSeenMs: number; readonly nowMs: number; readonly isCounted: boolean }) {
  const { say } = useOffice();
  const age = Math.max(0, props.nowMs - props.lastSeenMs);
  if (age < heardMs) return <span className="ho-quiet">{say('now')}</span>;
  if (!props.isCounted) {
    return (
      <Chip look="bad" icon="alert">
        {ageText(age, say)}
      </Chip>
    );
  }
  return (
    <Chip look="quiet" icon="offline">
      {say('offlineFor', { age: ageText(age, say) })}
    </Chip>
  );
}
