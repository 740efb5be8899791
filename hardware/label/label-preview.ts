/**
 * A label as the picture that will come out of the printer. Rule kept: it is drawn from the very bytes that would be
 * sent, read back by the emulator of that language, so the preview can't show what doesn't print.
 */
import type { LabelDesign } from '#core/label/label-design.ts';
import type { LabelLayout } from '#core/label/fill-label.ts';
import { type Bitmap, bitmapToPng, blankBitmap } from '../text/bitmap.ts';
import { makeTsplReader } from './emulator-tspl.ts';
import { type LabelEvent, type LabelReader, makeZplReader } from './emulator-zpl.ts';
import { cutOut } from './label-dots.ts';
import type { LabelSetup, LabelSheet, LabelTools } from './label-sheet.ts';
import { encodeTspl } from './tspl.ts';
import { encodeZpl } from './zpl.ts';

export const encodeSheet = (sheet: LabelSheet, setup: LabelSetup, tools: LabelTools): Uint8Array =>
  setup.language === 'zpl' ? encodeZpl(sheet, setup, tools) : encodeTspl(sheet, setup, tools);

export const makeLabelReader = (
  setup: Pick<LabelSetup, 'language' | 'dpi'>,
  tools: LabelTools | null,
  take: (event: LabelEvent) => void,
): LabelReader => (setup.language === 'zpl' ? makeZplReader(tools, take) : makeTsplReader(tools, setup.dpi, take));

/** The label at 1:1 dots, without its neighbours on the roll. */
export function drawLabel(
  paper: LabelDesign['paper'],
  layout: LabelLayout,
  setup: LabelSetup,
  tools: LabelTools,
): Bitmap {
  let row: Bitmap = blankBitmap(layout.widthDots, layout.heightDots);
  const reader = makeLabelReader(setup, tools, (event) => {
    if (event.kind === 'rows') row = event.bitmap;
  });
  reader.feed(encodeSheet({ paper, rows: [{ labels: [layout], copies: 1 }] }, setup, tools));
  return cutOut(row, 0, layout.widthDots);
}

/** PNG in base64. */
export const labelPng = (bitmap: Bitmap): string => Buffer.from(bitmapToPng(bitmap)).toString('base64');
