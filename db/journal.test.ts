import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NewId, Uuid } from '#core/ids.ts';
import type { Instant } from '#core/time.ts';
import { makeFolder, mustOpen, sampleBill, sampleIds, setUpDesk } from '#tests/fixtures/sample-shop.ts';
import { makeBills } from './bills.ts';
import { documentContent } from '#core/document-content.ts';
import { type Journal, makeJournal } from './journal.ts';
import type { ShopDb } from './open.ts';

let folder: ReturnType<typeof makeFolder>;
let shop: ShopDb;
let journal: Journal;
let newId: NewId;
beforeEach(() => {
  folder = makeFolder();
  shop = mustOpen(folder.dir);
  journal = makeJournal(shop);
  newId = sampleIds();
});
afterEach(() => {
  shop.close();
  folder.remove();
});
const at = (n: number): Instant => n as Instant;

/** Three bills and two other entries, in the journal as a till writes them. */
function write(): Uuid[] {
  const { desk, items } = setUpDesk(shop, newId, 2);
  const bills = makeBills(shop);
  const ids: Uuid[] = [];
  for (let n = 1; n <= 3; n += 1) {
    const bill = sampleBill(newId, desk, items, n);
    shop.transact(() => {
      bills.insertBill(bill);
      journal.append('bill', bill.id, bill.occurredAtMs, documentContent(bill));
    });
    ids.push(bill.id);
  }
  journal.append('signIn', desk.cashierId, at(6), '{"reason":"छुट्टा"}');
  journal.append('stockReceive', newId(), at(7), Buffer.from('{"lines":1}'));
  return ids;
}

describe('journal', () => {
  it('is a chain: whole as written, also against the documents themselves', () => {
    expect(journal.head()).toBeNull();
    expect(journal.verify()).toEqual({ entries: 0, firstBroken: null });
    write();
    expect(journal.verify()).toEqual({ entries: 5, firstBroken: null });
    expect(journal.verify(makeBills(shop).contentOf)).toEqual({ entries: 5, firstBroken: null });
    expect(journal.head()?.seq).toBe(5);
    expect(journal.head()?.hash).toHaveLength(32);
  });

  it.each([
    ['a time is changed', 'UPDATE journal SET at_ms = at_ms + 1 WHERE seq = 2', 2],
    ['a kind is changed', "UPDATE journal SET kind = 'x' WHERE seq = 3", 3],
    ['a reference is changed', 'UPDATE journal SET ref_id = zeroblob(16) WHERE seq = 1', 1],
    ['a content hash is changed', 'UPDATE journal SET content_hash = zeroblob(32) WHERE seq = 2', 2],
    ['a payload is changed', "UPDATE journal SET payload = '{}' WHERE seq = 4", 4],
    ['an entry is dropped', 'DELETE FROM journal WHERE seq = 2', 3],
    [
      'two entries change places',
      'UPDATE journal SET seq = 99 WHERE seq = 2; UPDATE journal SET seq = 2 WHERE seq = 3; UPDATE journal SET seq = 3 WHERE seq = 99',
      2,
    ],
  ])('shows that %s', (_what, change, broken) => {
    write();
    shop.sql.exec(change);
    expect(journal.verify().firstBroken).toBe(broken);
  });

  it('shows that a bill was changed or is gone', () => {
    write();
    const { contentOf } = makeBills(shop);
    shop.sql.exec("UPDATE document_line SET name = 'other' WHERE line_key = 200001");
    expect(journal.verify().firstBroken).toBeNull();
    expect(journal.verify(contentOf).firstBroken).toBe(2);
    expect(journal.verify(() => null).firstBroken).toBe(1);
  });

  it('is the outbox: documents in order, what stays in the shop left out', () => {
    const ids = write();
    expect(journal.unsentCount()).toBe(4);
    expect(journal.unsent(2).map((e) => e.refId)).toEqual(ids.slice(0, 2));
    expect(journal.unsent(10).map((e) => e.kind)).toEqual(['bill', 'bill', 'bill', 'stockReceive']);
    expect(journal.unsent(10).at(-1)?.payload).toBe('{"lines":1}');
    // A document goes under its own id; what may be about the same thing twice under one of its own.
    expect(journal.unsent(2).map((e) => e.entryId)).toEqual(ids.slice(0, 2));
    expect(journal.unsent(10).at(-1)?.entryId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-/);
    expect(journal.unsent(10).at(-1)?.entryId).not.toBe(journal.unsent(10).at(-1)?.refId);
    journal.markSent(2);
    expect(journal.unsentCount()).toBe(2);
    expect(journal.unsent(10).map((e) => e.seq)).toEqual([3, 5]);
    journal.markSent(1);
    expect(journal.unsentCount()).toBe(2);
    journal.markSent(5);
    expect(journal.unsentCount()).toBe(0);
    expect(journal.unsent(10)).toEqual([]);
  });

  it('loses an entry with its transaction', () => {
    write();
    const before = journal.head();
    expect(() =>
      shop.transact(() => {
        journal.append('signIn', newId(), at(9), '{}');
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(journal.head()).toEqual(before);
    journal.append('signIn', newId(), at(9), '{}');
    expect(journal.verify().firstBroken).toBeNull();
  });
});
