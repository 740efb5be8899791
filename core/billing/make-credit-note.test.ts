/**
 * Returns: whatever parts a bill comes back in, no more is refunded than was paid, and a full return nets to
 * 0.00 in every amount and head.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../tests/property-runs.ts';
import { factsFor, type Sale, sale, testId } from '../../tests/fixtures/random-carts.ts';
import type { Bill, BillLine, CreditNote } from '../documents.ts';
import { addSplits, splitTotal, taxTotal } from '../gst/tax.ts';
import { addPaise, type Paise, paise, zeroPaise } from '../money.ts';
import { isMeasured, type Milli, milli } from '../quantity.ts';
import type { BusinessDate } from '../time.ts';
import { makeBill } from './make-bill.ts';
import {
  makeCreditNoteForBill,
  makeCreditNoteWithoutBill,
  nothingReturned,
  type ReturnDetails,
  type ReturnedSoFar,
  type ReturnLine,
} from './make-credit-note.ts';

const facts = factsFor({ gstin: '27AAPFU0939F1ZV', isComposition: false, stateCode: '27' });
const details = (roundStepPaise: Paise): ReturnDetails => ({
  id: testId(77),
  reason: 'damaged',
  approvedBy: null,
  roundStepPaise,
  refundKind: 'cash',
  reference: null,
});
function billOf({ cart, priced, facts }: Sale): Bill {
  const made = makeBill(cart, priced, facts);
  if (!made.ok) throw new Error(JSON.stringify(made.error));
  return made.value;
}
const note = (bill: Bill, soFar: ReturnedSoFar, wanted: readonly ReturnLine[], step: Paise): CreditNote => {
  const made = makeCreditNoteForBill(bill, soFar, wanted, details(step), facts);
  if (!made.ok) throw new Error(JSON.stringify(made.error));
  return made.value;
};
/** What the ledger would say after these notes. */
const soFarOf = (notes: readonly CreditNote[]): ReturnedSoFar => {
  const qtyByLine = new Map<number, Milli>();
  for (const l of notes.flatMap((n) => n.lines)) {
    qtyByLine.set(l.billLineNo ?? 0, milli((qtyByLine.get(l.billLineNo ?? 0) ?? 0) + l.qtyMilli));
  }
  return {
    qtyByLine,
    refundedPaise: addPaise(...notes.map((n) => n.payablePaise)),
    lastReturnedOn: notes.length === 0 ? null : ('2026-11-20' as BusinessDate),
  };
};
const isCounted = (l: BillLine): boolean => !isMeasured(l.unit) || l.packQtyMilli !== 1000;

/** A part of what is left of some lines: thousandths, whole pieces where pieces are counted. */
function part(bill: Bill, soFar: ReturnedSoFar, shares: readonly number[]): ReturnLine[] {
  return bill.lines.flatMap((l, i): ReturnLine[] => {
    const left = l.qtyMilli - (soFar.qtyByLine.get(l.lineNo) ?? 0);
    const raw = Math.floor((left * (shares[i % shares.length] ?? 0)) / 1000);
    const qty = isCounted(l) ? Math.floor(raw / 1000) * 1000 : raw;
    return qty > 0 ? [{ billLineNo: l.lineNo, qtyMilli: milli(qty), isRestocked: true }] : [];
  });
}
const rest = (bill: Bill, soFar: ReturnedSoFar): ReturnLine[] => part(bill, soFar, [1000]);
const shares = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 8 });

