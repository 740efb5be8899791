/**
 * Tells what was plugged in and pulled out. Rule kept: the list is the truth and is taken again and again; an event
 * only hurries the next turn, so that one which never comes (a serial card, a queue) loses nothing. It opens
 * nothing and holds the process by no timer.
 */
import { type FoundWire, listWires } from './found.ts';

export type WireChange = {
  readonly wires: readonly FoundWire[];
  readonly came: readonly FoundWire[];
  readonly went: readonly FoundWire[];
};

/** What differs; null when nothing does. A change of right or name counts as gone and come. */
export function diffWires(before: readonly FoundWire[], now: readonly FoundWire[]): WireChange | null {
  const [old, fresh] = [
    new Set(before.map((wire) => JSON.stringify(wire))),
    new Set(now.map((wire) => JSON.stringify(wire))),
  ];
  const came = now.filter((wire) => !old.has(JSON.stringify(wire)));
  const went = before.filter((wire) => !fresh.has(JSON.stringify(wire)));
  return came.length + went.length === 0 ? null : { wires: now, came, went };
}

export type WatchOptions = {
  readonly list?: () => Promise<readonly FoundWire[]>;
  /** Calls when somebody knows of a change before the next turn does (an event, a person who asks). Returns how to stop. */
  readonly hurry?: (changed: () => void) => () => void;
};

/** Tells the first list as all come, then each change. One listing at a time. Returns how to stop. */
export function watchWires(
  onChange: (change: WireChange) => void,
  everyMs = 1_000,
  { list = listWires, hurry = () => () => {} }: WatchOptions = {},
): () => void {
  let before: readonly FoundWire[] = [];
  let isFirst = true;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | null = null;
  const look = async (): Promise<void> => {
    // A list that fails once is no unplugging.
    const now = await list().catch(() => before);
    if (isStopped) return;
    const change = diffWires(before, now) ?? (isFirst ? { wires: now, came: [], went: [] } : null);
    [before, isFirst] = [now, false];
    if (change !== null) onChange(change);
  };
  const turn = (): void => {
    clearTimeout(timer);
    looking ??= look().finally(() => {
      looking = null;
      if (!isStopped) timer = setTimeout(turn, everyMs).unref();
    });
  };
  const stopHurry = hurry(turn);
  turn();
  return () => {
    isStopped = true;
    clearTimeout(timer);
    stopHurry();
  };
}
