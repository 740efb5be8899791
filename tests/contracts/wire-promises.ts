/**
 * The wire port's promises as tests: one body, run over every transport. Rule kept: a promise is tested where it is
 * written down (wire.ts) and nowhere else; a transport that can't show one names it in its traits and the test is
 * skipped by that name. Run by hardware/wire/wire-contract.test.ts.
 */
import { afterEach, describe, expect, it } from 'vitest';
import type { Wire, WireTrouble } from '#hardware/wire/wire.ts';

/** The device's end. */
export type FarEnd = {
  /** All bytes that came so far. */
  readonly received: () => Uint8Array;
  readonly send: (bytes: Uint8Array) => void;
  /** Takes no bytes until `go`. */
  readonly hold: () => void;
  readonly go: () => void;
  /** Pulls the plug. */
  readonly cut: () => Promise<void> | void;
};

export type WirePair = {
  readonly wire: Wire;
  readonly far: FarEnd;
  readonly tidy: () => Promise<void> | void;
};

export type WireTraits = {
  /** False for a wire that only writes: its onData never calls. */
  readonly reads: boolean;
  /** Whether a pulled plug is known without writing. */
  readonly feelsCut: boolean;
  /** More bytes than all buffers between the two ends hold. */
  readonly flood: number;
};

const pattern = (length: number, seed = 7): Uint8Array =>
  Uint8Array.from({ length }, (_, at) => (at * 31 + seed + (at >> 8) * 17) & 0xff);

const settled = (promise: Promise<unknown>, ms: number): Promise<boolean> =>
  Promise.race([promise.then(() => true), new Promise<boolean>((resolve) => setTimeout(() => resolve(false), ms))]);

export function testWire(name: string, makePair: () => Promise<WirePair>, traits: WireTraits): void {
  describe(`wire: ${name}`, () => {
    const open: WirePair[] = [];
    const pair = async (): Promise<WirePair> => {
      const made = await makePair();
      open.push(made);
      return made;
    };
    afterEach(async () => {
      for (const made of open.splice(0)) {
        await made.wire.close(0);
        await made.tidy();
      }
    });

    it('hands on every byte in order, also those of writes given at once', async () => {
      const { wire, far } = await pair();
      const parts = [pattern(5_000, 1), pattern(3, 2), pattern(0), pattern(9_001, 3)];
      const outcomes = await Promise.all(parts.map((part) => wire.write(part, 5_000)));
      expect(outcomes).toEqual(parts.map(() => ({ kind: 'sent' })));
      const whole = Buffer.concat(parts);
      await wire.close();
      await expect.poll(() => far.received().length).toBe(whole.length);
      expect(Buffer.from(far.received()).equals(whole)).toBe(true);
    });

    it('waits while the other side takes nothing, and goes on', async () => {
      const { wire, far } = await pair();
      const bytes = pattern(traits.flood);
      far.hold();
      const writing = wire.write(bytes, 10_000);
      expect(await settled(writing, 200)).toBe(false);
      far.go();
      expect(await writing).toEqual({ kind: 'sent' });
      await wire.close(5_000);
      await expect.poll(() => far.received().length).toBe(bytes.length);
      expect(Buffer.from(far.received()).equals(Buffer.from(bytes))).toBe(true);
    });

    it('gives up after the stall limit, counts no byte that was not taken, and is closed', async () => {
      const { wire, far } = await pair();
      const bytes = pattern(traits.flood);
      far.hold();
      const [outcome, behind] = await Promise.all([wire.write(bytes, 300), wire.write(pattern(9), 300)]);
      expect(outcome).toMatchObject({ kind: 'failed', trouble: 'timeout' });
      expect(behind).toEqual({ kind: 'failed', sentBytes: 0, trouble: 'timeout' });
      expect(wire.isOpen()).toBe(false);
      expect(await wire.ended).toBe('timeout');
      const sentBytes = outcome.kind === 'failed' ? outcome.sentBytes : Number.NaN;
      expect(sentBytes).toBeLessThan(bytes.length);
      far.go();
      await expect.poll(() => far.received().length).toBeGreaterThanOrEqual(sentBytes);
      const came = far.received();
      expect(Buffer.from(came).equals(Buffer.from(bytes.subarray(0, came.length)))).toBe(true);
    });

    it('answers a write after the end at once, as failed', async () => {
      const { wire } = await pair();
      await wire.close();
      expect(await wire.write(pattern(3), 10_000)).toMatchObject({ kind: 'failed', sentBytes: 0 });
    });

    it('closes once, however often it is asked, and says that it was us', async () => {
      const { wire } = await pair();
      let ends = 0;
      void wire.ended.then(() => {
        ends += 1;
      });
      await Promise.all([wire.close(), wire.close(), wire.close(0)]);
      await wire.close();
      expect(await wire.ended).toBe(null);
      expect(ends).toBe(1);
      expect(wire.isOpen()).toBe(false);
    });

    it('breaks when the plug is pulled in the middle of a write', async () => {
      const { wire, far } = await pair();
      const ends: (WireTrouble | null)[] = [];
      void wire.ended.then((trouble) => ends.push(trouble));
      far.hold();
      const bytes = pattern(traits.flood);
      const writing = wire.write(bytes, 3_000);
      await settled(writing, 100);
      await far.cut();
      const outcome = await writing;
      expect(outcome).toMatchObject({ kind: 'failed', trouble: 'broken' });
      expect(outcome.kind === 'failed' && outcome.sentBytes < bytes.length).toBe(true);
      expect(wire.isOpen()).toBe(false);
      await wire.close();
      await expect.poll(() => ends).toEqual(['broken']);
    });

    it.skipIf(!traits.feelsCut)('feels a pulled plug while nothing is written', async () => {
      const { wire, far } = await pair();
      await far.cut();
      expect(await wire.ended).toBe('broken');
      expect(wire.isOpen()).toBe(false);
    });

    it.skipIf(!traits.reads)('keeps bytes that come before anybody listens, then hears on, in order', async () => {
      const { wire, far } = await pair();
      const bytes = pattern(3_000);
      far.send(bytes.subarray(0, 1_000));
      await new Promise((resolve) => setTimeout(resolve, 50));
      const heard: number[] = [];
      const sizes: number[] = [];
      const stop = wire.onData((part) => {
        heard.push(...part);
        sizes.push(part.length);
      });
      far.send(bytes.subarray(1_000));
      await expect.poll(() => heard.length).toBe(3_000);
      expect(heard).toEqual([...bytes]);
      expect(Math.min(...sizes)).toBeGreaterThan(0);
      stop();
      far.send(pattern(5));
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(heard.length).toBe(3_000);
    });

    it.skipIf(!traits.reads)('hears while it writes', async () => {
      const { wire, far } = await pair();
      const heard: number[] = [];
      wire.onData((part) => heard.push(...part));
      far.hold();
      const writing = wire.write(pattern(traits.flood), 10_000);
      far.send(Uint8Array.of(0x12, 0x16));
      await expect.poll(() => heard).toEqual([0x12, 0x16]);
      far.go();
      expect(await writing).toEqual({ kind: 'sent' });
    });
  });
}
