/**
 * What the fault rigs sell: goods of the demo shop that ask no question when scanned (by piece, one MRP).
 * Rule kept: read from the demo's own file, so that the rigs sell what a newcomer sells.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The owner of the demo shop. */
export const ownerPin = '333333';

export function plainBarcodes(): readonly string[] {
  const text = readFileSync(join(import.meta.dirname, '..', '..', 'assets', 'demo-shop', 'items.csv'), 'utf8');
  const [head = '', ...rows] = text.trimEnd().split('\n');
  const column = (name: string): number => head.split(',').indexOf(name);
  const [barcode, unit, mrps, extra] = ['barcode', 'unit', 'extra_mrps', 'extra_barcodes'].map(column);
  return rows
    .map((row) => row.split(','))
    .filter((cells) => cells[unit ?? -1] === 'pc' && !cells[mrps ?? -1] && !cells[extra ?? -1] && cells[barcode ?? -1])
    .map((cells) => cells[barcode ?? -1] ?? '');
}
