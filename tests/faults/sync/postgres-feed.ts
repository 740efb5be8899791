/**
 * What goes to a store's tills, for real: rows of head office on Postgres, followed by the embedded shape server over
 * its replication, asked by the route that tills ask. Rule kept: a fetch is one request with the till's own token, so
 * its door is asked too; what the log has at that moment is chance, so such a schedule has no trace to compare.
 */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { everyStoreId, type SentShape } from '#contract/sent-shapes.ts';
import type { DiffersReply } from '#contract/sync.ts';
import type { SentAudit, SentRow } from '#db/sent-rows.ts';
import type { RowChange } from '#till/sync/apply-sent.ts';
import { auditOf, changedRow } from './sent-rows.ts';
import type { SentFeed } from './sent-rows.ts';
import type { Pool } from 'pg';
import type { Uuid } from '#core/ids.ts';
import { instant } from '#core/time.ts';
import type { ShapeEngine } from '#sync-server/shapes/engine.ts';
import { syncShapes } from '#sync-server/shapes/sync-shapes.ts';
import type { ShapePlace } from '#till/sync/apply-catalogue.ts';
import type { PublicationPiece } from '#till/sync/apply-publications.ts';
import type { SimTillIds } from './sim-bill.ts';
import type { Reply } from './shape-log.ts';
import type { SimFeed } from './sim-feed.ts';
import { itemOf, type ShelfChange } from './sim-goods.ts';

export type RealShapes = { readonly app: FastifyInstance; readonly engine: ShapeEngine; readonly dir: string };
export type FeedOnPostgres = SimFeed & { readonly end: () => Promise<void> };

type Row = Readonly<Record<string, string>>;
type Message = { readonly value?: Row; readonly headers: { readonly operation?: 'insert' | 'update' | 'delete' } };

const changeOf = ({ value = {}, headers }: Message): RowChange => {
  const { store_id: storeId = '', row_key: key = '', content = '' } = value;
  const row = { storeId, isOwn: storeId !== everyStoreId, key };
  return headers.operation === 'delete' ? { kind: 'drop', row } : { kind: 'put', row: { ...row, content } };
};
const goodsOf = ({ value = {}, headers }: Message): ShelfChange => ({
  id: value['item_id'] ?? '',
  pricePaise:
    headers.operation === 'delete'
      ? null
      : (JSON.parse(value['item'] ?? '{}') as { readonly sellingPricePaise: number }).sellingPricePaise,
});
const headOf = ({ value = {} }: Message): PublicationPiece => ({
  kind: 'head',
  head: {
    id: value['publication_id'] as Uuid,
    publishedAtMs: instant(Number(value['published_at_ms'])),
    effectiveAtMs: instant(Number(value['effective_at_ms'])),
    rowCount: Number(value['row_count']),
    hash: value['hash'] ?? '',
  },
});
const rowOf = ({ value = {} }: Message): PublicationPiece => ({
  kind: 'row',
  publicationId: value['publication_id'] as Uuid,
  row: { itemId: value['item_id'] as Uuid, change: value['change'] ?? '' },
});

/** One message in a shape's file says nothing any more; false: it has none. */
function silenceMessage(path: string, n: number): boolean {
  const whole = readFileSync(path, 'utf8');
  const messages = [...whole.matchAll(/\{"key":.*?\}\}(?=,?\n|$)/gm)];
  const found = messages[n % Math.max(1, messages.length)];
  if (found === undefined) return false;
  const none = '{"headers":{"control":"none"}}'.padEnd(Buffer.byteLength(found[0]));
  const file = openSync(path, 'r+');
  writeSync(file, none, Buffer.byteLength(whole.slice(0, found.index)));
  closeSync(file);
  return true;
}

