/**
 * Parts of a receipt that a bill and a credit note share: head of the shop, whom it is for, lines, the tax
 * table. Rule kept: every figure is the document's own or a sum of its lines' own figures (summariseHsn),
 * never a tax computed again. Fields as CGST Rules 46, 49 and 53 ask.
 */
import type { BillLine, CommittedDocument } from '../documents.ts';
import { summariseHsn } from '../gst/hsn-summary.ts';
import { findState } from '../gst/place.ts';
import { addSplits, type TaxSplit, type Treatment } from '../gst/tax.ts';
import { addPaise, type BasisPoints, formatPaise, negatePaise, type Paise, subtractPaise } from '../money.ts';
import { formatQty } from '../quantity.ts';
import { type MeasureText, plainStyle, type ReceiptBlock, type ReceiptPicture } from './receipt-layout.ts';
import {
  bigStyle,
  boldStyle,
  charsOf,
  type Column,
  columnsRow,
  doubleRuleBlock,
  indentedRows,
  pairRows,
  type Paper,
  ruleBlock,
  tallStyle,
  textRows,
} from './receipt-rows.ts';
import { type ReceiptLanguage, type ReceiptWord, type ReceiptWords, unitWord } from './receipt-words.ts';

export type ReceiptShop = {
  readonly name: string;
  readonly address: string;
  readonly phone: string | null;
  readonly fssai: string | null;
  /** VPA for the QR of a UPI tender that waits; null prints none. */
  readonly upiAddress: string | null;
  readonly footer: string | null;
  /** Above the name; left out or null: none. */
  readonly logo?: ReceiptPicture | null | undefined;
};

export type ReceiptOptions = {
  readonly widthMm: 58 | 80;
  /** Of the printer's head, where it is not the width's usual one. */
  readonly widthDots?: number | undefined;
  readonly language: ReceiptLanguage;
  readonly shop: ReceiptShop;
  /** A reprint: marked DUPLICATE, and the drawer stays shut. */
  readonly isDuplicate: boolean;
  readonly measure: MeasureText;
};

/** What every part needs at hand. */
export type Desk = { readonly paper: Paper; readonly language: ReceiptLanguage; readonly word: ReceiptWords };

/** The logo, the name double size, then address, phone, GSTIN, FSSAI, centred. */
export function shopHead({ paper, word }: Desk, shop: ReceiptShop, gstin: string | null): ReceiptBlock[] {
  const nameStyle = charsOf(paper, shop.name, bigStyle) <= paper.widthChars * 2 ? bigStyle : tallStyle;
  return [
    ...(shop.logo ? [{ kind: 'picture', picture: shop.logo } as const] : []),
    ...textRows(paper, shop.name, 'center', nameStyle),
    ...textRows(paper, shop.address, 'center'),
    ...(shop.phone ? textRows(paper, `${word('phone')} ${shop.phone}`, 'center') : []),
    ...(gstin ? textRows(paper, `${word('gstin')} ${gstin}`, 'center', boldStyle) : []),
    ...(shop.fssai ? textRows(paper, `${word('fssai')} ${shop.fssai}`, 'center') : []),
    doubleRuleBlock,
  ];
}

/** Two texts at the two edges where they fit in one row, else below each other. */
export function edgeRows(paper: Paper, left: string, right: string): ReceiptBlock[] {
  return charsOf(paper, left) + 1 + charsOf(paper, right) <= paper.widthChars
    ? pairRows(paper, left, right)
    : [...textRows(paper, left), ...textRows(paper, right)];
}

/**
 * Recipient as Rule 46(d)–(f) asks, and the place of supply with its State: for a registered buyer, for one whose
 * address had to be taken (from ₹50,000), and always when it is another State (Rule 46(m)).
 */
export function customerRows({ paper, word }: Desk, document: CommittedDocument): ReceiptBlock[] {
  const { customer, placeOfSupply, supply } = document;
  const blocks: ReceiptBlock[] = [];
  const who = [customer?.name, customer?.mobile].filter(Boolean).join(', ');
  if (who !== '') blocks.push(...textRows(paper, `${word('customer')}: ${who}`));
  if (customer?.gstin) blocks.push(...textRows(paper, `${word('gstin')}: ${customer.gstin}`));
  if (customer?.address) blocks.push(...textRows(paper, customer.address));
  if (supply === 'interState' || customer?.gstin || customer?.address) {
    const state = findState(placeOfSupply)?.name ?? '';
    blocks.push(...textRows(paper, `${word('placeOfSupply')}: ${placeOfSupply} ${state}`));
  }
  if (customer?.gstin) blocks.push(...textRows(paper, word('reverseCharge')));
  return blocks;
}

