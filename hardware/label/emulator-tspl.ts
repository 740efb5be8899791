/**
 * A TSPL printer in memory: bytes go in, rows of labels come out as dots. Rule kept: it takes any bytes, forgets
 * what it does not know and never grows without bound; a bitmap's bytes are counted, never searched. Questions
 * and cancelling (ESC ! ?, ESC ! .) are handed on; paper and waiting are the emulator-server's.
 */
import { withCheckDigit } from '#core/catalogue/check-digit.ts';
import { code128, code128Modules, linearModules } from '#core/label/linear-code.ts';
import { dotsPerMm, type LabelDpi } from '#core/label/fill-label.ts';
import { type Bitmap, blankBitmap, stamp } from '../text/bitmap.ts';
import { type LabelEvent, type LabelReader, maxLabelDots } from './emulator-zpl.ts';
import { drawBars, drawFrame, turnBitmap } from './label-raster.ts';
import type { LabelTools } from './label-sheet.ts';

const maxLine = 4_096;
const maxBitmap = (maxLabelDots / 8) * maxLabelDots;
type Turn = 0 | 90 | 180 | 270;
const turnOf = (text: string | undefined): Turn =>
  (({ '90': 90, '180': 180, '270': 270 })[text ?? ''] as Turn | undefined) ?? 0;
const clamp = (n: number, most = maxLabelDots): number => (Number.isNaN(n) ? 0 : Math.max(0, Math.min(most, n)));
const int = (text: string | undefined, most = maxLabelDots): number => clamp(Number.parseInt(text ?? '', 10), most);

/** Symbol values of 128M: "!" and three digits for a control code. */
function tsplValues(data: string): number[] {
  const values: number[] = [];
  let isC = false;
  for (let i = 0; i < data.length && values.length < 200; ) {
    const control = /^!(\d{3})/.exec(data.slice(i, i + 4))?.[1];
    if (control !== undefined) {
      const value = Number(control);
      if (value > 105) {
        i += 4;
        continue;
      }
      if (values.length === 0 && value < 103) values.push(code128.startB);
      isC = value === code128.startC || value === code128.codeC || (isC && value === code128.fnc1);
      values.push(value);
      i += 4;
      continue;
    }
    if (values.length === 0) values.push(code128.startB);
    if (isC && /^\d\d/.test(data.slice(i, i + 2))) {
      values.push(Number(data.slice(i, i + 2)));
      i += 2;
    } else {
      const value = data.charCodeAt(i) - 32;
      if (!isC && value >= 0 && value < 96) values.push(value);
      i += 1;
    }
  }
  return values;
}

const digits = (data: string, count: number): string => data.replaceAll(/\D/g, '').slice(0, count).padStart(count, '0');
function modulesOf(type: string, data: string): string | null {
  if (type === 'EAN13') return linearModules('ean13', withCheckDigit(digits(data, 12)));
  if (type === 'EAN8') return linearModules('ean8', withCheckDigit(digits(data, 7)));
  if (type === 'UPCA') return linearModules('upca', withCheckDigit(digits(data, 11)));
  return type === '128M' || type === '128' ? code128Modules(tsplValues(data)) : null;
}

/** `TEXT 1,2,"a,b"` → its name and parameters, quoted ones without quotes. */
function split(line: string): { readonly name: string; readonly params: readonly string[] } {
  const name = /^[A-Z]+/i.exec(line)?.[0] ?? '';
  const params: string[] = [];
  let now = '';
  let isQuoted = false;
  for (const char of line.slice(name.length)) {
    if (char === '"') isQuoted = !isQuoted;
    else if (char === ',' && !isQuoted) {
      params.push(now);
      now = '';
    } else if (isQuoted || char !== ' ' || now !== '') now += char;
  }
  return { name: name.toUpperCase(), params: [...params, now].slice(0, 40) };
}

