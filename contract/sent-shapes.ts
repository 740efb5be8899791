/**
 * The small shapes: what head office sends to tills as rows of one table, by name, and what a row says. Rule kept: this
 * is the one place where such a shape is named; the server serves and audits every name here, the till follows every
 * name here. A till reads only what passes its schema: a row of a later version is kept as it came and not used.
 */
import { z } from 'zod';
import type { RateRow } from '#core/gst/rates.ts';
import type { ItemChange } from '#core/sync/item-change.ts';
import type { Milli } from '#core/quantity.ts';
import type { Paise } from '#core/money.ts';
import * as i from './inputs.ts';

const branded = <T>(schema: z.ZodType): z.ZodType<T, T> => schema as unknown as z.ZodType<T, T>;
const milli = branded<Milli>(z.int());
const amount = branded<Paise>(z.int());
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** A person of the chain. Key: the person's id. Their PIN is the store's: it never travels. */
const staff = z.object({
  name: i.shortText.min(1),
  role: z.enum(['cashier', 'supervisor', 'owner']),
  language: i.language,
  isActive: z.boolean(),
});

/** Key: the setting's name. What head office has not said stays the shop's own. */
const settings = z.discriminatedUnion('name', [
  z.object({ name: z.literal('receiptFooter'), value: i.longText }),
  /** Above it a return without a bill is refused. */
  z.object({ name: z.literal('returnLimitPaise'), value: i.price }),
  /** A bill older than so many days is returned only with a supervisor's PIN. */
  z.object({ name: z.literal('returnDays'), value: z.int().min(0).max(3_650) }),
  /** A cashier gives no greater discount, in hundredths of a percent of the line or the bill. */
  z.object({ name: z.literal('discountLimitBp'), value: z.int().min(0).max(10_000) }),
]);

const taxRate = z.object({
  rateBp: z.int().min(0).max(10_000),
  cess: z
    .object({
      rateBp: z.int().min(0).max(100_000),
      perUnitMilliPaise: z.int().min(0),
      rule: z.enum(['sum', 'max']),
    })
    .nullable(),
  treatment: z.enum(['taxable', 'nilRated', 'exempt', 'nonGst']),
  valuation: z.enum(['transactionValue', 'retailSalePrice']),
});
/** Classes of head office begin so: no row of theirs ever takes the place of a notified one that came with the till. */
export const officeClassPrefix = 'office-';
/** Key: class and first day. */
const gstRates = branded<RateRow>(
  z.object({
    classKey: z.string().startsWith(officeClassPrefix).max(80),
    hsn: z.string().regex(/^\d{2,8}$/),
    description: i.shortText,
    condition: i.shortText,
    from: i.businessDate,
    to: i.businessDate.nullable(),
    rate: taxRate,
  }),
);

/** Key `ITEM/STORE`: what the store has of it. Key `store/STORE`: the store, and when it was last heard. */
const sisterStock = z.union([
  z.object({ qtyMilli: milli }),
  z.object({ name: i.shortText, heardAtMs: z.int().min(0).nullable() }),
]);

/** Key: the day. Sums of the till's own store, all its tills together. */
const storeDays = z.object({
  bills: z.int().min(0),
  creditNotes: z.int().min(0),
  salesPaise: amount,
  refundsPaise: amount,
});

/** Key: the item's id. `days` begin with the day after `origin`. */
const forecasts = z.object({
  origin: i.businessDate,
  days: z.array(z.object({ p10Milli: milli, p50Milli: milli, p90Milli: milli })).max(60),
  source: i.shortText,
  modelVersion: z.string().max(80).nullable(),
  confidence: z.enum(['low', 'medium', 'high']),
  reason: i.longText,
});

/** Key: the model's id. A till takes the file only when its size and sha256 are these. */
const modelReleases = z.object({
  kind: i.shortText,
  version: z.string().max(80),
  releasedAtMs: z.int().min(0),
  isWithdrawn: z.boolean(),
  featureSchema: z.object({ id: z.string().max(80), sha256 }),
  /** URLs are below head office and answer a link to the file for the till that asks. */
  manifest: z.object({ url: z.string().max(600), sha256, bytes: z.int().min(1) }),
  onnx: z.object({ url: z.string().max(600), sha256, bytes: z.int().min(1) }),
});

/** Key: the proposal's id. What a till of the store wishes to change in an item of head office, and what became of it. */
const proposals = z.object({
  itemId: i.uuid,
  change: branded<ItemChange>(z.looseObject({})),
  base: branded<ItemChange | null>(z.looseObject({}).nullable()),
  byName: i.shortText,
  atMs: z.int().min(0),
  state: z.enum(['open', 'accepted', 'declined', 'takenBack']),
  note: i.shortText,
  decidedBy: z.string().max(200).nullable(),
  decidedAtMs: z.int().min(0).nullable(),
});

export const sentShapes = {
  staff,
  settings,
  gstRates,
  sisterStock,
  storeDays,
  forecasts,
  modelReleases,
  proposals,
} as const;
export type SentShape = keyof typeof sentShapes;
export type SentContent<S extends SentShape> = z.output<(typeof sentShapes)[S]>;
export const sentShapeNames = Object.keys(sentShapes) as readonly SentShape[];

/** Rows for every store of the organisation name this one. */
export const everyStoreId = '00000000-0000-0000-0000-000000000000';

/** null: not of this version. */
export function readSentContent<S extends SentShape>(shape: S, text: string): SentContent<S> | null {
  try {
    return (sentShapes[shape] as z.ZodType<SentContent<S>>).safeParse(JSON.parse(text)).data ?? null;
  } catch {
    // Not JSON: kept as it came, used by nobody.
    return null;
  }
}
