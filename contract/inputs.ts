/**
 * What a screen or a script may send: schemas with bounds. Rule kept: anything outside them becomes the
 * domain error InputInvalid with the field's name, never a fault; meaning (price above MRP, stock, roles)
 * is judged by the till, not here.
 */
import { z } from 'zod';
import type { Discount } from '#core/billing/cart.ts';
import type { Uuid } from '#core/ids.ts';
import type { Paise } from '#core/money.ts';
import type { Milli, Unit } from '#core/quantity.ts';
import { units } from '#core/quantity.ts';
import type { BusinessDate } from '#core/time.ts';

const branded = <T>(schema: z.ZodType): z.ZodType<T, T> => schema as unknown as z.ZodType<T, T>;

export const uuid = branded<Uuid>(z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/));
export const price = branded<Paise>(z.int().min(0).max(10_000_000_000));
export const qty = branded<Milli>(z.int().min(-10_000_000_000_000).max(10_000_000_000_000));
export const businessDate = branded<BusinessDate>(z.string().regex(/^\d{4}-\d{2}-\d{2}$/));
export const shortText = z.string().trim().max(120);
export const longText = z.string().trim().max(300);
/** Names the command, so that sending it twice does it once. */
export const key = z.string().min(8).max(64);
export const unit = branded<Unit>(z.enum(Object.keys(units) as [string, ...string[]]));
/** A scan as it came; longer than 4096 is garbage but still gets its domain answer, so the bound is far out. */
export const rawCode = z.string().max(100_000);
export const pin = z.string().max(64);
export const language = z.enum(['en', 'hi']);

export const discount = branded<Discount>(
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('amount'), amountPaise: z.int().min(0).max(10_000_000_000) }),
    z.object({ kind: z.literal('percent'), rateBp: z.int().min(0).max(10_000) }),
  ]),
);

export const customer = z.object({
  mobile: z.string().trim().max(20).nullable(),
  name: shortText.nullable(),
  gstin: z.string().trim().max(20).nullable(),
  address: longText.nullable(),
  placeOfSupply: z.string().trim().max(2).nullable(),
});

export const newBarcode = z.object({
  code: z.string().trim().min(1).max(48),
  packQtyMilli: branded<Milli>(z.int().min(1).max(1_000_000_000)),
  packName: shortText.nullable(),
  sellingPricePaise: price.nullable(),
  mrpPaise: price.nullable(),
});

export const newItem = z.object({
  code: z.string().trim().max(24).nullable(),
  name: z.string().trim().min(1).max(120),
  nameHi: shortText.nullable(),
  brand: shortText.nullable(),
  category: shortText.nullable(),
  unit,
  hsn: z.string().trim().max(8).nullable(),
  taxClassKey: z.string().max(80).nullable(),
  isInclusive: z.boolean(),
  mrpPaise: price.nullable(),
  sellingPricePaise: price,
  costPricePaise: price.nullable(),
  looseSlot: z.int().min(0).max(80).nullable(),
  barcodes: z.array(newBarcode).max(20),
  openingStockMilli: qty.nullable(),
});
