/**
 * Devices as the wizard and the status bar show them: six devices, each with one state and, where something
 * is wrong, one trouble in the field's terms. Rule kept: no sentence here; words come from the renderer's table.
 */
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
