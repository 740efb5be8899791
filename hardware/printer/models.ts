/**
 * Printer models as data: what differs between them, and nothing that the encoder could ask in an `if` by
 * name. Rule kept: a model that is not here is driven as generic-80 or generic-58, which ask the least. The
 * figures are the makers' published ones for the family; a wizard may override any of them per printer.
 */
import type { CodePageName } from './code-pages.ts';

export type PrinterModel = {
  readonly id: string;
  readonly name: string;
  readonly widthMm: 58 | 80;
  /** Dots of the head across the paper at 203 dpi. */
  readonly dots: 384 | 576;
  /** ESC t n */
  readonly codePage: { readonly name: CodePageName; readonly number: number };
  readonly cutter: 'none' | 'partial' | 'full';
  /** Dots fed between the last line and the cut, beyond the printer's own way to its knife. */
  readonly feedBeforeCut: number;
  /** ESC p: connector pin 2 (0) or 5 (1), and the pulse in units of 2 ms. null: no drawer port. */
  readonly drawer: { readonly pin: 0 | 1; readonly on2Ms: number; readonly off2Ms: number } | null;
  /** Some models lose a pulse that comes while they cut, others one that comes before. */
  readonly pulse: 'beforeCut' | 'afterCut';
  /** GS ( k: draws QR codes by itself. */
  readonly hasQr: boolean;
  /** GS k 73: draws Code 128 by itself. */
  readonly hasCode128: boolean;
  /** Rows of one GS v 0 picture; ≤ 2303 (HPRT manual), less where the buffer is small. */
  readonly rasterBandRows: number;
  /** Answers DLE EOT n. Where it doesn't, paper-out can't be known. */
  readonly hasStatus: boolean;
};

const generic80: PrinterModel = {
  id: 'generic-80',
  name: 'Any 80 mm ESC/POS printer',
  widthMm: 80,
  dots: 576,
  codePage: { name: 'cp437', number: 0 },
  cutter: 'partial',
  feedBeforeCut: 16,
  drawer: { pin: 0, on2Ms: 60, off2Ms: 120 },
  pulse: 'beforeCut',
  hasQr: true,
  hasCode128: true,
  rasterBandRows: 1024,
  hasStatus: true,
};

const generic58: PrinterModel = {
  ...generic80,
  id: 'generic-58',
  name: 'Any 58 mm ESC/POS printer',
  widthMm: 58,
  dots: 384,
  cutter: 'none',
  hasQr: false,
  hasCode128: false,
  rasterBandRows: 255,
};

export const printerModels: readonly PrinterModel[] = [
  generic80,
  generic58,
  {
    ...generic80,
    id: 'epson-tm-t82',
    name: 'Epson TM-T82 / T82X',
    codePage: { name: 'wpc1252', number: 16 },
    rasterBandRows: 2303,
  },
  {
    ...generic80,
    id: 'epson-tm-t88',
    name: 'Epson TM-T88 (III to VI)',
    codePage: { name: 'wpc1252', number: 16 },
    pulse: 'afterCut',
    rasterBandRows: 2303,
  },
  { ...generic80, id: 'tvs-rp3160', name: 'TVS RP 3160 / RP 3200' },
  { ...generic80, id: 'xprinter-80', name: 'Xprinter XP-80 and its kin', cutter: 'full', rasterBandRows: 512 },
  {
    ...generic80,
    id: 'generic-80-plain',
    name: '80 mm without QR, bars or status',
    hasQr: false,
    hasCode128: false,
    hasStatus: false,
  },
  { ...generic58, id: 'xprinter-58', name: 'Xprinter XP-58 and its kin', hasQr: true, hasCode128: true },
];

/** The model of that id, else the generic one of the width. */
export const findModel = (id: string, widthMm: 58 | 80 = 80): PrinterModel =>
  printerModels.find((model) => model.id === id) ?? (widthMm === 58 ? generic58 : generic80);
