/**
 * The right column: last item, customer, totals, the amount. Rule kept: the amount stands bottom right and is
 * the largest thing on the screen; tax is quiet and never in the adding column; every number is the till's.
 */
import { UnstyledButton } from '@mantine/core';
import { memo } from 'react';
import type { CartHeader, LineView, TotalsView } from '#contract/views.ts';
import { formatPaise, formatRupees } from '#core/money.ts';
import { Icon } from '../parts/icons.tsx';
import { Cap } from '../parts/pieces.tsx';
import { nameIn, offText, qtyText } from '../words/formats.ts';
import { type Say, useWords } from '../words/words.ts';
import { startPay } from './chosen-line.ts';
import { useCart, useHeader } from './cart-store.ts';
import { openPanel, useUi } from './ui-store.ts';

/** The line the till spoke of last; else the newest. */
function useLastLine(): { readonly line: LineView; readonly how: string | null } | null {
  return useCart((cart) => {
    const notice = cart.header?.notice ?? null;
    const told = notice !== null && 'lineId' in notice ? notice.lineId : null;
    const named = told === null ? undefined : cart.lines.get(told);
    const newest = cart.order.at(-1);
    const line = named ?? (newest === undefined ? undefined : cart.lines.get(newest));
    if (line === undefined) return null;
    return { line, how: named !== undefined && notice?.kind === 'added' ? notice.how : null };
  });
}

const nameClass = (name: string): string => (name.length > 24 ? 'bm-last-name bm-last-name-long' : 'bm-last-name');
const howWords = { scan: 'addedScan', label: 'addedLabel', pick: 'addedPick', typed: 'addedTyped' } as const;

export const LastItem = memo(function LastItem() {
  const { say, language } = useWords();
  const last = useLastLine();
  if (last === null) {
    return (
      <div className="bm-card bm-last bm-last-none">
        <Icon name="scan" size={22} />
        {say('noItemYet')}
      </div>
    );
  }
  const { line, how } = last;
  if (line.kind === 'unknown') {
    return (
      <div className="bm-card bm-last" data-testid="last-item">
        <div className="bm-last-how bm-last-how-bad">
          <Icon name="alert" size={16} />
          {say('toSettle', { count: 1 })}
        </div>
        <div className="bm-last-name bm-last-name-long">{say('unknownLine', { code: line.code.slice(0, 24) })}</div>
      </div>
    );
  }
  return (
    <div className="bm-card bm-last" data-testid="last-item">
      <div className="bm-last-how">
        {how === null ? null : (
          <>
            <Icon name="checkRound" size={16} />
            {say(howWords[how as keyof typeof howWords])}
          </>
        )}
      </div>
      <div className={nameClass(nameIn(line, language))}>{nameIn(line, language)}</div>
      <div className="bm-last-sum">
        <span>
          {qtyText(line.qtyMilli, line.unit, say)} × {formatPaise(line.sellingPricePaise)}
        </span>
        <b>{formatPaise(line.amountPaise)}</b>
      </div>
    </div>
  );
});

export const CustomerCard = memo(function CustomerCard() {
  const { say } = useWords();
  const customer = useHeader((header) => header.customer, null);
  const named =
    customer === null ? say('walkIn') : (customer.name ?? customer.mobile ?? customer.gstin ?? say('walkIn'));
  return (
    <UnstyledButton className="bm-card bm-customer" tabIndex={-1} onClick={() => openPanel({ kind: 'customer' })}>
      <Icon name="person" size={20} />
      <b data-testid="customer">{named}</b>
      {customer?.mobile != null && customer.name !== null ? <small>{customer.mobile}</small> : null}
      <small className="bm-push">{say(customer === null ? 'addCustomer' : 'changeCustomer')}</small>
      <Cap>F7</Cap>
    </UnstyledButton>
  );
});

