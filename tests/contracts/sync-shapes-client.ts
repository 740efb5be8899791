/**
 * A shape server's promises as upstream's own client meets them: follows live, goes on from a place, begins anew, chosen
 * rows and columns, whole rows, changes alone. Rule kept: nothing of ours stands between client and server, so that it
 * says of either server what a till will see.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { isChangeMessage, isControlMessage, type Message, type Offset, ShapeStream } from '@electric-sql/client';
import { describe, expect, it } from 'vitest';
import { makeAsking, type ShapeServer } from './shape-asking.ts';

type Row = Readonly<Record<string, string>>;
type Options = {
  readonly params: Readonly<Record<string, string | string[]>>;
  readonly log?: 'full' | 'changes_only';
  readonly handle?: string;
  readonly offset?: Offset;
};
const asText = (text: string): string => text;

export function promisesOfShapeClient(server: () => ShapeServer): void {
  const { sql, table } = makeAsking(server);

  /** All that comes, in order, and where it stands. */
  function open({ params, ...options }: Options) {
    const { url, secret } = server();
    const stopping = new AbortController();
    const stream = new ShapeStream<Row>({
      url: `${url}/shape`,
      params: { ...params, ...(secret === null ? {} : { secret }) },
      parser: { int4: asText, text: asText },
      signal: stopping.signal,
      ...options,
    });
    const all: Message<Row>[] = [];
    const faults: unknown[] = [];
    stream.subscribe(
      (messages) => void all.push(...messages),
      (error) => void faults.push(error),
    );
    const until = async (isDone: () => boolean): Promise<void> => {
      for (let i = 0; i < 3_000 && !isDone(); i += 1) {
        expect(faults).toEqual([]);
        await sleep(10);
      }
      expect(isDone()).toBe(true);
    };
    const changes = () => all.filter(isChangeMessage).map(({ headers, value }) => [headers.operation, value] as const);
    const controls = () => all.filter(isControlMessage).map(({ headers }) => headers.control);
    return { stream, changes, controls, until, stop: () => stopping.abort() };
  }

  describe("upstream's client", () => {
    it('follows live, and goes on from a place as another program would', async () => {
      const t = await table('id int PRIMARY KEY, name text');
      await sql(`INSERT INTO ${t} VALUES (1, 'soap')`);
      const first = open({ params: { table: t } });
      await first.until(() => first.stream.isUpToDate);
      await sql(`UPDATE ${t} SET name = 'bar' WHERE id = 1`);
      await first.until(() => first.changes().length === 2);
      expect(first.changes()).toEqual([
        ['insert', { id: '1', name: 'soap' }],
        ['update', { id: '1', name: 'bar' }],
      ]);
      await first.until(() => first.stream.isUpToDate);
      const { shapeHandle: handle = '', lastOffset: offset } = first.stream;
      first.stop();
      await sql(`DELETE FROM ${t} WHERE id = 1; INSERT INTO ${t} VALUES (2, 'rice')`);
      const second = open({ params: { table: t }, handle, offset });
      await second.until(() => second.changes().length === 2);
      expect(second.changes()).toEqual([
        ['delete', { id: '1' }],
        ['insert', { id: '2', name: 'rice' }],
      ]);
      second.stop();
    });

    it('begins anew when the shape has ended, and says so before the first row', async () => {
      const t = await table('id int PRIMARY KEY, name text');
      await sql(`INSERT INTO ${t} VALUES (1, 'soap')`);
      const one = open({ params: { table: t } });
      await one.until(() => one.stream.isUpToDate);
      const before = one.stream.shapeHandle;
      await sql(`TRUNCATE ${t}`);
      await sql(`INSERT INTO ${t} VALUES (2, 'rice')`);
      await one.until(() => one.controls().includes('must-refetch') && one.changes().length >= 2);
      expect(one.changes().at(-1)).toEqual(['insert', { id: '2', name: 'rice' }]);
      expect(one.stream.shapeHandle).not.toBe(before);
      one.stop();
    });

    it('begins anew from a handle that nobody has', async () => {
      const t = await table('id int PRIMARY KEY');
      await sql(`INSERT INTO ${t} VALUES (1)`);
      const one = open({ params: { table: t }, handle: '1-1', offset: '0_0' });
      await one.until(() => one.changes().length === 1);
      expect(one.controls()[0]).toBe('must-refetch');
      one.stop();
    });

    it('gets chosen rows and columns, whole where it wishes', async () => {
      const t = await table('id int PRIMARY KEY, store int, name text, cost int');
      await sql(`INSERT INTO ${t} VALUES (1, 1, 'soap', 5), (2, 2, 'rice', 6)`);
      const where = { where: 'store = $1', params: ['1'], columns: ['id', 'name', 'store'], replica: 'full' };
      const one = open({ params: { table: t, ...where } });
      await one.until(() => one.stream.isUpToDate);
      await sql(`UPDATE ${t} SET cost = 7 WHERE id = 1; UPDATE ${t} SET name = 'bar' WHERE id = 1`);
      await sql(`UPDATE ${t} SET store = 2 WHERE id = 1`);
      await one.until(() => one.changes().length === 3);
      expect(one.changes()).toEqual([
        ['insert', { id: '1', store: '1', name: 'soap' }],
        ['update', { id: '1', store: '1', name: 'bar' }],
        ['delete', { id: '1', store: '1', name: 'bar' }],
      ]);
      one.stop();
    });

    it('gets changes alone where it wishes no snapshot', async () => {
      const t = await table('id int PRIMARY KEY, name text');
      await sql(`INSERT INTO ${t} VALUES (1, 'soap')`);
      const one = open({ params: { table: t }, log: 'changes_only' });
      await one.until(() => one.stream.isUpToDate);
      expect(one.changes()).toEqual([]);
      await sql(`INSERT INTO ${t} VALUES (2, 'rice')`);
      await one.until(() => one.changes().length === 1);
      expect(one.changes()).toEqual([['insert', { id: '2', name: 'rice' }]]);
      one.stop();
    });
  });
}
