/**
 * What an ESC/POS printer does to paper: turns the reader's events into lines, pictures and codes at their places,
 * cut into receipts. Rule kept: nothing is drawn beyond the paper's width, and one piece of paper holds a
 * bounded number of things. It reads no byte and answers none; emulator.ts does.
 */
import { type Bitmap, blankBitmap, rowBytes, setBlack, stamp } from '../text/bitmap.ts';
import { cellDots, glyphDots, lineDots } from '../text/text-raster.ts';
import { qrModules } from './bars.ts';
import { readBarcode } from './emulator-bars.ts';
import { type CodePageName, decodeByte, epsonPages } from './code-pages.ts';
import type { ReaderEvent } from './escpos-table.ts';

export type PrintedStyle = {
  readonly bold: boolean;
  readonly underline: boolean;
  readonly reverse: boolean;
  readonly width: number;
  readonly height: number;
};
/** Characters of one style side by side; x in dots from the paper's left edge. */
export type PrintedRun = { readonly x: number; readonly text: string; readonly style: PrintedStyle };
type Place = { readonly x: number; readonly y: number };
export type PaperItem =
  | { readonly kind: 'line'; readonly y: number; readonly height: number; readonly runs: readonly PrintedRun[] }
  | (Place & { readonly kind: 'picture'; readonly bitmap: Bitmap })
  | (Place & { readonly kind: 'qr'; readonly data: string; readonly bitmap: Bitmap })
  | (Place & {
      readonly kind: 'barcode';
      readonly data: string;
      readonly isTextAbove: boolean;
      readonly isTextBelow: boolean;
      readonly bitmap: Bitmap;
    });

export type PrintedReceipt = {
  readonly widthDots: number;
  readonly heightDots: number;
  readonly items: readonly PaperItem[];
  /** In order; `at` is the paper's y. */
  readonly pulses: readonly {
    readonly pin: number;
    readonly onMs: number;
    readonly offMs: number;
    readonly at: number;
  }[];
  /** null: not cut off yet. */
  readonly cut: 'full' | 'partial' | null;
  /** Commands that nobody knows, in hex. */
  readonly unknown: readonly string[];
};

export type Paper = {
  readonly take: (event: ReaderEvent) => void;
  readonly current: () => PrintedReceipt;
};

/** Things on one piece of paper that are kept: a runaway stream can't fill the memory. */
const mostItems = 20_000;
const plain: PrintedStyle = { bold: false, underline: false, reverse: false, width: 1, height: 1 };
const corrections = ['L', 'M', 'Q', 'H'] as const;

type Head = {
  page: CodePageName;
  align: 'left' | 'center' | 'right';
  style: PrintedStyle;
  cell: number;
  lineSpacing: number;
  charSpacing: number;
  left: number;
  /** As GS W asked; what the left margin leaves of the paper counts. */
  askedWidth: number;
  width: number;
  barHeight: number;
  barModule: number;
  barText: number;
  qr: { dots: number; correction: (typeof corrections)[number]; data: string };
  graphics: Bitmap | null;
};

const freshHead = (widthDots: number): Head => ({
  page: 'cp437',
  align: 'left',
  style: plain,
  cell: cellDots,
  lineSpacing: lineDots,
  charSpacing: 0,
  left: 0,
  askedWidth: widthDots,
  width: widthDots,
  barHeight: 162,
  barModule: 3,
  barText: 0,
  qr: { dots: 3, correction: 'L', data: '' },
  graphics: null,
});

/** GS ( L fn 112: a bx by c xL xH yL yH and the dots. null when the data is shorter than it says. */
function storedGraphics(data: Uint8Array): Bitmap | null {
  const width = (data[4] ?? 0) + (data[5] ?? 0) * 256;
  const height = (data[6] ?? 0) + (data[7] ?? 0) * 256;
  const bits = data.slice(8, 8 + rowBytes(width) * height);
  return bits.length === rowBytes(width) * height ? { width, height, bits } : null;
}

/** ESC *: columns of 8 (modes 0, 1) or 24 dots, single density twice as wide. */
function columnPicture(mode: number, data: Uint8Array): Bitmap {
  const bytes = mode >= 32 ? 3 : 1;
  const columns = Math.floor(data.length / bytes);
  const scaleX = mode % 32 === 0 ? 2 : 1;
  const bitmap = blankBitmap(columns, bytes * 8);
  data.forEach((byte, i) => {
    for (let bit = 0; bit < 8; bit++) {
      if (byte & (0x80 >> bit)) setBlack(bitmap, Math.floor(i / bytes), (i % bytes) * 8 + bit);
    }
  });
  const target = blankBitmap(columns * scaleX, 24);
  stamp(target, bitmap, 0, 0, scaleX, bytes === 3 ? 1 : 3);
  return target;
}

