/**
 * Which items are head office's, as it sent them, and a catalogue that is on its way. Rule kept: what is staged is
 * nobody's price until it is switched on, by one short transaction that writes one word and what changes in goods that
 * are for sale already; the rest of the rows follow in pieces. The hash of an item is of the text that head office sent,
 * so that both sides can compare all of them in one number.
 */
import { createHash, hash } from 'node:crypto';
import type { Item } from '#core/catalogue/item.ts';
import type { Uuid } from '#core/ids.ts';
import { catalogueIsOnKey } from './for-sale.ts';
import { makeItemWriter } from './item-writer.ts';
import type { ShopDb } from './open.ts';
import { bytesToUuid, uuidToBytes } from './uuid-bytes.ts';

export type SentItem = { readonly id: Uuid; readonly content: string };
export type HeadOfficeAudit = { readonly count: number; readonly hash: string };

export type HeadOfficeItems = {
  readonly put: (item: SentItem) => void;
  readonly drop: (id: Uuid) => void;
  /** Throws away what was staged; what came in waiting to be for sale goes on waiting. */
  readonly clearStaged: () => void;
  /** Head office sent the same before, or sends it now: in the switch there is nothing to do for it. */
  readonly isAsSent: (item: SentItem) => boolean;
  /** `toPut`: there is something for sale in its place; it changes in the switch. */
  readonly stage: (item: SentItem, step: 'toPut' | 'written') => void;
  readonly unstage: (id: Uuid) => void;
  /** Writes a new item that waits for its catalogue; false: the shop has its id or one of its codes. */
  readonly insertWaiting: (item: Item) => boolean;
  /** An item of the shop that is not for sale waits for its catalogue from now on. */
  readonly letWait: (id: Uuid) => void;
  /** What waits for its catalogue waits no longer. */
  readonly sellNow: (id: Uuid) => void;
  readonly stagedCount: () => number;
  /** Staged, there already, and other than what was sent before. */
  readonly changedStaged: () => readonly SentItem[];
  /** Head office's so far, and not in what is staged. */
  readonly gone: () => readonly Uuid[];
  /** What is staged is head office's list from now on; what waited to be for sale is. `settle` is owed. */
  readonly switchOn: () => void;
  /** The switch is written and rows of it are still to follow. */
  readonly isUnsettled: () => boolean;
  /** The next rows of a switch, from behind one; null when nothing is owed any more. In a transaction of the caller. */
  readonly settleSome: (after: Uuid | null, most: number) => Uuid | null;
  readonly audit: () => HeadOfficeAudit;
};

const steps = { toPut: 0, written: 1 } as const;
/** Something waits to be for sale that may not be in what is staged. */
const hasOthersWaitingKey = 'catalogue.othersWait';
/** As the server computes it (sync-server/catalogue/audit.ts). */
const hashOf = ({ id, content }: SentItem): Buffer => hash('md5', `${id} ${content}`, 'buffer');

/** What is asked about a row and then written of it is hashed once. */
function onceEach(): (item: SentItem) => Buffer {
  let last: SentItem | null = null;
  let found = Buffer.alloc(0);
  return (item) => {
    if (item !== last) found = hashOf(item) as typeof found;
    last = item;
    return found;
  };
}

