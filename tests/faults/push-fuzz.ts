/**
 * Pushes that mean harm, to a real head office by an enrolled till: hostile entries by the hundred, bodies that are
 * bombs, floods or garbage, and good bills by who may not send them. Rule kept: a crash is an answer 5xx or none at all, or a fault that was logged; accepted is
 * any hostile entry that was believed. An honest bill between them must be taken, or the rig proves nothing.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { pushType } from '#contract/sync.ts';
import type { Bill } from '#core/documents.ts';
import { makeRateLimit } from '#sync-server/http/rate-limit.ts';
import { startSyncServer } from '#sync-server/start.ts';
import { packPush } from '#till/sync/pack-push.ts';
import { billOf, entryOf } from './isolation-bills.ts';
import { type Hostile, hostileEntry } from './push-fuzz-entries.ts';
import { startFacts } from './push-fuzz-facts.ts';
import { enrolFuzz, storeId, tenantId, tillId } from './push-fuzz-tills.ts';
import { type Random, seededRandom } from './seeded-random.ts';

export type FuzzOutcome = {
  /** Hostile entries and hostile bodies. */
  readonly n: number;
  readonly crashes: number;
  readonly accepted: number;
  readonly honestAccepted: number;
  /** Of transfers, by both stores: taken, and moved what they say. */
  readonly honestFacts: number;
  /** By reason of an entry, or status of a body. */
  readonly answers: Readonly<Record<string, number>>;
  readonly rssGrownMb: number;
  readonly perSecond: number;
};
export type FuzzOptions = { readonly n: number; readonly seed: number; readonly say: (line: string) => void };

const perBatch = 50;
const mega = 1024 * 1024;

type Answered = { readonly outcome: string; readonly reason?: string; readonly detail?: string };
type Body = { readonly what: string; readonly type: string; readonly make: (random: Random) => Buffer };

const gzipType = 'application/json+gzip';
/** Made once: a bomb is small, what it unpacks to is not. */
const bomb = gzipSync(Buffer.alloc(200 * mega, 0x20));
const bodies: readonly Body[] = [
  { what: 'zip bomb', type: gzipType, make: () => bomb },
  { what: 'bomb in a bomb', type: gzipType, make: () => gzipSync(bomb) },
  { what: '100 MB', type: 'application/json', make: () => Buffer.alloc(100 * mega, 0x20) },
  { what: 'cut gzip', type: gzipType, make: (random) => bomb.subarray(0, 10 + random.below(bomb.length - 10)) },
  { what: 'garbage as gzip', type: gzipType, make: (random) => Buffer.from(random.uuid()) },
  { what: 'deep body', type: 'application/json', make: () => Buffer.from('{"entries":' + '['.repeat(4_000_000)) },
  { what: 'deep and closed', type: gzipType, make: () => gzipSync('['.repeat(2_000_000) + ']'.repeat(2_000_000)) },
  { what: 'prototype', type: 'application/json', make: () => Buffer.from('{"__proto__":{"x":1},"entries":[]}') },
  { what: 'no text', type: 'application/json', make: () => Buffer.from([0xff, 0xfe, 0x00, 0xc3]) },
  { what: 'another type', type: 'text/xml', make: () => Buffer.from('<x/>') },
  { what: 'nothing', type: 'application/json', make: () => Buffer.alloc(0) },
];

