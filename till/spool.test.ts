/** The spool alone: real SQLite, a real socket to the emulator; a printer made up only where none misbehaves so. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeIds, type Uuid } from '#core/ids.ts';
import { type Instant, instant } from '#core/time.ts';
import type { ShopDb } from '#db/open.ts';
import { makePrintJobs, type PrintJob, type PrintJobs } from '#db/print-jobs.ts';
import { printedText } from '#hardware/printer/emulator-paper.ts';
import { type EmulatorServer, startEmulatorServer } from '#hardware/printer/emulator-server.ts';
import { findModel } from '#hardware/printer/models.ts';
import { openPrinter } from '#hardware/printer/open-printer.ts';
import { type Printer, statusOf } from '#hardware/printer/port.ts';
import { firstMoment, makeFolder, mustOpen, seededBytes, tickingClock } from '#tests/fixtures/sample-shop.ts';
import { makeSpool, type Spool, type SpoolDeps } from './spool.ts';

const clock = tickingClock();
const newId = makeIds(clock, seededBytes(3));
let shop: ShopDb;
let jobs: PrintJobs;
let server: EmulatorServer;
let spool: Spool | null;
let remove: () => void;
let faults: (Uuid | null)[];
let states: string[];

beforeEach(async () => {
  const folder = makeFolder();
  remove = folder.remove;
  clock.set(firstMoment);
  shop = mustOpen(folder.dir);
  jobs = makePrintJobs(shop);
  server = await startEmulatorServer();
  spool = null;
  faults = [];
  states = [];
});
afterEach(async () => {
  await spool?.close();
  await server.close();
  shop.close();
  remove();
});

const add = (kind: PrintJob['kind'] = 'bill', createdAtMs: Instant = clock.now()): Uuid => {
  const id = newId();
  jobs.add({ id, documentId: newId(), kind, createdAtMs, isDuplicate: false, opensDrawer: true });
  return id;
};
const tcp = (port = server.port, model = 'generic-80'): Printer =>
  openPrinter({ kind: 'tcp', host: '127.0.0.1', port }, findModel(model), { answerMs: 100 });
const bytesOf = (job: PrintJob): Uint8Array =>
  Buffer.from(`\x1b@${job.id}${job.opensDrawer ? ' kick' : ''}\n\x1dV\x42\x00`, 'latin1');
const start = (changes: Partial<SpoolDeps> = {}): Spool => {
  spool = makeSpool({
    jobs,
    clock,
    open: tcp,
    encode: (job) => Promise.resolve(bytesOf(job)),
    onState: (state) => void (states.at(-1) === state || states.push(state)),
    onFault: (_, job) => void faults.push(job?.id ?? null),
    retryMs: 30,
    watchMs: 40,
    ...changes,
  });
  return spool;
};
const paper = (): string[] => server.emulator.receipts().map((receipt) => printedText(receipt).join('|'));
const stateOf = (id: Uuid) => jobs.get(id)?.state;

describe('a job that can’t be made into bytes', () => {
  it('holds up no other, is set aside after three tries, and prints when a person asks again', async () => {
    let isHealed = false;
    const poison = add();
    const good = add();
    const made = start({
      encode: (job) =>
        job.id === poison && !isHealed ? Promise.reject(new Error('no such font')) : Promise.resolve(bytesOf(job)),
    });
    made.kick();
    await expect.poll(() => stateOf(good)).toBe('done');
    expect(stateOf(poison)).toBe('waiting');
    await expect.poll(made.aside).toBe(1);
    expect([made.waiting(), faults]).toEqual([0, [poison, poison, poison]]);
    const later = add();
    made.kick();
    await expect.poll(() => stateOf(later)).toBe('done');
    expect(faults).toHaveLength(3);
    isHealed = true;
    made.retry();
    await expect.poll(() => stateOf(poison)).toBe('done');
    expect([made.aside(), paper().length]).toEqual([0, 3]);
  });
});

describe('a printer with nothing to print', () => {
  it('shows no paper and an open cover by itself, and that they are over', async () => {
    const made = start();
    for (const [change, state] of [
      [{ paper: 'out' }, 'paperOut'],
      [{ paper: 'ok', isCoverOpen: true }, 'coverOpen'],
      [{ isCoverOpen: false }, 'ready'],
    ] as const) {
      server.setState(change);
      await expect.poll(made.state).toBe(state);
    }
    expect(paper()).toEqual([]);
    server.setState({ paper: 'low' });
    await expect.poll(() => made.status().isPaperLow).toBe(true);
  });

  it('that comes back prints what waits, in order, with nobody asking', async () => {
    const { port } = server;
    await server.close();
    const first = add();
    const second = add();
    const made = start({ open: () => tcp(port), retryMs: 60_000 });
    made.kick();
    await expect.poll(made.state).toBe('offline');
    // Only what answered once is watched: a job of before found it there.
    server = await startEmulatorServer({ port });
    await made.reopen();
    await expect.poll(() => [stateOf(first), stateOf(second)]).toEqual(['done', 'done']);
    server.setState({ paper: 'out' });
    const third = add();
    made.kick();
    await expect.poll(made.state).toBe('paperOut');
    server.setState({ paper: 'ok' });
    await expect.poll(() => stateOf(third)).toBe('done');
    expect(paper().map((line) => line.slice(0, 36))).toEqual([first, second, third]);
  });

  it('that never answers is asked once, not for ever', async () => {
    await server.close();
    server = await startEmulatorServer({ hasStatus: false });
    const made = start();
    await expect.poll(() => server.receivedBytes()).toBe(3);
    await sleep(400);
    expect([server.receivedBytes(), made.state()]).toEqual([3, 'ready']);
  });

  it('is not asked while a job prints, and one miss alone is not "gone"', async () => {
    let looks = 0;
    let release = (): void => {};
    const answers = ['ready', 'offline', 'ready', 'ready', 'offline', 'offline'] as const;
    const printer: Printer = {
      name: 'made up',
      write: () =>
        new Promise((resolve) => {
          release = () => resolve({ kind: 'done' });
        }),
      look: () => Promise.resolve(statusOf(answers[looks++] ?? 'offline')),
      status: () => Promise.resolve('ready'),
      onNews: () => () => {},
      canTell: () => true,
      close: () => Promise.resolve(),
    };
    add();
    const made = start({ open: () => printer, watchMs: 10 });
    made.kick();
    await sleep(100);
    expect(looks).toBe(0);
    release();
    await expect.poll(() => looks).toBeGreaterThanOrEqual(4);
    expect(states).toEqual(['ready']);
    await expect.poll(made.state).toBe('offline');
    expect(looks).toBeGreaterThanOrEqual(6);
  });
});

describe('what is known of the paper', () => {
  it('was printing when the till died: asked about; a drawer or a test page is not', () => {
    const [bill, drawer, test] = [add(), add('drawer'), add('test')];
    for (const id of [bill, drawer, test]) jobs.setState(id, 'printing', clock.now());
    start();
    expect([stateOf(bill), stateOf(drawer), stateOf(test)]).toEqual(['cut', 'abandoned', 'abandoned']);
    expect(jobs.firstCut()?.id).toBe(bill);
  });

  it('stands although the disk refused to write it down: not printed again, written later', async () => {
    let refusals = 2;
    const id = add();
    const full: PrintJobs = {
      ...jobs,
      setState: (job, state, atMs) => {
        if (state === 'done' && refusals-- > 0) throw new Error('disk full');
        jobs.setState(job, state, atMs);
      },
    };
    start({ jobs: full }).kick();
    await expect.poll(() => stateOf(id)).toBe('done');
    expect([paper().length, faults]).toEqual([1, [null, null]]);
  });

  it('a drawer does not open for a job that waited too long', async () => {
    const old = instant(clock.now() - 120_000);
    const [bill, drawer] = [add('bill', old), add('drawer', old)];
    const fresh = add();
    start().kick();
    await expect.poll(() => stateOf(fresh)).toBe('done');
    expect([stateOf(bill), stateOf(drawer)]).toEqual(['done', 'abandoned']);
    expect(paper()).toEqual([bill, `${fresh} kick`]);
  });
});