export function makeHeadOfficeItems(shop: Pick<ShopDb, 'sql'>): HeadOfficeItems {
  const { sql } = shop;
  const writer = makeItemWriter(shop);
  const hashOfOne = onceEach();
  let knowsNone = false;
  const put = sql.prepare(
    'INSERT INTO head_office_item (id, hash) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET hash = excluded.hash',
  );
  const any = sql.prepare('SELECT 1 FROM head_office_item LIMIT 1');
  const drop = sql.prepare('DELETE FROM head_office_item WHERE id = ?');
  const hashBefore = sql.prepare<[Buffer], Buffer>('SELECT hash FROM head_office_item WHERE id = ?').pluck();
  const stage = sql.prepare(
    `INSERT INTO head_office_staged (id, hash, content, step) VALUES (?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET hash = excluded.hash, content = excluded.content, step = excluded.step`,
  );
  const unstage = sql.prepare('DELETE FROM head_office_staged WHERE id = ?');
  const markStaged = sql.prepare(
    `INSERT INTO item_unindexed (item_no)
     SELECT i.item_no FROM head_office_staged s JOIN item i ON i.id = s.id WHERE s.step = 1 ON CONFLICT DO NOTHING`,
  );
  const clear = sql.prepare('DELETE FROM head_office_staged');
  const letWait = sql.prepare('UPDATE item SET is_active = 2 WHERE id = ? AND is_active <> 1');
  const sellNow = sql.prepare('UPDATE item SET is_active = 1 WHERE id = ? AND is_active = 2');
  const count = sql.prepare<[], number>('SELECT count(*) FROM head_office_staged').pluck();
  const changed = sql.prepare<[], { id: Buffer; content: string }>(
    `SELECT s.id, s.content FROM head_office_staged s LEFT JOIN head_office_item h ON h.id = s.id
     WHERE s.step = 0 AND h.hash IS NOT s.hash ORDER BY s.id`,
  );
  const gone = sql
    .prepare<[], Buffer>('SELECT id FROM head_office_item EXCEPT SELECT id FROM head_office_staged')
    .pluck();
  const forgetOld = sql.prepare(
    'DELETE FROM head_office_item WHERE NOT EXISTS (SELECT 1 FROM head_office_staged s WHERE s.id = head_office_item.id)',
  );
  const keepChanged = sql.prepare(
    `INSERT INTO head_office_item (id, hash)
     SELECT s.id, s.hash FROM head_office_item h CROSS JOIN head_office_staged s ON s.id = h.id
     WHERE h.hash IS NOT s.hash
     ON CONFLICT (id) DO UPDATE SET hash = excluded.hash`,
  );
  // Of an earlier catalogue that never got so far.
  const forgetWaiting = sql.prepare(
    `UPDATE item SET is_active = 0
     WHERE is_active = 2 AND NOT EXISTS (SELECT 1 FROM head_office_staged s WHERE s.id = item.id)`,
  );
  const say = sql.prepare('INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO NOTHING');
  const unsay = sql.prepare('DELETE FROM setting WHERE key = ?');
  const says = sql.prepare<[string], number>('SELECT 1 FROM setting WHERE key = ?').pluck();
  const nextStaged = sql
    .prepare<[Buffer, number], Buffer>('SELECT id FROM head_office_staged WHERE id > ? ORDER BY id LIMIT ?')
    .pluck();
  const between = 'id > ? AND id <= ?';
  const settleItems = sql.prepare<[Buffer, Buffer]>(
    `UPDATE item SET is_active = 1 WHERE is_active = 2 AND id IN (SELECT id FROM head_office_staged WHERE ${between})`,
  );
  const markSome = sql.prepare<[Buffer, Buffer]>(
    `INSERT INTO item_unindexed (item_no)
     SELECT i.item_no FROM head_office_staged s JOIN item i ON i.id = s.id WHERE s.id > ? AND s.id <= ? AND s.step = 1
     ON CONFLICT DO NOTHING`,
  );
  const keepSome = sql.prepare<[Buffer, Buffer]>(
    // What came since the switch is newer.
    `INSERT INTO head_office_item (id, hash) SELECT id, hash FROM head_office_staged WHERE ${between} ON CONFLICT DO NOTHING`,
  );
  const hashes = sql.prepare<[], Buffer>('SELECT hash FROM head_office_item ORDER BY id').pluck();
  return {
    put: (item) => {
      knowsNone = false;
      put.run(uuidToBytes(item.id), hashOf(item));
    },
    drop: (id) => {
      drop.run(uuidToBytes(id));
      unstage.run(uuidToBytes(id));
    },
    clearStaged: () => {
      if (markStaged.run().changes > 0) say.run(hasOthersWaitingKey, '1');
      clear.run();
      knowsNone = any.get() === undefined;
    },
    isAsSent: (item) => !knowsNone && hashBefore.get(uuidToBytes(item.id))?.equals(hashOfOne(item)) === true,
    stage: (item, step) =>
      void stage.run(uuidToBytes(item.id), hashOfOne(item), step === 'toPut' ? item.content : '', steps[step]),
    unstage: (id) => {
      unstage.run(uuidToBytes(id));
      say.run(hasOthersWaitingKey, '1');
    },
    insertWaiting: (item) => writer.insertWaiting(item),
    letWait: (id) => void letWait.run(uuidToBytes(id)),
    sellNow: (id) => void sellNow.run(uuidToBytes(id)),
    stagedCount: () => count.get() ?? 0,
    changedStaged: () => changed.all().map((row) => ({ id: bytesToUuid(row.id), content: row.content })),
    gone: () => gone.all().map(bytesToUuid),
    switchOn: () => {
      if (says.get(hasOthersWaitingKey) === 1) forgetWaiting.run();
      unsay.run(hasOthersWaitingKey);
      forgetOld.run();
      keepChanged.run();
      say.run(catalogueIsOnKey, '1');
      knowsNone = false;
    },
    isUnsettled: () => says.get(catalogueIsOnKey) === 1,
    settleSome: (after, most) => {
      const from = after === null ? Buffer.alloc(0) : uuidToBytes(after);
      const to = nextStaged.all(from, most).at(-1);
      if (to === undefined) {
        clear.run();
        unsay.run(catalogueIsOnKey);
        return null;
      }
      settleItems.run(from, to);
      markSome.run(from, to);
      keepSome.run(from, to);
      return bytesToUuid(to);
    },
    audit: () => {
      const all = createHash('md5');
      let items = 0;
      for (const row of hashes.iterate()) {
        all.update(row.toString('hex'));
        items += 1;
      }
      return { count: items, hash: all.digest('hex') };
    },
  };
}
