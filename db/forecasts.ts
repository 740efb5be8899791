/**
 * Forecasts as rows: one run of them is written in pieces and counts from the moment it is whole; the run before is
 * taken away afterwards, in pieces too. Rule kept: whoever reads sees one whole run, whatever was cut off; nothing here
 * knows how a forecast is made.
 */
import type { Uuid } from '#core/ids.ts';
import type { Milli } from '#core/quantity.ts';
import type { BusinessDate, Instant } from '#core/time.ts';
import type { ShopDb } from './open.ts';
import { bytesToUuid, uuidToBytes } from './uuid-bytes.ts';

export type ForecastRun = {
  readonly runNo: number;
  readonly madeAtMs: Instant;
  readonly kind: string;
  readonly originDate: BusinessDate;
  /** Of most items. */
  readonly source: string;
  readonly reason: string;
  readonly modelVersion: string | null;
  readonly modelSinceMs: Instant | null;
};
export type NewForecast = {
  readonly itemNo: number;
  readonly weekP10Milli: number;
  readonly weekP50Milli: number;
  readonly weekP90Milli: number;
  readonly soldWeekMilli: number;
  readonly plainWeekMilli: number;
  readonly source: string;
  readonly reason: string;
  readonly confidence: number;
  readonly daysLearnt: number;
  readonly daysLeftOut: number;
  readonly dayTieBp: number;
  /** [days × (p10, p50, p90, mean)], units. */
  readonly days: Float32Array;
  readonly daysOut: Uint8Array;
  readonly drivers: string;
};
/** With what a list shows of the item. */
export type KeptForecast = NewForecast & {
  readonly itemId: Uuid;
  readonly name: string;
  readonly nameHi: string | null;
  readonly code: string;
  readonly category: string | null;
  readonly unit: string;
};
export type NewGroup = { readonly kind: 'category' | 'store'; readonly name: string; readonly content: string };

export type ForecastTables = {
  /** The newest that is whole. */
  readonly current: () => ForecastRun | null;
  readonly begin: (run: Omit<ForecastRun, 'runNo'>) => number;
  readonly addItems: (runNo: number, rows: readonly NewForecast[]) => void;
  readonly addGroups: (runNo: number, groups: readonly NewGroup[]) => void;
  readonly finish: (runNo: number) => void;
  /** Takes away up to `limit` rows of runs that don't count; true when none is left. `keep`: one that is being written. */
  readonly sweep: (limit: number, keep: number | null) => boolean;
  /** Up to `limit` of the run's, of items after `itemNo` in their order: a shop has thousands, read in pieces. */
  readonly after: (runNo: number, itemNo: number, limit: number) => readonly KeptForecast[];
  readonly one: (runNo: number, itemId: Uuid) => KeptForecast | null;
  readonly group: (runNo: number, kind: NewGroup['kind'], name: string) => string | null;
  readonly categories: (runNo: number) => readonly string[];
  /** How many items each rung forecasts, the commonest first. */
  readonly sources: (runNo: number) => readonly { readonly source: string; readonly items: number }[];
};

type RunRow = {
  run_no: number;
  made_at_ms: Instant;
  kind: string;
  origin_date: BusinessDate;
  source: string;
  reason: string;
  model_version: string | null;
  model_since_ms: Instant | null;
};
type Row = {
  item_no: number;
  id: Buffer;
  name: string;
  name_hi: string | null;
  code: string;
  category: string | null;
  unit: string;
  week_p10_milli: Milli;
  week_p50_milli: Milli;
  week_p90_milli: Milli;
  sold_week_milli: Milli;
  plain_week_milli: Milli;
  source: string;
  reason: string;
  confidence: number;
  days_learnt: number;
  days_left_out: number;
  day_tie_bp: number;
  days: Buffer;
  days_out: Buffer;
  drivers: string;
};

const toFloats = (bytes: Buffer): Float32Array => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const floats = new Float32Array(bytes.length >> 2);
  for (let k = 0; k < floats.length; k += 1) floats[k] = view.getFloat32(k * 4, true);
  return floats;
};
const toBytes = (floats: Float32Array): Buffer => {
  const bytes = Buffer.alloc(floats.length * 4);
  for (const [k, value] of floats.entries()) bytes.writeFloatLE(value, k * 4);
  return bytes;
};

const fromRow = (row: Row): KeptForecast => ({
  itemNo: row.item_no,
  itemId: bytesToUuid(row.id),
  name: row.name,
  nameHi: row.name_hi,
  code: row.code,
  category: row.category,
  unit: row.unit,
  weekP10Milli: row.week_p10_milli,
  weekP50Milli: row.week_p50_milli,
  weekP90Milli: row.week_p90_milli,
  soldWeekMilli: row.sold_week_milli,
  plainWeekMilli: row.plain_week_milli,
  source: row.source,
  reason: row.reason,
  confidence: row.confidence,
  daysLearnt: row.days_learnt,
  daysLeftOut: row.days_left_out,
  dayTieBp: row.day_tie_bp,
  days: toFloats(row.days),
  daysOut: row.days_out,
  drivers: row.drivers,
});

