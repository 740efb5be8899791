/**
 * A ZPL II printer in memory: bytes go in, rows of labels come out as dots. Rule kept: it takes any bytes, forgets
 * what it does not know and never grows without bound; what it draws comes from the bytes alone. Questions and
 * cancelling (~HS, ~JA) are handed on; paper and waiting are the emulator-server's.
 */
import { withCheckDigit } from '#core/catalogue/check-digit.ts';
import { code128, code128Modules, linearModules } from '#core/label/linear-code.ts';
import { type Bitmap, blankBitmap, stamp } from '../text/bitmap.ts';
import { drawBars, drawFrame, turnBitmap } from './label-raster.ts';
import type { LabelTools } from './label-sheet.ts';
import { zplBaseline } from './zpl.ts';

/** What both languages' readers tell. */
export type LabelEvent =
  | { readonly kind: 'rows'; readonly bitmap: Bitmap; readonly copies: number }
  | { readonly kind: 'askStatus' }
  | { readonly kind: 'cancelAll' };
export type LabelReader = {
  readonly feed: (bytes: Uint8Array) => void;
  /** The link was lost: a half command is forgotten. */
  readonly reset: () => void;
  readonly waitingBytes: () => number;
};

/** A label of 106 × 150 mm at 300 dpi, with room to spare; larger sizes are taken as this. */
export const maxLabelDots = 2_400;
const maxHeld = 4_000_000;
const maxCopies = 10_000;
type Turn = 0 | 90 | 180 | 270;
const turnOf = (letter: string | undefined, otherwise: Turn): Turn =>
  (({ N: 0, R: 90, I: 180, B: 270 })[letter ?? ''] as Turn | undefined) ?? otherwise;

const numberAt = (params: readonly string[], at: number, otherwise: number, most = maxLabelDots): number => {
  const n = Number.parseInt(params[at] ?? '', 10);
  return Number.isNaN(n) ? otherwise : Math.max(0, Math.min(most, n));
};

type Field = {
  x: number;
  y: number;
  hexMark: string | null;
  data: string | null;
  font: { readonly turn: Turn; readonly height: number; readonly width: number } | null;
  block: { readonly width: number; readonly lines: number; readonly align: string } | null;
  code: {
    readonly type: 'E' | '8' | 'U' | 'C' | 'X';
    readonly turn: Turn;
    readonly height: number;
    readonly mark: string;
  } | null;
};
const freshField = (): Field => ({ x: 0, y: 0, hexMark: null, data: null, font: null, block: null, code: null });

/** "\5E" with its mark "\" → "^"; bytes together are UTF-8. */
function unhex(data: string, mark: string): string {
  const bytes: number[] = [];
  for (let i = 0; i < data.length; i += 1) {
    const hex = data.charAt(i) === mark ? /^[0-9A-Fa-f]{2}/.exec(data.slice(i + 1, i + 3))?.[0] : undefined;
    if (hex !== undefined) {
      bytes.push(Number.parseInt(hex, 16));
      i += 2;
    } else bytes.push(data.charCodeAt(i) & 0xff);
  }
  return Buffer.from(bytes).toString('utf8');
}

/** Symbol values of ^BC's field data with its ">" marks. */
function zplCode128Values(data: string): number[] {
  const values: number[] = [];
  let isC = false;
  for (let i = 0; i < data.length; ) {
    const mark = data.charAt(i) === '>' ? data.charAt(i + 1) : '';
    const known = {
      ':': code128.startB,
      ';': code128.startC,
      '5': code128.codeC,
      '6': code128.codeB,
      '8': code128.fnc1,
    }[mark];
    if (known !== undefined) {
      if (values.length === 0 && mark !== ':' && mark !== ';') values.push(code128.startB);
      if (mark === ':' || mark === '6') isC = false;
      if (mark === ';' || mark === '5') isC = true;
      values.push(known);
      i += 2;
      continue;
    }
    if (values.length === 0) values.push(code128.startB);
    const literal = { '0': 30, '<': 62, '=': 94 }[mark];
    if (literal !== undefined) {
      values.push(literal);
      i += 2;
    } else if (isC && /^\d\d/.test(data.slice(i, i + 2))) {
      values.push(Number(data.slice(i, i + 2)));
      i += 2;
    } else {
      const code = data.charCodeAt(i) - 32;
      if (!isC && code >= 0 && code < 96) values.push(code);
      i += 1;
    }
    if (values.length > 200) break;
  }
  return values;
}

