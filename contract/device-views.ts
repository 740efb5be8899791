/**
 * Devices as the wizard and the status bar show them: six devices, each with one state and, where something
 * is wrong, one trouble in the field's terms; what was found on this PC; a diagnosis as ids and data. Rule kept:
 * no sentence here; words come from the renderer's table.
 */
import type { WireTargetInput } from './wire-target.ts';

export type PrinterState = 'ready' | 'notSet' | 'offline' | 'paperOut' | 'coverOpen' | 'error';

/** The six devices of the wizard (screens.md §5.19); `display` is the customer's screen and the pole display. */
export type DeviceKind = 'scanner' | 'printer' | 'drawer' | 'scale' | 'display' | 'label';

export type DeviceTrouble =
  | 'absent'
  | 'noPermission'
  | 'busy'
  | 'refused'
  | 'timeout'
  | 'unsupported'
  | 'broken'
  /** Bytes come, but they are not what this device says: most often the wrong speed. */
  | 'garbled'
  /** The port is open and nothing is heard. */
  | 'silent'
  | Exclude<PrinterState, 'ready' | 'notSet'>;

export type DeviceView = {
  readonly kind: DeviceKind;
  readonly state: 'works' | 'notSet' | 'looking' | 'trouble';
  readonly trouble: DeviceTrouble | null;
  /** Where it hangs, as a person would say it: "COM3, 9600 baud", "192.168.1.50:9100"; null when not set. */
  readonly place: string | null;
};

/** Something that hangs on this PC or on its network. */
export type FoundDevice = {
  /** The same for as long as it hangs there. */
  readonly id: string;
  /** How to open it; a serial port with the usual 9600 8N1, which the device's own settings replace. */
  readonly target: WireTargetInput;
  /** As the system or the maker names it; null when nobody says. */
  readonly name: string | null;
  readonly place: string;
  readonly guess: DeviceKind | null;
  /** Set for one of our devices already. */
  readonly usedBy: DeviceKind | null;
  /** Why it can't be opened, where that is known without opening it. */
  readonly trouble: DeviceTrouble | null;
};

export type NetworkSearch = {
  readonly found: readonly FoundDevice[];
  readonly asked: number;
  readonly total: number;
  readonly isDone: boolean;
};

export type Platform = 'win32' | 'linux' | 'darwin';

/** What is looked at, in the order in which a fitter would look. */
export type CheckId = 'cable' | 'driver' | 'write' | 'answers' | 'paper' | 'hears' | 'reads' | 'through';
export type CheckDetail =
  | 'ok'
  | 'seenAt'
  | 'notSeen'
  | 'answersAt'
  | 'noAnswerAt'
  | 'refusedAt'
  | 'queueReady'
  | 'noQueue'
  | 'mayWrite'
  | 'noRight'
  | 'heldByOther'
  | 'notTried'
  | 'cantAsk'
  | 'paperThere'
  | 'paperLow'
  | 'paperOut'
  | 'coverOpen'
  | 'printerError'
  | 'noStatus'
  | 'hearsNothing'
  | 'hearsBytes'
  | 'readsValue'
  | 'readsNothing'
  | 'fileWritten'
  | 'printerWorks'
  | 'printerNot'
  | 'windowOpen'
  | 'windowClosed';
export type Check = {
  readonly id: CheckId;
  readonly outcome: 'ok' | 'bad' | 'unknown';
  readonly detail: CheckDetail;
  /** What fills the detail's sentence: a port, a name, a weight. */
  readonly value: string;
};

export type WayId =
  | 'useFound'
  | 'throughQueue'
  | 'takeDirectly'
  | 'choose'
  | 'permit'
  | 'closeOther'
  | 'plugIn'
  | 'newPaper'
  | 'closeCover'
  | 'offAndOn'
  | 'searchNetwork'
  | 'findSpeed'
  | 'settings'
  | 'test'
  | 'retry'
  | 'learn'
  | 'openWindow'
  | 'openDrawer'
  | 'goToPrinter';
export type Way = {
  readonly id: WayId;
  /** The found device that this way would use; null for ways that need none. */
  readonly found: FoundDevice | null;
};

/** The one problem of a device: its trouble, or that it is not set, or that there is none. */
export type Problem = DeviceTrouble | 'works' | 'notSet' | 'found' | 'paperLow' | 'looking' | 'toFile';

export type Diagnosis = {
  readonly kind: DeviceKind;
  readonly problem: Problem;
  readonly platform: Platform;
  readonly place: string | null;
  /** The driver or queue that holds it, where its name is known. */
  readonly driver: string | null;
  readonly checks: readonly Check[];
  /** At most three, best first. */
  readonly ways: readonly Way[];
};

export type PrinterSetting = {
  readonly target: { readonly kind: 'none' } | { readonly kind: 'file'; readonly path: string } | WireTargetInput;
  readonly modelId: string;
  readonly widthMm: 58 | 80;
};
export type PrinterModelChoice = {
  readonly id: string;
  readonly name: string;
  readonly widthMm: 58 | 80;
  /** Characters of plain text in a line. */
  readonly columns: number;
};
