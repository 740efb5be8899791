/**
 * Lines, corners and blocks of code page 437 in a printer's 12 × 24 cell: no text font has them, and here their shape
 * is all they are. Rule kept: lines meet their neighbours' at the cell's edge. For the emulator's picture only.
 */
import { type Bitmap, blankBitmap, setBlack } from '../text/bitmap.ts';
import { cellDots, glyphDots } from '../text/text-raster.ts';

/** Each character with its arms up, right, down, left: 0 none, 1 single, 2 double. */
const arms =
  '─0101│1010┌0110┐0011└1100┘1001├1110┤1011┬0111┴1101┼1111═0202║2020╔0220╗0022╚2200╝2002╠2220╣2022╦0222╩2202╬2222' +
  '╡1012╢2021╖0021╕0012╜2001╛1002╞1210╟2120╧1202╨2101╤0212╥0121╙2100╘1200╒0210╓0120╫2121╪1212';
/** Each block with its part of the cell: x, y, width, height in twelfths; then every how manieth dot is black. */
const blocks =
  '█0,0,12,12,1▄0,6,12,6,1▀0,0,12,6,1▌0,0,6,12,1▐6,0,6,12,1░0,0,12,12,4▒0,0,12,12,2▓0,0,12,12,-4■3,4,6,4,1';

const armsOf = new Map(
  [...arms.matchAll(/(\D)(\d{4})/gu)].map(([, char = '', digits = '']) => [char, digits] as const),
);
const blockOf = new Map(
  [...blocks.matchAll(/([^\d,-])([\d,-]+)/gu)].map(
    ([, char = '', numbers = '']) => [char, numbers.split(',').map(Number)] as const,
  ),
);

function drawArms(cell: Bitmap, digits: string): void {
  const [middleX, middleY] = [cellDots / 2, glyphDots / 2];
  [...digits].forEach((digit, side) => {
    const lines = digit === '2' ? [-2, 1] : digit === '1' ? [0] : [];
    for (const shift of lines) {
      const isUpright = side % 2 === 0;
      const [from, to] = [side === 0 || side === 3 ? 0 : -2, side === 0 || side === 3 ? 2 : 99];
      const middle = isUpright ? middleY : middleX;
      const end = isUpright ? glyphDots : cellDots;
      for (let at = Math.max(0, from < 0 ? middle + from : 0); at < (to === 99 ? end : middle + to); at++) {
        for (let thick = 0; thick < 2; thick++) {
          if (isUpright) setBlack(cell, middleX + shift + thick - 1, at);
          else setBlack(cell, at, middleY + shift + thick - 1);
        }
      }
    }
  });
}

function drawBlock(cell: Bitmap, [x = 0, y = 0, width = 0, height = 0, every = 1]: readonly number[]): void {
  for (let row = y * 2; row < (y + height) * 2; row++) {
    for (let column = x; column < x + width; column++) {
      const isNth = (column + row * 2) % Math.abs(every) === 0;
      if (every < 0 ? !isNth : isNth) setBlack(cell, column, row);
    }
  }
}

/** The cell of a line or block character; null for any other. */
export function boxGlyph(char: string): Bitmap | null {
  const digits = armsOf.get(char);
  const block = blockOf.get(char);
  if (digits === undefined && block === undefined) return null;
  const cell = blankBitmap(cellDots, glyphDots);
  if (digits !== undefined) drawArms(cell, digits);
  if (block !== undefined) drawBlock(cell, block);
  return cell;
}
