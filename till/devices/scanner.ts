/**
 * The till's scanners: what is learnt of the one that types, the one on a wire, and its scans on their way to
 * the counter. Rule kept: nothing of hardware/ is loaded until a scanner on a wire is set or tried; a scanner's
 * trouble is a state in the device list, never a stopped bill.
 */
import type { DeviceTrouble, DeviceView } from '#contract/device-views.ts';
import { plainWedge } from '#contract/plain-scanner.ts';
import type { ScannerEvent, ScannerSetting, ScanTrial, SerialScanner, WedgeSetting } from '#contract/till-scanner.ts';
import type { WireTargetInput } from '#contract/wire-target.ts';
import type { NewId } from '#core/ids.ts';
import type { Framing, Scanned, Scanner } from '#hardware/scanner/port.ts';
import type { ScanLink } from '#hardware/scanner/serial-scanner.ts';
import { makeFeed } from '../feed.ts';
import type { ShopRecord, ShopSettings } from '../shop-settings.ts';
import { placeOf } from './find.ts';
import type { DeviceDesk } from './open-devices.ts';
import { makeScanInbox } from './scan-inbox.ts';
import { followTrial } from './scan-trial.ts';

type ScannerRecord = ShopRecord['scanner'];

export type ScannersDeps = {
  readonly settings: ShopSettings;
  readonly newId: NewId;
  /** The device list changed. */
  readonly onChange: () => void;
  readonly onFull: () => void;
  readonly openLink?: OpenScanLink;
};
export type OpenScanLink = (target: WireTargetInput) => Promise<ScanLink>;

export type Scanners = ReturnType<typeof makeScanners>;

const openRealLink: OpenScanLink = async (target) => {
  const { openScanLink } = await import('#hardware/scanner/open-scanner.ts');
  return openScanLink(target);
};

export function makeScanners(deps: ScannersDeps) {
  const { settings, newId, onChange } = deps;
  const openLink = deps.openLink ?? openRealLink;
  const inbox = makeScanInbox(newId, deps.onFull);
  const feed = makeFeed<ScannerEvent>();
  let scanner: Scanner | null = null;
  let lastHeard: string | null = null;
  let garbled = false;
  /** A try holds the port: the scanner that is set rests. */
  let tries = 0;
  let work: Promise<void> = Promise.resolve();

  const record = (): ScannerRecord => settings.get().scanner;
  const wedge = (): WedgeSetting => record().wedge ?? { ...plainWedge, gapMs: settings.get().scanGapMs };
  const eventOf = (scans: ScannerEvent['scans']): ScannerEvent => ({
    wedge: wedge(),
    isWedgeLearnt: record().wedge !== null,
    scans,
  });
  const setting = (): ScannerSetting => ({
    wedge: wedge(),
    isWedgeLearnt: record().wedge !== null,
    serial: record().serial,
  });

  /** A scan came from a scanner on a wire. */
  const arrive = (scanned: Scanned): void => {
    const isGarbled = scanned.kind === 'spoiled' && scanned.why === 'garbled';
    const isChanged = isGarbled !== garbled;
    garbled = isGarbled;
    if (scanned.kind === 'code') lastHeard = scanned.code.slice(0, 60);
    const scan = inbox.add(scanned);
    if (scan !== null) feed.publish(eventOf([scan]));
    if (isChanged) onChange();
  };
  const open = async (): Promise<void> => {
    const { serial } = record();
    if (serial === null || tries > 0) return;
    const { scannerOver } = await import('#hardware/scanner/serial-scanner.ts');
    const opened = scannerOver(await openLink(serial.target), serial.framing satisfies Framing);
    opened.onState(onChange);
    opened.onScan(arrive);
    scanner = opened;
    onChange();
  };
  const shut = async (): Promise<void> => {
    const old = scanner;
    scanner = null;
    garbled = false;
    await old?.close();
  };
  /** One after the other: two saves in a row must not open the port twice. */
  const inTurn = (what: () => Promise<void>): Promise<void> => {
    work = work.then(what, what);
    return work;
  };
  const reopen = (): Promise<void> =>
    inTurn(async () => {
      await shut();
      await open();
    });

  const troubleNow = (): DeviceTrouble | null => {
    const trouble = scanner?.state().trouble ?? null;
    return trouble ?? (garbled ? 'garbled' : null);
  };
  const view = (): DeviceView => {
    const { serial } = record();
    if (serial === null) {
      const state = record().wedge === null ? 'notSet' : 'works';
      return { kind: 'scanner', state, trouble: null, place: null };
    }
    const trouble = troubleNow();
    const isOpen = scanner?.state().isOpen === true;
    const state = trouble !== null ? 'trouble' : isOpen ? 'works' : 'looking';
    return { kind: 'scanner', state, trouble, place: placeOf(serial.target) };
  };
  const desk: DeviceDesk = { view, reopen, close: () => inTurn(shut) };

  return {
    desk,
    setting,
    arrive,
    /** The last code that a scanner on a wire sent; null when none came yet. */
    lastHeard: (): string | null => lastHeard,
    taken: inbox.taken,
    waiting: inbox.waiting,
    /** `mayHave`: only the window that has the counter is handed scans; others hear of settings. */
    subscribe: async function* (
      mayHave: () => boolean,
      signal?: AbortSignal,
    ): AsyncGenerator<ScannerEvent, void, void> {
      const first = (): ScannerEvent => eventOf(inbox.waiting());
      for await (const event of feed.subscribe(first, signal)) yield mayHave() ? event : { ...event, scans: [] };
    },
    saveWedge: (learnt: WedgeSetting): ScannerSetting => {
      settings.save({ scanner: { ...record(), wedge: learnt }, scanGapMs: learnt.gapMs });
      feed.publish(eventOf([]));
      onChange();
      return setting();
    },
    set: async (serial: SerialScanner | null): Promise<DeviceView> => {
      settings.save({ scanner: { ...record(), serial } });
      lastHeard = null;
      await reopen();
      onChange();
      return view();
    },
    /** The scanner that is set rests while somebody tries one, since both may hang on the same port. */
    tryFeed: async function* (
      target: WireTargetInput,
      framing: Framing | null,
      signal?: AbortSignal,
    ): AsyncGenerator<ScanTrial, void, void> {
      tries += 1;
      try {
        await inTurn(shut);
        yield* followTrial(() => openLink(target), framing, signal);
      } finally {
        tries -= 1;
        void reopen();
      }
    },
  };
}
