/**
 * A preview summed up for whoever is about to publish: dearer, cheaper, by how much, and how the first will be printed. Rule
 * kept: only lines that may be sold so are counted; a share is of the price as it is now.
 */
import type { PoolClient } from 'pg';
import type { ChangeLine, PreviewLine } from '#contract/publish.ts';
import type { Item } from '#core/catalogue/item.ts';
import { changedItem } from '#core/sync/item-change.ts';
import { printedLine } from './printed-lines.ts';

/** As many as a person looks at. */
const mostPrinted = 5;

/** What the lines that may be sold so come to, and how the first of them will be printed. */
export async function sumUp(on: PoolClient, lines: readonly ChangeLine[], previewed: readonly PreviewLine[]) {
  const good = previewed.filter((line) => line.fault === null);
  const steps = good.flatMap(({ oldPaise, newPaise }) =>
    oldPaise === null || oldPaise <= 0 ? [] : [(newPaise - oldPaise) / oldPaise],
  );
  const shown = good.slice(0, mostPrinted).map((line) => line.itemId);
  const own = await on.query<{ item_id: string; item: Item }>(
    'SELECT item_id, item FROM catalogue_item WHERE item_id = ANY($1::uuid[])',
    [shown],
  );
  const printed = shown.flatMap((itemId) => {
    const change = lines.findLast((line) => line.itemId === itemId)?.change ?? {};
    const before = own.rows.find((row) => row.item_id === itemId)?.item ?? null;
    const item = changedItem(itemId, before, change);
    return item === null ? [] : [printedLine(item)];
  });
  const bp = (share: number): number => Math.round(share * 10_000);
  return {
    up: steps.filter((step) => step > 0).length,
    down: steps.filter((step) => step < 0).length,
    same: steps.filter((step) => step === 0).length,
    mostUpBp: bp(Math.max(0, ...steps)),
    mostDownBp: bp(Math.max(0, ...steps.map((step) => -step))),
    printed,
  };
}
