/**
 * Last step: forecasts to the stores that they are of, as rows of a small shape. Rule kept: only what differs is written;
 * an item that is forecast no more loses its row; a store gets its own rows and no other's.
 */
import type { Pool } from 'pg';
import type { SentContent } from '#contract/sent-shapes.ts';
import type { Milli } from '#core/quantity.ts';
import type { BusinessDate } from '#core/time.ts';
import { numberCell, readParquet, textCell } from '../lake/read-parquet.ts';
import { inTenant } from '../postgres/in-tenant.ts';
import { dropRows, putRows, type SentRow } from '../shapes/sent-rows.ts';
import { predictionColumns, predictionsTold } from './predict.ts';
import { demandVersion, type StepReport, type StepWorld } from './step.ts';

const rowsAtOnce = 500;
const by = 'forecast';

type ForecastRow = SentRow<'forecasts'> & { readonly content: { days: SentContent<'forecasts'>['days'][number][] } };

/** The newest predictions as the rows that tills get. */
export async function forecastRows(
  world: StepWorld,
): Promise<{ readonly version: number; readonly rows: readonly ForecastRow[] }> {
  const version = await demandVersion(world, 'predictions', 'predict');
  const names = predictionColumns.map(({ name }) => name);
  const { origin } = predictionsTold(version);
  const made = new Map<string, ForecastRow>();
  for (const row of await readParquet(world.store, `${version.prefix}/predictions.parquet`, names)) {
    const [storeId, key] = [textCell(row, 'store_id'), textCell(row, 'item_id')];
    let one = made.get(`${storeId}/${key}`);
    if (one === undefined) {
      const content = {
        origin: origin as BusinessDate,
        days: [],
        source: textCell(row, 'source'),
        modelVersion: textCell(row, 'model_version'),
        confidence: textCell(row, 'confidence') as SentContent<'forecasts'>['confidence'],
        reason: textCell(row, 'reason'),
      };
      one = { storeId, key, content };
      made.set(`${storeId}/${key}`, one);
    }
    const milli = (name: string): Milli => numberCell(row, name) as Milli;
    one.content.days.push({
      p10Milli: milli('p10_milli'),
      p50Milli: milli('p50_milli'),
      p90Milli: milli('p90_milli'),
    });
  }
  return { version: version.version, rows: [...made.values()] };
}

export async function storeForecasts(world: StepWorld, pool: Pool, nowMs: number): Promise<StepReport> {
  const { version, rows: all } = await forecastRows(world);
  const made = new Set(all.map(({ storeId, key }) => `${storeId}/${key}`));
  let written = 0;
  for (let from = 0; from < all.length; from += rowsAtOnce) {
    world.signal.throwIfAborted();
    world.tell({ done: from, of: all.length });
    const some = all.slice(from, from + rowsAtOnce);
    written += await inTenant(pool, world.tenantId, (on) =>
      putRows(on, world.tenantId, 'forecasts', some, { nowMs, who: by }),
    );
  }
  const gone = await inTenant(pool, world.tenantId, async (on) => {
    const there = await on.query<{ store_id: string; row_key: string }>(
      "SELECT store_id, row_key FROM sent_row WHERE shape = 'forecasts'",
    );
    const old = there.rows.filter(({ store_id, row_key }) => !made.has(`${store_id}/${row_key}`));
    const keys = old.map(({ store_id, row_key }) => ({ storeId: store_id, key: row_key }));
    return dropRows(on, world.tenantId, 'forecasts', keys);
  });
  return { version, isNew: written + gone > 0, facts: { written, gone } };
}
