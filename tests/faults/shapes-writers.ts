/**
 * Who writes while shapes are followed: random transactions on two tables, with keys that change, rows that enter and
 * leave, nulls, savepoints and rollbacks. Rule kept: what is committed is Postgres' to say; an error of two writers who
 * meet ends one transaction, never the rig.
 */
import type { Pool, PoolClient } from 'pg';
import type { Random } from './seeded-random.ts';

/** Wheres that a client may follow; SQL's own reading of the same text is the truth. */
export const wheres: readonly ((random: Random) => string | null)[] = [
  () => null,
  (random) => `store = ${random.below(4)}`,
  (random) => `store IN (${random.below(4)}, ${random.below(4)})`,
  (random) => `store = ${random.below(4)} AND is_sold = true`,
  (random) => `n > ${random.below(30)}`,
  () => "name LIKE 'a%'",
  (random) => `name IS NULL OR n < ${random.below(20)}`,
  () => 'NOT is_sold',
  (random) => `price >= ${random.below(9)}.50 AND store <> ${random.below(4)}`,
  () => "at < '2026-06-01' OR is_sold IS NULL",
  (random) => `n BETWEEN ${random.below(10)} AND ${10 + random.below(20)} AND NOT (store = 1)`,
];
export const columns = ['store', 'code', 'n', 'name', 'price', 'is_sold', 'at'] as const;

export async function makeTable(pool: Pool, name: string): Promise<void> {
  await pool.query(
    `CREATE TABLE ${name} (store int, code int, n int, name text, price numeric(12,2), is_sold bool, at timestamptz,
       PRIMARY KEY (store, code))`,
  );
  await pool.query(
    `INSERT INTO ${name} SELECT i % 4, i, i % 30, CASE WHEN i % 7 > 0 THEN chr(97 + i % 3) || i END, i % 13 + 0.5,
       CASE WHEN i % 5 > 0 THEN i % 2 = 0 END, timestamptz '2026-01-01' + i * interval '1 day'
     FROM generate_series(1, 200) AS i`,
  );
}

const textOf = (random: Random): string | null =>
  random.isLikely(0.2) ? null : `${random.pick(['a', 'b', 'c'])}${random.below(99)}`;
const truthOf = (random: Random): boolean | null => random.pick([true, false, null]);

async function change(on: PoolClient, table: string, random: Random): Promise<void> {
  const [store, code] = [random.below(4), random.below(220)];
  const kind = random.below(12);
  if (kind < 4) {
    await on.query(
      `INSERT INTO ${table} VALUES ($1, $2, $3, $4, $5, $6, timestamptz '2026-01-01' + $7 * interval '1 hour')
       ON CONFLICT (store, code) DO UPDATE SET n = excluded.n, name = excluded.name, is_sold = excluded.is_sold`,
      [store, code, random.below(30), textOf(random), random.below(1_300) / 100, truthOf(random), random.below(9_000)],
    );
  } else if (kind < 6) await on.query(`DELETE FROM ${table} WHERE store = $1 AND code = $2`, [store, code]);
  else if (kind < 8) {
    // The key changes, and often the where-clause with it.
    await on.query(
      `UPDATE ${table} SET store = $3, code = $4 WHERE store = $1 AND code = $2
         AND NOT EXISTS (SELECT FROM ${table} WHERE store = $3 AND code = $4)`,
      [store, code, random.below(4), random.isLikely(0.5) ? code : random.below(220)],
    );
  } else if (kind < 10) {
    await on.query(`UPDATE ${table} SET n = n + 1, name = $2 WHERE code = $1`, [code, textOf(random)]);
  } else if (kind === 10) {
    await on.query(`UPDATE ${table} SET is_sold = $2, price = price WHERE n = $1`, [random.below(30), truthOf(random)]);
  } else await on.query(`UPDATE ${table} SET n = n WHERE store = $1`, [store]);
}

/** Writes until told to stop. Resolves to how many transactions were committed. */
export async function write(
  pool: Pool,
  tables: readonly string[],
  random: Random,
  isOver: () => boolean,
): Promise<number> {
  const on = await pool.connect();
  let committed = 0;
  while (!isOver()) {
    try {
      await on.query('BEGIN');
      for (let i = random.below(6); i >= 0; i -= 1) {
        const isTried = random.isLikely(0.15);
        if (isTried) await on.query('SAVEPOINT s');
        await change(on, random.pick(tables), random);
        if (isTried && random.isLikely(0.5)) await on.query('ROLLBACK TO s');
        // A transaction that stays open while others come and go.
        if (random.isLikely(0.03)) await new Promise((resolve) => setTimeout(resolve, random.below(80)));
      }
      const isKept = random.isLikely(0.85);
      await on.query(isKept ? 'COMMIT' : 'ROLLBACK');
      if (isKept) committed += 1;
    } catch {
      // A deadlock, a doubled key, or DDL in between.
      await on.query('ROLLBACK');
    }
  }
  on.release();
  return committed;
}