export function makeTsplReader(
  tools: LabelTools | null,
  dpi: LabelDpi,
  take: (event: LabelEvent) => void,
): LabelReader {
  let held: Buffer = Buffer.alloc(0);
  let size = { width: 832, height: 400 };
  let label: Bitmap = blankBitmap(size.width, size.height);

  /** Turned around the corner where it begins. */
  const put = (bitmap: Bitmap, x: number, y: number, turn: Turn): void => {
    const { width, height } = bitmap;
    const [dx, dy] = { 0: [0, 0], 90: [-height, 0], 180: [-width, -height], 270: [0, -width] }[turn] as [
      number,
      number,
    ];
    stamp(label, turnBitmap(bitmap, turn), x + dx, y + dy);
  };
  const toDots = (text: string): number => {
    const n = Number.parseFloat(text);
    if (Number.isNaN(n)) return 1;
    const perUnit = /mm/i.test(text) ? dotsPerMm(dpi) : /dot/i.test(text) ? 1 : dpi;
    return Math.max(1, Math.round(clamp(n * perUnit)));
  };
  const text = (params: readonly string[]): void => {
    const [x, y, font, turn, points] = params;
    const content = params.length > 7 ? params[7] : params[6];
    if (tools === null || content === undefined || content === '') return;
    // Fonts 1–5 are 8×12 to 32×48 dots; "0" is scaled in points.
    const em =
      font === '0'
        ? (int(points, 200) * dpi) / 72
        : ([12, 20, 24, 32, 48][int(font, 9) - 1] ?? 20) * Math.max(1, int(points, 8));
    const drawn = tools.raster.draw(content.slice(0, 300), Math.max(4, Math.min(400, Math.round(em))), true);
    const room = blankBitmap(Math.max(1, Math.ceil(drawn.width), drawn.bitmap.width), Math.ceil(em * 1.1));
    stamp(room, drawn.bitmap, Math.max(0, drawn.left), Math.round(em * 0.78) - drawn.ascent);
    put(room, int(x), int(y), turnOf(turn));
  };
  const barcode = (params: readonly string[]): void => {
    const [x, y, type = '', height, , turn, narrow] = params;
    const modules = modulesOf(type.toUpperCase(), params.at(-1) ?? '');
    const module = Math.max(1, int(narrow, 10));
    if (modules === null || modules.length * module > maxLabelDots) return;
    put(drawBars(modules, module, int(height)), int(x), int(y), turnOf(turn));
  };
  const matrix = (params: readonly string[]): void => {
    const option = (letter: string): string | undefined =>
      params
        .slice(4, -1)
        .find((one) => one.startsWith(letter))
        ?.slice(1);
    const mark = option('c') === undefined ? null : String.fromCharCode(int(option('c'), 255));
    let data = params.at(-1) ?? '';
    if (mark !== null) {
      data = data.replaceAll(`${mark}1`, '\u001d').replaceAll(`${mark}d126`, '~');
    }
    const modules = tools?.matrix(data.replace(/^\u001d/, '')) ?? null;
    const cell = Math.max(1, int(option('x'), 40));
    if (modules === null) return;
    const symbol = blankBitmap(modules.width * cell, modules.height * cell);
    stamp(symbol, modules, 0, 0, cell, cell);
    put(symbol, int(params[0]), int(params[1]), turnOf(option('r')));
  };

  const command = (line: string): void => {
    const { name, params } = split(line);
    switch (name) {
      case 'SIZE':
        size = { width: toDots(params[0] ?? ''), height: toDots(params[1] ?? '') };
        label = blankBitmap(size.width, size.height);
        return;
      case 'CLS':
        label = blankBitmap(size.width, size.height);
        return;
      case 'TEXT':
        return text(params);
      case 'BARCODE':
        return barcode(params);
      case 'DMATRIX':
        return matrix(params);
      case 'BAR': {
        const [x, y, width, height] = params.map((one) => int(one));
        drawFrame(label, x ?? 0, y ?? 0, width ?? 0, height ?? 0, maxLabelDots);
        return;
      }
      case 'BOX': {
        const [x = 0, y = 0, right = 0, bottom = 0, thick = 1] = params.map((one) => int(one));
        drawFrame(label, x, y, Math.max(0, right - x + 1), Math.max(0, bottom - y + 1), thick);
        return;
      }
      case 'PRINT': {
        const sets = Math.max(1, int(params[0], 10_000));
        const copies = params[1] === undefined || params[1] === '' ? 1 : Math.max(1, int(params[1], 10_000));
        take({ kind: 'rows', bitmap: copyOf(label), copies: Math.min(10_000, sets * copies) });
        return;
      }
      default:
    }
  };

  /** A counted bitmap at the front: how many bytes its command has in all; null while that is not known yet. */
  const bitmapLength = (): number | null | 'none' => {
    const front = held.subarray(0, 60).toString('latin1');
    if (!/^BITMAP/i.test(front)) return front.length < 6 && 'BITMAP'.startsWith(front.toUpperCase()) ? null : 'none';
    const head = /^BITMAP\s*(\d+),(\d+),(\d+),(\d+),(\d+),/i.exec(front);
    if (head === null) return front.length < 60 && !/[\r\n]/.test(front) ? null : 'none';
    const [, x, y, across, height] = head;
    const bytes = int(across) * int(height);
    if (bytes > maxBitmap) return 'none';
    if (held.length < head[0].length + bytes) return null;
    const bits = held.subarray(head[0].length, head[0].length + bytes).map((byte) => ~byte & 0xff);
    put({ width: int(across) * 8, height: int(height), bits: Uint8Array.from(bits) }, int(x), int(y), 0);
    return head[0].length + bytes;
  };
  const work = (): void => {
    while (held.length > 0) {
      // Line ends between commands.
      if (held[0] === 0x0d || held[0] === 0x0a) {
        held = held.subarray(1);
        continue;
      }
      if (held[0] === 0x1b) {
        if (held.length < 3) return;
        if (held[1] === 0x21 && held[2] === 0x3f) take({ kind: 'askStatus' });
        if (held[1] === 0x21 && held[2] === 0x2e) {
          take({ kind: 'cancelAll' });
          label = blankBitmap(size.width, size.height);
        }
        held = held.subarray(3);
        continue;
      }
      const counted = bitmapLength();
      if (counted === null) return;
      if (counted !== 'none') {
        held = held.subarray(counted);
        continue;
      }
      const end = held.subarray(0, maxLine).findIndex((byte) => byte === 0x0d || byte === 0x0a || byte === 0x1b);
      if (end < 0) {
        if (held.length < maxLine) return;
        held = held.subarray(maxLine);
        continue;
      }
      command(held.subarray(0, end).toString('latin1'));
      held = held.subarray(end);
    }
  };
  return {
    feed: (bytes) => {
      held = held.length === 0 ? Buffer.from(bytes) : Buffer.concat([held, bytes]);
      work();
    },
    reset: () => {
      held = Buffer.alloc(0);
      label = blankBitmap(size.width, size.height);
    },
    waitingBytes: () => held.length,
  };
}

const copyOf = (bitmap: Bitmap): Bitmap => ({ ...bitmap, bits: bitmap.bits.slice() });