function taxWords(totals: TotalsView, say: Say): string {
  const { cgstPaise, sgstPaise, utgstPaise, igstPaise, cessPaise } = totals.split;
  const heads = [
    ['CGST', cgstPaise],
    ['SGST', sgstPaise],
    ['UTGST', utgstPaise],
    ['IGST', igstPaise],
    ['CESS', cessPaise],
  ] as const;
  const named = heads.filter(([, amount]) => amount !== 0).map(([head, amount]) => `${head} ${formatPaise(amount)}`);
  return named.length === 0 ? say('noGst') : named.join(' + ');
}

export const Totals = memo(function Totals() {
  const { say } = useWords();
  const totals = useHeader((header) => header.totals, null);
  if (totals === null) return null;
  return (
    <div className="bm-card bm-totals" data-testid="totals">
      <div className="bm-roomy">
        {say('items')}
        <b className="bm-num">{formatPaise(totals.itemsPaise)}</b>
      </div>
      <div className="bm-roomy">
        {say('discountAndSchemes')}
        <b className="bm-num">{offText(totals.discountPaise)}</b>
      </div>
      {totals.addedTaxPaise === 0 ? null : (
        <div className="bm-roomy">
          {say('addedTax')}
          <b className="bm-num">{formatPaise(totals.addedTaxPaise)}</b>
        </div>
      )}
      <div>
        {say('roundOff')}
        <b className="bm-num">{formatPaise(totals.roundOffPaise)}</b>
      </div>
      <div className="bm-tax">
        {say('gstInside')}
        <span className="bm-num">{taxWords(totals, say)}</span>
      </div>
    </div>
  );
});

const sumClass = (text: string): string =>
  text.length > 11
    ? 'bm-topay-sum bm-topay-sum-longest'
    : text.length > 9
      ? 'bm-topay-sum bm-topay-sum-long'
      : 'bm-topay-sum';

export function ToPay({ change }: { readonly change: CartHeader['lastBill'] }) {
  const { say } = useWords();
  const totals = useHeader((header) => header.totals, null);
  if (change !== null) {
    return (
      <section className="bm-topay" data-testid="to-pay" aria-label={say('lastChange')}>
        <div className="bm-topay-row">
          <b>{say('lastChange')}</b>
          <span>{say('lastChangeOf', { number: change.number })}</span>
        </div>
        <div className="bm-topay-sum bm-topay-change" data-testid="last-change">
          {formatRupees(change.changePaise)}
        </div>
        <div className="bm-topay-row">&nbsp;</div>
      </section>
    );
  }
  const sum = totals === null ? '₹0.00' : formatRupees(totals.payablePaise);
  return (
    <section className="bm-topay" data-testid="to-pay" aria-label={say('toPay')}>
      <div className="bm-topay-row">
        <b>{say('toPay')}</b>
        <span>{totals === null || totals.itemCount === 0 ? '' : say('itemCount', { count: totals.itemCount })}</span>
      </div>
      <div className={sumClass(sum)} data-testid="payable">
        {sum}
      </div>
      <div className="bm-topay-row">
        {totals === null || totals.savedPaise <= 0 ? (
          <>&nbsp;</>
        ) : (
          <>
            <span>{say('customerSaves')}</span>
            <span className="bm-saved">{formatRupees(totals.savedPaise)}</span>
          </>
        )}
      </div>
    </section>
  );
}

export function PayButton() {
  const { say } = useWords();
  const totals = useHeader((header) => header.totals, null);
  const { isSaving, text } = useUi((ui) => ({ isSaving: ui.isSaving, text: ui.text }));
  const lineCount = useCart((cart) => cart.order.length);
  const unsettled = totals?.unsettledCount ?? 0;
  if (unsettled > 0) {
    return (
      <UnstyledButton className="bm-pay bm-pay-blocked" disabled data-testid="pay">
        {say('toSettle', { count: unsettled })}
      </UnstyledButton>
    );
  }
  return (
    <UnstyledButton
      className="bm-pay"
      data-testid="pay"
      disabled={isSaving || (lineCount === 0 && text === '')}
      onClick={startPay}
    >
      {isSaving ? say('saving') : say('pay')}
      {isSaving ? null : <Cap isLarge>F9</Cap>}
    </UnstyledButton>
  );
}
