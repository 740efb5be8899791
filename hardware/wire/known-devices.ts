/**
 * What a device most likely is, by its USB ids: data, not code. Rule kept: a guess is only made where a maker's id
 * says it; adapters that carry anything (FTDI, CH340, Prolific, CP210x) are never guessed. Source of ids: the public
 * list usb.ids (linux-usb.org) and the makers' own documents; a person confirms every guess.
 */
import type { DeviceIdentity } from './wire.ts';

/** USB class of printers. */
export const printerClass = 7;

export type WireGuess = 'printer' | 'scanner' | 'scale' | 'display' | 'label';

type Known = {
  readonly vendorId: number;
  /** Null: all of this maker's, unless a line with the product says otherwise. */
  readonly productId: number | null;
  readonly maker: string;
  readonly is: WireGuess | null;
};

const known = (vendorId: number, productId: number | null, maker: string, is: WireGuess | null): Known => ({
  vendorId,
  productId,
  maker,
  is,
});

export const knownDevices: readonly Known[] = [
  // Receipt printers.
  known(0x04b8, null, 'Epson', 'printer'),
  known(0x0519, null, 'Star Micronics', 'printer'),
  known(0x1504, null, 'Bixolon', 'printer'),
  known(0x1d90, null, 'Citizen', 'printer'),
  known(0x0dd4, null, 'Custom', 'printer'),
  known(0x0fe6, 0x811e, 'ICS (58 and 80 mm clones)', 'printer'),
  known(0x0416, 0x5011, 'Winbond (58 mm clones)', 'printer'),
  known(0x0483, 0x5743, 'STMicroelectronics (58 mm clones)', 'printer'),
  known(0x0483, 0x5720, 'STMicroelectronics (58 mm clones)', 'printer'),
  known(0x6868, 0x0200, 'POS-58 clones', 'printer'),
  known(0x20d1, null, 'Rongta', 'printer'),
  known(0x154f, null, 'SNBC', 'printer'),
  known(0x0b00, null, 'Ingenico', null),
  // Label printers.
  known(0x0a5f, null, 'Zebra', 'label'),
  known(0x1203, null, 'TSC', 'label'),
  known(0x195f, null, 'Godex', 'label'),
  known(0x1664, null, 'Argox', 'label'),
  known(0x0922, null, 'Dymo', 'label'),
  known(0x0922, 0x8003, 'Dymo scale', 'scale'),
  known(0x0922, 0x8004, 'Dymo scale', 'scale'),
  // Scanners.
  known(0x0c2e, null, 'Honeywell (Metrologic)', 'scanner'),
  known(0x0536, null, 'Honeywell (Hand Held Products)', 'scanner'),
  known(0x05f9, null, 'Datalogic (PSC)', 'scanner'),
  known(0x080c, null, 'Datalogic', 'scanner'),
  known(0x05e0, null, 'Zebra (Symbol)', 'scanner'),
  known(0x065a, null, 'Opticon', 'scanner'),
  known(0x1eab, null, 'Newland', 'scanner'),
  known(0x0745, null, 'Syntech (CipherLab)', 'scanner'),
  known(0x1fbb, null, 'Zebex', 'scanner'),
  // Scales.
  known(0x0eb8, null, 'Mettler Toledo', 'scale'),
  known(0x2474, null, 'Stamps.com', 'scale'),
  // Adapters that carry anything.
  known(0x0403, null, 'FTDI', null),
  known(0x1a86, null, 'QinHeng (CH340)', null),
  known(0x067b, null, 'Prolific', null),
  known(0x10c4, null, 'Silicon Labs (CP210x)', null),
];

const lineOf = (identity: DeviceIdentity): Known | undefined => {
  const lines = knownDevices.filter((line) => line.vendorId === identity.vendorId);
  return lines.find((line) => line.productId === identity.productId) ?? lines.find((line) => line.productId === null);
};

/** `classes`: of its interfaces, null where unknown. A class says "prints"; label makers are told by their id. */
export function guessOf(identity: DeviceIdentity | null, classes: readonly number[] | null): WireGuess | null {
  const is = identity === null ? null : (lineOf(identity)?.is ?? null);
  if (is !== null) return is;
  return classes?.includes(printerClass) === true ? 'printer' : null;
}

/** The maker by its id, for devices that don't say; null when it is not in the list. */
export const makerOf = (identity: DeviceIdentity | null): string | null =>
  identity === null ? null : (lineOf(identity)?.maker ?? null);
