/**
 * The shop's identity: set-up and changes. Rule kept: what a bill says of the seller is checked here once
 * (GSTIN's checksum and state, series, UPI address), so a bill never carries a wrong one.
 */
import { isSeriesCode } from '#core/billing/bill-number.ts';
import { isVpa } from '#core/billing/upi.ts';
import { checkGstin, stateOfGstin } from '#core/gst/gstin.ts';
import { findState } from '#core/gst/place.ts';
import type { Paise } from '#core/money.ts';
import type { KeysView } from '#contract/till-keys.ts';
import type { Language, ShopView } from '#contract/views.ts';
import type { TillContext } from '../context.ts';
import { refuse } from '../refusal.ts';

export function shopView(ctx: TillContext): ShopView {
  const s = ctx.settings.get();
  return {
    name: s.name,
    tillName: s.tillName,
    stateCode: s.stateCode,
    gstin: s.gstin,
    isComposition: s.isComposition,
    upiAddress: s.upiAddress,
    isDemo: s.isDemo,
    demoPins: s.isDemo ? s.demoPins : [],
    isSetUp: s.isSetUp,
    roundStepPaise: s.roundStepPaise,
    receiptLanguage: s.receiptLanguage,
    scanGapMs: s.scanGapMs,
    keys: s.keys,
  };
}

export type ShopInput = {
  readonly name: string;
  readonly nameHi?: string | null | undefined;
  readonly address: string;
  readonly phone: string;
  readonly stateCode: string;
  readonly gstin: string | null;
  readonly isComposition: boolean;
  readonly fssai: string | null;
  readonly upiAddress: string | null;
  readonly series: string;
  readonly receiptLanguage: Language;
  readonly roundStepPaise: Paise;
};

export function saveShop(ctx: TillContext, input: ShopInput): ShopView {
  if (findState(input.stateCode) === null) refuse({ type: 'InputInvalid', field: 'stateCode', reason: 'unknownState' });
  const gstin = input.gstin === null || input.gstin === '' ? null : checkGstin(input.gstin.toUpperCase());
  if (gstin !== null && !gstin.ok) refuse({ type: 'InputInvalid', field: 'gstin', reason: gstin.error.reason });
  if (gstin?.ok && stateOfGstin(gstin.value) !== input.stateCode)
    refuse({ type: 'InputInvalid', field: 'gstin', reason: 'otherState' });
  if (!isSeriesCode(input.series)) refuse({ type: 'InputInvalid', field: 'series', reason: 'notSeries' });
  const upiAddress = input.upiAddress === '' ? null : input.upiAddress;
  if (upiAddress !== null && !isVpa(upiAddress))
    refuse({ type: 'InputInvalid', field: 'upiAddress', reason: 'notVpa' });
  if (![1, 50, 100].includes(input.roundStepPaise))
    refuse({ type: 'InputInvalid', field: 'roundStepPaise', reason: 'notStep' });
  const nameHi = input.nameHi === undefined ? ctx.settings.get().nameHi : input.nameHi || null;
  ctx.settings.save({
    ...input,
    nameHi,
    upiAddress,
    gstin: gstin === null ? null : gstin.value,
    fssai: input.fssai || null,
  });
  ctx.tables.transact(() =>
    ctx.tables.journal.append('shopSaved', ctx.settings.get().storeId, ctx.clock.now(), JSON.stringify(input)),
  );
  ctx.sync.transfers.tellShop();
  ctx.cart.refresh();
  return shopView(ctx);
}

export function setKeys(ctx: TillContext, keys: KeysView): ShopView {
  ctx.settings.save({ keys });
  return shopView(ctx);
}

export function finishSetUp(ctx: TillContext): ShopView {
  ctx.settings.save({ isSetUp: true });
  return shopView(ctx);
}
