/**
 * Pay (screens.md §5.4): tenders left, the active one right; the amount stays where it was. Rule kept: no bill
 * number before the commit; the till can't see the bank, so it says so and asks a person.
 */
import { UnstyledButton } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { CartTender } from '#core/billing/cart.ts';
import { formatPaise, formatRupees } from '#core/money.ts';
import { useHeader } from '../counter/cart-store.ts';
import { type PayTender, uiStore, useUi } from '../counter/ui-store.ts';
import { capOf } from '../keys/keys-in-force.ts';
import { Icon } from '../parts/icons.tsx';
import { ActionButton, Cap } from '../parts/pieces.tsx';
import { QrCode } from '../parts/qr-code.tsx';
import { sessionStore } from '../state/session.ts';
import { useStore } from '../state/store.ts';
import { refuse } from '../counter/chosen-line.ts';
import { useWords, type Word } from '../words/words.ts';
import { CashPane } from './cash-pane.tsx';
import { addTender, payEnter, settleLater, takeBack } from './pay-actions.ts';

const noTenders: readonly CartTender[] = [];

function TenderRow(props: {
  readonly letter: string;
  readonly word: Word;
  readonly kind: PayTender | null;
  readonly hint: string;
}) {
  const { letter, word, kind, hint } = props;
  const { say } = useWords();
  const tenders = useHeader((header) => header.tenders, noTenders);
  const isActive = useUi((ui) => ui.payTender === kind);
  const mine = tenders.filter((tender) => tender.kind === kind);
  const isWaiting = mine.some((tender) => tender.status === 'waiting');
  return (
    <UnstyledButton
      className={isActive ? 'bm-tender bm-tender-active' : kind === null ? 'bm-tender bm-keybar-off' : 'bm-tender'}
      data-testid={`tender-${word}`}
      aria-current={isActive}
      tabIndex={-1}
      onClick={() => (kind === null ? refuse('whyLater', say(word)) : void addTender(kind))}
    >
      <Cap isLarge>{letter}</Cap>
      <b>{say(word)}</b>
      <span className="bm-push bm-tender-sums">
        {mine.length === 0 ? (
          <small>{hint}</small>
        ) : (
          mine.map((tender) => <b key={tender.id}>{formatPaise(tender.amountPaise)}</b>)
        )}
      </span>
      {mine.length === 0 ? null : (
        <span className={isWaiting ? 'bm-info-text' : 'bm-good-text'}>
          <Icon name={isWaiting ? 'hourglass' : 'check'} />
        </span>
      )}
    </UnstyledButton>
  );
}

function Tenders() {
  const { say } = useWords();
  return (
    <div className="bm-tenders">
      <TenderRow letter={capOf('LetterC')} word="cash" kind="cash" hint="" />
      <TenderRow letter={capOf('LetterU')} word="upi" kind="upi" hint="" />
      <TenderRow letter={capOf('LetterD')} word="card" kind="card" hint={say('type4Digits')} />
      <TenderRow letter={capOf('LetterK')} word="khata" kind={null} hint={say('comesLater')} />
      <TenderRow letter={capOf('LetterN')} word="creditNote" kind={null} hint={say('comesLater')} />
      <TenderRow letter={capOf('LetterP')} word="points" kind={null} hint={say('comesLater')} />
      <div className="bm-tender-help">
        <div>
          {say('split')}
          <span>
            <Cap>500</Cap> <Cap>{capOf('LetterC')}</Cap>
          </span>
        </div>
        <div>
          {say('takeBackLast')}
          <Cap>Del</Cap>
        </div>
        <div>
          {say('nextNote')}
          <Cap>+</Cap>
        </div>
      </div>
    </div>
  );
}

/** Minutes and seconds since the component came. */
function useWaited(): string {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds((now) => now + 1), 1_000);
    return () => clearInterval(timer);
  }, []);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

