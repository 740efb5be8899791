/**
 * The customer's screen: one feed of what the buyer may see of the open bill, and which tender the cashier is
 * on. Rule kept: what is not in CustomerView never leaves the till for that screen: no cost, no stock, no names
 * of staff, no approvals, nothing of another customer.
 */
import { z } from 'zod';
import type { Uuid } from '#core/ids.ts';
import type { Paise } from '#core/money.ts';
import type { Milli, Unit } from '#core/quantity.ts';
import { feedOf, method, out } from './method.ts';
import type { Language } from './views.ts';

export type CustomerLine =
  | {
      readonly kind: 'item';
      readonly id: Uuid;
      readonly name: string;
      readonly nameHi: string | null;
      readonly unit: Unit;
      readonly qtyMilli: Milli;
      readonly ratePaise: Paise;
      /** After every discount. */
      readonly amountPaise: Paise;
    }
  /** The cashier still has to settle this one: "one moment". */
  | { readonly kind: 'moment'; readonly id: Uuid };

export type CustomerView = {
  readonly phase: 'idle' | 'selling' | 'paying' | 'paid';
  readonly shop: { readonly name: string; readonly nameHi: string | null };
  /** The language of the shop's receipts comes first, the other one beside it. */
  readonly language: Language;
  /** At most seven, in the bill's order; [] when idle or paid. */
  readonly lines: readonly CustomerLine[];
  /** The line that came or changed last. */
  readonly newestId: Uuid | null;
  /** "2 items above. 9 items in all, GST 100.06 is included." */
  readonly itemsAbove: number;
  readonly itemsInAll: number;
  readonly gstPaise: Paise;
  /** What this bill comes to; when paid, what it came to; zero when idle. */
  readonly payablePaise: Paise;
  /** Against the MRP. */
  readonly savedPaise: Paise;
  readonly cashReceivedPaise: Paise;
  /** While paying: what other tenders have not covered yet. */
  readonly stillToCollectPaise: Paise;
  readonly changePaise: Paise;
  /** Paid, but for a UPI payment that somebody still has to see: the screen thanks and does not say "paid". */
  readonly isMoneyAwaited: boolean;
  /** The request to scan, while the cashier is on UPI; its amount is inside it. */
  readonly upi: { readonly link: string; readonly amountPaise: Paise } | null;
};

export const customerContract = {
  /** All that a customer's screen is told; the whole view after each change. */
  feed: method.output(feedOf<CustomerView>()),
  /** The tender the cashier's pay screen is on; null when it is not paying. Kept in memory, for the open cart only. */
  showPay: method
    .input(z.object({ tender: z.enum(['cash', 'upi', 'card']).nullable() }))
    .output(out<{ readonly done: true }>()),
} as const;
