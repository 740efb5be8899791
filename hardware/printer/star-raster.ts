/**
 * Star's raster mode: a whole receipt as one picture, for the TSP100 that has no letters of its own and the Star
 * printers beside it. Rule kept: blank rows are moved over, not sent; the cut is chosen before the first row, for a
 * printer leaves a mode setting out while rows wait in its buffer. Source: Star Graphic Mode Command
 * Specifications, chapter 3-2 (raster mode).
 */
import { type Bitmap, blankBitmap, rowBytes } from '../text/bitmap.ts';
import { type Bytes, joinBytes } from './escpos-commands.ts';

const number = (n: number): Bytes => [...String(n)].map((digit) => digit.charCodeAt(0));
/** ESC * r R, ESC * r A: start afresh, raster mode. */
const enter: Bytes = [0x1b, 0x2a, 0x72, 0x52, 0x1b, 0x2a, 0x72, 0x41];
/** ESC * r P 0 NUL: paper without pages. */
const endlessPaper: Bytes = [0x1b, 0x2a, 0x72, 0x50, 0x30, 0x00];
/** ESC * r E n NUL, what happens at the document's end: 1 nothing, 9 feed and full cut, 13 feed and partial cut. */
const atEnd = (cut: StarJob['cut']): Bytes => [
  ...[0x1b, 0x2a, 0x72, 0x45],
  ...number({ none: 1, full: 9, partial: 13 }[cut]),
  0x00,
];
/** ESC * r D n NUL: pulse for drawer 1 or 2. */
const drive = (drawer: 1 | 2): Bytes => [0x1b, 0x2a, 0x72, 0x44, ...number(drawer), 0x00];
/** ESC * r Y n NUL: moves n dots on. */
const move = (rows: number): Bytes => [0x1b, 0x2a, 0x72, 0x59, ...number(rows), 0x00];
/** ESC FF EOT: the document ends; ESC * r B: back out of raster mode. */
const end: Bytes = [0x1b, 0x0c, 0x04];
const leave: Bytes = [0x1b, 0x2a, 0x72, 0x42];

export type StarJob = {
  /** null: no paper, only the drawer. */
  readonly picture: Bitmap | null;
  readonly cut: 'none' | 'partial' | 'full';
  readonly drawer: 1 | 2 | null;
  /** Before the first row, or after the cut. */
  readonly pulse: 'beforeCut' | 'afterCut';
};

/** The job's bytes. A row is 'b' nL nH and its bytes up to the last black dot. */
export function encodeStar(job: StarJob): Uint8Array {
  const parts: Bytes[] = [enter, endlessPaper, atEnd(job.cut)];
  const pulse = job.drawer === null ? [] : [drive(job.drawer)];
  if (job.picture === null) return joinBytes([...parts, ...pulse, leave]);
  if (job.pulse === 'beforeCut') parts.push(...pulse);
  parts.push(...rowsOf(job.picture), end);
  if (job.pulse === 'afterCut') parts.push(...pulse);
  return joinBytes([...parts, leave]);
}

function rowsOf(picture: Bitmap): Bytes[] {
  const stride = rowBytes(picture.width);
  const parts: Bytes[] = [];
  let blank = 0;
  for (let y = 0; y < picture.height; y++) {
    const row = picture.bits.subarray(y * stride, (y + 1) * stride);
    const length = row.findLastIndex((byte) => byte !== 0) + 1;
    if (length === 0) {
      blank++;
      continue;
    }
    if (blank > 0) parts.push(move(blank));
    blank = 0;
    parts.push([0x62, length & 0xff, length >> 8], row.subarray(0, length));
  }
  if (blank > 0) parts.push(move(blank));
  return parts;
}

export type StarPaper = {
  readonly picture: Bitmap;
  readonly cut: StarJob['cut'];
  readonly drawers: readonly number[];
  /** Bytes that are no command of raster mode. */
  readonly unknown: number;
};

/** Longest paper that is read back, in rows. */
const mostRows = 20_000;

/** Reads such a job back, for the preview and the tests. Any bytes at all are read; a half row at the end is left out. */
export function readStar(bytes: Uint8Array, widthDots: number): StarPaper {
  const rows = new Map<number, Uint8Array>();
  const drawers: number[] = [];
  let cut: StarJob['cut'] = 'none';
  let y = 0;
  let unknown = 0;
  for (let at = 0; at < bytes.length; ) {
    if (bytes[at] === 0x62) {
      const length = (bytes[at + 1] ?? 0) + (bytes[at + 2] ?? 0) * 256;
      if (at + 3 + length <= bytes.length && y < mostRows) rows.set(y, bytes.subarray(at + 3, at + 3 + length));
      y = Math.min(mostRows, y + 1);
      at += 3 + length;
      continue;
    }
    const rest = String.fromCharCode(...bytes.subarray(at, at + 12));
    const setting = /^\x1b\*r([A-Z])(?:(\d{1,5})\0)?/.exec(rest);
    if (setting !== null) {
      const n = Number(setting[2] ?? 0);
      if (setting[1] === 'E') cut = n === 9 ? 'full' : n === 13 ? 'partial' : 'none';
      else if (setting[1] === 'Y') y = Math.min(mostRows, y + n);
      else if (setting[1] === 'D') drawers.push(n);
      at += setting[0].length;
    } else if (rest.startsWith('\x1b\x0c')) at += 3;
    else {
      unknown++;
      at++;
    }
  }
  const picture = blankBitmap(widthDots, y);
  const stride = rowBytes(widthDots);
  for (const [top, row] of rows) picture.bits.set(row.subarray(0, stride), top * stride);
  return { picture, cut, drawers, unknown };
}
