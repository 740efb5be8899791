/**
 * What a shape server promises as HTTP: refusals, places, long polls, events, caches, parts of a shape. Rule kept: as in
 * sync-shapes.ts, nothing here knows which server it asks; where Electric's settings decide (ages, time limits), only
 * what holds for any of them is asked.
 */
import { expect, it } from 'vitest';
import { isRow, makeAsking, placeOf, type Query, type ShapeServer, told } from './shape-asking.ts';

/** Declares the tests; call it inside a `describe`. */
export function promisesOfShapeHttp(server: () => ShapeServer): void {
  const { sql, table, ask, start, after, untilRefetch } = makeAsking(server);

  it('refuses what it can not serve: 400 with the field that is wrong, cached by nobody', async () => {
    const t = await table('id int PRIMARY KEY, name text');
    const { place } = await start({ table: t });
    const refused: Query[] = [
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
      { table: t, offset: '-1', log: 'half' },
      { table: t, offset: '-1', live_sse: 'true' },
      { table: t, offset: '-1', where: 'id = 1 OR' },
      { table: t, offset: '-1', where: 'id = (SELECT 1; DROP TABLE x)' },
      { table: t, offset: '-1', subset__limit: '5' },
      { table: t, offset: '-1', subset__where: 'no_such = 1' },
    ];
    for (const query of refused) {
      const answer = await ask(query);
      expect(answer.status, JSON.stringify(query)).toBe(400);
      expect(answer.headers.get('cache-control')).toContain('no-store');
    }
    expect(place.offset).not.toBe('');
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

  it('asks for its secret, and knows no other paths', async (context) => {
    expect((await fetch(`${server().url}/no-such-path`)).status).toBe(404);
    if (server().secret === null) return context.skip('it has no secret');
    const t = await table('id int PRIMARY KEY');
    for (const secret of ['', 'another']) expect((await ask({ table: t, offset: '-1', secret })).status).toBe(401);
  });

  it('holds a long poll until there is news, and answers 200 and only up-to-date when there was none', async () => {
    const t = await table('id int PRIMARY KEY');
    const { place } = await start({ table: t });
    const empty = await ask({ table: t, ...place, live: 'true' });
    expect([empty.status, empty.headers.get('electric-has-data')]).toEqual([200, 'false']);
    expect(empty.messages.map(({ headers }) => headers['control'])).toEqual(['up-to-date']);
    expect(empty.headers.get('electric-handle')).toBe(place.handle);
    expect(empty.headers.get('electric-cursor')).toMatch(/^\d+$/);
    expect(empty.headers.has('electric-schema')).toBe(false);
    const polls = [1, 2, 3].map(() => ask({ table: t, ...placeOf(empty), live: 'true' }));
    await sql(`INSERT INTO ${t} VALUES (1)`);
    for (const poll of polls) {
      // A poll may have ended just before the write: its next one has it.
      const answer = await poll;
      const { rows } = await after({ table: t }, placeOf(empty), 1);
      expect([[], ['insert']]).toContainEqual(answer.messages.filter(isRow).map(({ headers }) => headers['operation']));
      expect(told(rows)).toEqual([['insert', '"1"', { id: '1' }]]);
    }
  }, 120_000);

  it('refuses a place that it never gave, after a while', async () => {
    const t = await table('id int PRIMARY KEY');
    const { place } = await start({ table: t });
    const answer = await ask({ table: t, handle: place.handle, offset: '9000000000000000000_0' });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('out of bounds');
  }, 60_000);

  it('gives the same again from any place that it gave', async () => {
    const t = await table('id int PRIMARY KEY, name text');
    await sql(`INSERT INTO ${t} VALUES (1, 'a')`);
    const { answers, place } = await start({ table: t });
    await sql(`UPDATE ${t} SET name = 'b'`);
    const once = await after({ table: t }, place, 1);
    const again = await after({ table: t }, place, 1);
    expect(again.rows).toEqual(once.rows);
    const [first] = answers;
    if (first === undefined) throw new Error('no answer');
    const rest = await start({ table: t, ...placeOf(first) });
    expect(told([...first.messages.filter(isRow), ...rest.rows])).toEqual([
      ['insert', '"1"', { id: '1', name: 'a' }],
      ['update', '"1"', { id: '1', name: 'b' }],
    ]);
    // One definition is one shape.
    expect((await start({ table: `public.${t}` })).place.handle).toBe(place.handle);
  });

  it('streams events: messages, then up-to-date', async () => {
    const t = await table('id int PRIMARY KEY');
    const { place } = await start({ table: t });
    const { url, secret } = server();
    const gone = new AbortController();
    const query = new URLSearchParams({ table: t, ...place, live: 'true', live_sse: 'true' });
    if (secret !== null) query.set('secret', secret);
    const response = await fetch(`${url}/shape?${query}`, { signal: gone.signal });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect(response.headers.get('electric-handle')).toBe(place.handle);
    await sql(`INSERT INTO ${t} VALUES (1)`);
    await sql(`INSERT INTO ${t} VALUES (2)`);
    const events: string[] = [];
    let text = '';
    const reader = response.body?.getReader();
    for (let isDone = false; !isDone; ) {
      const { value, done = true } = (await reader?.read()) ?? {};
      text += new TextDecoder().decode(value);
      events.splice(0, events.length, ...[...text.matchAll(/^data: (.*)$/gm)].map(([, data = '']) => data));
      const inserts = events.filter((event) => event.includes('"insert"')).length;
      isDone = done || (inserts === 2 && (events.at(-1)?.includes('up-to-date') ?? false));
    }
    gone.abort();
    const read = events.map((event) => (JSON.parse(event) as { headers: Record<string, unknown> }).headers);
    expect(read.filter((headers) => headers['operation'] === 'insert')).toHaveLength(2);
    expect(read.at(-1)).toMatchObject({ control: 'up-to-date' });
  }, 60_000);

  it('gives a part of a shape, by GET and by POST, with the snapshot that it is of', async () => {
    const t = await table('id int PRIMARY KEY, store int, name text');
    await sql(`INSERT INTO ${t} SELECT i, i % 2, 'n' || i FROM generate_series(1, 12) AS i`);
    const query = { table: t, where: 'store = 0', log: 'changes_only' };
    const { rows, place, answers } = await start(query);
    expect(rows).toEqual([]);
    expect(answers[0]?.messages.map(({ headers }) => headers['control'])).toContain('snapshot-end');
    const part = { where: 'id > $1', order_by: 'id DESC', limit: 2 };
    const byGet = await ask({
      ...query,
      ...place,
      subset__where: part.where,
      subset__params: JSON.stringify({ '1': '4' }),
      subset__order_by: part.order_by,
      subset__limit: '2',
    });
    const init = { method: 'POST', headers: { 'content-type': 'application/json' } };
    const byPost = await ask(
      { ...query, ...place },
      { ...init, body: JSON.stringify({ ...part, params: { '1': '4' } }) },
    );
    for (const answer of [byGet, byPost]) {
      expect(answer.status, answer.text).toBe(200);
      expect(answer.headers.get('cache-control')).toContain('no-cache');
      const { metadata, data } = JSON.parse(answer.text);
      expect(Object.keys(metadata).toSorted()).toEqual(
        ['database_lsn', 'snapshot_mark', 'xip_list', 'xmax', 'xmin'].toSorted(),
      );
      expect(told(data)).toEqual([
        ['insert', '"12"', { id: '12', store: '0', name: 'n12' }],
        ['insert', '"10"', { id: '10', store: '0', name: 'n10' }],
      ]);
    }
    await sql(`UPDATE ${t} SET name = 'new' WHERE id IN (1, 2)`);
    expect(told((await after(query, place, 1)).rows)).toEqual([['update', '"2"', { id: '2', name: 'new' }]]);
  });

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
    if (!server().allowsDelete) return context.skip('DELETE is not allowed there');
    const t = await table('id int PRIMARY KEY');
    const { place } = await start({ table: t });
    expect((await ask({ table: t, handle: place.handle }, { method: 'DELETE' })).status).toBe(202);
    expect(await untilRefetch({ table: t }, place)).toBe(409);
    expect((await start({ table: t })).place.handle).not.toBe(place.handle);
  });
}
