/**
 * The device wizard (F12 9): six devices at the left, the chosen one's problem and ways in the middle, its test at
 * the right (screens.md §5.19). Rule kept: always leavable, no device stops a bill; a scan at this screen is shown
 * as a test and never typed into a field or put into a bill.
 */
import { useState } from 'react';
import type { DeviceKind, DeviceView, Diagnosis } from '#contract/device-views.ts';
import type { DevicesView } from '#contract/views.ts';
import { goTo } from '../counter/ui-store.ts';
import type { MoveKey } from '../keys/form-stack.ts';
import { useFeed } from '../link/use-feed.ts';
import { sessionStore } from '../state/session.ts';
import { useStore } from '../state/store.ts';
import { DeviceList } from './device-list.tsx';
import type { RoomKeys } from './device-room.tsx';
import { DisplayRoom } from './display-room.tsx';
import { DrawerRoom } from './drawer-room.tsx';
import { LabelRoom } from './label-room.tsx';
import { PrinterRoom } from './printer-room.tsx';
import { ScaleRoom } from './scale-room.tsx';
import { ScannerRoom } from './scanner-room.tsx';

/** Opens on what needs a person first: trouble, else the printer. */
const firstKind = (views: readonly DeviceView[]): DeviceKind =>
  views.find((view) => view.state === 'trouble')?.kind ?? 'printer';

function stepTo(views: readonly DeviceView[], kind: DeviceKind, key: MoveKey): DeviceKind {
  const at = views.findIndex((view) => view.kind === kind);
  const end = views.length - 1;
  const to = { Up: at - 1, Down: at + 1, PageUp: 0, PageDown: end, Home: 0, End: end }[key];
  return views[Math.max(0, Math.min(end, to))]?.kind ?? kind;
}

/** The diagnosis of a device while it is looked at; asked anew, the last one stays until the next is there. */
const useDiagnosis = (kind: DeviceKind, round: number): Diagnosis | null =>
  useFeed({ kind }, (till, question, options) => till.device.checkFeed(question, options), round);

const rooms = {
  scanner: ScannerRoom,
  printer: PrinterRoom,
  drawer: DrawerRoom,
  scale: ScaleRoom,
  display: DisplayRoom,
  label: LabelRoom,
} as const;

/** As many scans as are shown. */
const keptScans = 6;

function Wizard({ devices }: { readonly devices: DevicesView }) {
  const [kind, setKind] = useState<DeviceKind>(() => firstKind(devices.all));
  const [round, setRound] = useState(0);
  const [scanned, setScanned] = useState<readonly string[]>([]);
  const diagnosis = useDiagnosis(kind, round);
  const found = useFeed('found', (till, _, options) => till.device.findFeed(undefined, options));
  const leave = (): void => goTo('counter');
  const keys: RoomKeys = {
    kind,
    diagnosis,
    move: (key) => setKind(stepTo(devices.all, kind, key)),
    again: () => setRound((now) => now + 1),
    skip: () => {
      const next = stepTo(devices.all, kind, 'Down');
      if (next === kind) leave();
      else setKind(next);
    },
    leave,
    goTo: setKind,
    onScan: (code) => setScanned((now) => [code.slice(0, 60), ...now].slice(0, keptScans)),
  };
  const Room = rooms[kind];
  return (
    <main className="bm-wizard" data-testid="devices-screen">
      <DeviceList chosen={kind} scanned={scanned[0] ?? null} found={found ?? []} devices={devices} onChoose={setKind} />
      <Room key={kind} keys={keys} scanned={scanned} />
    </main>
  );
}

export function DevicesScreen() {
  const devices = useStore(sessionStore, (session) => session.devices);
  return devices === null ? <main className="bm-wizard" /> : <Wizard devices={devices} />;
}
