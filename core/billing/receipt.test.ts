import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { billOf, buyer, creditNoteOf, type Goods, monthly, seller, shop } from '#tests/fixtures/receipt-documents.ts';
import { propertyRuns } from '#tests/property-runs.ts';
import type { Paise } from '../money.ts';
import { instant, type BusinessDate } from '../time.ts';
import type { MeasureText, ReceiptLayout } from './receipt-layout.ts';
import type { ReceiptOptions } from './receipt-parts.ts';
import { wrapText, paperOf } from './receipt-rows.ts';
import { layoutBill, layoutCreditNote } from './receipt.ts';
import { layoutShiftReport, layoutTest } from './receipt-shift.ts';

const measure: MeasureText = (text, style) => [...text].length * 12 * style.width;
const options = (over: Partial<ReceiptOptions> = {}): ReceiptOptions => ({
  widthMm: 80,
  language: 'en',
  shop,
  isDuplicate: false,
  measure,
  ...over,
});

/** The paper as plain text: what a person would read, cells at their columns. */
export function textOf(layout: ReceiptLayout): string[] {
  return layout.blocks.map((block) => {
    if (block.kind === 'rule') return (block.double ? '=' : '-').repeat(layout.widthChars);
    if (block.kind === 'qr') return `[qr ${block.data}]`;
    if (block.kind === 'barcode') return `[bars ${block.code}]`;
    if (block.kind !== 'row') return `[${block.kind}]`;
    const cells = block.cells.map(({ text, chars, align, style }) => {
      const room = Math.max(0, Math.floor(chars / style.width) - [...text].length);
      const before = align === 'left' ? 0 : align === 'right' ? room : Math.floor(room / 2);
      return ' '.repeat(before) + text + ' '.repeat(room - before);
    });
    return cells.join('').trimEnd();
  });
}

const isInside = (layout: ReceiptLayout): boolean =>
  layout.blocks.every(
    (block) =>
      block.kind !== 'row' ||
      (block.cells.reduce((sum, cell) => sum + cell.chars, 0) <= layout.widthChars &&
        block.cells.every((cell) => measure(cell.text, cell.style) <= cell.chars * 12)),
  );

describe('a bill on paper', () => {
  const bill = billOf({ goods: monthly, billOff: 20, cash: 2000 });
  const lines = textOf(layoutBill(bill, options()));

  it('says what Rule 46 asks', () => {
    for (const part of [
      'GSTIN 08ABCPS1234F1Z5',
      'K3T1/2627/00123',
      '20-11-2026 18:41',
      'FSSAI 12219026000123',
      'INVOICE-CUM-BILL OF SUPPLY',
      'Toor dal',
      '1701',
    ]) {
      expect(
        lines.some((line) => line.includes(part)),
        part,
      ).toBe(true);
    }
  });

  it('adds up on the paper itself, from the lines to the change', () => {
    const numbersOf = (label: string): number[] =>
      lines
        .filter((line) => line.includes(label))
        .map((line) => Number((/[−\d.,]+$/.exec(line)?.[0] ?? '').replaceAll(',', '').replace('−', '-')));
    const from = lines.findIndex((line) => line.includes('Qty')) + 2;
    const to = lines.findIndex((line, i) => i > from && line.startsWith('---'));
    const amounts = lines
      .slice(from, to)
      .filter((_, i) => i % 2 === 1)
      .map((line) => Number((/[\d.,]+$/.exec(line)?.[0] ?? '').replaceAll(',', '')));
    expect(amounts).toHaveLength(12);
    const items = numbersOf('Items total')[0] ?? 0;
    expect(amounts.reduce((sum, n) => sum + n, 0)).toBeCloseTo(items, 2);
    const total = numbersOf('TOTAL')[0] ?? 0;
    const parts = ['Discount on bill', 'GST added', 'Round off'].map((label) => numbersOf(label)[0] ?? 0);
    expect(items + parts.reduce((sum, n) => sum + n, 0)).toBeCloseTo(total, 2);
    expect((numbersOf('received')[0] ?? 0) - (numbersOf('Change')[0] ?? 0)).toBeCloseTo(total, 2);
    expect(Math.round(total * 100)).toBe(bill.payablePaise);
  });

  it('opens the drawer for cash, not for UPI, never again on a reprint', () => {
    expect(layoutBill(bill, options()).opensDrawer).toBe(true);
    expect(layoutBill(bill, options({ isDuplicate: true })).opensDrawer).toBe(false);
    expect(layoutBill(billOf({ goods: monthly, upi: 'received' }), options()).opensDrawer).toBe(false);
  });

  it('is marked DUPLICATE only when it is one', () => {
    expect(lines.join('\n')).not.toContain('DUPLICATE');
    expect(textOf(layoutBill(bill, options({ isDuplicate: true }))).join('\n')).toContain('** DUPLICATE **');
  });

  it('prints the QR of a UPI tender that waits, with its amount, and none once the money came', () => {
    const waiting = billOf({ goods: monthly, upi: 'waiting' });
    const qr = textOf(layoutBill(waiting, options())).filter((line) =>
      line.startsWith('[qr upi://pay?pa=sharmakirana@upi'),
    );
    expect(qr).toHaveLength(1);
    expect(qr[0]).toContain(`am=${waiting.payablePaise / 100}`);
    const came = textOf(layoutBill(billOf({ goods: monthly, upi: 'received' }), options()));
    expect(came.some((line) => line.includes('upi://'))).toBe(false);
  });

  it('names the other State, IGST and reverse charge for a registered buyer from elsewhere', () => {
    const text = textOf(layoutBill(billOf({ goods: monthly, customer: buyer }), options())).join('\n');
    expect(text).toContain('Place of supply: 27 Maharashtra');
    expect(text).toContain('Reverse charge: No');
    expect(text).toContain('27AAACD1234E1Z8');
    expect(text).toContain('IGST');
    expect(text).not.toContain('CGST');
  });

  it('shows no tax under composition, and the words of the law', () => {
    const text = textOf(
      layoutBill(billOf({ goods: monthly, seller: { ...seller, isComposition: true } }), options()),
    ).join(' ');
    expect(text.replaceAll(/\s+/g, ' ').toLowerCase()).toContain(
      'composition taxable person, not eligible to collect tax on supplies',
    );
    expect(text).toContain('BILL OF SUPPLY');
    expect(text).not.toMatch(/[CSI]GST/);
  });

  it('calls UTGST by its name in a territory without a legislature', () => {
    const chandigarh = { ...seller, stateCode: '04' };
    const text = textOf(layoutBill(billOf({ goods: monthly, seller: chandigarh }), options())).join('\n');
    expect(text).toContain('UTGST');
    expect(text).not.toContain('SGST ');
  });

  it('takes the Hindi name and labels when the language is Hindi', () => {
    const text = textOf(layoutBill(bill, options({ language: 'hi' }))).join('\n');
    expect(text).toContain('तूर दाल');
    expect(text).toContain('₹');
    expect(text).not.toContain('Toor dal');
  });
});

