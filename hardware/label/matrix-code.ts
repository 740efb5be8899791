/**
 * GS1 DataMatrix as modules, by bwip-js. Rule kept: the package is loaded when the first label with such a code is
 * looked at; nothing here knows dots or printers. FNC1 comes first, as GS1 General Specifications §5.6 asks.
 */
import { blankBitmap, type Bitmap, setBlack } from '../text/bitmap.ts';

/** One dot a module, without its quiet zone; null for data that no symbol holds. `data`: a GS1 element string. */
export type MatrixModules = (data: string) => Bitmap | null;

/** What bwip-js answers of a two-dimensional code. */
type Pixels = { readonly pixs: readonly number[]; readonly pixx: number; readonly pixy: number };
const isPixels = (answer: unknown): answer is Pixels =>
  typeof answer === 'object' && answer !== null && 'pixs' in answer && 'pixx' in answer && 'pixy' in answer;

/** The longest data that is tried: the largest symbol a label has room for holds less. */
const maxData = 200;

export async function openMatrixCodes(): Promise<MatrixModules> {
  const { raw } = (await import('bwip-js/node')).default;
  const kept = new Map<string, Bitmap | null>();
  const make = (data: string): Bitmap | null => {
    if (data.length > maxData || !/^[ -\]_-~\u001d]+$/.test(data)) return null;
    const text = `^FNC1${data.replaceAll('\u001d', '^FNC1')}`;
    const answer: unknown = raw('datamatrix', text, { parsefnc: true } as never)[0];
    if (!isPixels(answer)) return null;
    const modules = blankBitmap(answer.pixx, answer.pixy);
    answer.pixs.forEach((pixel, i) => {
      if (pixel === 1) setBlack(modules, i % answer.pixx, Math.floor(i / answer.pixx));
    });
    return modules;
  };
  return (data) => {
    const known = kept.get(data);
    if (known !== undefined) return known;
    if (kept.size > 500) kept.clear();
    const made = make(data);
    kept.set(data, made);
    return made;
  };
}

/** For languages and designs without such a code: nothing is loaded. */
export const noMatrixCodes: MatrixModules = () => null;
