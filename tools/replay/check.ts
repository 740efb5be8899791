/**
 * Compares what the database holds after a replay with what was asked for, worked out again by rederive.ts.
 * Rule kept: every document is read back through the contract, to the paisa, and every difference counts;
 * nothing is taken from the answers the till gave while it billed.
 */
import type { Bill, CreditNote } from '#core/documents.ts';
import type { Uuid } from '#core/ids.ts';
import { businessDateOf, financialYearOf, instant } from '#core/time.ts';
import type { LocalClient } from '#till/local-client.ts';
import { type Derived, type DerivedLine, deriveReturn, deriveSale, type Returned, type SoldLine } from './rederive.ts';
import type { SentBill, SentDocument, SentLine } from './send.ts';

export type Checked = {
  readonly bills: number;
  readonly creditNotes: number;
  readonly payablePaise: number;
  readonly mismatches: number;
  /** The first few, in words. */
  readonly examples: readonly string[];
};
export type CheckInput = {
  readonly client: LocalClient;
  readonly documents: readonly SentDocument[];
  readonly stock: ReadonlyMap<Uuid, number>;
  /** First number missing in the series of bills ('') or credit notes ('C') of a financial year. */
  readonly firstGap: (suffix: '' | 'C', financialYear: string) => number | null;
  /** Shows that the check can fail: one paisa is added to the price of the first line it derives. */
  readonly isControl: boolean;
};

const shownExamples = 20;
const soldOf = (line: SentLine): SoldLine => ({
  pricePaise: line.pricePaise,
  qtyMilli: line.qtyMilli,
  rateBp: line.tax.rateBp,
  isInclusive: line.tax.isInclusive,
});

type Sums = { net: bigint; taxable: bigint; cgst: bigint; sgst: bigint; paid: bigint };
const sumsOf = (document: Bill | CreditNote): Sums => ({
  net: document.lines.reduce((sum, l) => sum + BigInt(l.netPaise), 0n),
  taxable: BigInt(document.split.taxableValuePaise),
  cgst: BigInt(document.split.cgstPaise),
  sgst: BigInt(document.split.sgstPaise),
  paid: BigInt(document.payablePaise),
});

