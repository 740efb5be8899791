/**
 * The mechanics of the emulated printer: a receive buffer of 4 KB, a head that prints so many millimetres a second, a
 * knife. Rule kept: no byte is taken from the buffer while the head is busy, and a full buffer stops the link, as on
 * iron; questions in real time (DLE EOT) are answered on arrival. It opens no wire; time is handed in.
 */
import { canPrint, type Emulator, type EmulatorState, makeEmulator } from './emulator.ts';
import type { PrintedReceipt } from './emulator-paper.ts';

export type MachineTime = {
  /** Milliseconds, by any clock that only goes forward. */
  readonly now: () => number;
  readonly later: (work: () => void, ms: number) => void;
};

/** One cable that is plugged in. */
export type MachineLink = {
  readonly send: (bytes: Uint8Array) => void;
  /** Takes no more bytes from it: the other side comes to a stand. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** Pulls it. */
  readonly cut: () => void;
};
export type PluggedLink = {
  readonly take: (bytes: Uint8Array) => void;
  /** It ended: `isBroken` when nobody hung up (the half command is forgotten, the buffer still prints). */
  readonly ended: (isBroken: boolean) => void;
};

export type Machine = {
  readonly emulator: Emulator;
  readonly plug: (link: MachineLink) => PluggedLink;
  readonly state: () => EmulatorState;
  readonly setState: (change: Partial<EmulatorState>) => void;
  /** null: prints at once, whatever it is. */
  readonly setSpeed: (mmPerSecond: number | null) => void;
  /** It hangs: takes nothing from any link and answers nothing, until it is let go. */
  readonly hang: (isHung: boolean) => void;
  /** Cuts the link once `bytes` more bytes came, answers to questions not counted. null: never. 0: now. */
  readonly cutAfter: (bytes: number | null) => void;
  /** The roll ends once `bytes` more bytes were printed. null: never. */
  readonly paperOutAfter: (bytes: number | null) => void;
  /** The printer's own plug: what is in its buffers is gone, the paper stays, every link breaks. */
  readonly powerOff: () => void;
  readonly receivedBytes: () => number;
  readonly bufferedBytes: () => number;
  /** Resolves when all that came is on paper and the head and the knife stand still. */
  readonly idle: () => Promise<void>;
};

export type MachineOptions = {
  readonly widthDots?: number | undefined;
  /** false: a printer that never answers a status question. */
  readonly hasStatus?: boolean | undefined;
  /** false: it answers DLE EOT but no question in its turn (GS r). */
  readonly answersInTurn?: boolean | undefined;
  /** How fast paper leaves; at once unless told. */
  readonly mmPerSecond?: number | undefined;
  /** How long a cut takes once the paper stands; 100 with a head speed, else 0. */
  readonly cutMs?: number | undefined;
  /** Bytes a second that the link carries; unlimited unless told. */
  readonly bytesPerSecond?: number | undefined;
  readonly onReceipt?: ((receipt: PrintedReceipt) => void) | undefined;
  /** Hears every byte as it comes, before it is understood. */
  readonly onBytes?: ((bytes: Uint8Array) => void) | undefined;
  /** The paper moved or the state changed: for who draws it. */
  readonly onChange?: (() => void) | undefined;
  readonly time?: MachineTime | undefined;
};

/** Receive buffer; the link stands still once it is full, and goes on at half. */
export const bufferBytes = 4_096;
/** 203 dpi. */
const dotsPerMm = 8;
const usualCutMs = 100;

const realTime: MachineTime = {
  now: () => performance.now(),
  later: (work, ms) => void setTimeout(work, ms),
};

