/**
 * What a shape server promises to whoever reads from it, as one suite over HTTP and a Postgres: the embedded server
 * and the real Electric are asked the same (sync-shapes.test.ts). Rule kept: nothing here knows which of the two it
 * asks; what SQL says is the truth. Here: rows and changes; what belongs to HTTP is sync-shapes-http.ts.
 */
import { expect, it } from 'vitest';
import { apply, isRow, makeAsking, type Place, placeOf, type Query, type ShapeServer, told } from './shape-asking.ts';

/** Declares the tests; call it inside a `describe`. */
export function promisesOfShapes(server: () => ShapeServer): void {
  const { sql, table, ask, drain, start, after, untilRefetch, follow } = makeAsking(server);

  it('tells a table by its rows, its schema and a place; the place goes on', async () => {
    const t = await table(
      'id int PRIMARY KEY, price numeric(12,2), big int8, is_sold bool, tags text[], name varchar(40)',
    );
    await sql(
      `INSERT INTO ${t} VALUES (1, 10.50, 9007199254740993, true, '{a,b}', 'आटा / "5" kg \\ ''x'''), (2, NULL, NULL, false, NULL, NULL)`,
    );
    const { rows, place, answers } = await start({ table: t });
    const first = {
      id: '1',
      price: '10.50',
      big: '9007199254740993',
      is_sold: 'true',
      tags: '{a,b}',
      name: `आटा / "5" kg \\ 'x'`,
    };
    const second = { id: '2', price: null, big: null, is_sold: 'false', tags: null, name: null };
    expect(told(rows).toSorted()).toEqual([
      ['insert', '"1"', first],
      ['insert', '"2"', second],
    ]);
    expect(rows[0]?.key?.startsWith(`"public"."${t}"/`)).toBe(true);
    expect(JSON.parse(answers[0]?.headers.get('electric-schema') ?? '{}')).toMatchObject({
      id: { type: 'int4', not_null: true, pk_index: 0 },
      price: { type: 'numeric', precision: 12, scale: 2 },
      tags: { type: 'text', dims: 1 },
    });
    await sql(`INSERT INTO ${t} VALUES (3, 0.10, -1, true, '{}', '')`);
    const next = await after({ table: t }, place, 1);
    expect(told(next.rows)).toEqual([
      ['insert', '"3"', { id: '3', price: '0.10', big: '-1', is_sold: 't', tags: '{}', name: '' }],
    ]);
    const { headers } = next.rows[0] ?? { headers: {} };
    expect(headers).toMatchObject({ operation: 'insert', relation: ['public', t], last: true });
    expect(String(headers['lsn'])).toMatch(/^\d+$/);
    expect(next.place.offset.split('_')[0]).toBe(headers['lsn']);
  });

  it('tells changes: changed columns and key, whole rows where asked, nothing for nothing', async () => {
    const t = await table('id int PRIMARY KEY, name text, qty int');
    await sql(`INSERT INTO ${t} VALUES (1, 'a', 1), (2, 'b', 2)`);
    const [plain, full] = [await start({ table: t }), await start({ table: t, replica: 'full' })];
    await sql(`UPDATE ${t} SET qty = 1 WHERE id = 1`);
    await sql(`UPDATE ${t} SET qty = 5 WHERE id = 1`);
    await sql(`UPDATE ${t} SET id = 9 WHERE id = 1`);
    await sql(`DELETE FROM ${t} WHERE id = 2`);
    const changes = await after({ table: t }, plain.place, 4);
    expect(told(changes.rows)).toEqual([
      ['update', '"1"', { id: '1', qty: '5' }],
      ['delete', '"1"', { id: '1' }],
      ['insert', '"9"', { id: '9', name: 'a', qty: '5' }],
      ['delete', '"2"', { id: '2' }],
    ]);
    expect(changes.rows[1]?.headers['key_change_to']).toBe(`"public"."${t}"/"9"`);
    expect(changes.rows[2]?.headers['key_change_from']).toBe(`"public"."${t}"/"1"`);
    const whole = await after({ table: t, replica: 'full' }, full.place, 4);
    expect(told(whole.rows)[0]).toEqual(['update', '"1"', { id: '1', name: 'a', qty: '5' }]);
    expect(whole.rows[0]?.old_value).toEqual({ qty: '1' });
    expect(told(whole.rows)[3]).toEqual(['delete', '"2"', { id: '2', name: 'b', qty: '2' }]);
  });

  it('counts the changes of a transaction and marks the last', async () => {
    const t = await table('id int PRIMARY KEY, name text');
    const { place } = await start({ table: t });
    await sql(
      `BEGIN; INSERT INTO ${t} VALUES (1, 'a'); UPDATE ${t} SET name = 'b'; UPDATE ${t} SET name = 'c'; COMMIT`,
    );
    const { rows } = await after({ table: t }, place, 3);
    expect(rows.map(({ headers }) => [headers['operation'], headers['last'] ?? false])).toEqual([
      ['insert', false],
      ['update', false],
      ['update', true],
    ]);
    expect(new Set(rows.map(({ headers }) => headers['lsn'])).size).toBe(1);
    const positions = rows.map(({ headers }) => Number(headers['op_position']));
    expect(positions).toEqual(positions.toSorted((a, b) => a - b));
    expect(new Set(positions).size).toBe(3);
  });

  it('follows rows into a where-clause and out of it', async () => {
    const t = await table('id int PRIMARY KEY, store int, name text');
    await sql(`INSERT INTO ${t} VALUES (1, 1, 'a'), (2, 2, 'b')`);
    const query = { table: t, where: 'store = $1', 'params[1]': '1' };
    const { rows, place } = await start(query);
    expect(told(rows)).toEqual([['insert', '"1"', { id: '1', store: '1', name: 'a' }]]);
    await sql(`UPDATE ${t} SET store = 1 WHERE id = 2`);
    await sql(`UPDATE ${t} SET store = 3 WHERE id = 1`);
    expect(told((await after(query, place, 2)).rows)).toEqual([
      ['insert', '"2"', { id: '2', store: '1', name: 'b' }],
      ['delete', '"1"', { id: '1' }],
    ]);
  });

  it('gives chosen columns only, and says nothing of a change in others', async () => {
    const t = await table('id int PRIMARY KEY, name text, "Cost/Price" int');
    await sql(`INSERT INTO ${t} VALUES (1, 'a', 5)`);
    const query = { table: t, columns: 'id,"Cost/Price"' };
    const { rows, place } = await start(query);
    expect(told(rows)).toEqual([['insert', '"1"', { id: '1', 'Cost/Price': '5' }]]);
    await sql(`UPDATE ${t} SET name = 'b'`);
    await sql(`UPDATE ${t} SET "Cost/Price" = 6`);
    expect(told((await after(query, place, 1)).rows)).toEqual([['update', '"1"', { id: '1', 'Cost/Price': '6' }]]);
  });

  it('names rows by keys that can not be mistaken', async () => {
    const t = await table('"a/b" text, n int, PRIMARY KEY ("a/b", n)');
    await sql(`INSERT INTO ${t} VALUES ('x/y', 1), ('"q"', 2)`);
    const { rows } = await start({ table: t });
    expect(rows.map(({ key }) => key).toSorted()).toEqual(
      [`"public"."${t}"/"x//y"/"1"`, `"public"."${t}"/""q""/"2"`].toSorted(),
    );
  });

  for (const [what, change] of [
    ['TRUNCATE', (t: string) => `TRUNCATE ${t}`],
    ['a new column', (t: string) => `ALTER TABLE ${t} ADD COLUMN more text`],
    ['a column of another type', (t: string) => `ALTER TABLE ${t} ALTER COLUMN name TYPE varchar(20)`],
  ] as const) {
    it(`ends a shape by ${what}`, async () => {
      const t = await table('id int PRIMARY KEY, name text');
      const { place } = await start({ table: t });
      await sql(change(t));
      await sql(`INSERT INTO ${t} (id, name) VALUES (7, 'seven')`);
      expect(await untilRefetch({ table: t }, place)).toBe(409);
      expect((await start({ table: t })).rows).toHaveLength(1);
    });
  }

  it('sends a big table in pieces, only the last of them up to date, and nothing twice', async () => {
    const t = await table('id int PRIMARY KEY, name text');
    await sql(`INSERT INTO ${t} SELECT i, repeat('x', 2000) FROM generate_series(1, 12000) AS i`);
    const { rows, answers, place } = await start({ table: t });
    // Two pieces of 10 MB and the rest; then what is new, which is nothing.
    expect(answers.length).toBeGreaterThan(3);
    expect(answers.slice(0, -1).some(({ headers }) => headers.has('electric-up-to-date'))).toBe(false);
    expect(new Set(rows.map(({ key }) => key)).size).toBe(12_000);
    expect(rows).toHaveLength(12_000);
    await sql(`UPDATE ${t} SET name = repeat('y', 2000)`);
    const first = await ask({ table: t, ...place, live: 'true' });
    const rest = first.headers.has('electric-up-to-date') ? [] : await drain({ table: t, ...placeOf(first) });
    const parts = [first, ...rest];
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.flatMap(({ messages }) => messages.filter(isRow))).toHaveLength(12_000);
    expect(first.headers.has('electric-up-to-date')).toBe(false);
    expect(parts.at(-1)?.headers.has('electric-up-to-date')).toBe(true);
  }, 180_000);

  it('loses no row that is written while the shape is made', async () => {
    const t = await table('id int PRIMARY KEY, store int, n int');
    const { pool } = server();
    let isWriting = true;
    const write = async (lane: number): Promise<void> => {
      for (let i = 0; isWriting; i += 1) {
        await pool.query(`INSERT INTO ${t} VALUES ($1, $2, 0)`, [lane * 1_000_000 + i, i % 30]);
        await pool.query(`UPDATE ${t} SET n = n + 1, store = (store + 1) % 30 WHERE id = $1`, [lane * 1_000_000 + i]);
      }
    };
    const writers = [1, 2, 3, 4].map(write);
    const held: { query: Query; rows: Map<string, unknown>; place: Place }[] = [];
    for (let store = 0; store < 30; store += 1) {
      const query = { table: t, where: 'store = $1', 'params[1]': String(store) };
      const { rows, place } = await start(query);
      const one = { query, place, rows: new Map<string, unknown>() };
      for (const message of rows) apply(one.rows, message);
      held.push(one);
    }
    isWriting = false;
    await Promise.all(writers);
    const truth = (await pool.query(`SELECT id, store, n FROM ${t} ORDER BY id`)).rows as {
      id: number;
      store: number;
      n: number;
    }[];
    for (const [store, one] of held.entries()) {
      const wanted = truth.filter((row) => row.store === store).map((row) => [String(row.id), String(row.n)]);
      const now = () =>
        [...one.rows.values()]
          .map((row) => row as Record<string, string>)
          .map((row) => [row['id'], row['n']])
          .toSorted((a, b) => Number(a[0]) - Number(b[0]));
      await follow(one.query, one.place, one.rows, () => JSON.stringify(now()) === JSON.stringify(wanted));
      expect(now(), `store ${store}`).toEqual(wanted);
    }
  }, 180_000);

  it('moves rows by keys that change, together with the where-clause', async () => {
    const t = await table('store int, code int, name text, PRIMARY KEY (store, code)');
    await sql(`INSERT INTO ${t} VALUES (1, 1, 'a'), (1, 2, 'b'), (2, 3, 'c')`);
    const query = { table: t, where: 'store = 1' };
    const { place } = await start(query);
    await sql(`UPDATE ${t} SET code = 9 WHERE code = 1`);
    await sql(`UPDATE ${t} SET store = 2 WHERE code = 2`);
    await sql(`UPDATE ${t} SET store = 1, name = 'd' WHERE code = 3`);
    expect(told((await after(query, place, 4)).rows)).toEqual([
      ['delete', '"1"/"1"', { store: '1', code: '1' }],
      ['insert', '"1"/"9"', { store: '1', code: '9', name: 'a' }],
      ['delete', '"1"/"2"', { store: '1', code: '2' }],
      ['insert', '"1"/"3"', { store: '1', code: '3', name: 'd' }],
    ]);
  });

  it('says nothing of what was rolled back, in whole or to a savepoint, and names the transaction', async () => {
    const t = await table('id int PRIMARY KEY, name text');
    const { place } = await start({ table: t });
    await sql(`BEGIN; INSERT INTO ${t} VALUES (1, 'no'); ROLLBACK`);
    const on = await server().pool.connect();
    await on.query(`BEGIN; INSERT INTO ${t} VALUES (2, NULL); SAVEPOINT s; INSERT INTO ${t} VALUES (3, 'no')`);
    await on.query(`ROLLBACK TO s; SAVEPOINT s2; INSERT INTO ${t} VALUES (4, ''); RELEASE s2`);
    const found = await on.query<{ xid: string }>('SELECT pg_current_xact_id()::xid::text AS xid');
    await on.query('COMMIT');
    on.release();
    const { rows } = await after({ table: t }, place, 2);
    expect(told(rows)).toEqual([
      ['insert', '"2"', { id: '2', name: null }],
      ['insert', '"4"', { id: '4', name: '' }],
    ]);
    expect(rows.map(({ headers }) => headers['txids'])).toEqual([
      [Number(found.rows[0]?.xid)],
      [Number(found.rows[0]?.xid)],
    ]);
  });

  it('keeps large values that an update left alone', async () => {
    const t = await table('id int PRIMARY KEY, big text, n int');
    // Random, so that it is stored apart and not sent with an update of another column.
    await sql(
      `INSERT INTO ${t} SELECT 1, string_agg(md5(random()::text || i), ''), 0 FROM generate_series(1, 2000) AS i`,
    );
    const [plain, full] = [await start({ table: t }), await start({ table: t, replica: 'full' })];
    await sql(`UPDATE ${t} SET n = 1`);
    expect(told((await after({ table: t }, plain.place, 1)).rows)).toEqual([['update', '"1"', { id: '1', n: '1' }]]);
    const [whole] = (await after({ table: t, replica: 'full' }, full.place, 1)).rows;
    const truth = await sql(`SELECT big FROM ${t}`);
    expect(whole?.value?.['big'] === truth.rows[0].big).toBe(true);
    expect(whole?.old_value).toEqual({ n: '0' });
  });

  it('goes on with handle and place after it was stopped and started', async (context) => {
    const { restart, pool } = server();
    if (restart === null) return context.skip('nobody here can restart it: ELECTRIC_RESTART names no command');
    const t = await table('id int PRIMARY KEY, store int');
    await sql(`INSERT INTO ${t} VALUES (1, 1), (2, 2)`);
    const query = { table: t, where: 'store = 1' };
    const { place } = await start(query);
    await sql(`INSERT INTO ${t} VALUES (3, 1)`);
    await Promise.all([
      restart(),
      (async () => {
        for (let id = 10; id < 60; id += 1) await pool.query(`INSERT INTO ${t} VALUES ($1, $2)`, [id, id % 2]);
      })(),
    ]);
    await sql(`UPDATE ${t} SET store = 1 WHERE id = 2`);
    const { rows } = await after(query, place, 27);
    expect(rows.map(({ value }) => Number(value?.['id']))).toEqual([
      3,
      ...Array.from({ length: 25 }, (_, i) => 11 + 2 * i),
      2,
    ]);
    expect((await start(query)).place.handle).toBe(place.handle);
  }, 180_000);
}