export function feedOnPostgres(deps: {
  readonly shapes: RealShapes;
  readonly pool: Pool;
  readonly tenantId: string;
  readonly storeId: string;
  readonly enrolStores: () => Promise<void>;
  readonly authorizationOf: (till: SimTillIds) => Promise<string>;
}): FeedOnPostgres {
  const { shapes, pool, tenantId, storeId } = deps;
  const goods = new Map<string, number>();
  const rows = new Map<SentShape, Map<string, SentRow>>();
  const rowsOf = (shape: SentShape): Map<string, SentRow> => {
    const known = rows.get(shape) ?? new Map<string, SentRow>();
    rows.set(shape, known);
    return known;
  };
  let published = 0;
  /** Shapes whose log has lost a word: it does not come to rest by itself. */
  const lost = new Set<SentShape>();

  async function fetch<T>(
    name: string,
    till: SimTillIds,
    place: ShapePlace | null,
    read: (message: Message) => T,
  ): Promise<Reply<T> | 'turnedAway'> {
    const offset = place?.offset ?? '-1';
    const query = new URLSearchParams({ offset, ...(offset === '-1' ? {} : { handle: place?.handle ?? '' }) });
    const answer = await shapes.app.inject({
      url: `/v1/sync/shape/${name}?${query.toString()}`,
      headers: { authorization: await deps.authorizationOf(till) },
    });
    if (answer.statusCode === 401) return 'turnedAway';
    const handle = String(answer.headers['electric-handle'] ?? '');
    if (answer.statusCode === 409) {
      return { changes: [], place: { handle, offset: '-1' }, isUpToDate: false, mustRefetch: true };
    }
    if (answer.statusCode !== 200) throw new Error(`${name}: ${answer.statusCode} ${answer.body}`);
    const messages = (JSON.parse(answer.body) as readonly Message[]).filter((one) => one.value !== undefined);
    return {
      changes: messages.map(read),
      place: { handle, offset: String(answer.headers['electric-offset']) },
      isUpToDate: answer.headers['electric-up-to-date'] !== undefined,
      mustRefetch: false,
    };
  }

  /** All of a shape, piece by piece; null: it began anew meanwhile, or the till is turned away. */
  async function readAll<T>(name: string, till: SimTillIds, read: (message: Message) => T): Promise<T[] | null> {
    const all: T[] = [];
    let place: ShapePlace | null = null;
    for (;;) {
      const part: Reply<T> | 'turnedAway' = await fetch(name, till, place, read);
      if (part === 'turnedAway' || part.mustRefetch) return null;
      all.push(...part.changes);
      place = part.place;
      if (part.isUpToDate) return all;
    }
  }

  const definitions = () =>
    ['catalogue', 'publications', 'publicationRows', ...rows.keys()].flatMap(
      (name) => syncShapes[name]?.({ tenantId, storeId, tillId: '' }) ?? [],
    );
  const endShapes = async (): Promise<void> => {
    for (const definition of definitions()) {
      const shape = await shapes.engine.find(definition);
      if (shape !== null) shapes.engine.remove(shape.handle);
    }
  };

  /** By hand: the rows of a later version are no rows to the server's own writer. */
  async function write(shape: SentShape, change: RowChange): Promise<void> {
    const { key, isOwn } = change.row;
    const of = [tenantId, isOwn ? storeId : everyStoreId, shape, key];
    if (change.kind === 'drop') {
      await pool.query(
        'DELETE FROM sent_row WHERE tenant_id = $1 AND store_id = $2 AND shape = $3 AND row_key = $4',
        of,
      );
      return;
    }
    await pool.query(
      `INSERT INTO sent_row AS s (tenant_id, store_id, shape, row_key, content, changed_at_ms, changed_by)
       VALUES ($1, $2, $3, $4, $5, 0, 'sim') ON CONFLICT (tenant_id, store_id, shape, row_key) DO UPDATE
         SET content = excluded.content WHERE s.content <> excluded.content`,
      [...of, change.row.content],
    );
  }
  const sent: SentFeed = {
    send: async (shape, change) => {
      await deps.enrolStores();
      changedRow(rowsOf(shape), change);
      await write(shape, change);
    },
    fetch: (shape, till, place) => {
      rowsOf(shape);
      return fetch(shape, till, place, changeOf);
    },
    audit: async (shape, till) => {
      const answer = await shapes.app.inject({
        url: `/v1/sync/audit/${shape}`,
        headers: { authorization: await deps.authorizationOf(till) },
      });
      return answer.statusCode === 200 ? (JSON.parse(answer.body) as SentAudit) : null;
    },
    rows: rowsOf,
    lose: async (shape, n) => {
      const definition = syncShapes[shape]?.({ tenantId, storeId, tillId: '' });
      const log = definition === undefined ? null : await shapes.engine.find(definition);
      const isLost = log !== null && silenceMessage(join(shapes.dir, `${log.handle}.shape`), n);
      if (isLost) lost.add(shape);
      return isLost;
    },
    mend: async (shape, till) => {
      const answer = await shapes.app.inject({
        method: 'POST',
        url: `/v1/sync/audit/${shape}/differs`,
        headers: { authorization: await deps.authorizationOf(till) },
      });
      return answer.statusCode === 200 ? (JSON.parse(answer.body) as DiffersReply).outcome : 'notKnown';
    },
    isWhole: () => true,
    isAtEnd: () => null,
  };

  return {
    sent,
    sellGoods: async (changes) => {
      await deps.enrolStores();
      const on = await pool.connect();
      try {
        await on.query('BEGIN');
        for (const change of changes) {
          const { id, pricePaise } = change;
          if (pricePaise === null) {
            goods.delete(id);
            await on.query('DELETE FROM store_item WHERE tenant_id = $1 AND store_id = $2 AND item_id = $3', [
              tenantId,
              storeId,
              id,
            ]);
            continue;
          }
          goods.set(id, pricePaise);
          await on.query(
            `INSERT INTO store_item (tenant_id, store_id, item_id, item, changed_at_ms) VALUES ($1, $2, $3, $4, 0)
             ON CONFLICT (tenant_id, store_id, item_id) DO UPDATE SET item = excluded.item`,
            [tenantId, storeId, id, JSON.stringify(itemOf(change))],
          );
        }
        await on.query('COMMIT');
        on.release();
      } catch (error) {
        on.release(true);
        throw error;
      }
    },
    // The rows are head office's own: the server's side has written them.
    publish: () => void (published += 1),
    fetchGoods: (till, place) => fetch('catalogue', till, place, goodsOf),
    fetchPieces: (stream, till, place) =>
      stream === 'heads' ? fetch('publications', till, place, headOf) : fetch('publicationRows', till, place, rowOf),
    restart: endShapes,
    rest: async (till) => {
      for (let look = 0; look < 500; look += 1) {
        const there = new Map<string, number>();
        for (const { id, pricePaise } of (await readAll('catalogue', till, goodsOf)) ?? []) {
          if (pricePaise === null) there.delete(id);
          else there.set(id, pricePaise);
        }
        const isSame = [...goods].every(([id, price]) => there.get(id) === price) && there.size === goods.size;
        const heads = (await readAll('publications', till, headOf)) ?? [];
        let areRowsThere = true;
        for (const [shape, due] of rows) {
          if (lost.has(shape)) continue;
          const logged = new Map<string, SentRow>();
          for (const change of (await readAll(shape, till, changeOf)) ?? []) changedRow(logged, change);
          areRowsThere &&= auditOf(logged).hash === auditOf(due).hash;
        }
        if (isSame && areRowsThere && heads.length === published) return;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    isWhole: () => true,
    goods: () => goods,
    end: endShapes,
  };
}