export function makeMachine(options: MachineOptions = {}): Machine {
  const time = options.time ?? realTime;
  const links = new Set<MachineLink>();
  const paused = new Set<MachineLink>();
  let state: EmulatorState = { isOnline: true, isCoverOpen: false, hasError: false, paper: 'ok' };
  let talking: MachineLink | null = null;
  let speed: number | null = options.mmPerSecond ?? null;
  let cutLeft: number | null = null;
  let paperLeft: number | null = null;
  let received = 0;
  let isHung = false;
  /** What came and is not printed; a lost link stands in it as a mark. */
  let queue: (Uint8Array | 'linkLost')[] = [];
  let queued = 0;
  let freeAt = 0;
  let isStarved = true;
  let isWaiting = false;
  const waiters: (() => void)[] = [];

  const emulator = makeEmulator({
    widthDots: options.widthDots ?? 576,
    answersInTurn: options.answersInTurn,
    onReceipt: options.onReceipt,
    onReply: (bytes) => {
      if (options.hasStatus !== false) talking?.send(bytes);
    },
  });
  const changed = (): void => options.onChange?.();

  const setState = (change: Partial<EmulatorState>): void => {
    state = { ...state, ...change };
    emulator.setState(change);
    if (canPrint(state)) {
      if (speed === null) resumeAll();
      work();
    }
    changed();
  };
  const resumeAll = (): void => {
    if (isHung) return;
    for (const link of paused) link.resume();
    paused.clear();
  };
  /** Feeds bytes up to the end of the roll, should it be reached in them. Answers how many it fed. */
  const feed = (bytes: Uint8Array, isAnswered: boolean): number => {
    if (paperLeft === null || bytes.length < paperLeft) {
      if (paperLeft !== null) paperLeft -= bytes.length;
      emulator.feed(bytes, isAnswered);
      return bytes.length;
    }
    const last = paperLeft;
    paperLeft = null;
    emulator.feed(bytes.subarray(0, last), isAnswered);
    setState({ paper: 'out' });
    return last;
  };

  /** Prints at once all that is there: no head, no buffer but the emulator's own. */
  const printNow = (bytes: Uint8Array): void => {
    const fed = feed(bytes, false);
    if (fed < bytes.length) emulator.feed(bytes.subarray(fed));
    changed();
  };

  /** The next byte of the queue, or the mark of a lost link. */
  const shift = (): Uint8Array | 'linkLost' | null => {
    const first = queue[0];
    if (first === undefined) return null;
    if (first === 'linkLost' || first.length === 1) queue.shift();
    else queue[0] = first.subarray(1);
    if (first === 'linkLost') return first;
    queued -= 1;
    return first.subarray(0, 1);
  };
  const isFree = (): boolean => time.now() >= freeAt;
  /** Works the buffer off until the head is busy, the paper is out or nothing is left. */
  function work(): void {
    let hasMoved = false;
    const waited = queued;
    while (queue.length > 0 && canPrint(state) && isFree()) {
      const next = shift();
      if (next === null) break;
      if (next === 'linkLost') {
        emulator.dropLink();
        continue;
      }
      const before = emulator.travelDots();
      const cuts = emulator.cuts();
      feed(next, true);
      const dots = Math.abs(emulator.travelDots() - before);
      const isCut = emulator.cuts() > cuts;
      if (dots === 0 && !isCut) continue;
      hasMoved = true;
      if (speed === null) continue;
      // Bytes that waited go on where the head stopped, not when a timer got round to it.
      if (isStarved) freeAt = Math.max(freeAt, time.now());
      isStarved = false;
      freeAt += (dots / dotsPerMm / speed) * 1_000 + (isCut ? (options.cutMs ?? usualCutMs) : 0);
    }
    if (hasMoved || (queued === 0 && waited > 0)) changed();
    if (queue.length === 0) isStarved = true;
    if (queued <= bufferBytes / 2) resumeAll();
    // The head may have become free since the loop looked: what is left goes on all the same.
    const isStuck = queue.length > 0 && !canPrint(state);
    if (!isStuck && (queue.length > 0 || !isFree())) wait();
    else if (queue.length === 0) for (const done of waiters.splice(0)) done();
  }
  function wait(): void {
    if (isWaiting) return;
    isWaiting = true;
    time.later(
      () => {
        isWaiting = false;
        work();
      },
      Math.max(0, freeAt - time.now()),
    );
  }

  const pull = (link: MachineLink): void => {
    links.delete(link);
    paused.delete(link);
    if (speed === null && queue.length === 0) emulator.dropLink();
    else queue.push('linkLost');
    link.cut();
  };
  const take = (link: MachineLink, bytes: Uint8Array): void => {
    if (!links.has(link)) return;
    talking = link;
    const isCut = cutLeft !== null && bytes.length >= cutLeft;
    const taken = isCut ? bytes.subarray(0, cutLeft ?? 0) : bytes;
    if (cutLeft !== null) cutLeft -= taken.length;
    received += taken.length;
    options.onBytes?.(taken);
    if (speed === null && queue.length === 0) printNow(taken);
    else {
      emulator.hear(taken);
      queue.push(taken.slice());
      queued += taken.length;
      work();
    }
    if (isCut) {
      cutLeft = null;
      pull(link);
      return;
    }
    // A question alone is still taken, as real printers read them past a full buffer.
    const held = queued + (canPrint(state) ? 0 : emulator.heldBytes());
    const isFull = held > bufferBytes && taken.length > 3;
    if (isFull) {
      link.pause();
      paused.add(link);
    } else if (options.bytesPerSecond !== undefined) {
      link.pause();
      time.later(() => link.resume(), (taken.length / options.bytesPerSecond) * 1_000);
    }
  };

  return {
    emulator,
    plug: (link) => {
      links.add(link);
      if (isHung) {
        link.pause();
        paused.add(link);
      }
      return {
        take: (bytes) => take(link, bytes),
        ended: (isBroken) => {
          if (!links.delete(link)) return;
          paused.delete(link);
          if (talking === link) talking = null;
          if (!isBroken) return;
          if (queue.length === 0) emulator.dropLink();
          else queue.push('linkLost');
        },
      };
    },
    state: () => state,
    setState,
    setSpeed: (mmPerSecond) => {
      speed = mmPerSecond;
      if (speed === null) freeAt = time.now();
      work();
      changed();
    },
    hang: (to) => {
      isHung = to;
      for (const link of isHung ? links : []) {
        link.pause();
        paused.add(link);
      }
      work();
    },
    cutAfter: (bytes) => {
      cutLeft = bytes;
      if (bytes !== 0) return;
      cutLeft = null;
      for (const link of links) pull(link);
    },
    paperOutAfter: (bytes) => {
      paperLeft = bytes;
    },
    powerOff: () => {
      queue = [];
      queued = 0;
      emulator.dropLink();
      for (const link of links) pull(link);
      queue = [];
      freeAt = time.now();
      work();
    },
    receivedBytes: () => received,
    bufferedBytes: () => queued,
    idle: () =>
      new Promise((resolve) => {
        waiters.push(resolve);
        work();
      }),
  };
}
