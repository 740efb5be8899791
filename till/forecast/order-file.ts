/**
 * The order list as a file for a supplier or a sheet. Rule kept: one line an item, amounts as plain numbers; a text that a
 * sheet would take for a formula is written so that it does not.
 */
import { formatPaise } from '#core/money.ts';
import { formatQty, isUnit, multiplyQty, milli } from '#core/quantity.ts';
import type { OrderLine } from '#contract/till-forecast.ts';
import { writeCsv } from '../import-csv.ts';

const columns = ['supplier', 'category', 'code', 'item', 'packs', 'pack', 'quantity', 'unit', 'cost'] as const;

const number = (text: string): string => text.replaceAll(',', '');

export function orderCsv(lines: readonly OrderLine[]): string {
  const rows = lines.map((line) => {
    const unit = isUnit(line.unit) ? line.unit : 'pc';
    const quantity = multiplyQty(milli(line.packs * 1000), line.packMilli);
    return [
      line.supplier ?? '',
      line.category ?? '',
      line.code,
      line.name,
      String(line.packs),
      formatQty(line.packMilli, unit),
      formatQty(quantity, unit),
      line.unit,
      line.costPaise === null ? '' : number(formatPaise(line.costPaise)),
    ];
  });
  return writeCsv([...columns], rows);
}
