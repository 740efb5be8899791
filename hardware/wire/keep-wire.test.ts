import { afterEach, describe, expect, it } from 'vitest';
import { err, ok, type Result } from '#core/result.ts';
import { hasPty, noPty, openPtyPair } from '#tests/fixtures/pty-pair.ts';
import { delayBefore, type KeepTimers, type KeptState, type KeptWire, keepWire } from './keep-wire.ts';
import { makeWire } from './make-wire.ts';
import type { Wire, WireTarget, WireTrouble } from './wire.ts';

const target: WireTarget = { kind: 'tcp', host: 'nowhere', port: 1 };
const kept: KeptWire[] = [];
afterEach(async () => {
  for (const one of kept.splice(0)) await one.close();
});

/** Time that stands still until a test turns it. */
function handTimers(): KeepTimers & {
  readonly waits: () => readonly number[];
  readonly turn: (ms: number) => Promise<void>;
} {
  let now = 0;
  let set: { readonly at: number; readonly call: () => void }[] = [];
  return {
    after: (ms, call) => {
      const one = { at: now + ms, call };
      set.push(one);
      return () => {
        set = set.filter((other) => other !== one);
      };
    },
    waits: () => set.map((one) => one.at - now),
    turn: async (ms) => {
      now += ms;
      const due = set.filter((one) => one.at <= now);
      set = set.filter((one) => one.at > now);
      for (const one of due) one.call();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

/** A wire in memory whose plug the test holds; a transport is tested elsewhere. */
function memoryWire(): {
  readonly wire: Wire;
  readonly pull: (trouble: WireTrouble) => void;
  readonly say: (text: string) => void;
} {
  let pull: (trouble: WireTrouble) => void = () => {};
  let hear: (bytes: Uint8Array) => void = () => {};
  const wire = makeWire((reports) => {
    pull = reports.broke;
    hear = reports.heard;
    return {
      chunkBytes: 10,
      send: () => Promise.resolve(null),
      drain: () => Promise.resolve(),
      free: () => Promise.resolve(),
    };
  });
  return { wire, pull: (trouble) => pull(trouble), say: (text) => hear(new TextEncoder().encode(text)) };
}

const nextTurn = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve));

describe('keep wire', () => {
  it('doubles its waits up to the most, between half and all of each by chance', () => {
    const backOff = { firstMs: 100, mostMs: 1_000 };
    expect([1, 2, 3, 4, 5, 90].map((tries) => delayBefore(tries, backOff, () => 0.999_999))).toEqual([
      100, 200, 400, 800, 1_000, 1_000,
    ]);
    expect(delayBefore(3, backOff, () => 0)).toBe(200);
  });

  it('tries on until it opens, tells each trouble once, and hears again after an end', async () => {
    const timers = handTimers();
    const answers: Result<Wire, WireTrouble>[] = [];
    const [one, two] = [memoryWire(), memoryWire()];
    answers.push(err('absent'), err('absent'), err('busy'), ok(one.wire), err('absent'), ok(two.wire));
    const seen: string[] = [];
    const states: KeptState[] = [];
    let opens = 0;
    const keeping = keepWire(target, {
      timers,
      random: () => 0,
      backOff: { firstMs: 100, mostMs: 400 },
      openWire: async () => answers[opens++] ?? err('absent'),
      onUp: () => seen.push('up'),
      onDown: (trouble) => seen.push(`down ${trouble}`),
      onData: (bytes) => seen.push(new TextDecoder().decode(bytes)),
      onState: (state) => states.push(state),
    });
    kept.push(keeping);
    await nextTurn();
    expect([opens, timers.waits()]).toEqual([1, [50]]);
    await timers.turn(49);
    expect(opens).toBe(1);
    await timers.turn(1);
    expect([opens, timers.waits()]).toEqual([2, [100]]);
    await timers.turn(100);
    expect(await keeping.write(Uint8Array.of(1), 10)).toEqual({ kind: 'failed', sentBytes: 0, trouble: 'busy' });
    await timers.turn(200);
    expect(keeping.state()).toEqual({ kind: 'up' });
    one.say('12.5 kg');
    await nextTurn();
    expect(await keeping.write(Uint8Array.of(1), 10)).toEqual({ kind: 'sent' });
    one.pull('broken');
    await nextTurn();
    expect(keeping.state()).toMatchObject({ kind: 'looking', trouble: 'broken' });
    await timers.turn(400);
    await timers.turn(400);
    two.say('13 kg');
    await nextTurn();
    expect(seen).toEqual(['down absent', 'up', '12.5 kg', 'down broken', 'up', '13 kg']);
    expect(states.map((state) => (state.kind === 'up' ? 'up' : state.trouble))).toEqual([
      'absent',
      'busy',
      'up',
      'broken',
      'absent',
      'up',
    ]);
  });

  it('does not hammer a wire that opens and breaks at once, and forgets old troubles when one lasted', async () => {
    const timers = handTimers();
    let last = memoryWire();
    const keeping = keepWire(target, {
      timers,
      random: () => 0,
      backOff: { firstMs: 100, mostMs: 10_000 },
      openWire: async () => {
        last = memoryWire();
        return ok(last.wire);
      },
    });
    kept.push(keeping);
    const waits: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      await nextTurn();
      last.pull('broken');
      await nextTurn();
      waits.push(...timers.waits());
      await timers.turn(waits.at(-1) ?? 0);
    }
    expect(waits).toEqual([50, 100, 200, 400]);
    await timers.turn(10_000);
    last.pull('broken');
    await nextTurn();
    expect(timers.waits()).toEqual([50]);
  });

  it('tries at once when told, and never twice at a time', async () => {
    const timers = handTimers();
    const waiting: ((answer: Result<Wire, WireTrouble>) => void)[] = [];
    const keeping = keepWire(target, { timers, openWire: () => new Promise((resolve) => waiting.push(resolve)) });
    kept.push(keeping);
    keeping.tryNow();
    expect(waiting.length).toBe(1);
    waiting[0]?.(err('absent'));
    await nextTurn();
    keeping.tryNow();
    expect([waiting.length, timers.waits()]).toEqual([2, []]);
    waiting[1]?.(err('absent'));
    await nextTurn();
  });

  it('closing stops tries, and a wire that opens too late is closed', async () => {
    const timers = handTimers();
    const { wire } = memoryWire();
    const seen: string[] = [];
    let answer: (value: Result<Wire, WireTrouble>) => void = () => {};
    const keeping = keepWire(target, {
      timers,
      openWire: () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
      onUp: () => seen.push('up'),
      onDown: () => seen.push('down'),
    });
    const closing = keeping.close();
    answer(ok(wire));
    await closing;
    expect(await wire.ended).toBe(null);
    keeping.tryNow();
    expect([timers.waits(), seen]).toEqual([[], []]);
  });
});

it.skipIf(!hasPty)(`keep wire over a pty that is unplugged and plugged in again ${noPty}`, async () => {
  const pair = await openPtyPair();
  const format = { baud: 9_600, dataBits: 8, parity: 'none', stopBits: 1, flow: 'none' } as const;
  const seen: string[] = [];
  const keeping = keepWire(
    { kind: 'serial', path: pair.left, format, identity: null },
    {
      backOff: { firstMs: 10, mostMs: 40 },
      onUp: () => seen.push('up'),
      onDown: (trouble) => seen.push(trouble),
    },
  );
  kept.push(keeping);
  await expect.poll(() => seen).toEqual(['up']);
  await pair.cut();
  await expect.poll(() => seen).toEqual(['up', 'broken']);
  await pair.replug();
  await expect.poll(() => seen).toEqual(['up', 'broken', 'up']);
  expect(await keeping.write(Uint8Array.of(5), 500)).toEqual({ kind: 'sent' });
  await keeping.close();
  await pair.close();
});
