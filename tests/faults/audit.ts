/**
 * What a shop's folder must answer after a fault: opens, is whole, and holds everything that was acknowledged.
 * Rule kept: it looks with the product's own opening and tables, as the next morning's till would, and adds up
 * again by other means; it opens whatever folder it is given, so give it a copy where that matters.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Bill, CommittedDocument } from '#core/documents.ts';
import type { Uuid } from '#core/ids.ts';
import { instant } from '#core/time.ts';
import { documentContent } from '#core/document-content.ts';
import { makeBills } from '#db/bills.ts';
import { makeCommandKeys } from '#db/command-keys.ts';
import { makeJournal } from '#db/journal.ts';
import { troubleInLastDocuments } from '#db/open-checks.ts';
import { openShop, type ShopDb } from '#db/open.ts';
import { makeStock } from '#db/stock.ts';

/** Something that the till said is done. */
export type Ack =
  | { readonly kind: 'bill' | 'creditNote'; readonly id: Uuid; readonly hash: string }
  /** A command with a key of its own: a shift opened or closed, goods received. */
  | { readonly kind: 'command'; readonly key: string };

export type Audit = {
  /** What was acknowledged and is not there, or not as it was. */
  readonly lost: readonly Ack[];
  /** Sentences about what is wrong with the file or its sums. */
  readonly corrupt: readonly string[];
  /** Sentences about numbers that are missing. */
  readonly gaps: readonly string[];
  readonly billIds: readonly Uuid[];
  readonly receipts: number;
};

const hashOf = (content: string): string => createHash('sha256').update(content).digest('hex');
export const ackOf = (kind: 'bill' | 'creditNote', document: CommittedDocument): Ack => ({
  kind,
  id: document.id,
  hash: hashOf(documentContent(document)),
});
export const ackOfBill = (bill: Bill): Ack => ackOf('bill', bill);

/** `isThorough` also reads every document against the journal's hash of it. */
export function auditShop(dir: string, acks: readonly Ack[], isThorough: boolean): Audit {
  const nothing = { gaps: [], billIds: [], receipts: 0 };
  let shop: ShopDb;
  try {
    const opened = openShop(dir, { clock: { now: () => instant(Date.now()) }, randomBytes });
    if (!opened.ok) return { ...nothing, lost: [], corrupt: [`does not open: ${JSON.stringify(opened.error)}`] };
    shop = opened.value;
  } catch (error) {
    return { ...nothing, lost: [], corrupt: [`opening throws: ${String(error)}`] };
  }
  let found: Audit;
  try {
    found = examine(shop, acks, isThorough);
  } catch (error) {
    found = { ...nothing, lost: [], corrupt: [`reading throws: ${String(error)}`] };
  }
  try {
    shop.close();
  } catch (error) {
    return { ...found, corrupt: [...found.corrupt, `closing throws: ${String(error)}`] };
  }
  return found;
}

function examine(shop: ShopDb, acks: readonly Ack[], isThorough: boolean): Audit {
  const corrupt: string[] = [];
  const gaps: string[] = [];
  const integrity = String(shop.sql.pragma('integrity_check', { simple: true }));
  if (integrity !== 'ok') corrupt.push(`integrity_check: ${integrity}`);
  const foreign = shop.sql.pragma('foreign_key_check') as unknown[];
  if (foreign.length > 0) corrupt.push(`foreign_key_check: ${foreign.length} rows`);
  if (shop.cartsSetAside) corrupt.push('carts.db was set aside');

  const bills = makeBills(shop);
  const keys = makeCommandKeys(shop);
  const trouble = troubleInLastDocuments(shop.sql, 1_000_000_000);
  if (trouble !== null) corrupt.push(trouble);
  const stock = makeStock(shop).verify();
  if (stock.differing > 0) corrupt.push(`stock differs from its ledger for ${stock.differing} items`);
  const chain = makeJournal(shop).verify(isThorough ? bills.contentOf : undefined);
  if (chain.firstBroken !== null) corrupt.push(`the journal is broken at ${chain.firstBroken}`);
  const loose = shop.sql
    .prepare<[], number>(
      `SELECT count(*) FROM document d WHERE NOT EXISTS
         (SELECT 1 FROM journal j WHERE j.kind IN ('bill', 'creditNote') AND j.ref_id = d.id AND j.payload IS NULL)`,
    )
    .pluck();
  if (isThorough && loose.get() !== 0) corrupt.push('a document is not in the journal');
  const series = shop.sql
    .prepare<[], { series: string; fy: Parameters<typeof bills.firstGap>[1] }>(
      'SELECT DISTINCT series, financial_year AS fy FROM document',
    )
    .all();
  for (const { series: name, fy } of series) {
    const gap = bills.firstGap(name, fy);
    if (gap !== null) gaps.push(`number ${gap} of ${name} ${fy} is missing`);
  }

  const lost = acks.filter((ack) => {
    if (ack.kind === 'command') return keys.get(ack.key) === null;
    const content = bills.contentOf(ack.kind, ack.id);
    return content === null || hashOf(content) !== ack.hash;
  });
  const ids = shop.sql.prepare<[], string>(`SELECT lower(hex(id)) FROM document WHERE kind = 1`).pluck().all();
  const receipts = shop.sql.prepare<[], number>("SELECT count(*) FROM journal WHERE kind = 'stockReceived'").pluck();
  return { lost, corrupt, gaps, billIds: ids.map(withDashes), receipts: receipts.get() ?? 0 };
}

const withDashes = (hex: string): Uuid =>
  [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-') as Uuid;
