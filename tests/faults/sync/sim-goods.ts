/**
 * Head office's goods and publications in the simulator. Rule kept: prices only rise in the order in which they take
 * effect, so that a price that went back is seen; the text and hash of a publication are core's, as head office's.
 */
import { createHash } from 'node:crypto';
import type { Item } from '#core/catalogue/item.ts';
import type { Uuid } from '#core/ids.ts';
import { paise } from '#core/money.ts';
import { publicationText } from '#core/sync/item-change.ts';
import { instant } from '#core/time.ts';
import type { ArrivedRow, PublicationHead } from '#db/publications.ts';
import { sampleItem } from '#tests/fixtures/sample-shop.ts';

export const simId = (kind: string, n: number): Uuid =>
  `00000000-0000-7000-8000-${kind}${n.toString(16).padStart(11, '0')}` as Uuid;

export type ShelfChange = {
  readonly id: string /** null: head office has it no more. */;
  readonly pricePaise: number | null;
};
export type SimPublication = {
  readonly head: PublicationHead;
  readonly rows: readonly ArrivedRow[];
  /** By item. */
  readonly prices: ReadonlyMap<string, number>;
};

/** In a catalogue of head office at times; the last two come by publications alone. */
export const headOfficeGoods = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => simId('f', n));
const catalogued = 6;
export const isPublishedOnly = (itemId: string): boolean => headOfficeGoods.indexOf(itemId as Uuid) >= catalogued;

const plain = headOfficeGoods.map((id, n) => sampleItem(id, 101 + n));
/** As head office's catalogue has it. */
export function itemOf({ id, pricePaise }: ShelfChange): Item {
  const item = plain[headOfficeGoods.indexOf(id as Uuid)];
  if (item === undefined) throw new Error(`no such item: ${id}`);
  return { ...item, sellingPricePaise: paise(pricePaise ?? 0) };
}

const slotMs = 600_000;
const monthMs = 30 * 86_400_000;
/** Above any price of the catalogue, rising with the time at which it takes effect, then with its number. */
const priceAt = (effectiveAtMs: number, fromMs: number, no: number): number =>
  1_000_000 + Math.floor((effectiveAtMs - fromMs + monthMs) / slotMs) * 1_000 + no;

export function makePublication(order: {
  readonly no: number;
  readonly nowMs: number;
  readonly effectiveAtMs: number;
  /** The beginning of all. */
  readonly fromMs: number;
  readonly itemIds: readonly Uuid[];
}): SimPublication {
  const effectiveAtMs = Math.floor(order.effectiveAtMs / slotMs) * slotMs;
  const pricePaise = priceAt(effectiveAtMs, order.fromMs, order.no);
  const rows = order.itemIds.map((itemId) => ({
    itemId,
    change: JSON.stringify(
      isPublishedOnly(itemId)
        ? { name: `New ${itemId.slice(-1)}`, unit: 'pc', sellingPricePaise: pricePaise }
        : { sellingPricePaise: pricePaise },
    ),
  }));
  return {
    head: {
      id: simId('c', 1_000 + order.no),
      publishedAtMs: instant(order.nowMs),
      effectiveAtMs: instant(effectiveAtMs),
      rowCount: rows.length,
      hash: createHash('sha256').update(publicationText(rows)).digest('hex'),
    },
    rows,
    prices: new Map(order.itemIds.map((id) => [id, pricePaise])),
  };
}

const compare = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0);
/** The order in which they take effect, as db/publications.ts. */
export const inEffectOrder = (a: PublicationHead, b: PublicationHead): number =>
  compare(a.effectiveAtMs, b.effectiveAtMs) || compare(a.publishedAtMs, b.publishedAtMs) || compare(a.id, b.id);
