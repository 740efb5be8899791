/**
 * The scale port's promises as tests: one body, run over every transport and kind. Rule kept: a promise is tested
 * where it is written down (port.ts); with real iron only what iron can show. Not collected by itself:
 * scale-contract.test.ts runs it.
 */
import { describe, expect, it } from 'vitest';
import { milli } from '#core/quantity.ts';
import type { ScaleEmulator } from './emulator.ts';
import type { Scale, ScaleState } from './port.ts';

export type ScalePair = {
  readonly scale: Scale;
  readonly emulator: ScaleEmulator;
  readonly cut: () => Promise<void> | void;
  /** After a cut: the cable is there again. */
  readonly replug: () => Promise<void> | void;
  readonly tidy: () => Promise<void>;
};

export const stateWhere = (scale: Scale, holds: (state: ScaleState) => boolean, ms = 6_000): Promise<ScaleState> =>
  new Promise((resolve, reject) => {
    const look = (): void => {
      if (!holds(scale.state())) return;
      stop();
      clearInterval(timer);
      clearTimeout(late);
      resolve(scale.state());
    };
    const stop = scale.onState(look);
    const timer = setInterval(look, 20);
    const late = setTimeout(() => {
      stop();
      clearInterval(timer);
      reject(new Error(`still ${JSON.stringify(scale.state())} after ${ms} ms`));
    }, ms);
    look();
  });

const isStableAt = (grams: number) => (state: ScaleState) => state.kind === 'stable' && state.milli === grams;

/** `isShort`: the first promise only, for a kind that shares its settling with one that is tested whole. */
export function testScale(name: string, makePair: () => Promise<ScalePair>, isShort = false): void {
  describe(`scale: ${name}`, () => {
    // Each has a scale of its own, so that they can wait side by side.
    const promise = (what: string, test: (pair: ScalePair) => Promise<void>): void =>
      it.concurrent(what, async () => {
        const pair = await makePair();
        try {
          await test(pair);
        } finally {
          await pair.tidy();
        }
      });

    promise('gives only weights that stood still, whatever the pan did before', async ({ scale, emulator }) => {
      const seen: number[] = [];
      scale.onState((state) => {
        // Judged at once: what it calls stable must be what lies there, at rest.
        if (state.kind === 'stable') seen.push(state.milli);
      });
      await stateWhere(scale, isStableAt(0));
      emulator.put(milli(1_250));
      await stateWhere(scale, isStableAt(1_250));
      emulator.put(milli(400));
      await stateWhere(scale, isStableAt(400));
      expect([...new Set(seen)]).toEqual([0, 1_250, 400]);
    });

    if (isShort) return;

    promise('gives none while the pan swings, and none above its load', async ({ scale, emulator }) => {
      emulator.put(milli(700));
      await stateWhere(scale, isStableAt(700));
      emulator.drift(40);
      await stateWhere(scale, (state) => state.kind === 'moving');
      emulator.drift(0);
      await stateWhere(scale, isStableAt(700));
      emulator.put(milli(16_000));
      await stateWhere(scale, (state) => !isStableAt(700)(state));
      const kinds: string[] = [];
      const stop = scale.onState((state) => kinds.push(state.kind));
      await new Promise((resolve) => setTimeout(resolve, 600));
      stop();
      // What a kind can say of too much load differs; a stable weight it is never.
      expect(kinds).not.toContain('stable');
      expect(scale.state().kind).not.toBe('stable');
      emulator.put(milli(100));
      await stateWhere(scale, isStableAt(100));
    });

    promise('forgets the weight when it falls silent', async ({ scale, emulator }) => {
      emulator.put(milli(700));
      await stateWhere(scale, isStableAt(700));
      emulator.mute(true);
      const state = await stateWhere(scale, ({ kind }) => kind === 'trouble');
      expect(state).toEqual({ kind: 'trouble', trouble: 'silent' });
      emulator.mute(false);
      await stateWhere(scale, isStableAt(700));
    });

    promise('reads on after half frames and noise', async ({ scale, emulator }) => {
      emulator.put(milli(700));
      emulator.cutFrames(3);
      emulator.noise(Uint8Array.from([0x00, 0xff, 0x3c]));
      emulator.put(milli(900));
      await new Promise((resolve) => setTimeout(resolve, 300));
      emulator.noise(null);
      await stateWhere(scale, isStableAt(900));
    });

    promise(
      'takes the tare off, forgets it with an empty pan, and says so when it is below zero',
      async ({ scale, emulator }) => {
        await stateWhere(scale, isStableAt(0));
        expect(scale.tare()).toBe(false);
        emulator.put(milli(120));
        await stateWhere(scale, isStableAt(120));
        expect(scale.tare()).toBe(true);
        await stateWhere(scale, isStableAt(0));
        emulator.put(milli(1_120));
        await stateWhere(scale, isStableAt(1_000));
        emulator.put(milli(100));
        await stateWhere(scale, (state) => state.kind === 'negative' && state.milli === -20);
        emulator.put(milli(0));
        await stateWhere(scale, isStableAt(0));
        expect(scale.tareMilli()).toBe(0);
      },
    );

    promise('says what the cable says, and finds the scale again', async ({ scale, emulator, cut, replug }) => {
      emulator.put(milli(700));
      await stateWhere(scale, isStableAt(700));
      await cut();
      await stateWhere(scale, ({ kind }) => kind === 'trouble');
      await replug();
      await stateWhere(scale, isStableAt(700), 12_000);
    });
  });
}
