/**
 * What hangs on this PC, as the wizard lists it: each wire with its place, its name, a guess of what it is and
 * whether one of our devices uses it already. Rule kept: nothing is opened and nothing is set by looking; a
 * guess is only a guess and a person confirms it.
 */
import type { DeviceKind, DeviceTrouble, FoundDevice, NetworkSearch } from '#contract/device-views.ts';
import type { WireTargetInput } from '#contract/wire-target.ts';
import { isSameTarget } from './check.ts';
import { followAnswer, type Source } from './follow.ts';

/** A wire as the system lists it; see hardware/wire/found.ts. */
export type ListedWire = {
  readonly target: WireTargetInput;
  readonly name: string | null;
  readonly guess: DeviceKind | null;
  readonly trouble: DeviceTrouble | null;
};

/** The system's side, so that a test can list what this machine doesn't have. */
export type WireLister = {
  readonly list: () => Promise<readonly ListedWire[]>;
  /** Calls whenever something may have come or gone. Returns how to stop. */
  readonly watch: (changed: () => void) => () => void;
  /** Asks the addresses around this PC; resolves when all were asked or the signal aborts. */
  readonly probe: (
    signal: AbortSignal,
    progress: (asked: number, total: number, found: readonly ListedWire[]) => void,
  ) => Promise<void>;
};

export type Finder = {
  readonly find: () => Promise<readonly FoundDevice[]>;
  readonly watch: WireLister['watch'];
  readonly follow: (signal: AbortSignal | undefined) => AsyncGenerator<readonly FoundDevice[], void, void>;
  readonly searchNetwork: (signal: AbortSignal | undefined) => AsyncGenerator<NetworkSearch, void, void>;
};

const hex = (n: number): string => n.toString(16).padStart(4, '0').toUpperCase();

/** Where it hangs and, on a serial port, how fast: what is set. */
export const placeOf = (target: WireTargetInput): string =>
  target.kind === 'serial' ? `${target.path}, ${target.format.baud} baud` : portOf(target);

/** Where it hangs, as a person would say it; what was only found has no speed yet. */
export function portOf(target: WireTargetInput): string {
  switch (target.kind) {
    case 'tcp':
      return `${target.host}:${target.port}`;
    case 'serial':
      return target.path;
    case 'usb':
      return `USB ${hex(target.identity.vendorId)}:${hex(target.identity.productId)}`;
    case 'deviceFile':
      return target.path;
    case 'windowsQueue':
      return target.name;
    default:
      return target satisfies never;
  }
}

const idOf = (target: WireTargetInput): string =>
  target.kind === 'usb' ? `${portOf(target)}:${target.identity.serial ?? ''}` : `${target.kind}:${portOf(target)}`;

/** The settings as they are now: which kind of ours hangs where. */
export type UsedTargets = () => readonly { readonly kind: DeviceKind; readonly target: WireTargetInput }[];

export function makeFinder(lister: WireLister, used: UsedTargets): Finder {
  const asFound = (wire: ListedWire): FoundDevice => ({
    id: idOf(wire.target),
    target: wire.target,
    name: wire.name,
    place: portOf(wire.target),
    guess: wire.guess,
    usedBy: used().find((one) => isSameTarget(one.target, wire.target))?.kind ?? null,
    trouble: wire.trouble,
  });
  const find = async (): Promise<readonly FoundDevice[]> => (await lister.list()).map(asFound);

  return {
    find,
    watch: lister.watch,
    follow: (signal) => followAnswer(find, [lister.watch], null, signal),
    searchNetwork: async function* (signal) {
      const ended = new AbortController();
      let ring = (): void => {};
      let now: NetworkSearch = { found: [], asked: 0, total: 0, isDone: false };
      const tell = (next: NetworkSearch): void => {
        now = next;
        ring();
      };
      const search = lister
        .probe(ended.signal, (asked, total, found) => tell({ found: found.map(asFound), asked, total, isDone: false }))
        .then(() => tell({ ...now, asked: now.total, isDone: true }));
      const progress: Source = (wake) => {
        ring = wake;
        return () => {};
      };
      try {
        for await (const told of followAnswer(() => Promise.resolve(now), [progress], null, signal)) {
          yield told;
          if (told.isDone) return;
        }
      } finally {
        ended.abort();
        await search;
      }
    },
  };
}
