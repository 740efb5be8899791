/**
 * First step: what the forecast may know of an organisation, out of Postgres. Rule kept: past days are the nightly export's
 * own Parquet, what changes under them (items, levels of stock) is a snapshot a day; no customer, no person and no till
 * is in any column that a later step reads.
 */
import type { Pool } from 'pg';
import { addDays, type BusinessDate } from '#core/time.ts';
import { inSnapshot } from '../postgres/in-tenant.ts';
import type { Column } from '../lake/parquet-file.ts';
import { makeVersion, newestVersion, placeOf, type StepReport, StepTooEarly, type StepWorld } from './step.ts';
import { exportedDays } from './exported-days.ts';

const text = (name: string): Column => ({ name, type: 'text' });
const whole = (name: string): Column => ({ name, type: 'int64' });
const storeColumns = ['store_id', 'region', 'state_code'].map(text);
const itemColumns = [...['store_id', 'item_id', 'category', 'unit'].map(text), whole('selling_price_paise')];
const levelColumns = [text('store_id'), text('item_id'), whole('qty_milli')];

const storesSql = `SELECT s.store_id, s.region, f.state_code FROM store s LEFT JOIN store_facts f USING (tenant_id, store_id)
  ORDER BY s.store_id`;
/**
 * Of goods that are a store's own no shelf price is said: as at its till, their lines say it, and a price that differs from
 * what was last paid is not yet one that anybody paid.
 */
const itemsSql = `SELECT store_id, item_id, item->>'category' AS category, item->>'unit' AS unit,
    item->>'sellingPricePaise' AS selling_price_paise FROM store_item
  UNION ALL SELECT store_id, item_id, category, unit, NULL FROM own_item o WHERE NOT EXISTS (
    SELECT 1 FROM store_item s WHERE s.tenant_id = o.tenant_id AND s.store_id = o.store_id AND s.item_id = o.item_id)
  ORDER BY store_id, item_id`;
const levelsSql = 'SELECT store_id, item_id, qty_milli FROM stock_level ORDER BY store_id, item_id';

type Row = Readonly<Record<string, string | null>>;

/**
 * `today`: the business day that goes on; the snapshot is of the evening before it, so the first of a day stands. The past
 * days' bills must be exported (jobs/export-bills.ts).
 */
export async function ingest(world: StepWorld, pool: Pool, today: BusinessDate): Promise<StepReport> {
  const day = addDays(today, -1);
  const there = await newestVersion(world.store, `${placeOf('shop', world.tenantId)}/day=${day}`);
  if (there !== null) return reportOf(world, there.version, false, there.files['items.parquet']?.rows ?? 0);
  const found = await inSnapshot(pool, world.tenantId, async (on) => ({
    stores: (await on.query<Row>(storesSql)).rows,
    items: (await on.query<Row>(itemsSql)).rows,
    levels: (await on.query<Row>(levelsSql)).rows,
  }));
  const made = await makeVersion(
    world,
    'shop',
    found,
    async (to) => {
      await to.parquet('stores.parquet', storeColumns, found.stores);
      await to.parquet('items.parquet', itemColumns, found.items);
      await to.parquet('levels.parquet', levelColumns, found.levels);
      return { day };
    },
    `/day=${day}`,
  );
  return reportOf(world, made.version, made.isNew, found.items.length);
}

async function reportOf(world: StepWorld, version: number, isNew: boolean, items: number): Promise<StepReport> {
  return { version, isNew, facts: { days: (await exportedDays(world)).length, items } };
}

/** On a folder without a database: what an export left there, with each file's rows counted. */
export async function checkRaw(world: StepWorld): Promise<StepReport> {
  const days = await exportedDays(world);
  if (days.length === 0) {
    throw new StepTooEarly(
      `There are no days in processed/bills/tenant=${world.tenantId}. Name a database (--database).`,
    );
  }
  const prefix = placeOf('shop', world.tenantId);
  let snapshots = 0;
  for await (const { key } of world.store.list(`${prefix}/`)) if (key.endsWith('/manifest.json')) snapshots += 1;
  return { version: 0, isNew: false, facts: { days: days.length, snapshots } };
}
