/**
 * Printer models as data: what differs between them, and nothing that the encoder could ask in an `if` by
 * name. Rule kept: a model that is not here is driven as generic-80 or generic-58, which ask the least. The
 * figures are the makers' published ones for the family; what was tried on iron stands in docs/hardware.md.
 */
import type { CodePageName } from './code-pages.ts';

export type PrinterModel = {
  readonly id: string;
  readonly name: string;
  readonly widthMm: 58 | 80;
  /** Dots of the head across the paper: 384, 420 at 58 mm; 512 (180 dpi), 576 (203 dpi) at 80 mm. */
  readonly dots: number;
  /** Dots of an inch, across and along. */
  readonly dpi: 180 | 203;
  /** Characters of a line in font A (12 dots) and font B (9 dots). */
  readonly columns: { readonly a: number; readonly b: number };
  /**
   * 'text': ESC/POS, rows as text where the code page has them. 'picture': ESC/POS, the whole receipt as GS v 0
   * (a driver's queue, a printer without an ASCII font). 'star': the whole receipt in Star's raster mode.
   */
  readonly prints: 'text' | 'picture' | 'star';
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
  /** Tells changes by itself once it was asked to (GS a): paper out is known in the middle of a job too. */
  readonly hasAutoStatus: boolean;
};

const generic80: PrinterModel = {
  id: 'generic-80',
  name: 'Any 80 mm ESC/POS printer',
  widthMm: 80,
  dots: 576,
  dpi: 203,
  columns: { a: 48, b: 64 },
  prints: 'text',
  codePage: { name: 'cp437', number: 0 },
  cutter: 'partial',
  feedBeforeCut: 16,
  drawer: { pin: 0, on2Ms: 60, off2Ms: 120 },
  pulse: 'beforeCut',
  hasQr: true,
  hasCode128: true,
  rasterBandRows: 1024,
  hasStatus: true,
  hasAutoStatus: false,
};

/** A 58 mm printer has no knife and draws little by itself. */
const generic58: PrinterModel = {
  ...generic80,
  id: 'generic-58',
  name: 'Any 58 mm ESC/POS printer',
  widthMm: 58,
  dots: 384,
  columns: { a: 32, b: 42 },
  cutter: 'none',
  hasQr: false,
  hasCode128: false,
  rasterBandRows: 255,
};

type Own = Partial<Omit<PrinterModel, 'id' | 'name'>>;
const from =
  (base: PrinterModel, shared: Own) =>
  (id: string, name: string, own: Own = {}): PrinterModel => ({ ...base, ...shared, ...own, id, name });

/** Heads of 180 dpi: 72 mm of paper in 512 dots. */
const dots512: Own = { dots: 512, dpi: 180, columns: { a: 42, b: 56 } };
const latin1: Own = { codePage: { name: 'wpc1252', number: 16 } };

const epson = from(generic80, { ...latin1, hasAutoStatus: true, rasterBandRows: 2303 });
/** Epson's own numbers and status, on the makers that follow them closely. */
const like80 = from(generic80, { ...latin1, hasAutoStatus: true });
const clone80 = from(generic80, {});
const clone58 = from(generic58, { hasQr: true, hasCode128: true });
const star = from(generic80, {
  prints: 'star',
  pulse: 'afterCut',
  hasQr: false,
  hasCode128: false,
  // Star answers its own questions, not DLE EOT.
  hasStatus: false,
});

export const printerModels: readonly PrinterModel[] = [
  generic80,
  generic58,
  clone80('generic-80-512', 'Any 80 mm ESC/POS printer of 42 characters', dots512),
  clone80('generic-80-plain', '80 mm without QR, bars or status', {
    hasQr: false,
    hasCode128: false,
    hasStatus: false,
  }),
  epson('epson-tm-t20', 'Epson TM-T20 (II, III, X)'),
  epson('epson-tm-t81', 'Epson TM-T81 (II, III)'),
  epson('epson-tm-t82', 'Epson TM-T82 / T82X'),
  epson('epson-tm-t88', 'Epson TM-T88 (III to VII)', { ...dots512, pulse: 'afterCut' }),
  epson('epson-tm-m30', 'Epson TM-m30 (I, II, III)'),
  epson('epson-tm-m10', 'Epson TM-m10', { widthMm: 58, dots: 420, columns: { a: 35, b: 46 } }),
  clone80('tvs-rp3160', 'TVS RP 3160 (Gold, Star)'),
  clone80('tvs-rp3200', 'TVS RP 3200 (Plus, Lite)'),
  clone80('tvs-rp3220', 'TVS RP 3220 / 3230'),
  clone80('tvs-rp45', 'TVS RP 45 Shoppe'),
  clone80('xprinter-80', 'Xprinter XP-80 and its kin', { cutter: 'full', rasterBandRows: 512 }),
  clone58('xprinter-58', 'Xprinter XP-58 and its kin'),
  clone80('rugtek-80', 'Rugtek RP 326, RP 327, RP 80', { rasterBandRows: 512 }),
  clone58('rugtek-58', 'Rugtek RP 58'),
  clone80('everycom-80', 'Everycom EC-801, EC-260', { cutter: 'full', rasterBandRows: 512 }),
  clone58('everycom-58', 'Everycom EC-58', { hasQr: false }),
  clone80('hoin-80', 'Hoin HOP-H801, HOP-E801', { rasterBandRows: 512 }),
  like80('posiflex-pp6900', 'Posiflex PP-6900, Aura 6900', { ...dots512, hasQr: false }),
  like80('posiflex-pp8800', 'Posiflex PP-8800, PP-8900'),
  like80('citizen-ct-s310', 'Citizen CT-S310 (II)'),
  like80('citizen-ct-s2000', 'Citizen CT-S2000, CT-E351, CT-E651'),
  like80('bixolon-srp-350', 'Bixolon SRP-350 (III, V)', dots512),
  like80('bixolon-srp-330', 'Bixolon SRP-330 (II, III), SRP-E300'),
  like80('sewoo-slk-tl202', 'Sewoo SLK-TL202, LK-TL202', dots512),
  like80('sewoo-slk-ts400', 'Sewoo SLK-TS400, LK-TE212'),
  clone80('hprt-tp80', 'HPRT TP805, TP806, TP808, TP809', { rasterBandRows: 2303 }),
  clone58('zjiang-58', 'Zjiang ZJ-5890, ZJ-5802', { hasQr: false, hasCode128: false, rasterBandRows: 128 }),
  clone80('zjiang-80', 'Zjiang ZJ-8220, ZJ-8250', { rasterBandRows: 256 }),
  star('star-tsp100', 'Star TSP100 / TSP143 (futurePRNT, III, IV)'),
  star('star-tsp650', 'Star TSP650 / TSP654 (II)'),
  star('star-mc-print3', 'Star mC-Print3'),
  star('star-mc-print2', 'Star mC-Print2', { widthMm: 58, dots: 384, columns: { a: 32, b: 42 } }),
  clone80('windows-driver-80', '80 mm, through its Windows driver’s queue', {
    prints: 'picture',
    hasStatus: false,
    rasterBandRows: 255,
  }),
  clone58('windows-driver-58', '58 mm, through its Windows driver’s queue', { prints: 'picture', hasStatus: false }),
];

/** The model of that id, else the generic one of the width. */
export const findModel = (id: string, widthMm: 58 | 80 = 80): PrinterModel =>
  printerModels.find((model) => model.id === id) ?? (widthMm === 58 ? generic58 : generic80);
