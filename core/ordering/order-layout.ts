/**
 * The order list on the receipt printer: what to buy, by supplier, to be taken along or sent. Rule kept: quantities are
 * handed in and only set; no price stands on it, for a supplier may read it.
 */
import { feed, boldStyle, doubleRuleBlock, pairRows, ruleBlock, textRows } from '../billing/receipt-rows.ts';
import type { ReceiptBlock, ReceiptLayout } from '../billing/receipt-layout.ts';
import { type ReceiptOptions, shopHead } from '../billing/receipt-parts.ts';
import { deskOf, printedDate, sheetOf } from '../billing/receipt.ts';
import { unitWord } from '../billing/receipt-words.ts';
import { formatQty, isUnit, type Milli, milli, multiplyQty } from '../quantity.ts';
import { type BusinessDate, formatDateTime, type Instant } from '../time.ts';

/** What the paper needs of a line. */
export type OrderedLine = {
  readonly name: string;
  readonly nameHi: string | null;
  readonly unit: string;
  readonly supplier: string | null;
  readonly packMilli: Milli;
  readonly packs: number;
};

/** Lines in the order in which they are to stand; a supplier's are together. */
export function layoutOrder(
  lines: readonly OrderedLine[],
  options: ReceiptOptions & { readonly date: BusinessDate; readonly printedAtMs: Instant },
): ReceiptLayout {
  const desk = deskOf(options);
  const { paper, word, language } = desk;
  let supplier: string | null = null;
  const blocks: ReceiptBlock[] = [
    ...shopHead(desk, options.shop, null),
    ...textRows(paper, word('orderList'), 'center', boldStyle),
    ...pairRows(paper, word('businessDate'), printedDate(options.date)),
    ...pairRows(paper, word('printedAt'), formatDateTime(options.printedAtMs)),
    ruleBlock,
  ];
  for (const line of lines) {
    const unit = isUnit(line.unit) ? line.unit : 'pc';
    if (line.supplier !== null && line.supplier !== supplier)
      blocks.push(...textRows(paper, line.supplier, 'left', boldStyle));
    supplier = line.supplier;
    const total = `${formatQty(multiplyQty(milli(line.packs * 1000), line.packMilli), unit)} ${unitWord(unit, language)}`;
    const packs = line.packMilli === 1000 ? total : `${line.packs} × ${formatQty(line.packMilli, unit)} = ${total}`;
    blocks.push(...pairRows(paper, language === 'hi' && line.nameHi !== null ? line.nameHi : line.name, packs));
  }
  blocks.push(ruleBlock, ...pairRows(paper, word('items'), String(lines.length)), feed(1), doubleRuleBlock);
  return sheetOf(desk, blocks, false);
}