describe('a bill that comes back', () => {
  it('in arbitrary parts: never more than was paid, and 0.00 in every amount and head at the end', () => {
    fc.assert(
      fc.property(sale, fc.array(shares, { maxLength: 4 }), (made, rounds) => {
        const bill = billOf(made);
        const notes: CreditNote[] = [];
        const give = (wanted: readonly ReturnLine[]): void => {
          if (wanted.length > 0) notes.push(note(bill, soFarOf(notes), wanted, made.roundStepPaise));
          const refunded = addPaise(...notes.map((n) => n.payablePaise));
          expect(refunded).toBeLessThanOrEqual(bill.payablePaise);
        };
        for (const round of rounds) give(part(bill, soFarOf(notes), round));
        give(rest(bill, soFarOf(notes)));
        for (const n of notes) {
          expect(n.payablePaise).toBeGreaterThanOrEqual(0);
          expect(n.payablePaise).toBe(addPaise(...n.lines.map((l) => l.totalPaise)) + n.roundOffPaise);
          expect(n.split).toEqual(addSplits(...n.lines.map((l) => l.split)));
          expect(n.refunds.map((t) => t.amountPaise)).toEqual([n.payablePaise]);
          for (const l of n.lines) {
            expect(l.split.cgstPaise).toBe(l.split.sgstPaise + l.split.utgstPaise);
            expect(l.grossPaise - l.lineDiscountPaise - l.billDiscountPaise).toBe(l.netPaise);
            if (l.rate.valuation !== 'retailSalePrice') expect(splitTotal(l.split)).toBe(l.totalPaise);
          }
          expect(JSON.parse(JSON.stringify(n))).toEqual(n);
        }
        const back = notes.flatMap((n) => n.lines);
        expect(addSplits(...back.map((l) => l.split))).toEqual(bill.split);
        for (const key of ['itemsPaise', 'discountPaise', 'roundOffPaise', 'payablePaise'] as const) {
          expect(addPaise(zeroPaise, ...notes.map((n) => n[key])), key).toBe(bill[key]);
        }
        for (const sold of bill.lines) {
          const mine = back.filter((l) => l.billLineNo === sold.lineNo);
          for (const key of [
            'grossPaise',
            'netPaise',
            'totalPaise',
            'lineDiscountPaise',
            'billDiscountPaise',
          ] as const) {
            expect(addPaise(...mine.map((l) => l[key])), key).toBe(sold[key]);
          }
        }
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('never refunds more than was paid, or below nothing, though the shop rounds otherwise by then', () => {
    fc.assert(
      fc.property(
        sale,
        shares,
        shares,
        fc.constantFrom(1, 50, 100),
        fc.constantFrom(1, 50, 100),
        (made, a, b, x, y) => {
          const bill = billOf(made);
          const notes: CreditNote[] = [];
          for (const [round, step] of [
            [a, x],
            [b, y],
            [[1000], x],
          ] as const) {
            const wanted = part(bill, soFarOf(notes), round);
            if (wanted.length > 0) notes.push(note(bill, soFarOf(notes), wanted, paise(step)));
          }
          for (const n of notes) expect(n.payablePaise).toBeGreaterThanOrEqual(0);
          expect(addPaise(...notes.map((n) => n.payablePaise))).toBe(bill.payablePaise);
        },
      ),
      { numRuns: propertyRuns() },
    );
  });

  const sample = fc.sample(
    sale.filter((s) => s.cart.lines.some((l) => l.kind === 'item' && l.unit === 'pc' && l.qtyMilli >= 3000)),
    { numRuns: 1, seed: 11 },
  )[0] as Sale;
  const bill = billOf(sample);
  const line = bill.lines.find((l) => l.unit === 'pc' && l.qtyMilli >= 3000) as BillLine;
  const refusal = (qtyMilli: number, soFar: ReturnedSoFar = nothingReturned, billLineNo = line.lineNo) => {
    const made = makeCreditNoteForBill(
      bill,
      soFar,
      [{ billLineNo, qtyMilli: milli(qtyMilli), isRestocked: true }],
      details(paise(100)),
      facts,
    );
    return made.ok ? null : made.error;
  };

  it('refuses nothing, zero, half a piece, a line that is not there, and more than is left', () => {
    expect(makeCreditNoteForBill(bill, nothingReturned, [], details(paise(100)), facts)).toEqual({
      ok: false,
      error: { type: 'CartEmpty' },
    });
    expect(refusal(0)).toEqual({ type: 'QtyNotPositive' });
    expect(refusal(-1000)).toEqual({ type: 'QtyNotPositive' });
    expect(refusal(500)).toEqual({ type: 'QtyNotWhole' });
    expect(refusal(1000, nothingReturned, 999)).toEqual({ type: 'NotFound', what: 'line' });
    const soFar = { ...nothingReturned, qtyByLine: new Map([[line.lineNo, milli(line.qtyMilli - 1000)]]) };
    expect(refusal(1000, soFar)).toBeNull();
    expect(refusal(2000, soFar)).toEqual({
      type: 'ReturnedAlready',
      soldQtyMilli: line.qtyMilli,
      returnedQtyMilli: line.qtyMilli - 1000,
      lastReturnedOn: null,
    });
  });

  it('counts the same line asked for twice in one note', () => {
    const twice = [1, 2].map(() => ({ billLineNo: line.lineNo, qtyMilli: line.qtyMilli, isRestocked: true }));
    expect(makeCreditNoteForBill(bill, nothingReturned, twice, details(paise(100)), facts)).toMatchObject({
      ok: false,
      error: { type: 'ReturnedAlready' },
    });
  });
});

describe('a return without a bill', () => {
  it('is priced like a cart, line by line to the shelf or to the waste', () => {
    fc.assert(
      fc.property(sale, (made) => {
        const flags = made.cart.lines.map((_, i) => i % 2 === 0);
        const result = makeCreditNoteWithoutBill(made.cart, made.priced, flags, details(paise(100)), made.facts);
        if (!result.ok) throw new Error(JSON.stringify(result.error));
        const n = result.value;
        expect(n.payablePaise).toBe(made.priced.payablePaise);
        expect(n.lines.map((l) => l.isRestocked)).toEqual(flags);
        expect(taxTotal(n.split)).toBe(taxTotal(made.priced.split));
        expect([n.billId, n.billNumber, n.billDate]).toEqual([null, null, null]);
      }),
      { numRuns: 200 },
    );
  });
});