const digits = (data: string, count: number): string => data.replaceAll(/\D/g, '').slice(0, count).padStart(count, '0');

function modulesOf(type: string, data: string): string | null {
  if (type === 'E') return linearModules('ean13', withCheckDigit(digits(data, 12)));
  if (type === '8') return linearModules('ean8', withCheckDigit(digits(data, 7)));
  if (type === 'U') return linearModules('upca', withCheckDigit(digits(data, 11)));
  return code128Modules(zplCode128Values(data));
}

/** ^GF's data as rows of bits: hexadecimal (A), with the guide's run lengths (G–Y, g–z, "," "!" ":"). */
function graphicOf(data: string, total: number, across: number): Bitmap | null {
  if (across < 1 || across > maxLabelDots / 8 || total > maxHeld) return null;
  const nibbles: number[] = [];
  const perRow = across * 2;
  const most = Math.min(total, across * maxLabelDots) * 2;
  let times = 0;
  for (const char of data) {
    if (nibbles.length >= most) break;
    const rowLeft = (perRow - (nibbles.length % perRow)) % perRow || (times === 0 ? perRow : 0);
    if (/[0-9A-Fa-f]/.test(char)) {
      for (let i = 0; i < Math.max(1, times) && nibbles.length < most; i += 1) nibbles.push(Number.parseInt(char, 16));
      times = 0;
    } else if (/[G-Y]/.test(char)) times += char.charCodeAt(0) - 70;
    else if (/[g-z]/.test(char)) times += (char.charCodeAt(0) - 102) * 20;
    else if (char === ',' || char === '!') {
      for (let i = 0; i < rowLeft; i += 1) nibbles.push(char === ',' ? 0 : 15);
    } else if (char === ':') nibbles.push(...nibbles.slice(-perRow));
  }
  const height = Math.floor(Math.min(most, nibbles.length) / perRow);
  const bitmap = blankBitmap(across * 8, height);
  for (let i = 0; i < height * across; i += 1) {
    bitmap.bits[i] = ((nibbles[i * 2] ?? 0) << 4) | (nibbles[i * 2 + 1] ?? 0);
  }
  return bitmap;
}