describe('a credit note on paper', () => {
  const bill = billOf({ goods: monthly });
  it('names the bill it stands against and what goes back', () => {
    const note = creditNoteOf(bill, [
      [2, 1.35],
      [6, 2],
    ]);
    const layout = layoutCreditNote(note, options());
    const text = textOf(layout).join('\n');
    expect(text).toContain('CREDIT NOTE');
    expect(text).toContain('Against bill K3T1/2627/00123, 20-11-2026');
    expect(text).toMatch(/REFUND\s+Rs 109\.00/);
    expect(layout.opensDrawer).toBe(true);
  });
});

describe('other papers', () => {
  it('a closed shift tells its difference', () => {
    const split = billOf({ goods: monthly }).split;
    const report = {
      shift: {
        cashierName: 'Ramesh',
        openedAtMs: instant(0),
        businessDate: '2026-11-20' as BusinessDate,
        floatPaise: 200000 as Paise,
      },
      closedAtMs: instant(1),
      bills: 412,
      creditNotes: 3,
      salesPaise: 9_00_000_00 as Paise,
      refundsPaise: 1_000_00 as Paise,
      discountPaise: 0 as Paise,
      split,
      roundOffPaise: 12 as Paise,
      byTender: [
        { kind: 'cash', salesPaise: 100 as Paise, refundsPaise: 0 as Paise, waitingPaise: 0 as Paise },
      ] as const,
      expectedCashPaise: 2_500_00 as Paise,
      countedCashPaise: 2_450_00 as Paise,
      differencePaise: -50_00 as Paise,
      firstNumber: 'K3T1/2627/00001',
      lastNumber: 'K3T1/2627/00412',
    };
    const lines = textOf(layoutShiftReport(report, { ...options(), gstin: seller.gstin, printedAtMs: instant(2) }));
    expect(lines.join('\n')).toContain('SHIFT CLOSED (Z)');
    expect(lines.find((line) => line.startsWith('Difference'))).toMatch(/−Rs 50\.00$/);
  });

  it('the test page runs from edge to edge and leaves the drawer shut', () => {
    for (const widthMm of [58, 80] as const) {
      const layout = layoutTest({ ...options({ widthMm }), printedAtMs: instant(0) });
      expect(layout.opensDrawer).toBe(false);
      expect(textOf(layout).some((line) => line.startsWith('|') && line.length === layout.widthChars)).toBe(true);
    }
  });
});

describe('nothing leaves the paper', () => {
  it('wraps between words, breaks a long word, loses no letter', () => {
    const paper = paperOf(58, measure);
    expect(wrapText(paper, 'a b', 1)).toEqual(['a', 'b']);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.integer({ min: 4, max: 48 }), (text, chars) => {
        const lines = wrapText(paper, text, chars);
        const bare = (s: string): string => s.replaceAll(/[\s\p{Cc}\u200B\u2028\u2029\uFEFF]+/gu, '');
        expect(bare(lines.join(''))).toBe(bare(text.toWellFormed()));
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('whatever the names, quantities and prices', () => {
    const goods = fc.record({
      name: fc.string({ minLength: 1, maxLength: 120 }),
      qty: fc.integer({ min: 1, max: 1_000_000_000 }).map((n) => n / 1000),
      price: fc.integer({ min: 0, max: 10_000_000 }).map((n) => n / 100),
      mrp: fc.integer({ min: 10_000_000, max: 99_999_999 }).map((n) => n / 100),
      unit: fc.constantFrom('pc', 'kg', 'box'),
      rate: fc.constantFrom(5, 18, 40),
      isInclusive: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(goods, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(58, 80),
        fc.constantFrom('en', 'hi'),
        (list, widthMm, language) => {
          const customer = { ...buyer, placeOfSupply: '08' };
          const bill = billOf({ goods: list as readonly Goods[], customer });
          expect(isInside(layoutBill(bill, options({ widthMm, language })))).toBe(true);
        },
      ),
      { numRuns: propertyRuns() / 4 },
    );
  });
});