export function makePaper(widthDots: number, onCut: (receipt: PrintedReceipt) => void): Paper {
  let head = freshHead(widthDots);
  let items: PaperItem[] = [];
  let pulses: PrintedReceipt['pulses'][number][] = [];
  let unknown: string[] = [];
  let y = 0;
  // The line in the print buffer.
  let runs: PrintedRun[] = [];
  let pictures: { readonly x: number; readonly bitmap: Bitmap }[] = [];
  let x = 0;
  // The picture that is being sent.
  let rows: Uint8Array[] = [];
  let raster = { stride: 0, scaleX: 1, scaleY: 1 };

  const put = (item: PaperItem): void => {
    if (items.length < mostItems) items.push(item);
  };
  const current = (cut: PrintedReceipt['cut'] = null): PrintedReceipt => ({
    widthDots,
    heightDots: y,
    items,
    pulses,
    cut,
    unknown,
  });
  const offset = (width: number): number => {
    const room = Math.max(0, head.width - width);
    return head.left + (head.align === 'left' ? 0 : head.align === 'right' ? room : Math.floor(room / 2));
  };
  /** Prints the buffer and feeds; `least` is the feed of an empty line. */
  const endLine = (least: number): void => {
    const high = Math.max(
      0,
      ...runs.map((run) => run.style.height * glyphDots),
      ...pictures.map((p) => p.bitmap.height),
    );
    const height = Math.max(least, high);
    if (runs.length > 0 || pictures.length > 0 || least > 0) {
      const shift = offset(x);
      put({ kind: 'line', y, height: high, runs: runs.map((run) => ({ ...run, x: run.x + shift })) });
      for (const { x: at, bitmap } of pictures) put({ kind: 'picture', x: at + shift, y, bitmap });
    }
    y += height;
    runs = [];
    pictures = [];
    x = 0;
  };
  const flush = (): void => {
    if (runs.length > 0 || pictures.length > 0) endLine(head.lineSpacing);
  };
  const print = (char: string): void => {
    const width = (head.cell + head.charSpacing) * head.style.width;
    if (x + width > head.width && x > 0) endLine(head.lineSpacing);
    const last = runs.at(-1);
    const isSame = last?.style === head.style && last.x + [...last.text].length * width === x;
    if (last && isSame) runs[runs.length - 1] = { ...last, text: last.text + char };
    else runs.push({ x, text: char, style: head.style });
    x += width;
  };
  const place = (bitmap: Bitmap, scaleX: number, scaleY: number): { at: Place; bitmap: Bitmap } => {
    flush();
    const scaled = blankBitmap(Math.min(widthDots, bitmap.width * scaleX), bitmap.height * scaleY);
    stamp(scaled, bitmap, 0, 0, scaleX, scaleY);
    const at = { x: offset(bitmap.width * scaleX), y };
    y += scaled.height;
    return { at, bitmap: scaled };
  };

  const printBarcode = (type: number, bytes: Uint8Array): void => {
    const code = readBarcode(type, bytes);
    if (code === null) return;
    const [isTextAbove, isTextBelow] = [(head.barText & 1) !== 0, (head.barText & 2) !== 0];
    flush();
    if (isTextAbove) y += lineDots;
    const { at, bitmap } = place(code.bars, head.barModule, head.barHeight);
    if (isTextBelow) y += lineDots;
    put({ kind: 'barcode', ...at, data: code.text, isTextAbove, isTextBelow, bitmap });
  };
  const readCode = (fn: number, data: Uint8Array): void => {
    const n = data[0] ?? 0;
    if (fn === 67) head.qr.dots = Math.min(16, Math.max(1, n));
    else if (fn === 69) head.qr.correction = corrections[n - 48] ?? 'L';
    else if (fn === 80) head.qr.data = Buffer.from(data.subarray(1)).toString('utf8');
    else if (fn === 81) {
      const modules = qrModules(head.qr.data, head.qr.correction);
      if (modules === null) return;
      const { at, bitmap } = place(modules, head.qr.dots, head.qr.dots);
      put({ kind: 'qr', ...at, data: head.qr.data, bitmap });
    }
  };
  const cutOff = (how: 'full' | 'partial', feedDots: number): void => {
    flush();
    y += feedDots;
    onCut(current(how));
    items = [];
    pulses = [];
    unknown = [];
    y = 0;
  };

  const take = (event: ReaderEvent): void => {
    switch (event.kind) {
      case 'char':
        return print(decodeByte(event.byte, head.page));
      case 'control':
        if (event.name === 'lf') endLine(head.lineSpacing);
        else if (event.name === 'ff') flush();
        else if (event.name === 'tab') x = Math.min(head.width, (Math.floor(x / (8 * head.cell)) + 1) * 8 * head.cell);
        return;
      case 'init':
        runs = [];
        pictures = [];
        x = 0;
        head = freshHead(widthDots);
        return;
      case 'codePage':
        head.page = epsonPages.get(event.n) ?? 'cp437';
        return;
      case 'align':
        head.align = event.to;
        return;
      case 'bold':
      case 'underline':
      case 'reverse':
        head.style = { ...head.style, [event.kind]: event.isOn };
        return;
      case 'fontB':
        head.cell = event.isOn ? 9 : cellDots;
        return;
      case 'upsideDown':
        return;
      case 'size':
        head.style = { ...head.style, width: event.width, height: event.height };
        return;
      case 'mode':
        head.cell = event.isFontB ? 9 : cellDots;
        head.style = {
          ...head.style,
          bold: event.isBold,
          underline: event.isUnderline,
          width: event.width,
          height: event.height,
        };
        return;
      case 'lineSpacing':
        head.lineSpacing = event.dots ?? lineDots;
        return;
      case 'charSpacing':
        head.charSpacing = event.dots;
        return;
      case 'leftMargin':
        head.left = Math.min(event.dots, widthDots - cellDots);
        head.width = Math.min(head.askedWidth, widthDots - head.left);
        return;
      case 'printWidth':
        head.askedWidth = Math.max(event.dots, cellDots);
        head.width = Math.min(head.askedWidth, widthDots - head.left);
        return;
      case 'moveTo':
        x = Math.min(event.dots, head.width);
        return;
      case 'moveBy':
        x = Math.min(Math.max(0, x + event.dots), head.width);
        return;
      case 'feedDots':
        if (runs.length > 0 || pictures.length > 0) endLine(Math.max(0, event.n));
        else y = Math.max(0, y + event.n);
        return;
      case 'feedLines':
        for (let i = 0; i < event.n; i++) endLine(head.lineSpacing);
        return;
      case 'rasterStart':
        flush();
        rows = [];
        raster = event;
        return;
      case 'rasterRow':
        rows.push(event.row);
        return;
      case 'rasterEnd': {
        if (rows.length === 0) return;
        const source = { width: raster.stride * 8, height: rows.length, bits: Buffer.concat(rows) };
        rows = [];
        const { at, bitmap } = place(source, raster.scaleX, raster.scaleY);
        put({ kind: 'picture', ...at, bitmap });
        return;
      }
      case 'columnImage': {
        const bitmap = columnPicture(event.mode, event.data);
        pictures.push({ x, bitmap });
        x = Math.min(head.width, x + bitmap.width);
        return;
      }
      case 'graphics':
        if (event.fn === 112) head.graphics = storedGraphics(event.data);
        else if ((event.fn === 50 || event.fn === 2) && head.graphics !== null) {
          const { at, bitmap } = place(head.graphics, 1, 1);
          put({ kind: 'picture', ...at, bitmap });
        }
        return;
      case 'code2d':
        if (event.cn === 49) readCode(event.fn, event.data);
        return;
      case 'barcode':
        return printBarcode(event.type, event.data);
      case 'barHeight':
        head.barHeight = Math.max(1, event.n);
        return;
      case 'barModule':
        head.barModule = Math.min(6, Math.max(1, event.n));
        return;
      case 'barText':
        head.barText = event.n;
        return;
      case 'cut':
        return cutOff(event.how, event.feedDots);
      case 'pulse':
        pulses.push({ pin: event.pin, onMs: event.onMs, offMs: event.offMs, at: y });
        return;
      case 'unknown':
        if (unknown.length < mostItems) unknown.push(Buffer.from(event.bytes).toString('hex'));
        return;
      case 'askStatus':
      case 'askName':
      case 'autoStatus':
      case 'ignored':
        return;
      default:
        event satisfies never;
    }
  };
  return { take, current };
}

/** The paper as lines of text, in order: pictures and codes as what they are, in brackets. */
export function printedText(receipt: PrintedReceipt): string[] {
  return receipt.items.map((item) => {
    switch (item.kind) {
      case 'line': {
        let text = '';
        let end = 0;
        for (const run of item.runs) {
          text += ' '.repeat(Math.max(0, Math.round((run.x - end) / cellDots))) + run.text;
          end = run.x + [...run.text].length * cellDots * run.style.width;
        }
        return text.trimEnd();
      }
      case 'picture':
        return `[picture ${item.bitmap.width}x${item.bitmap.height}]`;
      case 'qr':
        return `[qr ${item.data}]`;
      case 'barcode':
        return `[bars ${item.data}]`;
      default:
        return item satisfies never;
    }
  });
}
