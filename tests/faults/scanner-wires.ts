/**
 * Scanners of the rig on wires and on a keyboard, under one clock that the rig drives. Rule kept: what cuts bytes
 * into codes and tells bursts from typing is the product's own; here are only links, a field and time. The naive
 * splitter is the control: each chunk for itself, as a first attempt would do it.
 */
import { plainWedge } from '#contract/plain-scanner.ts';
import type { WedgeSetting } from '#contract/till-scanner.ts';
import type { Framing, Scanned } from '#hardware/scanner/port.ts';
import { type ScanClock, scannerOver, type ScanLink } from '#hardware/scanner/serial-scanner.ts';
import { type BrokenScan, endsItsCodes, isRest, judgeScan } from '#renderer/keys/broken-scan.ts';
import {
  type BurstEffect,
  type BurstKey,
  type BurstState,
  hearKey,
  hearSilence,
  idleBurst,
  silenceMs,
} from '#renderer/keys/burst.ts';
import { bareCode } from '#renderer/keys/learn-scanner.ts';

export type VirtualClock = ScanClock & { readonly pass: (ms: number) => void };

export function virtualClock(): VirtualClock {
  let now = 1_000;
  const due = new Set<{ readonly atMs: number; readonly work: () => void }>();
  return {
    nowMs: () => now,
    later: (work, ms) => {
      const one = { atMs: now + ms, work };
      due.add(one);
      return () => void due.delete(one);
    },
    pass: (ms) => {
      const end = now + ms;
      for (;;) {
        const next = [...due].toSorted((a, b) => a.atMs - b.atMs)[0];
        if (next === undefined || next.atMs > end) break;
        due.delete(next);
        now = Math.max(now, next.atMs);
        next.work();
      }
      now = end;
    },
  };
}

export type RigWire = { readonly send: (bytes: Uint8Array) => void };

/** `isNaive`: the control. */
export function openRigWire(
  framing: Framing,
  clock: VirtualClock,
  onScan: (scanned: Scanned) => void,
  isNaive: boolean,
): RigWire {
  if (isNaive) {
    return {
      send: (bytes) => {
        for (const code of new TextDecoder().decode(bytes).split(/[\r\n\t\u0002\u0003]+/)) {
          if (code !== '') onScan({ kind: 'code', code });
        }
      },
    };
  }
  let tell: (bytes: Uint8Array) => void = () => {};
  const link: ScanLink = {
    layout: () => null,
    onData: (listener) => {
      tell = listener;
      return () => {};
    },
    onState: () => () => {},
    state: () => ({ isOpen: true, trouble: null }),
    close: () => Promise.resolve(),
  };
  scannerOver(link, framing, clock).onScan(onScan);
  return { send: (bytes) => tell(bytes) };
}

/** One key that a scanner types: a character, an end, or a key that would command. */
export type RigKey = { readonly text: string | null; readonly isEnd: boolean; readonly isCommand: boolean };

export type RigKeyboard = {
  readonly press: (key: RigKey) => void;
  readonly field: () => string;
  readonly setField: (text: string) => void;
  /** Keys that acted as a person's. */
  readonly acted: () => number;
};

/** The keyboard's glue (renderer/keys/keyboard.ts) without a page: the same calls in the same order. */
export function openRigKeyboard(
  wedge: WedgeSetting | null,
  clock: VirtualClock,
  onScan: (code: string) => void,
): RigKeyboard {
  const setting = wedge ?? plainWedge;
  const isSure = endsItsCodes(setting, wedge !== null);
  let state: BurstState<RigKey> = idleBurst;
  let field = '';
  let before = '';
  let acted = 0;
  let broken: BrokenScan = null;
  let runLength = 0;
  const apply = (effects: readonly BurstEffect<RigKey>[]): void => {
    for (const effect of effects) {
      if (effect.do === 'remember') before = field;
      else if (effect.do === 'takeBack') field = before;
      else if (effect.do === 'scan') {
        const code = bareCode(effect.code, setting);
        const judged = judgeScan(broken, { code, isEnded: effect.isEnded, atMs: clock.nowMs() }, isSure);
        broken = judged.broken;
        if (judged.isWhole) onScan(code);
      } else if (
        isRest(broken, { count: runLength, hasEnd: effect.keys.some((k) => k.isEnd), atMs: clock.nowMs() }, isSure)
      ) {
        field = before;
        broken = null;
      } else acted += effect.keys.length;
    }
  };
  let cancel = (): void => {};
  const hearPause = (): void => {
    runLength = state.count;
    const quiet = hearSilence(state, clock.nowMs(), setting.gapMs);
    state = quiet.state;
    apply(quiet.effects);
  };
  return {
    press: (key) => {
      cancel();
      runLength = state.count;
      const step = hearKey(state, asBurstKey(key, clock.nowMs()), setting.gapMs);
      state = step.state;
      apply(step.effects);
      if (step.verdict === 'pass') field += key.text ?? '';
      cancel = clock.later(hearPause, silenceMs(state, setting.gapMs, setting.terminator === 'none') + 1);
    },
    field: () => field,
    setField: (text) => {
      field = text;
    },
    acted: () => acted,
  };
}

const asBurstKey = (key: RigKey, atMs: number): BurstKey<RigKey> => ({
  atMs,
  text: key.isEnd ? null : key.text,
  isTerminator: key.isEnd,
  kind: key.isEnd || key.isCommand ? 'command' : 'text',
  isRepeat: false,
  payload: key,
});
