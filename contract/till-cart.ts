/**
 * The cart's part of the till's contract. Rule kept: every command names itself by `key`, so that a retry
 * after a broken connection changes nothing twice; `cartId` null means the cart that is open.
 */
import { z } from 'zod';
import * as i from './inputs.ts';
import { feedOf, method, out } from './method.ts';
import type * as v from './views.ts';

const inCart = { key: i.key, cartId: i.uuid.nullable().default(null) };

export const cartContract = {
  get: method.output(out<Extract<v.CartFeedEvent, { kind: 'all' }>>()),
  feed: method.output(feedOf<v.CartFeedEvent>()),
  /** A scan as the scanner sent it. Never refused for being unknown: it becomes a red line. */
  scan: method
    .input(
      z.object({
        ...inCart,
        code: i.rawCode,
        qtyMilli: i.qty.nullable().default(null),
        worthPaise: i.price.nullable().default(null),
      }),
    )
    .output(out<{ readonly outcome: v.ScanOutcome }>()),
  addItem: method
    .input(
      z.object({
        ...inCart,
        itemId: i.uuid,
        qtyMilli: i.qty.nullable().default(null),
        worthPaise: i.price.nullable().default(null),
        batchId: i.uuid.nullable().default(null),
        /** Rate for this line; needs the right to change prices. */
        sellingPricePaise: i.price.nullable().default(null),
        measuredBy: z.enum(['count', 'scale', 'typed']).default('count'),
        /** The person knows that this pan's weight went to another line, and means it. */
        isWeightConfirmed: z.boolean().default(false),
      }),
    )
    .output(out<{ readonly outcome: v.ScanOutcome }>()),
  /** Many lines in one change, for integrators; all or none. */
  addItems: method
    .input(
      z.object({
        ...inCart,
        lines: z
          .array(z.object({ itemId: i.uuid, qtyMilli: i.qty, sellingPricePaise: i.price.nullable().default(null) }))
          .max(5_000),
      }),
    )
    .output(out<{ readonly added: number }>()),
  /** Goods that are not in the catalogue, sold with a price only. */
  addPriceOnly: method
    .input(
      z.object({
        ...inCart,
        name: i.shortText,
        sellingPricePaise: i.price,
        qtyMilli: i.qty,
        taxClassKey: z.string().max(80).nullable().default(null),
      }),
    )
    .output(out<{ readonly outcome: v.ScanOutcome }>()),
  answerChoice: method
    .input(
      z.object({
        ...inCart,
        choiceId: i.uuid,
        answer: z.discriminatedUnion('kind', [
          z.object({ kind: z.literal('batch'), batchId: i.uuid }),
          z.object({ kind: z.literal('otherMrp'), mrpPaise: i.price, sellingPricePaise: i.price.nullable() }),
          z.object({ kind: z.literal('confirm'), qtyMilli: i.qty }),
          z.object({ kind: z.literal('leaveOut') }),
        ]),
      }),
    )
    .output(out<{ readonly outcome: v.ScanOutcome }>()),
  setQty: method
    .input(z.object({ ...inCart, lineId: i.uuid, qtyMilli: i.qty, isConfirmed: z.boolean().default(false) }))
    .output(out<{ readonly done: true }>()),
  /** +1 or −1 on a line, never below 1. */
  stepQty: method
    .input(z.object({ ...inCart, lineId: i.uuid, by: z.union([z.literal(1), z.literal(-1)]) }))
    .output(out<{ readonly done: true }>()),
  setLineDiscount: method
    .input(z.object({ ...inCart, lineId: i.uuid, discount: i.discount.nullable() }))
    .output(out<{ readonly done: true }>()),
  setBillDiscount: method
    .input(z.object({ ...inCart, discount: i.discount.nullable() }))
    .output(out<{ readonly done: true }>()),
  setPrice: method
    .input(z.object({ ...inCart, lineId: i.uuid, sellingPricePaise: i.price }))
    .output(out<{ readonly done: true }>()),
  /** Opens the MRP chooser for a line that is in the cart already. */
  chooseMrp: method.input(z.object({ ...inCart, lineId: i.uuid })).output(out<{ readonly outcome: v.ScanOutcome }>()),
  removeLine: method.input(z.object({ ...inCart, lineId: i.uuid })).output(out<{ readonly done: true }>()),
  /** The unknown code becomes an item: one that is there already, or a new one. */
  settleUnknown: method
    .input(
      z.object({
        ...inCart,
        lineId: i.uuid,
        as: z.discriminatedUnion('kind', [
          z.object({
            kind: z.literal('newItem'),
            name: i.shortText.min(1),
            sellingPricePaise: i.price,
            mrpPaise: i.price.nullable(),
            taxClassKey: z.string().max(80).nullable(),
          }),
          z.object({ kind: z.literal('leaveOut') }),
          z.object({ kind: z.literal('notInShop') }),
        ]),
      }),
    )
    .output(out<{ readonly done: true }>()),
  setCustomer: method
    .input(z.object({ ...inCart, customer: i.customer.nullable() }))
    .output(out<{ readonly done: true }>()),
  undo: method.input(z.object(inCart)).output(out<{ readonly done: true }>()),
  hold: method.input(z.object(inCart)).output(out<{ readonly done: true }>()),
  held: method.output(out<readonly v.HeldCart[]>()),
  recall: method.input(z.object({ key: i.key, heldId: i.uuid })).output(out<{ readonly done: true }>()),
  dropHeld: method
    .input(z.object({ key: i.key, heldId: i.uuid, reason: i.longText }))
    .output(out<{ readonly done: true }>()),
  drop: method.input(z.object({ ...inCart, reason: i.longText })).output(out<{ readonly done: true }>()),
  addTender: method
    .input(
      z.object({
        ...inCart,
        kind: z.enum(['cash', 'upi', 'card']),
        /** null: all that is still to collect. */
        amountPaise: i.price.nullable(),
        status: z.enum(['received', 'waiting']).default('received'),
        reference: i.shortText.nullable().default(null),
      }),
    )
    .output(out<{ readonly done: true }>()),
  /** What an amount of cash would leave to collect or to give back; changes nothing. */
  previewCash: method.input(z.object({ amountPaise: i.price })).output(out<v.CashPreview>()),
  confirmTender: method.input(z.object({ ...inCart, tenderId: i.uuid })).output(out<{ readonly done: true }>()),
  takeBackTender: method.input(z.object(inCart)).output(out<{ readonly done: true }>()),
} as const;
