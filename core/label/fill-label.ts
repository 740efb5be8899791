/**
 * Lays goods into a design: texts wrapped and sized, codes with their module width, everything in dots of the
 * label. Rule kept: it always answers a layout that can be drawn, and beside it what is wrong; a price, a date or a
 * code is never cut, only said not to fit. Bytes and fonts are hardware's; the measure is handed in.
 */
import type { LabelCodeItem, LabelDesign, LabelField, LabelItem, LabelTextItem, LabelTurn } from './label-design.ts';
import { fieldText, type LabelFacts, type LabelLanguage, plainText } from './label-facts.ts';
import { type FittedText, fitText, type MeasureLabelText } from './fit-text.ts';
import { codeOf, isAboveMrp, type LabelCode, type LabelCodeTrouble } from './label-code.ts';
import { type LinearKind, linearModules, quietZones } from './linear-code.ts';

export type LabelDpi = 203 | 300;
/** 203 dpi heads have 8 dots a millimetre, 300 dpi heads 11.8 (12 by their makers' count). */
export const dotsPerMm = (dpi: LabelDpi): number => (dpi === 203 ? 8 : 12);

/** A part in dots; x, y is the top left corner of what it covers, width and height before it is turned. */
type Place = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly rotate: LabelTurn;
};
export type LabelPart =
  /** One line; its base line is `emDots` below its top. */
  | (Place & {
      readonly kind: 'text';
      readonly text: string;
      readonly emDots: number;
      readonly isBold: boolean;
      readonly align: 'left' | 'center' | 'right';
    })
  | (Place & {
      readonly kind: 'bars';
      readonly code: LinearKind;
      readonly data: string;
      readonly modules: string;
      readonly moduleDots: number;
    })
  /** GS1 DataMatrix; the symbol's own size is hardware's, its room is a square of `width`. */
  | (Place & { readonly kind: 'matrix'; readonly data: string; readonly text: string })
  | (Place & { readonly kind: 'box'; readonly lineDots: number });

export type LabelLayout = {
  readonly widthDots: number;
  readonly heightDots: number;
  readonly parts: readonly LabelPart[];
};

export type LabelNoticeKind =
  /** Cut with "…": a name may be, a figure may not. */
  | 'shortened'
  | 'doesNotFit'
  | 'missing'
  | 'offPaper'
  | 'codeTooWide'
  | 'codeTooLow'
  | 'expired'
  | 'aboveMrp'
  | LabelCodeTrouble;
export type LabelNotice = {
  readonly kind: LabelNoticeKind;
  /** Which item of the design; null for the goods themselves. */
  readonly itemIndex: number | null;
  readonly field: LabelField | null;
  /** The label is not printed as it is. */
  readonly isStop: boolean;
};
export type FilledLabel = { readonly layout: LabelLayout; readonly notices: readonly LabelNotice[] };

/** Texts that still say what they should when shortened. */
const mayBeShort: ReadonlySet<LabelField> = new Set(['name', 'nameEn', 'nameHi', 'brand', 'shopName', 'free']);
/** Line box: room for marks above and below Indian letters. */
const lineEms = 1.3;
/** GS1 General Specifications §5.12: at least 0.264 mm a module at a till; 2 dots of a 203 dpi head are 0.25, the usual practice. */
const minModuleDots: Readonly<Record<LabelDpi, number>> = { 203: 2, 300: 3 };
const maxModuleDots = 6;
/** Height of the digits below bars, in mm. */
const codeTextMm = 2.2;
const minBarsMm = 3;

type Work = {
  readonly facts: LabelFacts;
  readonly language: LabelLanguage;
  readonly dpi: LabelDpi;
  readonly measure: MeasureLabelText;
  readonly dots: (mm: number) => number;
  readonly parts: LabelPart[];
  readonly notices: LabelNotice[];
};

const isSideways = (turn: LabelTurn): boolean => turn === 90 || turn === 270;

/** Puts a child at (cx, cy) of a turned box of w × h whose turned corner is at (x, y). */
export function turnedPlace(
  box: Place,
  child: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
): Place {
  const { x: cx, y: cy, width, height } = child;
  switch (box.rotate) {
    case 0:
      return { x: box.x + cx, y: box.y + cy, width, height, rotate: 0 };
    case 90:
      return { x: box.x + box.height - cy - height, y: box.y + cx, width, height, rotate: 90 };
    case 180:
      return { x: box.x + box.width - cx - width, y: box.y + box.height - cy - height, width, height, rotate: 180 };
    case 270:
      return { x: box.x + cy, y: box.y + box.width - cx - width, width, height, rotate: 270 };
  }
}

function addText(work: Work, item: LabelTextItem, itemIndex: number): void {
  const { field } = item;
  const text = field === 'free' ? plainText(item.text) : fieldText(field, work.facts, work.language, item.hasCaption);
  if (text === null || text === '') {
    if (item.isRequired) work.notices.push({ kind: 'missing', itemIndex, field, isStop: true });
    return;
  }
  const width = work.dots(item.widthMm);
  const fitted = fitText(
    text,
    {
      widthDots: width,
      emDots: work.dots(item.sizeMm),
      minEmDots: work.dots(item.minSizeMm),
      maxLines: item.maxLines,
      isBold: item.isBold,
    },
    work.measure,
  );
  if (fitted.isCut) {
    const isStop = !mayBeShort.has(field);
    work.notices.push({ kind: isStop ? 'doesNotFit' : 'shortened', itemIndex, field, isStop });
  }
  addLines(work, item, fitted, width);
}

