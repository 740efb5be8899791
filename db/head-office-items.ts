/**
 * Which items are head office's, as it sent them, and a catalogue that is on its way. Rule kept: what is staged is
 * nobody's price until it is switched on; the hash of an item is of the text that head office sent, so that both
 * sides can compare all of them in one number.
 */
import { createHash } from 'node:crypto';
import type { Uuid } from '#core/ids.ts';
import type { ShopDb } from './open.ts';
import { bytesToUuid, uuidToBytes } from './uuid-bytes.ts';

export type SentItem = { readonly id: Uuid; readonly content: string };
/** toPut: in the switch; toActivate: inserted already and not yet for sale; done: inserted, never for sale. */
export type StagedStep = 'toPut' | 'toActivate' | 'done';
export type HeadOfficeAudit = { readonly count: number; readonly hash: string };

export type HeadOfficeItems = {
  readonly put: (item: SentItem) => void;
  readonly drop: (id: Uuid) => void;
  readonly clearStaged: () => void;
  readonly stage: (item: SentItem) => void;
  readonly unstage: (id: Uuid) => void;
  readonly stagedCount: () => number;
  /** Staged items that the shop does not have, at most so many, in order of id, from behind one. */
  readonly unknownStaged: (after: Uuid | null, limit: number) => readonly SentItem[];
  readonly mark: (id: Uuid, step: StagedStep) => void;
  /** Staged, there already, and other than what was sent before. */
  readonly changedStaged: () => readonly SentItem[];
  /** Head office's so far, and not in what is staged. */
  readonly gone: () => readonly Uuid[];
  /** What is staged is head office's list from now on; what waited to be for sale is. */
  readonly switchOn: () => void;
  readonly audit: () => HeadOfficeAudit;
};

const steps: Readonly<Record<StagedStep, number>> = { toPut: 0, toActivate: 1, done: 2 };
/** As the server computes it (sync-server/catalogue/audit.ts). */
const hashOf = ({ id, content }: SentItem): Buffer => createHash('md5').update(`${id} ${content}`).digest();
type StagedRow = { readonly id: Buffer; readonly content: string };
const itemOf = (row: StagedRow): SentItem => ({ id: bytesToUuid(row.id), content: row.content });

export function makeHeadOfficeItems(shop: Pick<ShopDb, 'sql'>): HeadOfficeItems {
  const { sql } = shop;
  const put = sql.prepare(
    'INSERT INTO head_office_item (id, hash) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET hash = excluded.hash',
  );
  const drop = sql.prepare('DELETE FROM head_office_item WHERE id = ?');
  const stage = sql.prepare(
    `INSERT INTO head_office_staged (id, hash, content, step) VALUES (?, ?, ?, 0)
     ON CONFLICT (id) DO UPDATE SET hash = excluded.hash, content = excluded.content`,
  );
  const unstage = sql.prepare('DELETE FROM head_office_staged WHERE id = ?');
  const clear = sql.prepare('DELETE FROM head_office_staged');
  const count = sql.prepare<[], number>('SELECT count(*) FROM head_office_staged').pluck();
  const unknown = sql.prepare<[Buffer, number], StagedRow>(
    `SELECT id, content FROM head_office_staged s
     WHERE id > ? AND step = 0 AND NOT EXISTS (SELECT 1 FROM item i WHERE i.id = s.id) ORDER BY id LIMIT ?`,
  );
  const mark = sql.prepare('UPDATE head_office_staged SET step = ? WHERE id = ?');
  const changed = sql.prepare<[], StagedRow>(
    `SELECT s.id, s.content FROM head_office_staged s LEFT JOIN head_office_item h ON h.id = s.id
     WHERE s.step = 0 AND h.hash IS NOT s.hash ORDER BY s.id`,
  );
  const gone = sql
    .prepare<[], Buffer>('SELECT id FROM head_office_item EXCEPT SELECT id FROM head_office_staged')
    .pluck();
  const activate = sql.prepare(
    'UPDATE item SET is_active = 1 WHERE id IN (SELECT id FROM head_office_staged WHERE step = 1)',
  );
  const forgetOld = sql.prepare(
    'DELETE FROM head_office_item WHERE NOT EXISTS (SELECT 1 FROM head_office_staged s WHERE s.id = head_office_item.id)',
  );
  const keepNew = sql.prepare(
    `INSERT INTO head_office_item (id, hash) SELECT id, hash FROM head_office_staged WHERE true
     ON CONFLICT (id) DO UPDATE SET hash = excluded.hash WHERE hash IS NOT excluded.hash`,
  );
  const hashes = sql.prepare<[], Buffer>('SELECT hash FROM head_office_item ORDER BY id').pluck();
  return {
    put: (item) => void put.run(uuidToBytes(item.id), hashOf(item)),
    drop: (id) => void drop.run(uuidToBytes(id)),
    clearStaged: () => void clear.run(),
    stage: (item) => void stage.run(uuidToBytes(item.id), hashOf(item), item.content),
    unstage: (id) => void unstage.run(uuidToBytes(id)),
    stagedCount: () => count.get() ?? 0,
    unknownStaged: (after, limit) =>
      unknown.all(after === null ? Buffer.alloc(0) : uuidToBytes(after), limit).map(itemOf),
    mark: (id, step) => void mark.run(steps[step], uuidToBytes(id)),
    changedStaged: () => changed.all().map(itemOf),
    gone: () => gone.all().map(bytesToUuid),
    switchOn: () => {
      activate.run();
      forgetOld.run();
      keepNew.run();
      clear.run();
    },
    audit: () => {
      const all = createHash('md5');
      let items = 0;
      for (const hash of hashes.iterate()) {
        all.update(hash.toString('hex'));
        items += 1;
      }
      return { count: items, hash: all.digest('hex') };
    },
  };
}
