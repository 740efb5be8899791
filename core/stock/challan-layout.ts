/**
 * The delivery challan on the receipt printer: CGST Rule 55(1) (date and number, both places with address and GSTIN, HSN,
 * description, quantity, value), marked as Rule 55(2) asks, one copy each for consignee, transporter and consigner. Rule
 * kept: every figure is the document's own; no tax stands on it, as goods that stay one person's are no supply.
 */
import { doubleRuleBlock, feed, pairRows, ruleBlock, boldStyle, tallStyle, textRows } from '../billing/receipt-rows.ts';
import type { ReceiptBlock, ReceiptLayout } from '../billing/receipt-layout.ts';
import { type ReceiptOptions, edgeRows, shopHead } from '../billing/receipt-parts.ts';
import { deskOf, payableRows, sheetOf } from '../billing/receipt.ts';
import { unitWord } from '../billing/receipt-words.ts';
import { findState } from '../gst/place.ts';
import { formatPaise } from '../money.ts';
import { formatQty } from '../quantity.ts';
import { formatDateTime } from '../time.ts';
import type { StoreFacts, TransferDispatched } from './transfer-events.ts';

/** Rule 55(2): these very words. */
const copies = ['ORIGINAL FOR CONSIGNEE', 'DUPLICATE FOR TRANSPORTER', 'TRIPLICATE FOR CONSIGNER'] as const;

const placeLine = ({ address, stateCode }: StoreFacts): string =>
  `${address}, ${stateCode} ${findState(stateCode)?.name ?? ''}`.trim();

/** `copy`: one of the three; all of them one below the other where it is left out. */
export function layoutChallan(challan: TransferDispatched, options: ReceiptOptions, copy?: 0 | 1 | 2): ReceiptLayout {
  const desk = deskOf(options);
  const { paper, word, language } = desk;
  const of = (mark: string): ReceiptBlock[] => [
    ...shopHead(
      desk,
      { ...options.shop, name: challan.from.name, address: placeLine(challan.from) },
      challan.from.gstin,
    ),
    ...textRows(paper, word('challan'), 'center', boldStyle),
    ...textRows(paper, mark, 'center'),
    ...(options.isDuplicate ? textRows(paper, word('duplicate'), 'center', tallStyle) : []),
    ...edgeRows(paper, `${word('number')} ${challan.number}`, formatDateTime(challan.atMs)),
    ruleBlock,
    ...textRows(paper, `${word('goesTo')} ${challan.to.name}`, 'left', boldStyle),
    ...textRows(paper, placeLine(challan.to)),
    ...(challan.to.gstin === null ? [] : textRows(paper, `${word('gstin')} ${challan.to.gstin}`)),
    ruleBlock,
    ...challan.lines.flatMap((line) => [
      ...textRows(paper, `${line.lineNo}. ${language === 'hi' && line.nameHi !== null ? line.nameHi : line.name}`),
      ...pairRows(
        paper,
        `${formatQty(line.qtyMilli, line.unit)} ${unitWord(line.unit, language)}${line.hsn === null ? '' : `  ${word('hsn')} ${line.hsn}`}`,
        formatPaise(line.valuePaise),
      ),
    ]),
    ruleBlock,
    ...payableRows(desk, word('value'), challan.valuePaise),
    ...textRows(paper, word('ownGoods')),
    ...(challan.note === '' ? [] : textRows(paper, challan.note)),
    ...pairRows(paper, word('cashier'), challan.by.name),
    feed(2),
    ...pairRows(paper, word('signature'), '....................'),
    doubleRuleBlock,
  ];
  const marks = copy === undefined ? copies : [copies[copy]];
  const blocks = marks.flatMap((mark, i): ReceiptBlock[] => [
    ...(i === 0 ? [] : [{ kind: 'cut' } as const]),
    ...of(mark),
  ]);
  return sheetOf(desk, blocks, false);
}