const right = (chars: number): Column => ({ chars, align: 'right' });
/** The first takes what is left: 11 of 48 characters and 10 of 32. */
const lineColumns = (paper: Paper): readonly Column[] => {
  const rest = paper.widthMm === 58 ? [10, 12] : paper.widthChars < 48 ? [8, 8, 7, 9] : [10, 9, 8, 10];
  return [paper.widthChars - rest.reduce((sum, chars) => sum + chars, 0), ...rest].map(right);
};

const nameOn = (line: BillLine, language: ReceiptLanguage): string =>
  language === 'hi' && line.nameHi ? line.nameHi : line.name;

const qtyOn = (line: BillLine, language: ReceiptLanguage): string =>
  `${formatQty(line.qtyMilli, line.unit)} ${line.packName ?? unitWord(line.unit, language)}`.trimEnd();

/** Off the line itself; a bill's discount stands among the totals, so that the amounts above add up. */
export const amountOn = (line: BillLine): Paise => subtractPaise(line.grossPaise, line.lineDiscountPaise);

/** Column heads and, for each line, its name over its figures. */
export function lineRows(desk: Desk, lines: readonly BillLine[]): ReceiptBlock[] {
  const { paper, word, language } = desk;
  const heads: ReceiptWord[] =
    paper.widthMm === 80 ? ['qty', 'rate', 'mrp', 'off', 'amount'] : ['qty', 'rate', 'amount'];
  const head = columnsRow(paper, lineColumns(paper), heads.map(word), boldStyle);
  return [
    ruleBlock,
    ...(head ? [head] : []),
    ruleBlock,
    ...lines.flatMap((line) => [...textRows(paper, nameOn(line, language)), ...figureRows(desk, line)]),
    ruleBlock,
  ];
}

function figureRows({ paper, word, language }: Desk, line: BillLine): ReceiptBlock[] {
  const qty = qtyOn(line, language);
  const rate = formatPaise(line.sellingPricePaise);
  const mrp = line.mrpPaise === null ? '' : formatPaise(line.mrpPaise);
  const off = line.lineDiscountPaise === 0 ? '' : formatPaise(negatePaise(line.lineDiscountPaise));
  const amount = formatPaise(amountOn(line));
  if (paper.widthMm === 80) {
    const row = columnsRow(paper, lineColumns(paper), [qty, rate, mrp, off, amount]);
    if (row) return [row];
  }
  const isMrpTold = mrp !== '' && line.mrpPaise !== line.sellingPricePaise;
  const extra = [isMrpTold ? `${word('mrp')} ${mrp}` : '', off === '' ? '' : `${word('off')} ${off}`].filter(Boolean);
  const row = paper.widthMm === 58 ? columnsRow(paper, lineColumns(paper), [qty, rate, amount]) : null;
  return [
    ...(row ? [row] : pairRows(paper, `${qty} x ${rate}`, amount)),
    ...(extra.length === 0 ? [] : indentedRows(paper, extra.join(', '))),
  ];
}

const rateText = (rateBp: BasisPoints, treatment: Treatment, word: ReceiptWords): string =>
  treatment === 'taxable' ? `${rateBp / 100}%` : word(treatment);

/** The heads that a supply bears, CGST beside SGST or UTGST, or IGST alone. */
const headsOf = (
  document: CommittedDocument,
): readonly (readonly [ReceiptWord & keyof typeof headKey, keyof TaxSplit])[] => {
  if (document.supply === 'interState') return [['igst', 'igstPaise']];
  return [['cgst', 'cgstPaise'], document.supply === 'intraUt' ? ['utgst', 'utgstPaise'] : ['sgst', 'sgstPaise']];
};
const headKey = { cgst: 0, sgst: 0, utgst: 0, igst: 0 } as const;

/**
 * The tax table by HSN and rate (Rule 46(g), (l), (m)): taxable value, each head, cess in a row of its own.
 * At 58 mm an unregistered buyer's has rates only: HSN may be left off there (Notification 78/2020), and
 * the paper would double. A bill of supply shows HSN and value only (Rule 49). Nothing to tell: no table.
 */
