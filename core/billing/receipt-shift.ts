/**
 * The shift's paper (X while open, Z when closed) and the printer's test page, as layouts. Rule kept: figures
 * are handed in and only set; the difference on a Z is told even when it is nil, for a blank could be a
 * forgotten count. It declares the shape it needs of a report and reads no database.
 */
import type { TaxSplit } from '../gst/tax.ts';
import { formatPaise, negatePaise, type Paise, subtractPaise } from '../money.ts';
import { type BusinessDate, formatDateTime, type Instant } from '../time.ts';
import type { TenderKind } from './cart.ts';
import type { ReceiptBlock, ReceiptLayout } from './receipt-layout.ts';
import { type ReceiptOptions, shopHead } from './receipt-parts.ts';
import { deskOf, payableRows, printedDate, sheetOf } from './receipt.ts';
import { boldStyle, doubleRuleBlock, feed, pairRows, ruleBlock, tallStyle, textRows } from './receipt-rows.ts';
import { type ReceiptWord, tenderWord } from './receipt-words.ts';

/** What the paper needs of a shift's report. */
export type ShiftFigures = {
  readonly shift: {
    readonly cashierName: string;
    readonly openedAtMs: Instant;
    readonly businessDate: BusinessDate;
    readonly floatPaise: Paise;
  };
  readonly closedAtMs: Instant | null;
  readonly bills: number;
  readonly creditNotes: number;
  readonly salesPaise: Paise;
  readonly refundsPaise: Paise;
  readonly discountPaise: Paise;
  readonly split: TaxSplit;
  readonly roundOffPaise: Paise;
  readonly byTender: readonly {
    readonly kind: TenderKind;
    readonly salesPaise: Paise;
    readonly refundsPaise: Paise;
    readonly waitingPaise: Paise;
  }[];
  readonly expectedCashPaise: Paise;
  readonly countedCashPaise: Paise | null;
  readonly differencePaise: Paise | null;
  readonly firstNumber: string | null;
  readonly lastNumber: string | null;
};

/** X report while the shift is open, Z report once it is closed; printed at `printedAtMs`. */
export function layoutShiftReport(
  report: ShiftFigures,
  options: ReceiptOptions & { readonly gstin: string | null; readonly printedAtMs: Instant },
): ReceiptLayout {
  const desk = deskOf(options);
  const { paper, word, language } = desk;
  const pair = (key: ReceiptWord, text: string, isBold = false): ReceiptBlock[] =>
    pairRows(paper, word(key), text, isBold ? boldStyle : undefined);
  const money = (key: ReceiptWord, amount: Paise): ReceiptBlock[] => pair(key, formatPaise(amount));
  const { shift, split } = report;
  const numbers = report.firstNumber === null ? [] : [report.firstNumber, report.lastNumber ?? report.firstNumber];
  const blocks: ReceiptBlock[] = [
    ...shopHead(desk, options.shop, options.gstin),
    ...textRows(paper, word(report.closedAtMs === null ? 'xReport' : 'zReport'), 'center', tallStyle),
    ...(options.isDuplicate ? textRows(paper, word('duplicate'), 'center', tallStyle) : []),
    ...pair('businessDate', printedDate(shift.businessDate)),
    ...pair('cashier', shift.cashierName),
    ...pair('opened', formatDateTime(shift.openedAtMs)),
    ...(report.closedAtMs === null ? [] : pair('closed', formatDateTime(report.closedAtMs))),
    ...pair('printedAt', formatDateTime(options.printedAtMs)),
    ruleBlock,
    ...pair('bills', String(report.bills)),
    ...(numbers.length === 0 ? [] : textRows(paper, `${word('numbers')} ${numbers.join(' - ')}`)),
    ...pair('creditNotes', String(report.creditNotes)),
    ...money('sales', report.salesPaise),
    ...money('refunds', negatePaise(report.refundsPaise)),
    ...pair('net', formatPaise(subtractPaise(report.salesPaise, report.refundsPaise)), true),
    ...money('discounts', report.discountPaise),
    ...money('roundOff', report.roundOffPaise),
    ruleBlock,
    ...money('taxable', split.taxableValuePaise),
    ...taxRows(split).flatMap(([key, amount]) => money(key, amount)),
    ruleBlock,
    ...report.byTender.flatMap((tender) => [
      ...pairRows(
        paper,
        tenderWord(tender.kind, language),
        formatPaise(subtractPaise(tender.salesPaise, tender.refundsPaise)),
      ),
      ...(tender.waitingPaise === 0 ? [] : money('waitingUpi', tender.waitingPaise)),
    ]),
    ruleBlock,
    ...money('float', shift.floatPaise),
    ...money('expectedCash', report.expectedCashPaise),
    ...(report.countedCashPaise === null ? [] : money('countedCash', report.countedCashPaise)),
    ...(report.differencePaise === null
      ? []
      : [doubleRuleBlock, ...payableRows(desk, word('difference'), report.differencePaise)]),
    doubleRuleBlock,
  ];
  return sheetOf(desk, blocks, false);
}

/** Heads that bear anything; a shift without tax still shows CGST 0.00, so that none looks forgotten. */
function taxRows(split: TaxSplit): (readonly [ReceiptWord, Paise])[] {
  const heads = [
    ['cgst', split.cgstPaise],
    ['sgst', split.sgstPaise],
    ['utgst', split.utgstPaise],
    ['igst', split.igstPaise],
    ['cess', split.cessPaise],
  ] as const;
  const borne = heads.filter(([, amount]) => amount !== 0);
  return borne.length > 0 ? borne : [['cgst', split.cgstPaise]];
}

/** Words that prove each script: conjuncts, matras on all four sides, and the rupee sign. */
const scriptProofs = [
  'क्षत्रिय ज्ञान श्री चीनी हिंदी',
  'தமிழ் கொத்தமல்லி',
  'বাংলা ক্ষুদ্র চাউল',
  'ਪੰਜਾਬੀ ਗੁੜ',
  'ગુજરાતી ક્ષીર',
  'ଓଡ଼ିଆ କ୍ଷୀର',
  'తెలుగు క్షీరం',
  'ಕನ್ನಡ ಕ್ಷೀರ',
  'മലയാളം ക്ഷീരം',
  '₹1,23,456.50',
] as const;

/** Shows both edges, every style, every script, a QR, bars and the cutter; never opens the drawer. */
export function layoutTest(options: ReceiptOptions & { readonly printedAtMs: Instant }): ReceiptLayout {
  const desk = deskOf(options);
  const { paper, word } = desk;
  const edge = `|${'1234567890'.repeat(5).slice(0, paper.widthChars - 2)}|`;
  const blocks: ReceiptBlock[] = [
    ...shopHead(desk, options.shop, null),
    ...textRows(paper, word('testTitle'), 'center', tallStyle),
    ...textRows(paper, `${paper.widthMm} mm  ${formatDateTime(options.printedAtMs)}`, 'center'),
    ...textRows(paper, edge),
    ...textRows(paper, word('testEdge')),
    ruleBlock,
    ...scriptProofs.flatMap((text) => textRows(paper, text)),
    ruleBlock,
    ...payableRows(desk, word('total'), 123_456_50 as Paise),
    feed(1),
    { kind: 'qr', data: 'BillMitra', caption: 'BillMitra' },
    ...(paper.widthMm === 80 ? [{ kind: 'barcode', code: 'BILLMITRA-1' } as const] : []),
  ];
  return sheetOf(desk, blocks, false);
}
