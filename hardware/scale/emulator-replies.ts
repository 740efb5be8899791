/**
 * What each kind of scale puts on the wire for a pan: the drivers' mirror, written from the same sources. Rule kept:
 * bytes here are made by hand from the format, never by a driver, so that both can't share a mistake.
 */
import type { Milli } from '#core/quantity.ts';
import { ascii } from './frames.ts';

/** The pan at this moment. */
export type Pan = { readonly milli: Milli; readonly isMoving: boolean; readonly isOver: boolean };

export type EmulatedScale = {
  /** Sends by itself (the number is how often a second), or answers. */
  readonly perSecond: number | null;
  /** For one that sends by itself: its frame. */
  readonly frame: (pan: Pan) => Uint8Array;
  /** For one that answers: what it says to a command; null: nothing. */
  readonly answer: (command: string, pan: Pan) => Uint8Array | null;
  /** Commands that put the pan to zero. */
  readonly zero: string | null;
};

/** 4876 → "4.876". */
const kilos = (milli: number): string => {
  const text = String(Math.abs(milli)).padStart(4, '0');
  return `${text.slice(0, -3)}.${text.slice(-3)}`;
};
const sign = (milli: number): string => (milli < 0 ? '-' : '+');
const silent = (): null => null;

const continuous: EmulatedScale = {
  perSecond: 10,
  frame: ({ milli, isMoving, isOver }) =>
    ascii(
      isOver
        ? 'OL,GS,+9999999E+19\r\n'
        : `${isMoving ? 'US' : 'ST'},GS,${sign(milli)}${kilos(milli).padStart(7)}kg\r\n`,
    ),
  answer: silent,
  zero: null,
};

const cas22: EmulatedScale = {
  perSecond: 10,
  frame: ({ milli, isMoving, isOver }) => {
    const head = isOver ? 'OL' : isMoving ? 'US' : 'ST';
    const lamp = String.fromCharCode(0x80 | (isMoving ? 0 : 0x20) | (milli === 0 ? 1 : 0));
    const body = isOver ? '        ' : `${sign(milli)}${kilos(milli).padStart(7)}`;
    return Uint8Array.from(`${head},GS,1${lamp},${body} kg\r\n`, (one) => one.charCodeAt(0));
  },
  answer: silent,
  zero: null,
};

const toledo8217: EmulatedScale = {
  perSecond: null,
  frame: () => new Uint8Array(0),
  answer: (command, { milli, isMoving, isOver }) => {
    if (command === 'Ehello') return ascii('\x02E\rhello');
    if (command !== 'W') return null;
    const bits = (isMoving ? 0x01 : 0) | (isOver ? 0x02 : 0) | (milli < 0 ? 0x04 : 0);
    if (bits !== 0) return ascii(`\x02?${String.fromCharCode(bits | 0x40)}\r`);
    return ascii(`\x02${kilos(milli).padStart(6, '0')}\r`);
  },
  zero: 'Z',
};

const casEcr2: EmulatedScale = {
  perSecond: null,
  frame: () => new Uint8Array(0),
  answer: (command, { milli, isMoving, isOver }) => {
    if (command !== 'W') return null;
    // It says a number in motion too now and then; the driver must not trust one.
    if (isOver || milli < 0 || (isMoving && milli % 3 === 0)) return ascii('\x02?@   \r');
    return ascii(`\x02${String(milli).padStart(5, '0')}\r`);
  },
  zero: null,
};

const dollar: EmulatedScale = {
  perSecond: null,
  frame: () => new Uint8Array(0),
  answer: (command, { milli, isOver }) =>
    command === '$' ? ascii(isOver ? '------\r\n' : `${milli < 0 ? '-' : ' '}${kilos(milli).padStart(7)}\r\n`) : null,
  zero: null,
};

const nci: EmulatedScale = {
  perSecond: null,
  frame: () => new Uint8Array(0),
  answer: (command, { milli, isMoving, isOver }) => {
    const one = 0x30 | (isMoving ? 0x01 : 0) | (milli === 0 ? 0x02 : 0);
    const two = 0x30 | (milli < 0 ? 0x01 : 0) | (isOver ? 0x02 : 0);
    const status = `\n${String.fromCharCode(one, two)}\r\x03`;
    if (command === 'S\r' || command === 'Z\r') return ascii(status);
    if (command !== 'W\r') return ascii('\n?\r\x03');
    const weight = isOver ? '------' : `${milli < 0 ? '-' : ''}${kilos(milli).padStart(8, '0')}`;
    return ascii(`\n${weight}KG\r${status}`);
  },
  zero: 'Z\r',
};

/** A scale of no known make: a line with the weight alone. */
const pattern: EmulatedScale = {
  perSecond: 10,
  frame: ({ milli, isOver }) =>
    ascii(isOver ? 'ERR 2\r\n' : `${milli < 0 ? '-' : ' '} ${kilos(milli).padStart(7)}\r\n`),
  answer: silent,
  zero: null,
};

export const emulatedScales = { continuous, toledo8217, casEcr2, cas22, dollar, nci, pattern } as const;
export type EmulatedScaleId = keyof typeof emulatedScales;
