/**
 * Takes a publication of prices back: another one, of the same time and published later, with what each store's goods would
 * cost without it. Rule kept: nothing that was sent is unsent, so a till that has only the first goes by it until it hears of
 * the second; what was published for a later time stays as it is; what changed more than prices is not taken back.
 */
import { createHash } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import type { PreviewLine, PublishScope, TakeBackReply } from '#contract/publish.ts';
import type { Item } from '#core/catalogue/item.ts';
import type { Uuid } from '#core/ids.ts';
import { type Paise, paise } from '#core/money.ts';
import { type ItemChange, marginOf, publicationText } from '#core/sync/item-change.ts';
import { inOffice } from '../postgres/in-tenant.ts';
import { changeOwn, type Publisher, publicationView, takeTurn } from './publication.ts';

type Head = {
  readonly scope: PublishScope;
  readonly note: string;
  readonly published_by: string;
  readonly effective_at_ms: string;
  readonly preview: readonly PreviewLine[];
  readonly takes_back: string | null;
  readonly taken_back_by: string | null;
};
type PriceRow = { readonly store_id: string; readonly item_id: string; readonly change: string; readonly own: boolean };

const isPriceOnly = (change: ItemChange): boolean =>
  Object.keys(change).every((field) => field === 'sellingPricePaise');
const isWide = (who: Publisher): boolean => who.region === null && who.storeId === null;

/** `publicationId`: names the command, sent twice it is done once. */
export const takeBack = (
  pool: Pool,
  who: Publisher,
  nowMs: number,
  asked: { readonly publicationId: Uuid; readonly of: Uuid },
): Promise<TakeBackReply> =>
  inOffice(pool, who.tenantId, who, async (on) => {
    const publishedAtMs = await takeTurn(on, who.tenantId, nowMs);
    const found = await on.query<Head>(
      `SELECT scope, note, published_by, effective_at_ms, preview, takes_back,
         (SELECT b.publication_id FROM publication b WHERE b.takes_back = p.publication_id) AS taken_back_by
       FROM publication p WHERE publication_id = $1 AND NOT is_merged`,
      [asked.of],
    );
    const head = found.rows[0];
    // A region's people take back what they published themselves: of another's they may not see every store.
    if (head === undefined || !(isWide(who) || head.published_by === who.email))
      return { ok: false, reason: 'unknown' };
    if (head.taken_back_by !== null) return { ok: true, publication: await publicationView(on, head.taken_back_by) };
    const rows = await rowsOf(on, asked.of);
    const stores = new Set(rows.filter((row) => row.own).map((row) => row.store_id)).size;
    // Of a part of its stores it would be half taken back.
    if (stores < (head.preview[0]?.stores ?? 0)) return { ok: false, reason: 'unknown' };
    const changes = rows.filter((row) => row.own).map((row) => JSON.parse(row.change) as ItemChange);
    if (head.takes_back !== null || changes.length === 0 || !changes.every(isPriceOnly)) {
      return { ok: false, reason: 'notOnlyPrices' };
    }
    const before = await pricesWithout(on, rows, head.preview);
    if (before === null) return { ok: false, reason: 'notOnlyPrices' };
    await write(on, who, { ...asked, publishedAtMs, head, before });
    if (head.scope.kind === 'all' && isWide(who)) await putOwnBack(on, who.tenantId, head.preview, nowMs);
    return { ok: true, publication: await publicationView(on, asked.publicationId) };
  });

/** Rows of it, and of the others on the same goods that are in effect no later, in their order. */
async function rowsOf(on: PoolClient, id: string): Promise<readonly PriceRow[]> {
  const found = await on.query<PriceRow>(
    `SELECT r.store_id, r.item_id, r.change, r.publication_id = $1 AS own
     FROM store_publication_row o
     JOIN store_publication q ON q.tenant_id = o.tenant_id AND q.store_id = o.store_id AND q.publication_id = o.publication_id
     JOIN store_publication_row r ON r.tenant_id = o.tenant_id AND r.store_id = o.store_id AND r.item_id = o.item_id
     JOIN store_publication p ON p.tenant_id = r.tenant_id AND p.store_id = r.store_id
       AND p.publication_id = r.publication_id AND p.effective_at_ms <= q.effective_at_ms
     WHERE o.publication_id = $1
     ORDER BY p.effective_at_ms, p.published_at_ms, p.publication_id`,
    [id],
  );
  return found.rows;
}

type Price = { readonly storeId: string; readonly itemId: string; readonly paise: Paise };

