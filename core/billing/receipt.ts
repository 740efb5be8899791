/**
 * Receipt of a bill and of a credit note as a layout: what the paper says, row by row. Rule kept: amounts on
 * the paper add up from top to bottom (lines, discount, tax added, round-off, total, tenders, change), and
 * each is the document's own. It knows no byte and no font; hardware/ prints it, the screen draws the same.
 */
import type { Bill, BillLine, CommittedDocument, CreditNote, Tender } from '../documents.ts';
import { addPaise, amountOf, formatPaise, negatePaise, type Paise, paise, subtractPaise } from '../money.ts';
import { type BusinessDate, formatDateTime } from '../time.ts';
import type { ReceiptBlock, ReceiptLayout } from './receipt-layout.ts';
import {
  amountOn,
  customerRows,
  type Desk,
  edgeRows,
  hasTax,
  lineRows,
  type ReceiptOptions,
  shopHead,
  taxTable,
} from './receipt-parts.ts';
import {
  bigStyle,
  boldStyle,
  charsOf,
  doubleRuleBlock,
  feed,
  pairRows,
  paperOf,
  ruleBlock,
  tallStyle,
  textRows,
} from './receipt-rows.ts';
import { compositionWords, reasonWord, receiptWords, type ReceiptWord, tenderWord } from './receipt-words.ts';
import { upiLink, upiReference } from './upi.ts';

export const deskOf = (options: ReceiptOptions): Desk => ({
  paper: paperOf(options.widthMm, options.measure, options.widthDots),
  language: options.language,
  word: receiptWords(options.language),
});

export const sheetOf = (desk: Desk, blocks: readonly ReceiptBlock[], opensDrawer: boolean): ReceiptLayout => ({
  widthMm: desk.paper.widthMm,
  widthDots: desk.paper.widthDots,
  widthChars: desk.paper.widthChars,
  blocks: [...blocks, { kind: 'cut' }],
  opensDrawer,
});

/** "2026-11-20" → "20-11-2026" */
export const printedDate = (date: BusinessDate): string => date.split('-').toReversed().join('-');

/**
 * The receipt of a committed bill (CGST Rule 46, 46A or 49). Opens the drawer when cash changed hands,
 * never on a reprint. A waiting UPI tender prints the QR it was shown with.
 */
export function layoutBill(bill: Bill, options: ReceiptOptions): ReceiptLayout {
  const desk = deskOf(options);
  const { paper, word } = desk;
  const blocks: ReceiptBlock[] = [
    ...shopHead(desk, options.shop, bill.seller.gstin),
    ...textRows(paper, word(bill.title), 'center', boldStyle),
    ...(bill.seller.isComposition ? textRows(paper, compositionWords, 'center') : []),
    ...duplicateMark(desk, options),
    ...edgeRows(paper, `${word('bill')} ${bill.number}`, formatDateTime(bill.occurredAtMs)),
    ...textRows(paper, `${word('cashier')} ${bill.cashierName}`),
    ...customerRows(desk, bill),
    ...lineRows(desk, bill.lines),
    ...totalRows(desk, bill, 'total'),
    ...savedRows(desk, bill),
    ...bill.tenders.flatMap((tender) => tenderRows(desk, tender)),
    ...(bill.changePaise === 0 ? [] : pairRows(paper, word('change'), formatPaise(bill.changePaise), boldStyle)),
    ruleBlock,
    ...taxTable(desk, bill),
    ...upiQr(desk, bill, options),
    ...foot(desk, bill, options),
  ];
  const isCash = bill.tenders.some((t) => t.kind === 'cash' && t.receivedPaise > 0);
  return sheetOf(desk, blocks, isCash && !options.isDuplicate);
}

/** The paper of a return (CGST Rule 53: number, date, the bill it stands against, values and tax). */
export function layoutCreditNote(note: CreditNote, options: ReceiptOptions): ReceiptLayout {
  const desk = deskOf(options);
  const { paper, word, language } = desk;
  const against =
    note.billNumber === null
      ? word('withoutBill')
      : `${word('againstBill')} ${note.billNumber}${note.billDate === null ? '' : `, ${printedDate(note.billDate)}`}`;
  const blocks: ReceiptBlock[] = [
    ...shopHead(desk, options.shop, note.seller.gstin),
    ...textRows(paper, word('creditNote'), 'center', boldStyle),
    ...(note.seller.isComposition ? textRows(paper, compositionWords, 'center') : []),
    ...duplicateMark(desk, options),
    ...edgeRows(paper, `${word('note')} ${note.number}`, formatDateTime(note.occurredAtMs)),
    ...textRows(paper, against),
    ...edgeRows(
      paper,
      `${word('reason')} ${reasonWord(note.reason, language)}`,
      `${word('cashier')} ${note.cashierName}`,
    ),
    ...customerRows(desk, note),
    ...lineRows(desk, note.lines),
    ...totalRows(desk, note, 'refund'),
    ...note.refunds.flatMap((tender) => tenderRows(desk, tender)),
    ruleBlock,
    ...taxTable(desk, note),
    ...foot(desk, note, options),
  ];
  const isCash = note.refunds.some((t) => t.kind === 'cash' && t.amountPaise > 0);
  return sheetOf(desk, blocks, isCash && !options.isDuplicate);
}

