/**
 * Second step: bills as demand, a frame for each store, by the builder that the shop's own tills use. Rule kept: what came
 * back is netted, a day on which an item was out of stock is not known and never nil; the frame's file says all that the
 * frame said (store-frames.ts reads it back).
 */
import { billFrame } from '#ml/frame/bill-frame.ts';
import { bookDays, readBooks } from './store-books.ts';
import { frameColumns, frameFile, frameRows, type FramesTold, framesTold, type StoreFacts } from './store-frames.ts';
import { makeVersion, type StepReport, type StepWorld } from './step.ts';

export async function clean(world: StepWorld): Promise<StepReport> {
  const found = await bookDays(world);
  const inputs = [found.days, found.shops].map((lake) => lake.map(({ day, version }) => `${day} ${version}`));
  const made = await makeVersion(world, 'frames', ['frames 3', inputs], async (to) => {
    const books = await readBooks(world, found);
    const stores: StoreFacts[] = [];
    const categories = new Set<string>();
    for (const storeId of books.storeIds) {
      world.signal.throwIfAborted();
      const rows = books.rowsOf(storeId);
      // A store of which no item was ever sold has nothing to forecast.
      if ([...rows.items].length === 0) continue;
      const frame = billFrame(rows);
      for (const level of frame.groupings.find(({ name }) => name === 'category')?.levels ?? []) categories.add(level);
      await to.parquet(frameFile(storeId), frameColumns, frameRows(frame));
      stores.push({
        storeId,
        state: books.stateOf(storeId),
        firstDay: books.firstHeard(storeId),
        lastDay: books.lastHeard(storeId),
        items: frame.names.length,
      });
    }
    const { firstDay, lastDay } = books;
    const told: FramesTold = { firstDay, lastDay, stores, categories: [...categories].toSorted() };
    return told;
  });
  const facts = { days: found.days.length, stores: framesTold(made).stores.length };
  return { version: made.version, isNew: made.isNew, facts };
}
