/**
 * The kill rig: a till process on a shop's folder is killed at random moments, while it starts and while it
 * sells, and the next one must find everything it had acknowledged. Rule kept: it looks after every kill, on a
 * copy of the folder, so that the next till itself recovers what the kill left.
 */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Audit, auditShop } from './audit.ts';
import { type Counter, makeCounter } from './counter.ts';
import { plainBarcodes } from './demo-goods.ts';
import { seededRandom } from './seeded-random.ts';
import { spawnTill, TillGone, type TillProcess } from './till-process.ts';

export type KillOptions = {
  readonly cycles: number;
  readonly seed: number;
  /** The control: a till that answers before its commit. */
  readonly acksBeforeCommit: boolean;
  readonly say: (line: string) => void;
};
export type KillOutcome = {
  readonly cycles: number;
  readonly acknowledged: number;
  readonly lost: number;
  readonly doubled: number;
  readonly gaps: number;
  readonly corrupt: number;
  readonly cartLost: number;
};

const tillEntry = join(import.meta.dirname, '..', '..', 'till', 'node.ts');
const controlEntry = join(import.meta.dirname, 'control-till.ts');
/** Every so many cycles all acknowledgements are looked for again and all documents read against the journal. */
const thoroughEvery = 20;

export async function killTills(options: KillOptions): Promise<KillOutcome> {
  const home = mkdtempSync(join(tmpdir(), 'billmitra kill दुकान-'));
  const shop = join(home, 'shop');
  const random = seededRandom(options.seed);
  let onCommit = (): void => undefined;
  const counter = makeCounter(random, plainBarcodes(), () => onCommit());
  const total = { lost: 0, doubled: 0, gaps: 0, corrupt: 0 };
  try {
    await seedShop(shop);
    // The demo shop comes with a history.
    const before = auditCopy(shop, join(home, 'copy'), counter, true);
    counter.skipBills(before.billIds);
    for (let cycle = 1; cycle <= options.cycles; cycle += 1) {
      // One in five dies while it starts, two in five within some milliseconds of a commit on its way.
      const moment = random.pick(['starting', 'any', 'any', 'committing', 'committing'] as const);
      const waitMs = random.below(moment === 'starting' ? 700 : 1_500);
      counter.setPace(random.isLikely(0.3));
      const till = spawnTill(options.acksBeforeCommit ? controlEntry : tillEntry, ['--shop', shop]);
      const killer = makeKiller(till);
      onCommit = () => killer.onCommit(random.fraction() * 5);
      if (moment === 'starting') killer.killIn(waitMs);
      const atMs = await sellUntilKilled(till, counter, killer, () => {
        if (moment === 'any') killer.killIn(waitMs);
        if (moment === 'committing') killer.armIn(waitMs);
      });
      counter.killed(atMs);
      const isThorough = cycle % thoroughEvery === 0 || cycle === options.cycles;
      const found = auditCopy(shop, join(home, 'copy'), counter, isThorough);
      const { acknowledged, cartLost } = counter.counts();
      counter.forget(found.lost);
      total.lost += found.lost.length;
      total.gaps += found.gaps.length;
      total.corrupt += found.corrupt.length > 0 ? 1 : 0;
      // Doubles stay in the books and are found each time: the last look counts them.
      const most = counter.mostReceipts();
      total.doubled = counter.doubledIn(found.billIds) + Math.max(0, found.receipts - before.receipts - most);
      const troubles = [...found.corrupt, ...found.gaps].join('; ');
      options.say(
        `cycle ${cycle} of ${options.cycles}: ${acknowledged} acknowledged, ${total.lost} lost, ` +
          `${total.doubled} doubled, ${cartLost} carts lost ${troubles}`.trimEnd(),
      );
    }
    const { acknowledged, cartLost, wronglyRepeated, retried, foundMade } = counter.counts();
    options.say(`${retried} commits were sent again after a crash, ${foundMade} of them had been made`);
    const { lost, doubled, gaps, corrupt } = total;
    return { cycles: options.cycles, acknowledged, lost, doubled: doubled + wronglyRepeated, gaps, corrupt, cartLost };
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function seedShop(shop: string): Promise<void> {
  const till = spawnTill(tillEntry, ['--shop', shop, '--demo']);
  await till.join().catch((error: unknown) => {
    throw new Error(`the till does not start: ${till.errors()}`, { cause: error });
  });
  till.stop();
  await till.gone;
}

type Killer = ReturnType<typeof makeKiller>;

function makeKiller(till: TillProcess) {
  let killedAtMs: number | null = null;
  let isArmed = false;
  const timers: NodeJS.Timeout[] = [];
  const kill = (): void => {
    killedAtMs ??= performance.now();
    till.kill();
  };
  const after = (ms: number, work: () => void): void => void timers.push(setTimeout(work, ms));
  return {
    killIn: (ms: number) => after(ms, kill),
    /** From then on the next commit brings the kill. Should none come, it comes anyway. */
    armIn: (ms: number) => {
      after(ms, () => {
        isArmed = true;
      });
      after(ms + 3_000, kill);
    },
    onCommit: (ms: number) => {
      if (!isArmed) return;
      isArmed = false;
      after(ms, kill);
    },
    atMs: () => killedAtMs,
    clear: () => timers.forEach(clearTimeout),
  };
}

/** Answers when it was killed, by performance.now(). Throws when the till fails by itself. */
async function sellUntilKilled(
  till: TillProcess,
  counter: Counter,
  killer: Killer,
  onReady: () => void,
): Promise<number> {
  try {
    const client = await till.join();
    if (killer.atMs() === null) onReady();
    await counter.takeUp(client, till.ask);
    for (;;) await counter.work(client, till.ask);
  } catch (error) {
    const isOurs = killer.atMs() !== null;
    killer.clear();
    till.kill();
    await till.gone;
    if (isOurs) return killer.atMs() ?? 0;
    const why = error instanceof TillGone ? 'the till ended by itself' : 'a command failed';
    throw new Error(`${why}: ${describe(error)}\n${till.errors()}`, { cause: error });
  }
}

const describe = (error: unknown): string =>
  error instanceof Error && 'data' in error ? `${error.message} ${JSON.stringify(error.data)}` : String(error);

/** Without the shared-memory files: the next connection builds them again. */
const copied = ['shop.db', 'shop.db-wal', 'carts.db', 'carts.db-wal'] as const;

function auditCopy(shop: string, copy: string, counter: Counter, isThorough: boolean): Audit {
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy);
  for (const name of copied) if (existsSync(join(shop, name))) copyFileSync(join(shop, name), join(copy, name));
  const fresh = counter.takeNewAcks();
  return auditShop(copy, isThorough ? counter.acks() : fresh, isThorough);
}