const duplicateMark = ({ paper, word }: Desk, options: ReceiptOptions): ReceiptBlock[] =>
  options.isDuplicate ? textRows(paper, word('duplicate'), 'center', tallStyle) : [];

/** Items total, discount on the bill, tax on top, round-off and, largest on the paper, what is to pay. */
function totalRows(desk: Desk, document: CommittedDocument, name: ReceiptWord): ReceiptBlock[] {
  const { paper, word } = desk;
  const lines: readonly BillLine[] = document.lines;
  const itemsPaise = addPaise(...lines.map(amountOn));
  const billDiscount = addPaise(...lines.map((line) => line.billDiscountPaise));
  const added = addPaise(...lines.map((line) => subtractPaise(line.totalPaise, line.netPaise)));
  const pair = (key: ReceiptWord, amount: Paise): ReceiptBlock[] =>
    amount === 0 ? [] : pairRows(paper, word(key), formatPaise(amount));
  const isPlain = billDiscount === 0 && added === 0 && document.roundOffPaise === 0;
  return [
    ...(isPlain
      ? textRows(paper, `${word('items')} ${lines.length}`)
      : pairRows(paper, `${word('itemsTotal')} (${lines.length})`, formatPaise(itemsPaise))),
    ...pair('billDiscount', negatePaise(billDiscount)),
    ...pair('taxAdded', added),
    ...pair('roundOff', document.roundOffPaise),
    doubleRuleBlock,
    ...payableRows(desk, word(name), document.payablePaise),
    doubleRuleBlock,
  ];
}

/** The amount at double size beside its label, or below it; only double height when it is too long even so. */
export function payableRows({ paper, word }: Desk, label: string, amount: Paise): ReceiptBlock[] {
  const text = `${amount < 0 ? '−' : ''}${word('rupees')}${formatPaise(paise(Math.abs(amount)))}`;
  for (const labelStyle of [bigStyle, tallStyle]) {
    const together = charsOf(paper, label, labelStyle) + charsOf(paper, text, bigStyle) + 2;
    if (together <= paper.widthChars) return pairRows(paper, label, text, bigStyle, labelStyle);
  }
  const style = charsOf(paper, text, bigStyle) <= paper.widthChars ? bigStyle : tallStyle;
  return [...textRows(paper, label, 'left', boldStyle), ...textRows(paper, text, 'right', style)];
}

/** MRP × quantity less what was paid where an MRP is known, else the discounts: what the customer saved. */
function savedOn(bill: Bill): Paise {
  const saved = bill.lines.map((line): number => {
    const off = addPaise(line.lineDiscountPaise, line.billDiscountPaise);
    if (line.mrpPaise === null) return off;
    return Math.max(0, amountOf(line.mrpPaise, line.qtyMilli) - line.totalPaise);
  });
  return paise(saved.reduce((sum, amount) => sum + amount, 0));
}

function savedRows({ paper, word }: Desk, bill: Bill): ReceiptBlock[] {
  const saved = savedOn(bill);
  if (saved <= 0) return [];
  return [
    ...textRows(paper, `${word('saved')} ${word('rupees')}${formatPaise(saved)}`, 'center', boldStyle),
    ruleBlock,
  ];
}

function tenderRows({ paper, word, language }: Desk, tender: Tender): ReceiptBlock[] {
  const reference = tender.reference && tender.kind !== 'upi' ? ` ${tender.reference}` : '';
  const name = `${tenderWord(tender.kind, language)}${reference}`;
  const waiting = tender.status === 'waiting' ? ` (${word('waiting')})` : '';
  if (tender.receivedPaise === tender.amountPaise) {
    return pairRows(paper, `${name}${waiting}`, formatPaise(tender.amountPaise));
  }
  return pairRows(paper, `${name} ${word('received')}`, formatPaise(tender.receivedPaise));
}

function upiQr({ paper, word }: Desk, bill: Bill, options: ReceiptOptions): ReceiptBlock[] {
  const waiting = bill.tenders.find((t) => t.kind === 'upi' && t.status === 'waiting');
  if (waiting === undefined || options.shop.upiAddress === null) return [];
  const link = upiLink({
    payeeAddress: options.shop.upiAddress,
    payeeName: options.shop.name,
    amountPaise: waiting.amountPaise,
    reference: waiting.reference ?? upiReference(bill.id),
    note: bill.number,
  });
  // A shop whose UPI address is wrong gets no QR rather than one that pays a stranger.
  if (!link.ok) return [];
  const caption = `${word('payHere')} ${word('rupees')}${formatPaise(waiting.amountPaise)}`;
  return [...textRows(paper, caption, 'center', boldStyle), feed(1), { kind: 'qr', data: link.value, caption: null }];
}

/** Thanks, the shop's own footer, and the number as a code that a return scans: bars at 80 mm, QR at 58 mm. */
function foot({ paper, word }: Desk, document: CommittedDocument, options: ReceiptOptions): ReceiptBlock[] {
  const isNoted = document.type === 'bill' && hasTax(document.split) && document.lines.every((l) => l.isInclusive);
  return [
    ...(isNoted ? textRows(paper, word('inclusiveNote'), 'center') : []),
    ...textRows(paper, options.shop.footer ?? word('thanks'), 'center'),
    feed(1),
    paper.widthMm === 80
      ? { kind: 'barcode', code: document.number }
      : { kind: 'qr', data: document.number, caption: document.number },
  ];
}
