/**
 * The goods of the bench's shop and how often each is wanted. Rule kept: names are real product names where
 * the retail data is, else the demo shop's; everything is drawn from a seed, so two runs sell the same.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import papaparse from 'papaparse';
import { withCheckDigit } from '#core/catalogue/check-digit.ts';
import type { Item } from '#core/catalogue/item.ts';
import type { Uuid } from '#core/ids.ts';
import { paise } from '#core/money.ts';
import { onePiece } from '#core/quantity.ts';
import { dataPath } from '#tests/data.ts';

export type Random = () => number;

/** mulberry32: 0 ≤ x < 1. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** 0 … count − 1, the k-th about 1/(k+1) as often as the first. */
export const zipf = (random: Random, count: number): number =>
  Math.min(count - 1, Math.floor((count + 1) ** random()) - 1);

/** Different goods for one bill, the popular ones more often. */
export function basket(random: Random, count: number, size: number): readonly number[] {
  const chosen = new Set<number>();
  while (chosen.size < size) chosen.add(zipf(random, count));
  return [...chosen];
}

type Row = Readonly<Record<string, string>>;
type GoodsName = { readonly name: string; readonly nameHi: string | null };

/** The goods' names; also what people type when they search. */
export function goodsNames(): { readonly names: readonly GoodsName[]; readonly areReal: boolean } {
  const demo = readFileSync(join(import.meta.dirname, '../../../assets/demo-shop/items.csv'), 'utf8');
  const rows = papaparse.parse<Row>(demo, { header: true, skipEmptyLines: true }).data;
  const own = rows.map((row) => ({ name: row['name'] ?? '', nameHi: row['name_hi'] || null }));
  const path = dataPath('catalogue/bigbasket_products.csv.gz');
  if (path === null) return { names: own, areReal: false };
  const text = gunzipSync(readFileSync(path)).toString('utf8');
  const real = papaparse.parse<Row>(text, { header: true, skipEmptyLines: true }).data;
  const named = real.map((row) => ({ name: (row['product'] ?? '').trim().slice(0, 110), nameHi: null }));
  return { names: [...own, ...named.filter((row) => row.name !== '')], areReal: true };
}

export const barcodeOf = (n: number): string => withCheckDigit(`8907${String(n).padStart(8, '0')}`);

const sizes = ['', '200 g', '500 g', '1 kg', 'pack of 2', 'pack of 6', 'family pack'] as const;

/** The n-th item of the shop. */
export function makeGoods(id: Uuid, n: number, names: readonly GoodsName[], random: Random): Item {
  const base = names[n % names.length] ?? { name: 'Item', nameHi: null };
  const size = sizes[Math.floor(n / names.length) % sizes.length] ?? '';
  const sellingPricePaise = paise(500 + Math.floor(random() * 40_000));
  return {
    id,
    code: `B${n + 1}`,
    name: size === '' ? base.name : `${base.name} ${size}`,
    nameHi: base.nameHi,
    brand: null,
    category: null,
    unit: 'pc',
    hsn: '1905',
    taxClassKey: n % 3 === 0 ? 'plain-500' : n % 3 === 1 ? 'plain-1800' : 'plain-0',
    isInclusive: true,
    mrpPaise: sellingPricePaise,
    sellingPricePaise,
    costPricePaise: null,
    looseSlot: null,
    isActive: true,
    barcodes: [{ code: barcodeOf(n), packQtyMilli: onePiece, packName: null, sellingPricePaise: null, mrpPaise: null }],
    batches: [],
  };
}
