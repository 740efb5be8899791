/** A bill that adds up, of any till. Rule kept: the server's own code judges it; only ids and day are another's. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PushEntry } from '#contract/sync.ts';
import type { Bill } from '#core/documents.ts';

const golden = JSON.parse(
  readFileSync(join(import.meta.dirname, '../fixtures/documents/v1-bill-mixed.json'), 'utf8'),
) as Bill;

export type BillTill = { readonly storeId: string; readonly tillId: string; readonly authorization: string };

/** `sequence` draws the number. */
export const billOf = (till: Omit<BillTill, 'authorization'>, id: string, sequence: number): Bill =>
  ({
    ...golden,
    id,
    storeId: till.storeId,
    tillId: till.tillId,
    sequence,
    number: golden.number.replace(/\d+$/, String(sequence).padStart(5, '0')),
  }) as Bill;

export const entryOf = (bill: Bill, seq: number): PushEntry => ({
  seq,
  kind: bill.type,
  id: bill.id,
  atMs: bill.occurredAtMs,
  content: JSON.stringify(bill),
});

export async function seedBills(url: string, till: BillTill): Promise<void> {
  const bill = billOf(till, till.tillId.replace('-80b0-', '-80d0-'), 1);
  const answer = await fetch(new URL('/v1/sync/push', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: till.authorization },
    body: JSON.stringify({ entries: [entryOf(bill, 1)] }),
  });
  const text = await answer.text();
  if (!text.includes('"accepted"')) throw new Error(`not accepted: ${text}`);
}