export function taxTable(desk: Desk, document: CommittedDocument): ReceiptBlock[] {
  const { paper, word } = desk;
  const isTaxed = document.type === 'creditNote' ? hasTax(document.split) : document.title !== 'billOfSupply';
  const hasHsn = !isTaxed || paper.widthMm === 80 || Boolean(document.customer?.gstin);
  const rows = summariseHsn(
    document.lines.map((line) => ({
      hsn: hasHsn ? (line.hsn ?? '') : '',
      uqc: '',
      qtyMilli: line.qtyMilli,
      rateBp: isTaxed ? line.rate.rateBp : (0 as BasisPoints),
      treatment: isTaxed ? line.rate.treatment : 'exempt',
      split: line.split,
    })),
  );
  if (!isTaxed && rows.every((row) => row.hsn === '')) return [];
  const heads = isTaxed ? headsOf(document) : [];
  const names = [word(isTaxed ? 'taxable' : 'value'), ...heads.map(([name]) => word(name))];
  const line = (labels: readonly string[], amounts: readonly string[], isBold = false): ReceiptBlock[] => {
    const style = isBold ? boldStyle : plainStyle;
    const columns = tableColumns(paper, labels.length, amounts.length, isTaxed);
    const row = columnsRow(paper, columns, [...labels, ...amounts], style);
    if (row) return [row];
    const below = columnsRow(paper, amountColumns(paper, amounts.length), amounts, style);
    const named = amounts.flatMap((amount, i) => pairRows(paper, names[i] ?? '', amount, style));
    return [...textRows(paper, labels.join(' '), 'left', style), ...(below ? [below] : named)];
  };
  const figures = (split: TaxSplit): string[] => [
    formatPaise(split.taxableValuePaise),
    ...heads.map(([, key]) => formatPaise(split[key])),
  ];
  const cess = (split: TaxSplit): ReceiptBlock[] =>
    split.cessPaise === 0 ? [] : pairRows(paper, word('cess'), formatPaise(split.cessPaise));
  const labels = (hsn: string, rate: string): string[] => [...(hasHsn ? [hsn] : []), ...(isTaxed ? [rate] : [])];
  const sum = addSplits(...rows.map((row) => row.split));
  return [
    ...line(labels(word('hsn'), word('rateColumn')), names, true),
    ...rows.flatMap((row) => [
      ...line(labels(row.hsn, rateText(row.rateBp, row.treatment, word)), figures(row.split)),
      ...cess(row.split),
    ]),
    ...(rows.length > 1
      ? [...line(hasHsn ? labels(word('taxTotal'), '') : [word('taxTotal')], figures(sum), true), ...cess(sum)]
      : []),
    ruleBlock,
  ];
}

export const hasTax = (split: TaxSplit): boolean =>
  addPaise(split.cgstPaise, split.sgstPaise, split.utgstPaise, split.igstPaise, split.cessPaise) !== 0;

/**
 * 80 mm: HSN 9 (8 on a head of 42 characters), rate 6, and the amounts. 58 mm: a rate or one head beside the HSN; HSN, rate and two heads need
 * a second row, so that column is made too narrow on purpose: every row then stacks and stays in line.
 */
function tableColumns(paper: Paper, labels: number, amounts: number, isTaxed: boolean): readonly Column[] {
  if (!isTaxed) return [{ chars: 12, align: 'left' }, right(paper.widthChars - 12)];
  const isNarrow = paper.widthChars < 48;
  const first = paper.widthMm === 80 ? [isNarrow ? 8 : 9, 6] : labels === 1 ? [6] : [8, 5];
  const rest = paper.widthChars - first.reduce((sum, chars) => sum + chars, 0);
  const isStacked = paper.widthMm === 58 && labels === 2 && amounts > 2;
  const head = isStacked
    ? 1
    : amounts === 2
      ? Math.floor(rest / 2)
      : paper.widthMm === 80 && !isNarrow
        ? 10
        : paper.widthMm === 80
          ? 9
          : 8;
  return [
    ...first.map((chars, i): Column => (i === 0 ? { chars, align: 'left' } : right(chars))),
    right(rest - head * (amounts - 1)),
    ...Array.from({ length: amounts - 1 }, () => right(head)),
  ];
}

const amountColumns = (paper: Paper, amounts: number): readonly Column[] =>
  Array.from({ length: amounts }, (_, i) => {
    const share = Math.floor(paper.widthChars / amounts);
    return right(i === 0 ? paper.widthChars - share * (amounts - 1) : share);
  });
