/**
 * How the suite of a shape server's promises asks: over HTTP alone, with nothing of ours between. Rule kept: it knows no
 * server; a server that is busy (429, 503) is asked again, as Electric's own client does; every table has a name of its
 * own, so that a server that others use too is no harm.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { expect } from 'vitest';

export type ShapeServer = {
  /** Of /v1. */
  readonly url: string;
  readonly secret: string | null;
  readonly pool: Pool;
  /** Makes a table, publishes it and gives it REPLICA IDENTITY FULL, all at once. */
  readonly makeTable: (name: string, columns: string) => Promise<void>;
  readonly allowsDelete: boolean;
  /** Stops it and starts it again; null: nobody here can. */
  readonly restart: (() => Promise<void>) | null;
};

export type Message = {
  readonly key?: string;
  readonly value?: Readonly<Record<string, string | null>>;
  readonly old_value?: Readonly<Record<string, string | null>>;
  readonly headers: Readonly<Record<string, unknown>>;
};
export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly messages: readonly Message[];
  readonly text: string;
};
export type Query = Readonly<Record<string, string>>;

export const isRow = (message: Message): boolean => message.headers['operation'] !== undefined;
export const placeOf = ({ headers }: Answer) => ({
  offset: headers.get('electric-offset') ?? '',
  handle: headers.get('electric-handle') ?? '',
});
export type Place = ReturnType<typeof placeOf>;

/** Operation, key without its table, value. */
export const told = (messages: readonly Message[]) =>
  messages.map(({ key, value, headers }) => [headers['operation'], key?.split('/').slice(1).join('/'), value]);

export function apply(rows: Map<string, unknown>, { key = '', value, headers }: Message): void {
  if (headers['operation'] === 'delete') rows.delete(key);
  else rows.set(key, { ...(rows.get(key) as object | undefined), ...value });
}

/** Not another's, not one of a run that was cut off. */
const run = randomBytes(4).toString('hex');
let made = 0;
const patienceMs = 30_000;

export function makeAsking(server: () => ShapeServer) {
  const sql = (text: string, values: readonly unknown[] = []) => server().pool.query(text, [...values]);
  const table = async (columns: string): Promise<string> => {
    made += 1;
    const name = `promise_${run}_${made}`;
    await server().makeTable(name, columns);
    return name;
  };
  const ask = async (query: Query, init: RequestInit = {}): Promise<Answer> => {
    const { url, secret } = server();
    const asked = new URLSearchParams(secret === null ? query : { secret, ...query });
    for (const until = Date.now() + patienceMs; ; await sleep(200)) {
      const response = await fetch(`${url}/shape?${asked}`, init);
      const text = await response.text();
      if ((response.status === 503 || response.status === 429) && Date.now() < until) continue;
      const read: unknown = text.startsWith('[') ? JSON.parse(text) : [];
      return { status: response.status, headers: response.headers, messages: read as Message[], text };
    }
  };
  /** From a place until up to date; every answer. */
  const drain = async (query: Query): Promise<readonly Answer[]> => {
    const answers: Answer[] = [];
    let at: Query = { offset: '-1', ...query };
    for (let i = 0; i < 200; i += 1) {
      const answer = await ask(at);
      answers.push(answer);
      if (answer.status !== 200 || answer.headers.has('electric-up-to-date')) return answers;
      at = { ...at, ...placeOf(answer) };
    }
    throw new Error('never up to date');
  };
  const start = async (query: Query) => {
    const answers = await drain(query);
    const last = answers.at(-1);
    if (last === undefined) throw new Error('no answer');
    return { rows: answers.flatMap((one) => one.messages.filter(isRow)), place: placeOf(last), answers };
  };
  /** Row messages after a place, once there are `count`. */
  const after = async (query: Query, place: Place, count: number) => {
    const rows: Message[] = [];
    let at = place;
    for (let i = 0; i < 50 && rows.length < count; i += 1) {
      const answer = await ask({ ...query, ...at, live: 'true' });
      expect(answer.status, answer.text.slice(0, 300)).toBe(200);
      rows.push(...answer.messages.filter(isRow));
      at = placeOf(answer);
    }
    return { rows, place: at };
  };
  /** Asks until the place is refused, or for half a minute. */
  const untilRefetch = async (query: Query, place: Place): Promise<number> => {
    let at = place;
    let status = 200;
    for (const until = Date.now() + patienceMs; status === 200 && Date.now() < until; ) {
      const answer = await ask({ ...query, ...at, live: 'true' });
      status = answer.status;
      if (status === 200) at = placeOf(answer);
    }
    return status;
  };
  /** What a client holds after a place, until it is what is wanted or half a minute has passed. */
  const follow = async (
    query: Query,
    place: Place,
    rows: Map<string, unknown>,
    isDone: (rows: Map<string, unknown>) => boolean,
  ): Promise<void> => {
    let at = place;
    for (const until = Date.now() + patienceMs; !isDone(rows) && Date.now() < until; ) {
      const answer = await ask({ ...query, ...at });
      expect(answer.status, answer.text.slice(0, 300)).toBe(200);
      for (const message of answer.messages.filter(isRow)) apply(rows, message);
      at = placeOf(answer);
      if (!answer.messages.some(isRow)) await sleep(50);
    }
  };
  return { sql, table, ask, drain, start, after, untilRefetch, follow };
}

/** The tables of this run. */
export async function dropTables(pool: Pool): Promise<void> {
  const found = await pool.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE tablename LIKE $1`,
    [`promise\\_${run}\\_%`],
  );
  for (const { name } of found.rows) await pool.query(`DROP TABLE ${name}`);
}
