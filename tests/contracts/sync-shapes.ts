/**
 * What a shape server promises to whoever reads from it, as one suite over HTTP and a Postgres: the embedded server
 * and the real Electric are asked the same (sync-shapes.test.ts). Rule kept: nothing here knows which of the two it
 * asks; what SQL says is the truth.
 */
import type { Pool } from 'pg';
import { expect, it } from 'vitest';

export type ShapeServer = {
  /** Of /v1. */
  readonly url: string;
  readonly secret: string | null;
  readonly pool: Pool;
  /** Makes a table, publishes it and gives it REPLICA IDENTITY FULL. */
  readonly makeTable: (name: string, columns: string) => Promise<void>;
  readonly allowsDelete: boolean;
};

type Message = {
  readonly key?: string;
  readonly value?: Readonly<Record<string, string | null>>;
  readonly old_value?: Readonly<Record<string, string | null>>;
  readonly headers: Readonly<Record<string, unknown>>;
};
type Answer = { readonly status: number; readonly headers: Headers; readonly messages: readonly Message[] };

const isRow = (message: Message): boolean => message.headers['operation'] !== undefined;

/** Declares the tests; call it inside a `describe`. */
export function promisesOfShapes(server: () => ShapeServer): void {
  let made = 0;
  const table = async (columns: string): Promise<string> => {
    made += 1;
    const name = `promise_${process.pid}_${made}`;
    await server().makeTable(name, columns);
    return name;
  };
  const ask = async (query: Readonly<Record<string, string>>, init: RequestInit = {}): Promise<Answer> => {
    const { url, secret } = server();
    const asked = new URLSearchParams(secret === null ? query : { ...query, secret });
    const response = await fetch(`${url}/shape?${asked}`, init);
    const text = await response.text();
    const read: unknown = text.startsWith('[') ? JSON.parse(text) : [];
    return { status: response.status, headers: response.headers, messages: read as Message[] };
  };
  const placeOf = ({ headers }: Answer) => ({
    offset: headers.get('electric-offset') ?? '',
    handle: headers.get('electric-handle') ?? '',
  });
  /** From a place until up to date; every answer. */
  const drain = async (query: Readonly<Record<string, string>>): Promise<readonly Answer[]> => {
    const answers: Answer[] = [];
    let at: Readonly<Record<string, string>> = { offset: '-1', ...query };
    for (let i = 0; i < 200; i += 1) {
      const answer = await ask(at);
      answers.push(answer);
      if (answer.status !== 200 || answer.headers.has('electric-up-to-date')) return answers;
      at = { ...at, ...placeOf(answer) };
    }
    throw new Error('never up to date');
  };
  const start = async (query: Readonly<Record<string, string>>) => {
    const answers = await drain(query);
    const last = answers.at(-1);
    if (last === undefined) throw new Error('no answer');
    return { rows: answers.flatMap((one) => one.messages.filter(isRow)), place: placeOf(last), answers };
  };
  type Place = ReturnType<typeof placeOf>;
  /** Row messages after a place, once there are `count`. */
  const after = async (query: Readonly<Record<string, string>>, place: Place, count: number) => {
    const rows: Message[] = [];
    let at = place;
    for (let i = 0; i < 50 && rows.length < count; i += 1) {
      const answer = await ask({ ...query, ...at, live: 'true' });
      expect(answer.status).toBe(200);
      rows.push(...answer.messages.filter(isRow));
      at = placeOf(answer);
    }
    return { rows, place: at };
  };
  const sql = (text: string, values: readonly unknown[] = []) => server().pool.query(text, [...values]);
  const told = (messages: readonly Message[]) =>
    messages.map(({ key, value, headers }) => [headers['operation'], key?.split('/').slice(1).join('/'), value]);

  it('refuses what it can not serve: 400 with the field that is wrong, cached by nobody', async () => {
    const t = await table('id int PRIMARY KEY, name text');
    const { place } = await start({ table: t });
    const refused: Readonly<Record<string, string>>[] = [
      { offset: '-1' },
      { table: 'no_such_table', offset: '-1' },
      { table: t, offset: 'x' },
      { table: t, offset: '1_x' },
      { table: t, offset: '-1', live: 'true' },
      { table: t, offset: 'now', live: 'true' },
      { table: t, offset: '0_inf' },
      { table: t, offset: '-1', where: 'no_such = 1' },
      { table: t, offset: '-1', where: "id = 'abc'" },
      { table: t, offset: '-1', where: 'id = ' },
      { table: t, offset: '-1', columns: 'name' },
      { table: t, offset: '-1', columns: 'id,nothing' },
      { table: t, offset: '-1', replica: 'half' },
    ];
    for (const query of refused) {
      const answer = await ask(query);
      expect(answer.status, JSON.stringify(query)).toBe(400);
      expect(answer.headers.get('cache-control')).toContain('no-store');
    }
    expect(place.offset).not.toBe('');
  });

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
    expect(next.place.offset).toBe(`${String(headers['lsn'])}_${String(headers['op_position'])}`);
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

  it('starts at `now` without a row, and goes on from there', async () => {
    const t = await table('id int PRIMARY KEY');
    await sql(`INSERT INTO ${t} VALUES (1)`);
    const now = await ask({ table: t, offset: 'now' });
    expect(now.messages.filter(isRow)).toEqual([]);
    expect(now.headers.has('electric-up-to-date')).toBe(true);
    await sql(`INSERT INTO ${t} VALUES (2)`);
    expect(told((await after({ table: t }, placeOf(now), 1)).rows)).toEqual([['insert', '"2"', { id: '2' }]]);
  });

  it('answers 409 and a lone must-refetch to a handle that is not this shape', async () => {
    const t = await table('id int PRIMARY KEY');
    const { place } = await start({ table: t });
    const other = await ask({ table: t, offset: place.offset, handle: '123-456' });
    expect(other.status).toBe(409);
    expect(other.messages).toEqual([{ headers: { control: 'must-refetch' } }]);
    expect(other.headers.get('electric-handle')).toBe(place.handle);
    expect((await ask({ table: t, where: 'id = 1', ...place })).status).toBe(409);
    // At the start a handle counts for nothing.
    expect((await ask({ table: t, offset: '-1', handle: '123-456' })).status).toBe(200);
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
      let status = 200;
      let at = place;
      for (let i = 0; i < 100 && status === 200; i += 1) {
        const answer = await ask({ table: t, ...at, live: 'true' });
        status = answer.status;
        if (status === 200) at = placeOf(answer);
      }
      expect(status).toBe(409);
      expect((await start({ table: t })).rows).toHaveLength(1);
    });
  }

  it('sends a big table in pieces, only the last of them up to date, and nothing twice', async () => {
    const t = await table('id int PRIMARY KEY, name text');
    await sql(`INSERT INTO ${t} SELECT i, repeat('x', 2000) FROM generate_series(1, 12000) AS i`);
    const { rows, answers, place } = await start({ table: t });
    expect(answers.length).toBeGreaterThan(1);
    expect(answers.slice(0, -1).some(({ headers }) => headers.has('electric-up-to-date'))).toBe(false);
    expect(new Set(rows.map(({ key }) => key)).size).toBe(12_000);
    expect(rows).toHaveLength(12_000);
    await sql(`UPDATE ${t} SET name = repeat('y', 2000)`);
    const first = await ask({ table: t, ...place, live: 'true' });
    const rest = first.headers.has('electric-up-to-date') ? [] : await drain({ table: t, ...placeOf(first) });
    const parts = [first, ...rest];
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.flatMap(({ messages }) => messages.filter(isRow))).toHaveLength(12_000);
    expect(parts.map(({ headers }) => headers.has('electric-up-to-date'))).toEqual(
      parts.map((_, i) => i === parts.length - 1),
    );
  }, 60_000);

  it('lets caches ask whether anything is new', async () => {
    const t = await table('id int PRIMARY KEY');
    await sql(`INSERT INTO ${t} VALUES (1)`);
    await start({ table: t });
    const first = await ask({ table: t, offset: '-1' });
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toContain(placeOf(first).handle);
    expect((await ask({ table: t, offset: '-1' }, { headers: { 'if-none-match': etag } })).status).toBe(304);
    expect((await ask({ table: t, offset: '-1' }, { headers: { 'if-none-match': '"x"' } })).status).toBe(200);
    expect(first.headers.get('cache-control')).toContain('max-age');
  });

  it('answers HEAD, OPTIONS and its health', async () => {
    const t = await table('id int PRIMARY KEY');
    expect((await ask({ table: t, offset: '-1' }, { method: 'HEAD' })).status).toBe(200);
    expect((await ask({ table: t }, { method: 'OPTIONS' })).status).toBe(204);
    const health = await fetch(`${server().url}/health`);
    expect([health.status, await health.json()]).toEqual([200, { status: 'active' }]);
  });

  it('takes a shape away where that is allowed', async (context) => {
    if (!server().allowsDelete) context.skip('DELETE is not allowed there');
    const t = await table('id int PRIMARY KEY');
    const { place } = await start({ table: t });
    expect((await ask({ table: t, handle: place.handle }, { method: 'DELETE' })).status).toBe(202);
    expect((await ask({ table: t, ...place })).status).toBe(409);
  });

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
    const held: { query: Readonly<Record<string, string>>; rows: Map<string, unknown>; place: Place }[] = [];
    for (let store = 0; store < 30; store += 1) {
      const query = { table: t, where: 'store = $1', 'params[1]': String(store) };
      const { rows, place } = await start(query);
      held.push({ query, place, rows: new Map() });
      for (const message of rows) apply(held.at(-1)?.rows ?? new Map(), message);
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
      for (let i = 0; i < 40 && JSON.stringify(now()) !== JSON.stringify(wanted); i += 1) {
        const answer = await ask({ ...one.query, ...one.place });
        for (const message of answer.messages.filter(isRow)) apply(one.rows, message);
        one.place = placeOf(answer);
        if (!answer.messages.some(isRow)) await new Promise((resolve) => setTimeout(resolve, 50));
      }
      expect(now(), `store ${store}`).toEqual(wanted);
    }
  }, 60_000);
}

function apply(rows: Map<string, unknown>, { key = '', value, headers }: Message): void {
  if (headers['operation'] === 'delete') rows.delete(key);
  else rows.set(key, { ...(rows.get(key) as object | undefined), ...value });
}