function addLines(work: Work, item: LabelTextItem, fitted: FittedText, width: number): void {
  const height = Math.ceil(fitted.emDots * lineEms);
  const box: Place = {
    x: work.dots(item.xMm),
    y: work.dots(item.yMm),
    width,
    height: height * fitted.lines.length,
    rotate: item.rotate,
  };
  fitted.lines.forEach((text, i) => {
    const place = turnedPlace(box, { x: 0, y: i * height, width, height });
    const { isBold, align } = item;
    work.parts.push({ kind: 'text', ...place, text, emDots: fitted.emDots, isBold, align });
  });
}

function addCode(work: Work, item: LabelCodeItem, itemIndex: number): void {
  const refuse = (kind: LabelNoticeKind): void =>
    void work.notices.push({ kind, itemIndex, field: null, isStop: true });
  const code = codeOf(item.symbology, work.facts);
  if (!code.ok) return refuse(code.error);
  const box: Place = {
    x: work.dots(item.xMm),
    y: work.dots(item.yMm),
    width: work.dots(item.widthMm),
    height: work.dots(item.heightMm),
    rotate: item.rotate,
  };
  if (code.value.kind === 'gs1-datamatrix') {
    const side = Math.min(box.width, box.height);
    const place = turnedPlace(box, { x: 0, y: 0, width: side, height: side });
    work.parts.push({ kind: 'matrix', ...place, data: code.value.data, text: code.value.text });
    return;
  }
  addBars(work, { ...code.value, kind: code.value.kind }, box, item.hasText, refuse);
}

function addBars(
  work: Work,
  code: LabelCode & { readonly kind: LinearKind },
  box: Place,
  hasText: boolean,
  refuse: (kind: LabelNoticeKind) => void,
): void {
  const modules = linearModules(code.kind, code.data);
  if (modules === null) return refuse('codeNotPossible');
  const [left, right] = quietZones[code.kind];
  const wanted = Math.floor(box.width / (left + modules.length + right));
  const moduleDots = Math.min(maxModuleDots, Math.max(wanted, minModuleDots[work.dpi]));
  if (wanted < minModuleDots[work.dpi]) refuse('codeTooWide');
  const textDots = hasText ? work.dots(codeTextMm) : 0;
  const textHeight = hasText ? Math.ceil(textDots * lineEms) : 0;
  const height = box.height - textHeight;
  if (height < work.dots(minBarsMm)) return refuse('codeTooLow');
  const width = modules.length * moduleDots;
  // In the middle, the wider quiet zone counted in.
  const spare = box.width - (left + modules.length + right) * moduleDots;
  const x = Math.max(0, Math.floor(spare / 2)) + left * moduleDots;
  const place = turnedPlace(box, { x: spare < 0 ? 0 : x, y: 0, width, height });
  work.parts.push({ kind: 'bars', ...place, code: code.kind, data: code.data, modules, moduleDots });
  if (!hasText) return;
  const fitted = fitText(
    code.text,
    { widthDots: box.width, emDots: textDots, minEmDots: Math.ceil(textDots * 0.6), maxLines: 1, isBold: false },
    work.measure,
  );
  if (fitted.isCut) refuse('doesNotFit');
  const text = turnedPlace(box, { x: 0, y: height, width: box.width, height: textHeight });
  const line = fitted.lines[0] ?? '';
  work.parts.push({ kind: 'text', ...text, text: line, emDots: fitted.emDots, isBold: false, align: 'center' });
}

function addItem(work: Work, item: LabelItem, itemIndex: number): void {
  if (item.kind === 'text') return addText(work, item, itemIndex);
  if (item.kind === 'code') return addCode(work, item, itemIndex);
  const place = {
    x: work.dots(item.xMm),
    y: work.dots(item.yMm),
    width: Math.max(1, work.dots(item.widthMm)),
    height: Math.max(1, work.dots(item.heightMm)),
    rotate: 0 as const,
  };
  const least = Math.min(place.width, place.height);
  const lineDots = item.kind === 'line' ? least : Math.min(least, Math.max(1, work.dots(item.lineMm)));
  work.parts.push({ kind: 'box', ...place, lineDots });
}

/** A part that would hang over the label's edge is on the next label, or nowhere. */
function isOffPaper(part: LabelPart, widthDots: number, heightDots: number): boolean {
  const [width, height] = isSideways(part.rotate) ? [part.height, part.width] : [part.width, part.height];
  return part.x < 0 || part.y < 0 || part.x + width > widthDots || part.y + height > heightDots;
}

/**
 * The label of these goods: parts in dots, and what is wrong with it. The same measure must draw it. Never throws,
 * whatever the goods are called.
 */
export function fillLabel(
  design: LabelDesign,
  facts: LabelFacts,
  options: { readonly language: LabelLanguage; readonly dpi: LabelDpi; readonly measure: MeasureLabelText },
): FilledLabel {
  const scale = dotsPerMm(options.dpi);
  const dots = (mm: number): number => Math.round(mm * scale);
  const [widthDots, heightDots] = [dots(design.paper.widthMm), dots(design.paper.heightMm)];
  const work: Work = { facts, ...options, dots, parts: [], notices: [] };
  const isExpired = facts.batch?.expiresOn != null && facts.batch.expiresOn < facts.today;
  if (isExpired) work.notices.push({ kind: 'expired', itemIndex: null, field: 'expiresOn', isStop: true });
  if (isAboveMrp(facts)) work.notices.push({ kind: 'aboveMrp', itemIndex: null, field: 'sellingPrice', isStop: true });
  design.items.forEach((item, itemIndex) => {
    const before = work.parts.length;
    addItem(work, item, itemIndex);
    if (!work.parts.slice(before).some((part) => isOffPaper(part, widthDots, heightDots))) return;
    const field = item.kind === 'text' ? item.field : null;
    work.notices.push({ kind: 'offPaper', itemIndex, field, isStop: true });
  });
  return { layout: { widthDots, heightDots, parts: work.parts }, notices: work.notices };
}