export async function fuzzPushes(options: FuzzOptions): Promise<FuzzOutcome> {
  const random = seededRandom(options.seed);
  const dir = mkdtempSync(join(tmpdir(), 'billmitra-fuzz-'));
  const server = await startSyncServer({
    databaseUrl: null,
    dataDir: dir,
    port: 0,
    // How often a till may push is another test's matter: here one sends as fast as it can.
    pushLimit: makeRateLimit(1, 0),
  });
  try {
    await server.pool.query('INSERT INTO tenant (tenant_id, name) VALUES ($1, $2)', [tenantId, 'Fuzz']);
    const send = (path: string, type: string, body: Buffer | string, authorization = '') =>
      fetch(new URL(path, server.url), {
        method: 'POST',
        headers: { 'content-type': type, ...(authorization === '' ? {} : { authorization }) },
        body: body as string,
        signal: AbortSignal.timeout(60_000),
      });
    const { authorization, sisters, third, sisterAuthorization, impostors } = await enrolFuzz(server, send);

    const answers: Record<string, number> = {};
    const count = (name: string): void => void (answers[name] = (answers[name] ?? 0) + 1);
    let crashes = 0;
    let accepted = 0;
    let honestAccepted = 0;
    let honestFacts = 0;
    let seq = 0;
    let sequence = 0;
    const till = { storeId, tillId };
    const crash = (what: string, detail: string): void => {
      crashes += 1;
      options.say(`${what}: ${detail.slice(0, 300)}`);
    };
    const nextBill = () => billOf(till, random.uuid(), (sequence += 1));
    const taken = nextBill();

    const [sister, stranger] = sisters;
    if (sister === undefined || stranger === undefined) throw new Error('nobody beside the till');
    const facts = await startFacts(server.pool, {
      random,
      own: { tenantId, ...till },
      sister,
      third,
      stranger,
      pushAsSister: async (entries) => {
        const body = JSON.stringify({ entries });
        return (await send('/v1/sync/push', 'application/json', body, sisterAuthorization)).text();
      },
    });

    async function sendBatch(many: number): Promise<void> {
      const hostile = Array.from({ length: many }, (): Hostile => {
        if (random.isLikely(1 / 4)) return facts.hostile();
        return hostileEntry(nextBill(), taken, random.pick(sisters), random);
      });
      const honest = nextBill();
      const entries = [
        ...hostile.map(({ id, kind = 'bill', content }) => ({ seq: (seq += 1), kind, id, atMs: 1, content })),
        ...(await facts.honest()).map((entry) => ({ ...entry, seq: (seq += 1) })),
        entryOf(honest, (seq += 1)),
      ];
      const body = gzipSync(JSON.stringify({ entries }), { level: 1 });
      const response = await send('/v1/sync/push', gzipType, body, authorization);
      const text = await response.text();
      if (response.status >= 500) return crash('batch', `${response.status} ${text}`);
      const reply = response.ok ? (JSON.parse(text) as { answers: readonly Answered[] }).answers : [];
      if (reply.length !== entries.length) return crash('batch', `${response.status} ${text}`);
      for (const [at, { what, isWord }] of hostile.entries()) {
        const { outcome, reason, detail } = reply[at] as Answered;
        count(reason ?? outcome);
        if (reason === 'faulted') crash(what, detail ?? '');
        // A word is stored whatever it says: what it does is looked at when all is over.
        if (outcome !== 'accepted' || isWord === true) continue;
        accepted += 1;
        options.say(`believed: ${what} ${hostile[at]?.content.slice(0, 200)}`);
      }
      for (const { outcome, reason } of reply.slice(hostile.length, -1)) {
        if (outcome === 'accepted') honestFacts += 1;
        else crash('an honest fact', reason ?? outcome);
      }
      if (reply.at(-1)?.outcome === 'accepted') honestAccepted += 1;
      const refused = hostile.filter(({ isWord }, at) => isWord !== true && reply[at]?.outcome === 'rejected');
      if (refused.length > 0) await sendAgain(random.pick(refused));
    }

    /** What was refused, sent again by hand: as it was, with another bill under its id, in a frame that is damaged. */
    async function sendAgain({ what, id, kind = 'bill', content }: Hostile): Promise<void> {
      const as = random.pick(['as it was', 'with other content', 'in a damaged frame'] as const);
      const other = entryOf({ ...nextBill(), id: id as Bill['id'] }, 0).content;
      const entry = {
        seq: random.below(seq + 2),
        kind,
        id: id as Bill['id'],
        atMs: 1,
        content: as === 'with other content' ? other : content,
      };
      const frame = await packPush([entry], random.below(seq + 1), true);
      const cut = as === 'in a damaged frame' ? frame.subarray(0, random.below(frame.length)) : frame;
      const response = await send('/v1/sync/push', pushType, cut, authorization);
      const text = await response.text();
      count(`again ${as} ${response.status}`);
      if (response.status >= 500 || text.includes('"faulted"'))
        return crash(`${what}, again`, `${response.status} ${text}`);
      if (!text.includes('"accepted"')) return;
      accepted += 1;
      options.say(`believed: ${what}, again ${as} ${text.slice(0, 200)}`);
    }

    /** A bill that adds up, by somebody who may not send it. */
    async function sendImpostor(): Promise<void> {
      const { what, authorization: theirs } = random.pick(impostors);
      sequence += 1;
      const bill = billOf(till, random.uuid(), sequence);
      const body = JSON.stringify({ entries: [entryOf(bill, (seq += 1))] });
      const response = await send('/v1/sync/push', 'application/json', body, theirs);
      const text = await response.text();
      count(`${what} ${response.status}`);
      if (response.status >= 500) return crash(what, `${response.status} ${text}`);
      if (!text.includes('"accepted"')) return;
      accepted += 1;
      options.say(`believed: ${what} ${text.slice(0, 200)}`);
    }

    async function sendBody(): Promise<void> {
      const { what, type, make } = random.pick(bodies);
      const response = await send('/v1/sync/push', type, make(random), authorization).catch(() => null);
      // The server hangs up on a flood while it is still being sent: that is a refusal, if it lives.
      const status = response === null ? 'cut' : String(response.status);
      count(`body ${status}`);
      if (response !== null && (response.status >= 500 || response.ok))
        crash(what, `${status} ${await response.text()}`);
      const alive = await fetch(new URL('/health', server.url)).catch(() => null);
      if (alive?.ok !== true) crash(what, 'does not answer any more');
    }

    await send(
      '/v1/sync/push',
      'application/json',
      JSON.stringify({ entries: [entryOf(taken, (seq += 1))] }),
      authorization,
    );
    const rssBefore = process.memoryUsage().rss;
    const startedMs = performance.now();
    let done = 0;
    while (done < options.n) {
      const many = Math.min(perBatch, options.n - done);
      await sendBatch(many);
      done += many;
      if (done % 1_000 < perBatch || options.n < 1_000) await sendBody();
      if (done % 250 < perBatch || options.n < 1_000) await sendImpostor();
    }
    const perSecond = Math.round(done / ((performance.now() - startedMs) / 1_000));
    const rssGrownMb = Math.round((process.memoryUsage().rss - rssBefore) / mega);
    const moved = await facts.look();
    for (const what of moved) options.say(`believed: ${what}`);
    accepted += moved.length;
    return { n: done, crashes, accepted, honestAccepted, honestFacts, answers, rssGrownMb, perSecond };
  } finally {
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}
