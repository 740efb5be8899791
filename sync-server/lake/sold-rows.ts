/**
 * What the documents of a day themselves say of each line that was sold or came back: base quantity, what was paid for it,
 * its unit, the day that a return undoes. Rule kept: as the shop's own till reads its books (db/demand.ts), so that both
 * see the same demand, whoever's goods they are; no column of a customer, a person or a till.
 */
import type { CommittedDocument } from '#core/documents.ts';
import { istOffsetMinutes } from '#core/time.ts';
import type { Cell, Column } from './parquet-file.ts';

const dayMs = 86_400_000;
export const soldColumns: readonly Column[] = [
  { name: 'store_id', type: 'text' },
  { name: 'bill_id', type: 'text' },
  { name: 'line_no', type: 'int32' },
  { name: 'item_id', type: 'text' },
  // Minutes after the shop's midnight; a day that ends after midnight goes past 1440.
  { name: 'minute', type: 'int32' },
  { name: 'unit', type: 'text' },
  // Base units × 1000; below zero came back.
  { name: 'qty_milli', type: 'int64' },
  // Price × quantity less the line's own discount.
  { name: 'paid_paise', type: 'int64' },
  { name: 'is_promoted', type: 'int32' },
  // Of a return: the day of the bill that came back.
  { name: 'sold_on', type: 'date' },
];

type Row = Readonly<Record<string, Cell>>;

/** `content`: the document as it was received and accepted. Lines without an item are nobody's demand. */
export function soldRows(content: string): readonly Row[] {
  const document = JSON.parse(content) as CommittedDocument;
  const isReturn = document.type === 'creditNote';
  const midnightMs = Date.parse(`${document.businessDate}T00:00:00Z`);
  const minute = Math.floor((document.occurredAtMs - midnightMs) / 60_000) + istOffsetMinutes;
  return document.lines.flatMap((line): readonly Row[] => {
    if (line.itemId === null) return [];
    const { qtyMilli, packQtyMilli } = line;
    const base = packQtyMilli === 1000 ? qtyMilli : Math.round((qtyMilli * packQtyMilli) / 1000);
    return [
      {
        store_id: document.storeId,
        bill_id: document.id,
        line_no: line.lineNo,
        item_id: line.itemId,
        minute: Math.max(-dayMs / 60_000, Math.min((2 * dayMs) / 60_000, minute)),
        unit: line.unit,
        qty_milli: isReturn ? -base : base,
        paid_paise: line.grossPaise - line.lineDiscountPaise,
        is_promoted: line.lineDiscountPaise > 0 ? 1 : 0,
        sold_on: isReturn ? document.billDate : null,
      },
    ];
  });
}
