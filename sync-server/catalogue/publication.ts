/**
 * Head office's price changes, from preview to who has them. Rule kept: a line that may not be sold so at one of its
 * stores is refused by itself and told; a publication is written whole in one transaction with its count and hash, and
 * the same id again changes nothing.
 */
import { createHash } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import type {
  ChangeLine,
  MissingTill,
  PreviewLine,
  PreviewReply,
  PublicationReply,
  PublicationView,
  PublishReply,
  PublishScope,
  RefusedLine,
} from '#contract/publish.ts';
import type { Item } from '#core/catalogue/item.ts';
import type { Uuid } from '#core/ids.ts';
import { changedItem, faultOfItem, type ItemChange, marginOf, publicationText } from '#core/sync/item-change.ts';
import { inOffice } from '../postgres/in-tenant.ts';
import { sumUp } from './preview-sums.ts';

/** Who asks, as far as rows go. */
export type Publisher = {
  readonly tenantId: string;
  readonly region: string | null;
  readonly storeId: string | null;
  readonly email: string;
};
export type PublishOrder = {
  readonly publicationId: Uuid;
  readonly lines: readonly ChangeLine[];
  readonly scope: PublishScope;
  readonly effectiveAtMs: number;
  readonly note: string;
};

/** Stores that the scope names and that this person may see. */
async function storesOf(on: PoolClient, scope: PublishScope): Promise<readonly string[]> {
  const found = await on.query<{ store_id: string }>(
    `SELECT store_id FROM store WHERE $1 = 'all' OR ($1 = 'region' AND region = $2)
       OR ($1 = 'stores' AND store_id = ANY($3::uuid[])) ORDER BY store_id`,
    [scope.kind, scope.kind === 'region' ? scope.region : null, scope.kind === 'stores' ? scope.storeIds : []],
  );
  return found.rows.map((row) => row.store_id);
}

type HeldRow = { readonly item_id: string; readonly store_id: string | null; readonly item: Item };
type Held = { readonly own: Item | null; readonly atStores: ReadonlyMap<string, Item> };

/** Head office's item and what each store sells now: its base row with what was published to it, in order. */
export async function heldItems(on: PoolClient, itemIds: readonly string[], storeIds: readonly string[]) {
  const own = await on.query<HeldRow>(
    'SELECT item_id, NULL AS store_id, item FROM catalogue_item WHERE item_id = ANY($1::uuid[])',
    [itemIds],
  );
  const based = await on.query<HeldRow>(
    'SELECT item_id, store_id, item FROM store_item WHERE item_id = ANY($1::uuid[]) AND store_id = ANY($2::uuid[])',
    [itemIds, storeIds],
  );
  const changes = await on.query<{ item_id: string; store_id: string; change: string }>(
    `SELECT r.item_id, r.store_id, r.change FROM store_publication_row r
     JOIN store_publication p USING (tenant_id, store_id, publication_id)
     WHERE r.item_id = ANY($1::uuid[]) AND r.store_id = ANY($2::uuid[])
     ORDER BY p.effective_at_ms, p.published_at_ms, p.publication_id`,
    [itemIds, storeIds],
  );
  const held = new Map<string, { own: Item | null; atStores: Map<string, Item> }>();
  const of = (id: string) => {
    const known = held.get(id) ?? { own: null, atStores: new Map<string, Item>() };
    held.set(id, known);
    return known;
  };
  for (const row of own.rows) of(row.item_id).own = row.item;
  for (const row of based.rows) of(row.item_id).atStores.set(row.store_id ?? '', row.item);
  for (const row of changes.rows) {
    const { own: base, atStores } = of(row.item_id);
    const before = atStores.get(row.store_id) ?? base;
    const after = changedItem(row.item_id as Uuid, before, JSON.parse(row.change) as ItemChange);
    if (after !== null) atStores.set(row.store_id, after);
  }
  return held as ReadonlyMap<string, Held>;
}

function previewOf(line: ChangeLine, held: Held | undefined, storeIds: readonly string[]): PreviewLine {
  const own = held?.own ?? held?.atStores.values().next().value ?? null;
  const now = changedItem(line.itemId, own, line.change);
  const atStores = storeIds.flatMap((id) => {
    const item = changedItem(line.itemId, held?.atStores.get(id) ?? own, line.change);
    return item === null ? [] : [item];
  });
  const faults = (now === null ? [] : [now, ...atStores]).map(faultOfItem);
  const marginPaise = now === null ? null : marginOf(now);
  const newPaise = now?.sellingPricePaise ?? (0 as PreviewLine['newPaise']);
  const others = [...(held?.atStores.values() ?? [])].filter((i) => i.sellingPricePaise !== own?.sellingPricePaise);
  return {
    itemId: line.itemId,
    name: now?.name ?? '',
    nameHi: now?.nameHi ?? null,
    oldPaise: own?.sellingPricePaise ?? null,
    newPaise,
    mrpPaise: now?.mrpPaise ?? null,
    costPaise: now?.costPricePaise ?? null,
    marginPaise,
    marginBp: marginPaise === null || newPaise <= 0 ? null : Math.round((marginPaise * 10_000) / newPaise),
    stores: storeIds.length,
    storesWithOtherPrice: others.length,
    fault: now === null ? { reason: 'unknownItem' } : (faults.find((fault) => fault !== null) ?? null),
  };
}

