/**
 * The real Electric follows a publication of its own name; it gets the tables of ours. Rule kept: a table is added
 * while nobody writes to it (SHARE lock): a transaction that was open meanwhile would be in neither snapshot nor log
 * (electric-sql/electric#4773). Electric itself runs with ELECTRIC_MANUAL_TABLE_PUBLISHING=true and adds none.
 */
import type { Client } from 'pg';

const theirs = 'electric_publication_default';

export async function publishToElectric(on: Client, ours: string): Promise<void> {
  const lacking = await on.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_publication_tables WHERE pubname = $1
     EXCEPT SELECT format('%I.%I', schemaname, tablename) FROM pg_publication_tables WHERE pubname = $2`,
    [ours, theirs],
  );
  const found = await on.query('SELECT 1 FROM pg_publication WHERE pubname = $1', [theirs]);
  if (found.rows.length === 0) await on.query(`CREATE PUBLICATION ${theirs}`);
  const names = lacking.rows.map((row) => row.name).join(', ');
  if (names === '') return;
  await on.query(`BEGIN; LOCK TABLE ${names} IN SHARE MODE; ALTER PUBLICATION ${theirs} ADD TABLE ${names}; COMMIT`);
}
