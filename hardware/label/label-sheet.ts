/**
 * What a label printer is given: rows of laid-out labels, how the roll is cut, how the printer is set. Rule kept: one
 * shape for both languages, so that the screen's preview and the paper come from the same call. Types, and the one
 * reckoning both share: where each column begins.
 */
import type { LabelPaper } from '#core/label/label-design.ts';
import { dotsPerMm, type LabelDpi, type LabelLayout } from '#core/label/fill-label.ts';
import type { LabelRaster } from './label-raster.ts';
import type { MatrixModules } from './matrix-code.ts';

export type LabelLanguageName = 'zpl' | 'tspl';
export type LabelSetup = {
  readonly language: LabelLanguageName;
  readonly dpi: LabelDpi;
  /** `drawn`: all letters and matrix codes as our dots, exactly as previewed. `printer`: Latin letters in the printer's own font, less to send. */
  readonly letters: 'drawn' | 'printer';
  /** 0 lightest to 15 darkest; null leaves the printer as it is set. */
  readonly darkness: number | null;
};
/** Labels side by side, null an empty place; `copies` rows of it. */
export type SheetRow = { readonly labels: readonly (LabelLayout | null)[]; readonly copies: number };
export type LabelSheet = { readonly paper: LabelPaper; readonly rows: readonly SheetRow[] };
export type LabelTools = { readonly raster: LabelRaster; readonly matrix: MatrixModules };

/** In dots: the whole row, and the left edge of each column. */
export function rowGeometry(
  paper: LabelPaper,
  dpi: LabelDpi,
): { readonly width: number; readonly height: number; readonly lefts: readonly number[] } {
  const scale = dotsPerMm(dpi);
  const width = Math.round(paper.widthMm * scale);
  const step = Math.round((paper.widthMm + paper.betweenMm) * scale);
  const lefts = Array.from({ length: paper.across }, (_, column) => column * step);
  return { width: (lefts.at(-1) ?? 0) + width, height: Math.round(paper.heightMm * scale), lefts };
}

/** Printable ASCII: what a printer's own font has for certain. */
export const isLatin = (text: string): boolean => /^[ -~]*$/.test(text);
