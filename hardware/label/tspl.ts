/**
 * Labels as TSPL/TSPL2 (TSC's programming manual; the many printers that speak it). Rule kept: a text that could end
 * its quotes is never sent as text but as dots. Linear codes are the printer's own, Code 128 with its code sets said
 * outright (128M), so that their bars are ours; Indian letters and ₹ are dots.
 */
import type { LabelLayout, LabelPart } from '#core/label/fill-label.ts';
import { code128, code128Values } from '#core/label/linear-code.ts';
import {
  barsDots,
  type BarsPart,
  bytesAcross,
  cropDots,
  matrixDots,
  type PlacedDots,
  type TextPart,
  textDots,
} from './label-dots.ts';
import { isLatin, type LabelSetup, type LabelSheet, type LabelTools, rowGeometry } from './label-sheet.ts';

const ascii = (text: string): Buffer => Buffer.from(text, 'ascii');
const line = (text: string): Buffer => ascii(`${text}\r\n`);
const mm = (n: number): string => String(Math.round(n * 100) / 100);

/** BITMAP x,y,bytes across,height,mode,data: 0 is a black dot; the data is counted, so any byte may stand in it. */
function graphic({ bitmap, x, y }: PlacedDots): Buffer {
  const across = bytesAcross(bitmap);
  const data = Buffer.from(bitmap.bits.map((byte) => ~byte & 0xff));
  return Buffer.concat([ascii(`BITMAP ${x},${y},${across},${bitmap.height},0,`), data, ascii('\r\n')]);
}

/** TSPL turns around the corner where a thing begins; ours is the top left of what it covers. */
function anchor(part: LabelPart, x: number): string {
  switch (part.rotate) {
    case 0:
      return `${x},${part.y}`;
    case 90:
      return `${x + part.height},${part.y}`;
    case 180:
      return `${x + part.width},${part.y + part.height}`;
    case 270:
      return `${x},${part.y + part.width}`;
  }
}

