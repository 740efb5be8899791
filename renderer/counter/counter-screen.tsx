/**
 * The counter: scan field top left, last item top right, amount bottom right; these three never move. Rule
 * kept: forms lie over the cart and never take a scan away; nothing here waits for network or paper.
 */
import { useEffect, useState } from 'react';
import { formatPaise } from '#core/money.ts';
import type { CartHeader } from '#contract/views.ts';
import { formStore } from '../keys/form-stack.ts';
import { Icon } from '../parts/icons.tsx';
import { ActionButton, Cap } from '../parts/pieces.tsx';
import { CanStillScan, Collected, FinishButton } from '../pay/pay-column.tsx';
import { PayScreen } from '../pay/pay-screen.tsx';
import { sessionStore } from '../state/session.ts';
import { useStore } from '../state/store.ts';
import { useWords } from '../words/words.ts';
import { reprintLast } from './actions.ts';
import { CartLines } from './cart-lines.tsx';
import { useCart, useHeader } from './cart-store.ts';
import { CutQuestion } from './cut-question.tsx';
import { KeyBar } from './key-bar.tsx';
import { LooseBoard } from './loose-board.tsx';
import { CounterPanel } from './panels.tsx';
import { Results } from './results.tsx';
import { CustomerCard, LastItem, PayButton, ToPay, Totals } from './right-column.tsx';
import { ScanField } from './scan-field.tsx';
import { type Notice, useUi } from './ui-store.ts';

function NoticeLine({ notice }: { readonly notice: Notice }) {
  useWords();
  return (
    <div className={`bm-notice bm-notice-${notice.tone}`} data-testid="notice">
      <Icon name={notice.tone === 'good' ? 'checkRound' : notice.tone === 'quiet' ? 'info' : 'alert'} size={18} />
      {notice.said()}
    </div>
  );
}

function Notices() {
  const { say } = useWords();
  const { notice, savedNumber, keptScans } = useUi((ui) => ({
    notice: ui.notice,
    savedNumber: ui.savedNumber,
    keptScans: ui.keptScans,
  }));
  if (savedNumber !== null) {
    return (
      <>
        <div className="bm-notice bm-notice-good" data-testid="saved">
          <Icon name="checkRound" size={18} />
          {say('saved', { number: savedNumber })}
        </div>
        {notice === null ? null : <NoticeLine notice={notice} />}
      </>
    );
  }
  // A scan that waits matters more than what was said before it.
  if (notice !== null && keptScans === 0) return <NoticeLine notice={notice} />;
  return keptScans === 0 ? null : (
    <div className="bm-notice bm-notice-warn" data-testid="kept-scans">
      <Icon name="scan" size={18} />
      {say('moreScans', { count: keptScans })}
    </div>
  );
}

/** Calm: what to do, and the last bill one key away. */
function EmptyCart() {
  const { say } = useWords();
  const last = useHeader((header) => header.lastBill, null);
  return (
    <div className="bm-empty" data-testid="empty-cart">
      <h2>{say('scanFirst')}</h2>
      {last === null ? (
        <div className="bm-empty-keys">
          <span>
            <Icon name="scan" /> {say('firstRun1')}
          </span>
          <span>
            <Cap>F9</Cap> {say('firstRun2')}
          </span>
          <span>
            <Cap>F1</Cap> {say('firstRun3')}
          </span>
        </div>
      ) : (
        <div className="bm-empty-last" data-testid="last-bill">
          <span>
            <b>{say('lastBill', { number: last.number })}</b>
            <br />
            {say('lastBillLine', { amount: formatPaise(last.payablePaise), change: formatPaise(last.changePaise) })}
          </span>
          <ActionButton cap="Ctrl P" onPress={() => void reprintLast()}>
            {say('printAgain')}
          </ActionButton>
        </div>
      )}
    </div>
  );
}

/** The change of the last bill stands for a minute, or until the next item. */
function useLastChange(isEmpty: boolean): CartHeader['lastBill'] {
  const last = useHeader((header) => header.lastBill, null);
  const [now, setNow] = useState(() => Date.now());
  const until = (last?.committedAtMs ?? 0) + 60_000;
  useEffect(() => {
    const left = until - Date.now();
    const timer = setTimeout(() => setNow(Date.now()), Math.max(0, left + 50));
    return () => clearTimeout(timer);
  }, [until]);
  return isEmpty && last !== null && last.changePaise > 0 && now < until ? last : null;
}

export function CounterScreen() {
  const { say } = useWords();
  const isEmpty = useCart((cart) => cart.order.length === 0);
  const { isPaying, panel, hasText } = useUi((ui) => ({
    isPaying: ui.isPaying,
    panel: ui.panel,
    hasText: ui.text !== '',
  }));
  const isForm = useStore(formStore, (open) => open.length > 0);
  const cut = useStore(sessionStore, (session) => session.devices?.cutJob ?? null);
  const change = useLastChange(isEmpty);
  const state = isForm ? 'form' : isPaying ? 'pay' : hasText ? 'text' : isEmpty ? 'empty' : 'cart';
  return (
    <>
      <main className="bm-main">
        <h1 className="bm-hidden">{say('counterTitle')}</h1>
        {isPaying ? (
          <PayScreen />
        ) : (
          <section className="bm-card bm-left">
            <ScanField />
            <Results />
            <Notices />
            {isEmpty ? <EmptyCart /> : <CartLines />}
          </section>
        )}
        <aside className="bm-right">
          {isPaying ? (
            <>
              <Totals />
              <Collected />
              <CanStillScan />
            </>
          ) : panel?.kind === 'loose' ? (
            <LooseBoard />
          ) : (
            <>
              <LastItem />
              <CustomerCard />
              {isEmpty ? null : <Totals />}
            </>
          )}
          <div className="bm-space" />
          <ToPay change={change} />
          {isPaying ? <FinishButton /> : <PayButton />}
        </aside>
      </main>
      <KeyBar state={panel?.kind === 'loose' ? 'cart' : state} />
      <CounterPanel />
      {cut !== null && isEmpty && panel === null ? <CutQuestion cut={cut} /> : null}
      {isPaying ? <PayNotice /> : null}
    </>
  );
}

/** While paying, a refusal stands under the amount. */
function PayNotice() {
  useWords();
  const notice = useUi((ui) => ui.notice);
  return notice === null ? null : (
    <div className={`bm-float bm-notice bm-notice-${notice.tone}`} data-testid="notice">
      {notice.said()}
    </div>
  );
}