async function previewIn(on: PoolClient, lines: readonly ChangeLine[], storeIds: readonly string[]) {
  const held = await heldItems(
    on,
    lines.map((line) => line.itemId),
    storeIds,
  );
  return lines.map((line) => previewOf(line, held.get(line.itemId), storeIds));
}

export const preview = (
  pool: Pool,
  who: Publisher,
  lines: readonly ChangeLine[],
  scope: PublishScope,
): Promise<PreviewReply> =>
  inOffice(pool, who.tenantId, who, async (on) => {
    const storeIds = await storesOf(on, scope);
    const tills = await on.query('SELECT 1 FROM till WHERE store_id = ANY($1::uuid[]) AND revoked_at_ms IS NULL', [
      storeIds,
    ]);
    const previewed = await previewIn(on, lines, storeIds);
    const sums = await sumUp(on, lines, previewed);
    return { lines: previewed, stores: storeIds.length, tills: tills.rows.length, ...sums };
  });

/**
 * One publication of an organisation at a time, each later than the last: what two people publish at one moment is in one
 * order at head office and at every till. Answers the time it counts as published at.
 */
export async function takeTurn(on: PoolClient, tenantId: string, nowMs: number): Promise<number> {
  await on.query("SELECT pg_advisory_xact_lock(hashtextextended('publish ' || $1, 0))", [tenantId]);
  const last = await on.query<{ ms: string | null }>('SELECT max(published_at_ms) AS ms FROM publication');
  return Math.max(nowMs, Number(last.rows[0]?.ms ?? 0) + 1);
}

/** One change an item: of two lines for one item the later counts. */
const oncePerItem = (lines: readonly ChangeLine[]): readonly ChangeLine[] => [
  ...new Map(lines.map((line) => [line.itemId, line])).values(),
];

export const publish = (pool: Pool, who: Publisher, nowMs: number, order: PublishOrder): Promise<PublishReply> =>
  inOffice(pool, who.tenantId, who, (on) => publishIn(on, who, nowMs, order));

