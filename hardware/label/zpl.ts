/**
 * Labels as ZPL II (Zebra's Programming Guide, P1099958; the many printers that speak it). Rule kept: nothing of a
 * text can end its field: every byte but letters, digits and a few marks goes as ^FH hex. Linear codes are the
 * printer's own, with code sets said outright, so that their bars are ours; Indian letters and ₹ are dots.
 */
import type { LabelLayout, LabelPart } from '#core/label/fill-label.ts';
import { code128, code128Values } from '#core/label/linear-code.ts';
import {
  type BarsPart,
  bytesAcross,
  cropDots,
  matrixDots,
  type PlacedDots,
  type TextPart,
  textDots,
} from './label-dots.ts';
import { isLatin, type LabelSetup, type LabelSheet, type LabelTools, rowGeometry } from './label-sheet.ts';

const turns = { 0: 'N', 90: 'R', 180: 'I', 270: 'B' } as const;
/** Where a font 0 cell's base line lies, by its height. */
export const zplBaseline = 0.78;

/** ^FH with "\" as its mark: hex for every byte that is not plainly harmless. */
export const zplField = (text: string): string =>
  [...Buffer.from(text, 'utf8')]
    .map((byte) => {
      const char = String.fromCharCode(byte);
      return /[A-Za-z0-9 .,:;/()+_>=<%-]/.test(char) ? char : `\\${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
const field = (text: string): string => `^FH\\^FD${zplField(text)}^FS`;

/** ^GFA: graphic field, hexadecimal, rows of whole bytes. */
function graphic({ bitmap, x, y }: PlacedDots): string {
  const hex = Buffer.from(bitmap.bits).toString('hex').toUpperCase();
  const bytes = bitmap.bits.length;
  return `^FO${x},${y}^GFA,${bytes},${bytes},${bytesAcross(bitmap)},${hex}^FS`;
}

/** Code 128 with every choice of code set written out (guide, ^BC, "Code 128 invocation characters"). */
export function zplCode128(values: readonly number[]): string {
  let isC = false;
  return values
    .map((value, i) => {
      if (i === 0) {
        isC = value === code128.startC;
        return isC ? '>;' : '>:';
      }
      if (value === code128.fnc1) return '>8';
      if (value === code128.codeC && !isC) {
        isC = true;
        return '>5';
      }
      if (value === code128.codeB && isC) {
        isC = false;
        return '>6';
      }
      if (isC) return String(value).padStart(2, '0');
      const char = String.fromCharCode(value + 32);
      return { '>': '>0', '^': '><', '~': '>=' }[char] ?? char;
    })
    .join('');
}

function bars(part: BarsPart, x: number): string {
  const turn = turns[part.rotate];
  const head = `^FO${x},${part.y}^BY${part.moduleDots},3,${part.height}`;
  // The printer reckons the check digit itself; N, N: no text of its own below or above.
  if (part.code === 'ean13') return `${head}^BE${turn},${part.height},N,N${field(part.data.slice(0, 12))}`;
  if (part.code === 'ean8') return `${head}^B8${turn},${part.height},N,N${field(part.data.slice(0, 7))}`;
  if (part.code === 'upca') return `${head}^BU${turn},${part.height},N,N,Y${field(part.data.slice(0, 11))}`;
  const values = code128Values(part.data, part.code === 'gs1-128') ?? [];
  return `${head}^BC${turn},${part.height},N,N,N,N${field(zplCode128(values))}`;
}

/** ^A0 in a block as wide as its room, so that the printer's own widths decide where it ends. */
function ownFont(part: TextPart, x: number): string {
  const align = { left: 'L', center: 'C', right: 'R' }[part.align];
  const drop = Math.round(part.emDots * (1 - zplBaseline));
  const [dx, dy] = { 0: [0, drop], 90: [-drop, 0], 180: [0, -drop], 270: [drop, 0] }[part.rotate] as [number, number];
  const [fx, fy] = [Math.max(0, x + dx), Math.max(0, part.y + dy)];
  const block = `^FB${part.width},1,0,${align},0`;
  return `^FO${fx},${fy}^A0${turns[part.rotate]},${part.emDots},${part.emDots}${block}${field(part.text)}`;
}

/** ^BX quality 200, "_" as its mark, FNC1 as _1 (guide, ^BX "effects of ^BY on ^BX" and field data). */
const ownMatrix = (part: LabelPart & { readonly kind: 'matrix' }, x: number, cell: number): string =>
  `^FO${x},${part.y}^BX${turns[part.rotate]},${cell},200,,,,_^FH\\^FD_1${zplField(
    part.data.replaceAll('_', '__').replaceAll('\u001d', '_1'),
  )}^FS`;

function partOf(part: LabelPart, left: number, layout: LabelLayout, setup: LabelSetup, tools: LabelTools): string {
  const shifted = (dots: PlacedDots | null): string => {
    const shown = dots === null ? null : cropDots(dots, layout.widthDots, layout.heightDots);
    return shown === null ? '' : graphic({ ...shown, x: shown.x + left });
  };
  switch (part.kind) {
    case 'text':
      return setup.letters === 'printer' && isLatin(part.text)
        ? ownFont(part, part.x + left)
        : shifted(textDots(part, tools.raster));
    case 'bars':
      return bars(part, part.x + left);
    case 'matrix': {
      if (setup.letters === 'drawn') return shifted(matrixDots(part, tools.matrix));
      const modules = tools.matrix(part.data);
      const cell = modules === null ? 0 : Math.floor(part.width / (modules.width + 2));
      return cell < 1 ? '' : ownMatrix({ ...part, y: part.y + cell }, part.x + left + cell, cell);
    }
    case 'box':
      return `^FO${part.x + left},${part.y}^GB${part.width},${part.height},${part.lineDots},B,0^FS`;
  }
}

/** One ^XA … ^XZ for each row; ^PQ is its number of copies. UTF-8 (^CI28), though only ASCII is ever sent. */
export function encodeZpl(sheet: LabelSheet, setup: LabelSetup, tools: LabelTools): Uint8Array {
  const geometry = rowGeometry(sheet.paper, setup.dpi);
  const darkness = setup.darkness === null ? '' : `~SD${String(setup.darkness * 2).padStart(2, '0')}`;
  const formats = sheet.rows.map((row) => {
    const parts = row.labels.flatMap((layout, column) =>
      layout === null
        ? []
        : layout.parts.map((part) => partOf(part, geometry.lefts[column] ?? 0, layout, setup, tools)),
    );
    const head = `^XA^CI28^PW${geometry.width}^LL${geometry.height}^LH0,0^LT0`;
    return `${head}\r\n${parts.filter((part) => part !== '').join('\r\n')}\r\n^PQ${row.copies},0,0,N^XZ\r\n`;
  });
  return Buffer.from(darkness + formats.join(''), 'ascii');
}