/** What each store's goods cost but for it; null: one of them came with it. */
async function pricesWithout(
  on: PoolClient,
  rows: readonly PriceRow[],
  previewed: readonly PreviewLine[],
): Promise<readonly Price[] | null> {
  const own = rows.filter((row) => row.own);
  const based = await on.query<{ store_id: string; item_id: string; item: Item }>(
    'SELECT store_id, item_id, item FROM store_item WHERE store_id = ANY ($1::uuid[]) AND item_id = ANY ($2::uuid[])',
    [own.map((row) => row.store_id), own.map((row) => row.item_id)],
  );
  const keyOf = (row: { readonly store_id: string; readonly item_id: string }): string => row.store_id + row.item_id;
  const prices = new Map<string, number>();
  const office = new Map(previewed.map((line) => [line.itemId as string, line.oldPaise]));
  for (const { store_id, item_id } of own) {
    const old = office.get(item_id);
    if (old != null) prices.set(store_id + item_id, old);
  }
  for (const row of based.rows) prices.set(keyOf(row), row.item.sellingPricePaise);
  for (const row of rows) {
    const said = (JSON.parse(row.change) as ItemChange).sellingPricePaise;
    if (!row.own && said !== undefined) prices.set(keyOf(row), said);
  }
  const found = own.flatMap((row): readonly Price[] => {
    const price = prices.get(keyOf(row));
    return price === undefined ? [] : [{ storeId: row.store_id, itemId: row.item_id, paise: paise(price) }];
  });
  return found.length === own.length ? found : null;
}

async function write(
  on: PoolClient,
  who: Publisher,
  made: {
    readonly publicationId: string;
    readonly of: string;
    readonly publishedAtMs: number;
    readonly head: Head;
    readonly before: readonly Price[];
  },
): Promise<void> {
  const { publicationId, of, publishedAtMs, head, before } = made;
  const { tenantId } = who;
  const anywhere = new Map(before.map((price) => [price.itemId, price.paise]));
  const lines = head.preview.map((line): PreviewLine => {
    const newPaise = line.oldPaise ?? anywhere.get(line.itemId) ?? line.newPaise;
    const marginPaise = marginOf({ sellingPricePaise: newPaise, costPricePaise: line.costPaise });
    const marginBp = marginPaise === null || newPaise <= 0 ? null : Math.round((marginPaise * 10_000) / newPaise);
    return { ...line, oldPaise: line.newPaise, newPaise, marginPaise, marginBp, fault: null };
  });
  await on.query(
    `INSERT INTO publication (tenant_id, publication_id, scope, note, published_at_ms, published_by, effective_at_ms,
         refused, preview, takes_back) VALUES ($1, $2, $3, $4, $5, $6, $7, '[]', $8, $9)`,
    [
      tenantId,
      publicationId,
      JSON.stringify(head.scope),
      head.note,
      publishedAtMs,
      who.email,
      head.effective_at_ms,
      JSON.stringify(lines),
      of,
    ],
  );
  const changeOf = (price: Price): string => JSON.stringify({ sellingPricePaise: price.paise });
  await on.query(
    `INSERT INTO store_publication_row (tenant_id, store_id, publication_id, item_id, change)
       SELECT $1, r.s, $2, r.i, r.c FROM unnest($3::uuid[], $4::uuid[], $5::text[]) AS r(s, i, c)`,
    [
      tenantId,
      publicationId,
      before.map((price) => price.storeId),
      before.map((price) => price.itemId),
      before.map(changeOf),
    ],
  );
  const stores = Object.entries(Object.groupBy(before, (price) => price.storeId)).map(([storeId, prices = []]) => {
    const rows = prices.map((price) => ({ itemId: price.itemId, change: changeOf(price) }));
    return { storeId, count: rows.length, hash: createHash('sha256').update(publicationText(rows)).digest('hex') };
  });
  await on.query(
    `INSERT INTO store_publication (tenant_id, store_id, publication_id, published_at_ms, effective_at_ms, row_count,
         hash) SELECT $1, r.s, $2, $3, $4, r.n, r.h FROM unnest($5::uuid[], $6::int[], $7::text[]) AS r(s, n, h)`,
    [
      tenantId,
      publicationId,
      publishedAtMs,
      head.effective_at_ms,
      stores.map((store) => store.storeId),
      stores.map((store) => store.count),
      stores.map((store) => store.hash),
    ],
  );
}

/** Head office's own price, where nobody has written another one since. */
async function putOwnBack(
  on: PoolClient,
  tenantId: string,
  previewed: readonly PreviewLine[],
  nowMs: number,
): Promise<void> {
  const own = await on.query<{ item_id: string; price: string }>(
    `SELECT item_id, item->>'sellingPricePaise' AS price FROM catalogue_item WHERE item_id = ANY ($1::uuid[])
     ORDER BY item_id FOR UPDATE`,
    [previewed.map((line) => line.itemId)],
  );
  const now = new Map(own.rows.map((row) => [row.item_id, Number(row.price)]));
  const lines = previewed.flatMap((line) =>
    line.oldPaise === null || now.get(line.itemId) !== line.newPaise
      ? []
      : [{ itemId: line.itemId, change: { sellingPricePaise: line.oldPaise } }],
  );
  if (lines.length > 0) await changeOwn(on, tenantId, lines, nowMs);
}
