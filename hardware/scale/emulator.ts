/**
 * A weighing scale on a wire without a scale: what is put on its pan swings, then stands still, and it speaks as its
 * kind does. Rule kept: it behaves like the device on the wire, bad days included: motion, overload, drift, half
 * frames, silence. Nothing of the drivers is in it.
 */
import { type Milli, milli } from '#core/quantity.ts';
import type { EmulatorEnd } from '../wire/emulator-end.ts';
import { type EmulatedScaleId, emulatedScales, type Pan } from './emulator-replies.ts';

export type ScaleEmulatorOptions = {
  readonly protocol: EmulatedScaleId;
  readonly wire: EmulatorEnd;
  /** How long the pan swings after a change; 400 ms unless told. */
  readonly settleMs?: number;
  readonly maxMilli?: Milli;
  /** For a scale that sends by itself: how often a second; its kind's own unless told. */
  readonly perSecond?: number;
  /** 0 … 1; noise of the swinging pan. */
  readonly random?: () => number;
};

export type ScaleEmulator = {
  /** Lays this on the pan in place of what was there (milli-kilograms). */
  readonly put: (weight: Milli) => void;
  /** Keeps the pan swinging by so much until it is 0 again. */
  readonly drift: (byMilli: number) => void;
  /** Says nothing any more, as with a pulled plug behind it. */
  readonly mute: (isMute: boolean) => void;
  /** The next so many frames are cut in the middle. */
  readonly cutFrames: (count: number) => void;
  /** Bytes of nothing known go out before each frame. */
  readonly noise: (bytes: Uint8Array | null) => void;
  readonly pan: () => Pan;
  /** When the pan came to rest last, by performance.now(); null while it swings. */
  readonly restedAt: () => number | null;
  /** When a frame of the resting pan went on the wire first; null until then. */
  readonly restToldAt: () => number | null;
  readonly close: () => void;
};

export function startScaleEmulator(options: ScaleEmulatorOptions): ScaleEmulator {
  const { wire, settleMs = 400, maxMilli = milli(15_000), random = Math.random } = options;
  const kind = emulatedScales[options.protocol];
  let laid: Milli = milli(0);
  let before: Milli = milli(0);
  let zeroAt = 0;
  let changedAt = Number.NEGATIVE_INFINITY;
  let driftBy = 0;
  let restTold: number | null = null;
  let isMute = false;
  let cuts = 0;
  let noise: Uint8Array | null = null;

  const restsAt = (): number => changedAt + settleMs;
  const isSwinging = (): boolean => driftBy > 0 || performance.now() < restsAt();
  const pan = (): Pan => {
    const isMoving = isSwinging();
    const share = Math.min(1, Math.max(0, (performance.now() - changedAt) / Math.max(1, settleMs)));
    const swing = driftBy > 0 ? driftBy : Math.abs(laid - before) * 0.3 * (1 - share);
    const middle = before + (laid - before) * Math.min(1, share * 2);
    const weight = isMoving ? Math.round(middle + (random() - 0.5) * 2 * swing) : laid;
    return { milli: milli(weight - zeroAt), isMoving, isOver: weight > maxMilli };
  };
  const send = (bytes: Uint8Array, on: Pan): void => {
    if (isMute || bytes.length === 0) return;
    if (!on.isMoving && cuts === 0) restTold ??= performance.now();
    if (noise !== null) wire.write(noise);
    const isCut = cuts > 0;
    if (isCut) cuts -= 1;
    wire.write(isCut ? bytes.subarray(0, Math.ceil(bytes.length / 2)) : bytes);
  };

  const tell = (say: (on: Pan) => Uint8Array | null): void => {
    const on = pan();
    const bytes = say(on);
    if (bytes !== null) send(bytes, on);
  };

  const perSecond = options.perSecond ?? kind.perSecond;
  const timer =
    kind.perSecond === null || perSecond === null ? undefined : setInterval(() => tell(kind.frame), 1_000 / perSecond);

  const stop = wire.onData((bytes) => {
    for (const command of commandsIn(bytes)) {
      if (command === kind.zero && !isSwinging()) zeroAt = laid;
      tell((on) => kind.answer(command, on));
    }
  });

  return {
    put: (weight) => {
      before = laid;
      laid = weight;
      changedAt = performance.now();
      restTold = null;
    },
    drift: (by) => {
      driftBy = by;
      if (by === 0) changedAt = performance.now() - settleMs;
    },
    mute: (is) => {
      isMute = is;
    },
    cutFrames: (count) => {
      cuts = count;
    },
    noise: (bytes) => {
      noise = bytes;
    },
    pan,
    restToldAt: () => restTold,
    restedAt: () => (isSwinging() ? null : restsAt()),
    close: () => {
      clearInterval(timer);
      stop();
    },
  };
}

/** One byte is one command, but for those that go on: "Ehello", a letter and CR. */
function commandsIn(bytes: Uint8Array): readonly string[] {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte & 0x7f)).join('');
  return text.match(/Ehello|[A-Za-z]\r|[\s\S]/g) ?? [];
}
