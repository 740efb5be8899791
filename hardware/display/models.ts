/**
 * Pole displays as data: two lines of twenty signs, and the bytes that clear, place and write. Rule kept: a new
 * display is a row here; nothing else knows a byte of it. Sources: Epson DM-D110 command list (ESC/POS for customer
 * displays: CLR 0C, US $ n m, US C n, ESC = n); CD5220 manual of Partner Tech (ESC l x y, ESC _ n, ESC DC1), which
 * Firich, Posiflex and most unnamed displays follow.
 */
import type { SerialFormat } from '../wire/wire.ts';

export const poleColumns = 20;

export type PoleModel = {
  readonly id: 'escposDisplay' | 'cd5220' | 'plainText';
  readonly name: string;
  readonly format: SerialFormat;
  /** Once, after the port opened: known state, no cursor, overwriting. */
  readonly start: readonly number[];
  readonly clear: readonly number[];
  /** Column 1 … 20, row 1 or 2; null: it can only be cleared and filled. */
  readonly moveTo: ((column: number, row: 1 | 2) => readonly number[]) | null;
};

const format: SerialFormat = { baud: 9_600, dataBits: 8, parity: 'none', stopBits: 1, flow: 'none' };

export const poleModels: readonly PoleModel[] = [
  {
    id: 'escposDisplay',
    name: 'Epson DM-D (ESC/POS)',
    format,
    // ESC = 2 picks the display where a printer hangs on the same line; ESC @; ESC t 0 (PC437); US MD1; US C 0.
    start: [0x1b, 0x3d, 0x02, 0x1b, 0x40, 0x1b, 0x74, 0x00, 0x1f, 0x01, 0x1f, 0x43, 0x00],
    clear: [0x0c],
    moveTo: (column, row) => [0x1f, 0x24, column, row],
  },
  {
    id: 'cd5220',
    name: 'CD5220 (Firich, Posiflex, unnamed)',
    format,
    // ESC @; ESC DC1 overwrite; ESC _ 0 no cursor.
    start: [0x1b, 0x40, 0x1b, 0x11, 0x1b, 0x5f, 0x00],
    clear: [0x0c],
    moveTo: (column, row) => [0x1b, 0x6c, column, row],
  },
  {
    id: 'plainText',
    name: 'Text only (clear and fill)',
    format,
    start: [],
    clear: [0x0c],
    moveTo: null,
  },
];

/** The model of a setting; one that is no longer known is the commonest. */
export const findPole = (id: string): PoleModel => {
  const [first] = poleModels;
  const found = poleModels.find((model) => model.id === id) ?? first;
  if (found === undefined) throw new Error('no pole display models');
  return found;
};
