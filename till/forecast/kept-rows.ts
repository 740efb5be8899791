/**
 * A run's forecasts from the disk, piece by piece. Rule kept: between two pieces whoever is at the counter goes first, so
 * that a page over thousands of items holds nobody up.
 */
import type { ForecastRun, ForecastTables, KeptForecast } from '#db/forecasts.ts';
import { makeBreather } from '../breathe.ts';

/** Some milliseconds' work. */
const piece = 500;

/** False: another run counts since, and this one's rows may be on their way out; what was read of it is to be read anew. */
export const isCurrent = (forecasts: ForecastTables, { runNo }: ForecastRun): boolean =>
  forecasts.current()?.runNo === runNo;

/** All items of the run, in their order. */
export async function* keptRows(forecasts: ForecastTables, runNo: number): AsyncGenerator<readonly KeptForecast[]> {
  const breathe = makeBreather();
  let itemNo = -1;
  for (;;) {
    const some = forecasts.after(runNo, itemNo, piece);
    if (some.length > 0) yield some;
    const last = some.at(-1);
    if (last === undefined || some.length < piece) return;
    itemNo = last.itemNo;
    await breathe();
  }
}