export async function checkReplay(input: CheckInput): Promise<Checked> {
  const { client } = input;
  const counts = { bills: 0, creditNotes: 0 };
  let payablePaise = 0;
  let mismatches = 0;
  const examples: string[] = [];
  const expect = (where: string, what: string, found: unknown, wanted: unknown): void => {
    if (String(found) === String(wanted)) return;
    mismatches += 1;
    if (examples.length < shownExamples) examples.push(`${where}: ${what} is ${found}, should be ${wanted}`);
  };

  let corrupt = input.isControl ? 1 : 0;
  const termsOf = (bill: Pick<SentBill, 'lines'>): readonly SoldLine[] => {
    const terms = bill.lines.map(soldOf);
    const first = terms[0];
    if (corrupt === 0 || first === undefined) return terms;
    corrupt = 0;
    return [{ ...first, pricePaise: first.pricePaise + 1 }, ...terms.slice(1)];
  };

  const compareLine = (where: string, line: Bill['lines'][number], derived: DerivedLine): void => {
    expect(where, 'net', line.netPaise, derived.net);
    expect(where, 'discount', line.lineDiscountPaise + line.billDiscountPaise, 0);
    expect(where, 'taxable value', line.split.taxableValuePaise, derived.taxable);
    expect(where, 'CGST', line.split.cgstPaise, derived.cgst);
    expect(where, 'SGST', line.split.sgstPaise, derived.sgst);
    expect(where, 'other heads', line.split.utgstPaise + line.split.igstPaise + line.split.cessPaise, 0);
    expect(where, 'total', line.totalPaise, derived.total);
  };
  const compareWhole = (where: string, document: Bill | CreditNote, derived: Derived): void => {
    expect(where, 'lines', document.lines.length, derived.lines.length);
    for (const [i, line] of document.lines.entries()) {
      const own = derived.lines[i];
      if (own !== undefined) compareLine(`${where} line ${i + 1}`, line, own);
    }
    expect(where, 'taxable value', document.split.taxableValuePaise, derived.taxable);
    expect(where, 'CGST', document.split.cgstPaise, derived.cgst);
    expect(where, 'SGST', document.split.sgstPaise, derived.sgst);
    expect(where, 'round-off', document.roundOffPaise, derived.roundOff);
    expect(where, 'payable', document.payablePaise, derived.payable);
    const money = document.type === 'bill' ? document.tenders : document.refunds;
    expect(
      where,
      'money',
      money.reduce((sum, t) => sum + t.amountPaise, 0),
      derived.payable,
    );
  };
  const compareTerms = (where: string, document: Bill | CreditNote, lines: readonly SentLine[]): void => {
    for (const [i, sent] of lines.entries()) {
      const line = document.lines[i];
      expect(`${where} line ${i + 1}`, 'item', line?.itemId, sent.itemId);
      expect(`${where} line ${i + 1}`, 'quantity', line?.qtyMilli, sent.qtyMilli);
      expect(`${where} line ${i + 1}`, 'price', line?.sellingPricePaise, sent.pricePaise);
      expect(`${where} line ${i + 1}`, 'rate', line?.rate.rateBp, sent.tax.rateBp);
      expect(`${where} line ${i + 1}`, 'inclusive', line?.isInclusive, sent.tax.isInclusive);
    }
  };

  const sequences = new Map<string, number>();
  const compareNumber = (where: string, document: Bill | CreditNote, atMs: number): void => {
    const date = businessDateOf(instant(atMs));
    const series = `${document.type}|${financialYearOf(date)}`;
    const next = (sequences.get(series) ?? 0) + 1;
    sequences.set(series, next);
    expect(where, 'sequence', document.sequence, next);
    expect(where, 'time', document.occurredAtMs, atMs);
    expect(where, 'business date', document.businessDate, date);
  };

  const sold = new Map<Uuid, { readonly terms: readonly SoldLine[]; readonly sums: Sums }>();
  const returned = new Map<Uuid, Returned & { readonly sums: Sums }>();
  for (const sent of input.documents) {
    if (sent.kind === 'bill') {
      const bill = await client.bill.get({ id: sent.id });
      const where = `bill ${bill.number} (${sent.invoice})`;
      const terms = termsOf(sent);
      compareNumber(where, bill, sent.atMs);
      compareTerms(where, bill, sent.lines);
      compareWhole(where, bill, deriveSale(terms));
      expect(where, 'change', bill.changePaise, 0);
      sold.set(sent.id, { terms, sums: sumsOf(bill) });
      counts.bills += 1;
      payablePaise += bill.payablePaise;
      continue;
    }
    const note = await client.creditNote.get({ id: sent.id });
    const where = `credit note ${note.number} (${sent.invoice})`;
    compareNumber(where, note, sent.atMs);
    counts.creditNotes += 1;
    if (sent.kind === 'looseReturn') {
      expect(where, 'bill', note.billId, null);
      compareTerms(where, note, sent.lines);
      compareWhole(where, note, deriveSale(termsOf(sent)));
      continue;
    }
    const bill = sold.get(sent.billId);
    expect(where, 'bill', note.billId, sent.billId);
    if (bill === undefined) continue;
    const soFar = returned.get(sent.billId) ?? {
      qtyByLine: new Map(),
      refunded: 0n,
      sums: { net: 0n, taxable: 0n, cgst: 0n, sgst: 0n, paid: 0n },
    };
    compareWhole(where, note, deriveReturn(deriveSale(bill.terms), bill.terms, sent.wanted, soFar));
    const own = sumsOf(note);
    for (const head of Object.keys(own) as (keyof Sums)[]) soFar.sums[head] += own[head];
    returned.set(sent.billId, soFar);
  }

  for (const [billId, { qtyByLine, sums }] of returned) {
    const bill = sold.get(billId);
    if (bill === undefined) continue;
    const where = `returns of ${billId}`;
    expect(where, 'refund above what was paid', sums.paid > bill.sums.paid, false);
    const isAll = bill.terms.every((line, i) => qtyByLine.get(i + 1) === BigInt(line.qtyMilli));
    if (!isAll) continue;
    for (const head of Object.keys(sums) as (keyof Sums)[])
      expect(where, `full return, ${head}`, sums[head], bill.sums[head]);
  }

  for (const series of sequences.keys()) {
    const [type = '', year = ''] = series.split('|');
    expect(`series ${series}`, 'first gap', input.firstGap(type === 'bill' ? '' : 'C', year), null);
  }
  expect('stock', 'items whose on-hand is not the sum of the ledger', (await client.stock.verify()).differing, 0);
  const ids = [...input.stock.keys()];
  for (let i = 0; i < ids.length; i += 1_000) {
    for (const { itemId, onHandMilli } of await client.stock.onHand({ itemIds: ids.slice(i, i + 1_000) }))
      expect(`stock of ${itemId}`, 'on hand', onHandMilli, input.stock.get(itemId));
  }
  return { ...counts, payablePaise, mismatches, examples };
}