/** In the caller's transaction. */
export async function publishIn(
  on: PoolClient,
  who: Publisher,
  nowMs: number,
  order: PublishOrder,
): Promise<PublishReply> {
  const { publicationId, scope, note } = order;
  const publishedAtMs = await takeTurn(on, who.tenantId, nowMs);
  const before = await on.query<{ refused: readonly RefusedLine[] }>(
    'SELECT refused FROM publication WHERE publication_id = $1',
    [publicationId],
  );
  if (before.rows[0] !== undefined) {
    return { publication: await publicationView(on, publicationId), refused: before.rows[0].refused };
  }
  const storeIds = await storesOf(on, scope);
  const lines = oncePerItem(order.lines);
  const previewed = await previewIn(on, lines, storeIds);
  const refused = previewed.flatMap(({ itemId, name, fault }) => (fault === null ? [] : [{ itemId, name, fault }]));
  const kept = previewed.filter((line) => line.fault === null);
  if (kept.length === 0 || storeIds.length === 0) return { publication: null, refused };
  const effectiveAtMs = await notBefore(on, nowMs, order.effectiveAtMs, kept, storeIds);
  await on.query(
    `INSERT INTO publication (tenant_id, publication_id, scope, note, published_at_ms, published_by, effective_at_ms,
         refused, preview) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      who.tenantId,
      publicationId,
      JSON.stringify(scope),
      note,
      publishedAtMs,
      who.email,
      effectiveAtMs,
      JSON.stringify(refused),
      JSON.stringify(kept),
    ],
  );
  const isKept = new Set(kept.map((line) => line.itemId));
  const rows = lines
    .filter((line) => isKept.has(line.itemId))
    .map((line) => ({ itemId: line.itemId as string, change: JSON.stringify(line.change) }));
  await on.query(
    `INSERT INTO store_publication_row (tenant_id, store_id, publication_id, item_id, change)
       SELECT $1, s, $2, r.* FROM unnest($3::uuid[]) AS s, unnest($4::uuid[], $5::text[]) AS r`,
    [who.tenantId, publicationId, storeIds, rows.map((row) => row.itemId), rows.map((row) => row.change)],
  );
  if (scope.kind === 'all' && who.region === null && who.storeId === null) {
    await changeOwn(
      on,
      who.tenantId,
      lines.filter((line) => isKept.has(line.itemId)),
      nowMs,
    );
  }
  const hash = createHash('sha256').update(publicationText(rows)).digest('hex');
  await on.query(
    `INSERT INTO store_publication (tenant_id, store_id, publication_id, published_at_ms, effective_at_ms, row_count,
         hash) SELECT $1, s, $3, $4, $5, $6, $7 FROM unnest($2::uuid[]) AS s`,
    [who.tenantId, storeIds, publicationId, publishedAtMs, effectiveAtMs, rows.length, hash],
  );
  return { publication: await publicationView(on, publicationId), refused };
}

/**
 * "Now" is a time of the past, and publications take effect in the order of their times: one for the same goods that is
 * in effect already must not come after it.
 */
async function notBefore(
  on: PoolClient,
  nowMs: number,
  wantedMs: number,
  lines: readonly { readonly itemId: string }[],
  storeIds: readonly string[],
): Promise<number> {
  const found = await on.query<{ at_ms: string | null }>(
    `SELECT max(p.effective_at_ms) AS at_ms FROM store_publication_row r
     JOIN store_publication p USING (tenant_id, store_id, publication_id)
     WHERE r.item_id = ANY($1::uuid[]) AND r.store_id = ANY($2::uuid[]) AND p.effective_at_ms <= $3`,
    [lines.map((line) => line.itemId), storeIds, nowMs],
  );
  return Math.max(wantedMs, Number(found.rows[0]?.at_ms ?? 0));
}

/** What goes to every store is head office's own price from now on. */
export async function changeOwn(
  on: PoolClient,
  tenantId: string,
  lines: readonly ChangeLine[],
  nowMs: number,
): Promise<void> {
  const own = await on.query<HeldRow>(
    // Somebody may be changing one of them by itself.
    'SELECT item_id, item FROM catalogue_item WHERE item_id = ANY($1::uuid[]) ORDER BY item_id FOR UPDATE',
    [lines.map((line) => line.itemId)],
  );
  const before = new Map(own.rows.map((row) => [row.item_id, row.item]));
  const items = lines.flatMap(({ itemId, change }) => changedItem(itemId, before.get(itemId) ?? null, change) ?? []);
  await on.query(
    `INSERT INTO catalogue_item AS c (tenant_id, item_id, revision, name, item, changed_at_ms)
     SELECT $1, i.id, 1, i.item->>'name', i.item, $4 FROM unnest($2::uuid[], $3::jsonb[]) AS i(id, item)
     ON CONFLICT (tenant_id, item_id) DO UPDATE
       SET revision = c.revision + 1, name = excluded.name, item = excluded.item, changed_at_ms = excluded.changed_at_ms`,
    [tenantId, items.map((item) => item.id), items.map((item) => JSON.stringify(item)), nowMs],
  );
}

type ViewRow = {
  readonly publication_id: string;
  readonly scope: PublishScope;
  readonly note: string;
  readonly published_at_ms: string;
  readonly published_by: string;
  readonly effective_at_ms: string;
  readonly lines: number;
  readonly stores: string;
  readonly tills: string;
  readonly arrived: string;
  readonly applied: string;
  readonly without_some: string;
  readonly takes_back: string | null;
  readonly taken_back: boolean;
};

const viewSql = `
  SELECT p.publication_id, p.scope, p.note, p.published_at_ms, p.published_by, p.effective_at_ms,
    jsonb_array_length(p.preview) AS lines, count(DISTINCT s.store_id) AS stores, count(t.till_id) AS tills,
    count(a.arrived_at_ms) AS arrived, count(a.applied_at_ms) AS applied,
    count(*) FILTER (WHERE a.without_rows > 0) AS without_some, p.takes_back,
    EXISTS (SELECT 1 FROM publication b WHERE b.takes_back = p.publication_id) AS taken_back
  FROM publication p
  JOIN (SELECT tenant_id, store_id, publication_id FROM store_publication
    UNION ALL SELECT tenant_id, store_id, publication_id FROM merged_publication) s
    ON s.tenant_id = p.tenant_id AND s.publication_id = p.publication_id
  LEFT JOIN till t ON t.tenant_id = s.tenant_id AND t.store_id = s.store_id AND t.revoked_at_ms IS NULL
  LEFT JOIN publication_ack a ON a.tenant_id = t.tenant_id AND a.store_id = t.store_id AND a.till_id = t.till_id
    AND a.publication_id = p.publication_id
  WHERE NOT p.is_merged AND ($1::uuid IS NULL OR p.publication_id = $1)
  GROUP BY p.tenant_id, p.publication_id ORDER BY p.published_at_ms DESC, p.publication_id DESC LIMIT $2`;

const viewOf = (row: ViewRow): PublicationView => ({
  id: row.publication_id as Uuid,
  scope: row.scope,
  note: row.note,
  publishedAtMs: Number(row.published_at_ms),
  publishedBy: row.published_by,
  effectiveAtMs: Number(row.effective_at_ms),
  lines: row.lines,
  stores: Number(row.stores),
  tills: Number(row.tills),
  tillsWithIt: Number(row.arrived),
  tillsSelling: Number(row.applied),
  tillsWithoutSome: Number(row.without_some),
  takesBack: row.takes_back as Uuid | null,
  isTakenBack: row.taken_back,
});

export async function publicationView(on: PoolClient, id: string): Promise<PublicationView | null> {
  const row = (await on.query<ViewRow>(viewSql, [id, 1])).rows[0];
  return row === undefined ? null : viewOf(row);
}

export const listPublications = (pool: Pool, who: Publisher, limit: number): Promise<readonly PublicationView[]> =>
  inOffice(pool, who.tenantId, who, async (on) => (await on.query<ViewRow>(viewSql, [null, limit])).rows.map(viewOf));

type MissingRow = {
  readonly store_id: string;
  readonly store_name: string;
  readonly till_id: string;
  readonly till_name: string;
  readonly last_seen_ms: string | null;
};

/**
 * Whoever published saw more: an item that only another store has told its name and cost. Of such a line this person
 * gets what their own store was sent.
 */
async function asSeenHere(
  on: PoolClient,
  id: string,
  previewed: readonly PreviewLine[],
): Promise<readonly PreviewLine[]> {
  const found = await on.query<{ item_id: string; change: string; own: Item | null; here: Item | null }>(
    `SELECT DISTINCT ON (r.item_id) r.item_id, r.change, c.item AS own, i.item AS here
     FROM store_publication_row r LEFT JOIN catalogue_item c USING (tenant_id, item_id)
     LEFT JOIN store_item i USING (tenant_id, store_id, item_id)
     WHERE r.publication_id = $1 ORDER BY r.item_id, i.item_id NULLS LAST`,
    [id],
  );
  const rows = new Map(found.rows.map((row) => [row.item_id, row]));
  return previewed.flatMap((line): readonly PreviewLine[] => {
    const row = rows.get(line.itemId);
    if (row === undefined) return [];
    const change = JSON.parse(row.change) as ItemChange;
    const known = row.own ?? row.here;
    const name = change.name ?? known?.name ?? '';
    const nameHi = change.nameHi ?? known?.nameHi ?? null;
    if (row.own !== null) return [{ ...line, name, nameHi }];
    const unseen = { oldPaise: null, mrpPaise: null, costPaise: null, marginPaise: null, marginBp: null };
    return [{ ...line, ...unseen, name, nameHi, storesWithOtherPrice: 0 }];
  });
}

export const readPublication = (pool: Pool, who: Publisher, id: string): Promise<PublicationReply | null> =>
  inOffice(pool, who.tenantId, who, async (on) => {
    const publication = await publicationView(on, id);
    if (publication === null) return null;
    const lines = await on.query<{ preview: readonly PreviewLine[] }>(
      'SELECT preview FROM publication WHERE publication_id = $1',
      [id],
    );
    const missing = await on.query<MissingRow>(
      `SELECT t.store_id, o.name AS store_name, t.till_id, t.name AS till_name, t.last_seen_ms
       FROM store_publication s JOIN store o USING (tenant_id, store_id) JOIN till t USING (tenant_id, store_id)
       WHERE s.publication_id = $1 AND t.revoked_at_ms IS NULL AND NOT EXISTS (
         SELECT FROM publication_ack a WHERE a.tenant_id = t.tenant_id AND a.store_id = t.store_id
           AND a.till_id = t.till_id AND a.publication_id = $1)
       ORDER BY o.name, t.name LIMIT 500`,
      [id],
    );
    const missingTill = (row: MissingRow): MissingTill => ({
      storeId: row.store_id as Uuid,
      storeName: row.store_name,
      tillId: row.till_id as Uuid,
      tillName: row.till_name,
      lastSeenMs: row.last_seen_ms === null ? null : Number(row.last_seen_ms),
    });
    const previewed = lines.rows[0]?.preview ?? [];
    const isNarrow = who.region !== null || who.storeId !== null;
    const shown = isNarrow ? await asSeenHere(on, id, previewed) : previewed;
    return { publication, lines: shown, missing: missing.rows.map(missingTill) };
  });