/** 128M: "!" and three digits for a control code, its data as it is (manual, BARCODE). Null where "!" itself is in the data. */
export function tsplCode128(values: readonly number[]): string | null {
  let isC = false;
  const parts = values.map((value, i) => {
    if (i === 0) {
      isC = value === code128.startC;
      return `!${value}`;
    }
    const isControl = value === code128.fnc1 || (isC ? value === code128.codeB : value === code128.codeC);
    if (isControl) {
      if (value !== code128.fnc1) isC = !isC;
      return `!${String(value).padStart(3, '0')}`;
    }
    return isC ? String(value).padStart(2, '0') : String.fromCharCode(value + 32);
  });
  const isSafe = parts.every((part, i) => i === 0 || part.length > 1 || !/[!"\\]/.test(part));
  return isSafe ? parts.join('') : null;
}

function bars(part: BarsPart, x: number): Buffer | null {
  const own = (type: string, data: string): Buffer =>
    line(
      `BARCODE ${anchor(part, x)},"${type}",${part.height},0,${part.rotate},${part.moduleDots},${part.moduleDots},"${data}"`,
    );
  if (part.code === 'ean13') return own('EAN13', part.data.slice(0, 12));
  if (part.code === 'ean8') return own('EAN8', part.data.slice(0, 7));
  if (part.code === 'upca') return own('UPCA', part.data.slice(0, 11));
  const data = tsplCode128(code128Values(part.data, part.code === 'gs1-128') ?? []);
  return data === null ? null : own('128M', data);
}

/** Font "0" is scalable, its multipliers are points (manual, TEXT); placed by our widths, its own may differ a little. */
function ownFont(part: TextPart, x: number, setup: LabelSetup, tools: LabelTools): Buffer {
  const points = Math.max(1, Math.round((part.emDots / setup.dpi) * 72));
  const width = Math.min(part.width, tools.raster.measure(part.text, part.emDots, part.isBold));
  const spare = part.width - width;
  const indent = Math.round(part.align === 'left' ? 0 : part.align === 'right' ? spare : spare / 2);
  const drop = Math.round(part.emDots * tsplDrop);
  const [dx, dy] = { 0: [indent, drop], 90: [-drop, indent], 180: [-indent, -drop], 270: [drop, -indent] }[
    part.rotate
  ] as [number, number];
  const [ax = 0, ay = 0] = anchor(part, x).split(',').map(Number);
  const at = `${Math.max(0, ax + dx)},${Math.max(0, ay + dy)}`;
  return line(`TEXT ${at},"0",${part.rotate},${points},${points},"${part.text}"`);
}
/** Empty room above the letters of font "0", by its size. */
export const tsplDrop = 0.22;

/** No quote and no "[": \["] is the manual's way to print a quote, and printers differ in it. */
const isPlain = (text: string): boolean => isLatin(text) && !/["\\[\]]/.test(text);

/** DMATRIX with "~" as its mark (c126): ~1 is FNC1, ~d126 itself (manual, DMATRIX). */
const ownMatrix = (part: LabelPart & { readonly kind: 'matrix' }, x: number, cell: number): Buffer | null => {
  if (/["\\]/.test(part.data)) return null;
  const data = part.data.replaceAll('~', '~d126').replaceAll('\u001d', '~1');
  return line(`DMATRIX ${anchor(part, x)},${part.width},${part.height},c126,x${cell},r${part.rotate},"~1${data}"`);
};

function partOf(part: LabelPart, left: number, layout: LabelLayout, setup: LabelSetup, tools: LabelTools): Buffer {
  const shifted = (dots: PlacedDots | null): Buffer => {
    const shown = dots === null ? null : cropDots(dots, layout.widthDots, layout.heightDots);
    return shown === null ? Buffer.alloc(0) : graphic({ ...shown, x: shown.x + left });
  };
  switch (part.kind) {
    case 'text':
      return setup.letters === 'printer' && isPlain(part.text)
        ? ownFont(part, part.x + left, setup, tools)
        : shifted(textDots(part, tools.raster));
    case 'bars':
      return bars(part, part.x + left) ?? shifted(barsDots(part));
    case 'matrix': {
      const modules = tools.matrix(part.data);
      const cell = modules === null ? 0 : Math.floor(part.width / (modules.width + 2));
      const isOwn = setup.letters === 'printer' && cell >= 1;
      const placed = { ...part, x: part.x + cell, y: part.y + cell };
      return (isOwn ? ownMatrix(placed, placed.x + left, cell) : null) ?? shifted(matrixDots(part, tools.matrix));
    }
    case 'box': {
      const [x, y] = [part.x + left, part.y];
      if (part.lineDots >= Math.min(part.width, part.height)) return line(`BAR ${x},${y},${part.width},${part.height}`);
      return line(`BOX ${x},${y},${x + part.width - 1},${y + part.height - 1},${part.lineDots}`);
    }
  }
}

/** Size, gap and direction once, then each row: CLS, its parts, PRINT 1,copies. */
export function encodeTspl(sheet: LabelSheet, setup: LabelSetup, tools: LabelTools): Uint8Array {
  const { paper } = sheet;
  const geometry = rowGeometry(paper, setup.dpi);
  const widthMm = paper.widthMm * paper.across + paper.betweenMm * (paper.across - 1);
  const head = [
    `SIZE ${mm(widthMm)} mm,${mm(paper.heightMm)} mm`,
    `GAP ${mm(paper.gapMm)} mm,0 mm`,
    ...(setup.darkness === null ? [] : [`DENSITY ${setup.darkness}`]),
    'DIRECTION 1',
    'REFERENCE 0,0',
  ];
  const rows = sheet.rows.flatMap((row) => [
    line('CLS'),
    ...row.labels.flatMap((layout, column) =>
      layout === null
        ? []
        : layout.parts.map((part) => partOf(part, geometry.lefts[column] ?? 0, layout, setup, tools)),
    ),
    line(`PRINT 1,${row.copies}`),
  ]);
  // A first line break ends whatever half a command an earlier, cut link left behind.
  return Buffer.concat([ascii('\r\n'), ...head.map(line), ...rows]);
}