export function makeZplReader(tools: LabelTools | null, take: (event: LabelEvent) => void): LabelReader {
  let held = '';
  let size = { width: 832, height: 400 };
  let label: Bitmap | null = null;
  let copies = 1;
  let module = 2;
  let barHeight = 10;
  let field = freshField();

  const put = (bitmap: Bitmap, x: number, y: number, turn: Turn): void => {
    if (label !== null) stamp(label, turnBitmap(bitmap, turn), x, y);
  };
  const drawText = (text: string): void => {
    const font = field.font;
    if (tools === null || font === null || text === '' || font.height < 4) return;
    const em = Math.min(400, font.height);
    const drawn = tools.raster.draw(text.slice(0, 300), em, true);
    const width = Math.min(maxLabelDots, field.block?.width ?? Math.ceil(drawn.width));
    const height = Math.max(Math.ceil(em * 1.3), em);
    const room = blankBitmap(Math.max(width, drawn.bitmap.width), height);
    const spare = width - drawn.width;
    const align = field.block?.align ?? 'L';
    const pen = align === 'R' ? spare : align === 'C' ? spare / 2 : 0;
    stamp(room, drawn.bitmap, Math.max(0, Math.round(pen) + drawn.left), Math.round(em * zplBaseline) - drawn.ascent);
    put(room, field.x, field.y, font.turn);
  };
  const drawMatrix = (data: string, cell: number, mark: string, turn: Turn): void => {
    const gs = '\u0000';
    const text = data.replaceAll(`${mark}${mark}`, gs).replaceAll(`${mark}1`, '\u001d').replaceAll(gs, mark);
    const modules = tools?.matrix(text.replace(/^\u001d/, '')) ?? null;
    if (modules === null || cell < 1 || cell > 40) return;
    const symbol = blankBitmap(modules.width * cell, modules.height * cell);
    stamp(symbol, modules, 0, 0, cell, cell);
    put(symbol, field.x, field.y, turn);
  };
  const endField = (): void => {
    const { code, data } = field;
    if (data !== null && label !== null) {
      const text = field.hexMark === null ? Buffer.from(data, 'latin1').toString('utf8') : unhex(data, field.hexMark);
      if (code === null) drawText(text);
      else if (code.type === 'X') drawMatrix(text, code.height, code.mark, code.turn);
      else {
        const modules = modulesOf(code.type, text);
        if (modules !== null && modules.length * module <= maxLabelDots) {
          put(drawBars(modules, module, code.height), field.x, field.y, code.turn);
        }
      }
    }
    field = freshField();
  };
  const graphicBox = (params: readonly string[]): void => {
    const thick = Math.max(1, numberAt(params, 2, 1));
    const [width, height] = [Math.max(thick, numberAt(params, 0, thick)), Math.max(thick, numberAt(params, 1, thick))];
    if (label !== null) drawFrame(label, field.x, field.y, width, height, thick);
  };
  const barcode = (type: 'E' | '8' | 'U' | 'C' | 'X', params: readonly string[]): void => {
    const height = numberAt(params, 1, type === 'X' ? 1 : barHeight);
    field.code = { type, turn: turnOf(params[0], 0), height, mark: params[6] || '_' };
  };

  const command = (name: string, rest: string): void => {
    const params = rest.split(',');
    if (name === 'FD' || name === 'FV') {
      field.data = rest;
      return;
    }
    if (name.startsWith('A')) {
      const [turn, height = '', width = ''] = [
        name.charAt(1) === '' ? '' : rest.charAt(0),
        ...rest.split(',').slice(1),
      ];
      const h = Number.parseInt(height, 10) || 30;
      field.font = { turn: turnOf(turn, 0), height: h, width: Number.parseInt(width, 10) || h };
      return;
    }
    switch (name) {
      case 'XA':
        label = blankBitmap(size.width, size.height);
        copies = 1;
        field = freshField();
        return;
      case 'XZ':
        if (label !== null) take({ kind: 'rows', bitmap: label, copies });
        label = null;
        return;
      case 'PW':
      case 'LL':
        size = {
          width: name === 'PW' ? Math.max(1, numberAt(params, 0, size.width)) : size.width,
          height: name === 'LL' ? Math.max(1, numberAt(params, 0, size.height)) : size.height,
        };
        // Said before anything is drawn, as every driver does: the sheet is taken anew.
        if (label !== null) label = blankBitmap(size.width, size.height);
        return;
      case 'FO':
        field.x = numberAt(params, 0, 0);
        field.y = numberAt(params, 1, 0);
        return;
      case 'FH':
        field.hexMark = rest === '' ? '_' : rest.charAt(0);
        return;
      case 'FB':
        field.block = { width: numberAt(params, 0, 0), lines: numberAt(params, 1, 1), align: params[3] ?? 'L' };
        return;
      case 'BY':
        module = Math.max(1, Math.min(10, numberAt(params, 0, module)));
        barHeight = numberAt(params, 2, barHeight);
        return;
      case 'BE':
      case 'B8':
      case 'BU':
      case 'BC':
      case 'BX':
        return barcode(name.charAt(1) as 'E', params);
      case 'GB':
        return graphicBox(params);
      case 'GF': {
        const data = rest.split(',').slice(4).join(',');
        const bitmap = graphicOf(data, numberAt(params, 2, 0, maxHeld), numberAt(params, 3, 0));
        if (bitmap !== null) put(bitmap, field.x, field.y, 0);
        return;
      }
      case 'FS':
        return endField();
      case 'PQ':
        copies = Math.max(1, numberAt(params, 0, 1, maxCopies));
        return;
      case 'HS':
        return take({ kind: 'askStatus' });
      case 'JA':
        label = null;
        return take({ kind: 'cancelAll' });
      default:
    }
  };

  /** Commands whose end needs no next one. */
  const isWhole = (text: string): boolean => /^([~^](HS|JA|XZ|FS))$/i.test(text.slice(0, 3));
  const work = (): void => {
    for (;;) {
      const start = held.search(/[\^~]/);
      if (start < 0) {
        held = '';
        return;
      }
      if (start > 0) held = held.slice(start);
      if (held.length < 3) return;
      const next = held.slice(1).search(/[\^~]/) + 1;
      if (next === 0 && !isWhole(held)) {
        // A command that never ends is no command.
        if (held.length > maxHeld) held = '';
        return;
      }
      const end = isWhole(held) ? 3 : next;
      const text = held.slice(0, end);
      held = held.slice(end);
      const name = text.slice(1, 3).toUpperCase();
      command(name, name === 'FD' || name === 'FV' ? text.slice(3) : text.slice(3).replaceAll(/[\r\n]/g, ''));
    }
  };
  return {
    feed: (bytes) => {
      held += Buffer.from(bytes).toString('latin1');
      work();
    },
    reset: () => {
      held = '';
      label = null;
      field = freshField();
    },
    waitingBytes: () => held.length,
  };
}