export function makeForecastTables(shop: Pick<ShopDb, 'sql' | 'transact'>): ForecastTables {
  const { sql } = shop;
  const current = sql.prepare<[], RunRow>('SELECT * FROM forecast_run WHERE is_whole = 1 ORDER BY run_no DESC LIMIT 1');
  const lastNo = sql.prepare<[], number>('SELECT max(run_no) FROM forecast_run').pluck();
  const begin = sql.prepare(
    `INSERT INTO forecast_run (run_no, made_at_ms, kind, origin_date, source, reason, model_version, model_since_ms,
       is_whole) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)`,
  );
  const finish = sql.prepare('UPDATE forecast_run SET is_whole = 1 WHERE run_no = ?');
  const add = sql.prepare(
    `INSERT INTO forecast (run_no, item_no, week_p10_milli, week_p50_milli, week_p90_milli, sold_week_milli,
       plain_week_milli, source, reason, confidence, days_learnt, days_left_out, day_tie_bp, days, days_out, drivers)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const addGroup = sql.prepare('INSERT INTO forecast_group (run_no, kind, name, content) VALUES (?, ?, ?, ?)');
  const idle = sql
    .prepare<[number, number], number>('SELECT run_no FROM forecast_run WHERE run_no <> ? AND run_no <> ?')
    .pluck();
  const dropItems = sql.prepare(
    `DELETE FROM forecast WHERE run_no = ? AND item_no IN (SELECT item_no FROM forecast WHERE run_no = ? LIMIT ?)`,
  );
  const dropGroups = sql.prepare('DELETE FROM forecast_group WHERE run_no = ?');
  const dropRun = sql.prepare('DELETE FROM forecast_run WHERE run_no = ?');
  const withItem = `SELECT f.*, i.id, i.name, i.name_hi, i.code, i.category, i.unit
    FROM forecast f JOIN item i ON i.item_no = f.item_no`;
  const after = sql.prepare<[number, number, number], Row>(
    `${withItem} WHERE f.run_no = ? AND f.item_no > ? AND i.is_active <> 0 ORDER BY f.item_no LIMIT ?`,
  );
  const one = sql.prepare<[number, Buffer], Row>(
    `${withItem} WHERE f.run_no = ? AND i.item_no = (SELECT item_no FROM item WHERE id = ?)`,
  );
  const group = sql
    .prepare<[number, string, string], string>(
      'SELECT content FROM forecast_group WHERE run_no = ? AND kind = ? AND name = ?',
    )
    .pluck();
  const categories = sql
    .prepare<[number], string>("SELECT name FROM forecast_group WHERE run_no = ? AND kind = 'category' ORDER BY name")
    .pluck();
  const sources = sql.prepare<[number], { source: string; items: number }>(
    'SELECT source, count(*) AS items FROM forecast WHERE run_no = ? GROUP BY source ORDER BY items DESC, source',
  );

  return {
    current: () => {
      const row = current.get();
      if (row === undefined) return null;
      return {
        runNo: row.run_no,
        madeAtMs: row.made_at_ms,
        kind: row.kind,
        originDate: row.origin_date,
        source: row.source,
        reason: row.reason,
        modelVersion: row.model_version,
        modelSinceMs: row.model_since_ms,
      };
    },
    begin: (run) =>
      shop.transact(() => {
        const no = (lastNo.get() ?? 0) + 1;
        const { madeAtMs, kind, originDate, source, reason, modelVersion, modelSinceMs } = run;
        begin.run(no, madeAtMs, kind, originDate, source, reason, modelVersion, modelSinceMs);
        return no;
      }),
    addItems: (runNo, rows) =>
      shop.transact(() => {
        for (const r of rows) {
          add.run(
            runNo,
            r.itemNo,
            r.weekP10Milli,
            r.weekP50Milli,
            r.weekP90Milli,
            r.soldWeekMilli,
            r.plainWeekMilli,
            r.source,
            r.reason,
            r.confidence,
            r.daysLearnt,
            r.daysLeftOut,
            r.dayTieBp,
            toBytes(r.days),
            Buffer.from(r.daysOut),
            r.drivers,
          );
        }
      }),
    addGroups: (runNo, groups) =>
      shop.transact(() => {
        for (const { kind, name, content } of groups) addGroup.run(runNo, kind, name, content);
      }),
    finish: (runNo) => void finish.run(runNo),
    sweep: (limit, keep) =>
      shop.transact(() => {
        const runNo = idle.get(current.get()?.run_no ?? 0, keep ?? 0);
        if (runNo === undefined) return true;
        if (dropItems.run(runNo, runNo, limit).changes > 0) return false;
        dropGroups.run(runNo);
        dropRun.run(runNo);
        return false;
      }),
    after: (runNo, itemNo, limit) => after.all(runNo, itemNo, limit).map(fromRow),
    one: (runNo, itemId) => {
      const row = one.get(runNo, uuidToBytes(itemId));
      return row === undefined ? null : fromRow(row);
    },
    group: (runNo, kind, name) => group.get(runNo, kind, name) ?? null,
    categories: (runNo) => categories.all(runNo),
    sources: (runNo) => sources.all(runNo),
  };
}