function WaitingUpi({ tender }: { readonly tender: CartTender }) {
  const { say } = useWords();
  const upi = useHeader((header) => header.upi, null);
  const isShown = useStore(sessionStore, (session) => (session.devices?.customerWindows ?? 0) > 0);
  const waited = useWaited();
  const amount = formatPaise(tender.amountPaise);
  return (
    <div className="bm-pane" data-testid="upi-waiting">
      <div className="bm-pane-top">
        <span className="bm-info-tag" role="timer">
          <Icon name="hourglass" size={16} />
          {say('waitingUpi', { time: waited })}
        </span>
        {isShown ? (
          <span className="bm-hint" data-testid="shown-to-customer">
            <Icon name="screen" size={18} />
            {say('csShown')}
          </span>
        ) : null}
      </div>
      <div className="bm-qr-row">
        {upi === null ? (
          <div className="bm-qr bm-qr-none">{say('eUpiNotSet')}</div>
        ) : (
          <div className="bm-qr">
            <QrCode text={upi.link} label={say('qrLabel', { amount })} size={322} />
          </div>
        )}
        <div className="bm-qr-side">
          <span>{say('byUpi')}</span>
          <b className="bm-display bm-qr-sum">{formatRupees(tender.amountPaise)}</b>
          {upi === null ? null : <span>{say('toAddress', { address: upi.payeeAddress })}</span>}
          <span>{say('qrHelp')}</span>
        </div>
      </div>
      <p className="bm-info-box">
        <b>{say('upiAsk1')}</b>
        <br />
        {say('upiAsk2')} {say('upiBlind')}
      </p>
      <div className="bm-pane-actions">
        <ActionButton look="main" cap="Enter" onPress={() => void payEnter()} testId="money-received">
          {say('moneyReceived')}
        </ActionButton>
        <ActionButton cap={capOf('LetterL')} onPress={() => void settleLater()} testId="settle-later">
          {say('settleLater')}
        </ActionButton>
        <ActionButton cap="Del" onPress={() => void takeBack()}>
          {say('cancelUpi')}
        </ActionButton>
      </div>
    </div>
  );
}

/** Nothing is left to take: no QR and no slip of ₹0.00. */
function Collected() {
  const { say } = useWords();
  return (
    <div className="bm-pane" data-testid="pay-collected">
      <span>{say('nothingToCollect')}</span>
      <div className="bm-pane-actions">
        <ActionButton look="main" cap="Enter" onPress={() => void payEnter()}>
          {say('finish')}
        </ActionButton>
      </div>
    </div>
  );
}

function UpiPane({ tenders }: { readonly tenders: readonly CartTender[] }) {
  const { say } = useWords();
  const due = useHeader((header) => header.totals.stillToCollectPaise, null);
  const waiting = tenders.findLast((tender) => tender.kind === 'upi' && tender.status === 'waiting');
  if (waiting !== undefined) return <WaitingUpi key={waiting.id} tender={waiting} />;
  if (due === 0) return <Collected />;
  return (
    <div className="bm-pane">
      <span>{say('byUpi')}</span>
      <b className="bm-display bm-qr-sum">{due === null ? '' : formatRupees(due)}</b>
      <div className="bm-pane-actions">
        <ActionButton look="main" cap="Enter" onPress={() => void payEnter()}>
          {say('showQr')}
        </ActionButton>
      </div>
    </div>
  );
}

function CardPane() {
  const { say } = useWords();
  const due = useHeader((header) => header.totals.stillToCollectPaise, null);
  const { reference, amount } = useUi((ui) => ({ reference: ui.payReference, amount: ui.payAmount }));
  if (due === 0) return <Collected />;
  return (
    <div className="bm-pane">
      <span>{say('byCard')}</span>
      <b className="bm-display bm-qr-sum">{amount !== '' ? `₹${amount}` : due === null ? '' : formatRupees(due)}</b>
      <label className="bm-field" htmlFor="bm-card-reference">
        <b>{say('cardReference')}</b>
        <input
          id="bm-card-reference"
          className="bm-input"
          value={reference}
          autoFocus
          maxLength={40}
          data-default-field=""
          data-testid="card-reference"
          autoComplete="off"
          onChange={(event) => uiStore.patch({ payReference: event.currentTarget.value })}
        />
        <span className="bm-field-hint">{say('cardHelp')}</span>
      </label>
      <div className="bm-pane-actions">
        <ActionButton look="main" cap="Enter" onPress={() => void payEnter()}>
          {say('takeCard')}
        </ActionButton>
      </div>
    </div>
  );
}

export function PayScreen() {
  const { say } = useWords();
  const tenders = useHeader((header) => header.tenders, noTenders);
  const active = useUi((ui) => ui.payTender);
  return (
    <section className="bm-card bm-left bm-paying" data-testid="pay-screen" aria-label={say('pay')}>
      <div className="bm-pay-head">
        <Icon name="register" size={26} />
        <h2>{say('pay')}</h2>
        <span className="bm-hint bm-push">
          {say('kBackToItems')} <Cap>Esc</Cap>
        </span>
      </div>
      <div className="bm-pay-body">
        <Tenders />
        {active === 'cash' ? <CashPane /> : active === 'upi' ? <UpiPane tenders={tenders} /> : <CardPane />}
      </div>
    </section>
  );
}
