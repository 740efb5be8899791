/**
 * A client of the differential rig: follows one shape as a till's own does, by handle and place, and holds its rows. Rule
 * kept: it trusts the server's answers alone; it fetches anew only where it is told to; a row that is inserted twice is
 * counted, as a lost one is.
 */
import { setTimeout as sleep } from 'node:timers/promises';

export type Asked = {
  readonly table: string;
  readonly where: string | null;
  readonly columns: readonly string[] | null;
  readonly isFull: boolean;
};
type Value = Readonly<Record<string, string | null>>;
type Message = { key: string; value: Value; headers: { operation?: string } };
export type Client = {
  readonly asked: Asked;
  readonly rows: ReadonlyMap<string, Value>;
  readonly counts: { messages: number; doubled: number; refetches: number };
  /** Follows until told to stop. */
  readonly follow: (isOver: () => boolean) => Promise<void>;
};

export function makeClient(asked: Asked, url: string): Client {
  const rows = new Map<string, Value>();
  const counts = { messages: 0, doubled: 0, refetches: 0 };
  let [handle, offset] = ['', '-1'];

  function take({ key, value, headers }: Message): void {
    if (headers.operation === undefined) return;
    counts.messages += 1;
    if (headers.operation === 'delete') rows.delete(key);
    else if (headers.operation === 'insert') {
      if (rows.has(key)) counts.doubled += 1;
      rows.set(key, value);
    } else if (!rows.has(key)) counts.doubled += 1;
    else rows.set(key, asked.isFull ? value : { ...rows.get(key), ...value });
  }

  async function step(isLive: boolean): Promise<void> {
    const query = new URLSearchParams({ table: asked.table, offset });
    if (asked.where !== null) query.set('where', asked.where);
    if (asked.columns !== null) query.set('columns', asked.columns.join(','));
    if (asked.isFull) query.set('replica', 'full');
    if (handle !== '') query.set('handle', handle);
    if (isLive) query.set('live', 'true');
    const response = await fetch(`${url}/v1/shape?${query}`);
    if (response.status === 503) {
      await sleep(50);
      return;
    }
    if (response.status === 409) {
      [handle, offset] = ['', '-1'];
      rows.clear();
      counts.refetches += 1;
      return;
    }
    if (response.status !== 200) throw new Error(`${response.status} ${await response.text()} (${query})`);
    for (const message of (await response.json()) as Message[]) take(message);
    handle = response.headers.get('electric-handle') ?? '';
    offset = response.headers.get('electric-offset') ?? '';
    isUpToDate = response.headers.has('electric-up-to-date');
  }
  let isUpToDate = false;
  return {
    asked,
    rows,
    counts,
    follow: async (isOver) => {
      while (!isOver()) {
        try {
          await step(isUpToDate && handle !== '');
        } catch (error) {
          // The server is down for a moment; what it said of a bad request is the rig's to know.
          if (!(error instanceof TypeError)) throw error;
          await sleep(50);
        }
      }
    },
  };
}
