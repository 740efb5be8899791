/**
 * Changes of a label design, as pure functions, and their undo. Rule kept: every change leaves a design that can be
 * drawn: sizes to a tenth of a millimetre and within bounds, nothing with its corner off the label.
 */
import type { LabelDesign, LabelItem, LabelPaper } from '#core/label/label-design.ts';

export type Draft = {
  readonly design: LabelDesign;
  readonly at: number;
  readonly before: readonly { readonly design: LabelDesign; readonly at: number }[];
};
export const startDraft = (design: LabelDesign): Draft => ({ design, at: 0, before: [] });

const tenth = (mm: number): number => Math.round(mm * 10) / 10;
const within = (mm: number, from: number, to: number): number =>
  Math.max(from, Math.min(Math.max(from, to), tenth(mm)));
const keptSteps = 200;

/** `isSame`: part of the step before (a drag, a held key); it is undone in one go. */
function step(draft: Draft, design: LabelDesign, at: number, isSame = false): Draft {
  const before = isSame ? draft.before : [...draft.before, { design: draft.design, at: draft.at }].slice(-keptSteps);
  return { design, at, before };
}

export function undo(draft: Draft): Draft {
  const last = draft.before.at(-1);
  return last === undefined ? draft : { ...last, before: draft.before.slice(0, -1) };
}

export const choose = (draft: Draft, at: number): Draft => ({
  ...draft,
  at: Math.max(0, Math.min(draft.design.items.length - 1, at)),
});

function soundItem(item: LabelItem, paper: LabelPaper): LabelItem {
  const xMm = within(item.xMm, 0, paper.widthMm - 0.5);
  const yMm = within(item.yMm, 0, paper.heightMm - 0.5);
  const longest = Math.max(paper.widthMm, paper.heightMm);
  const widthMm = within(item.widthMm, item.kind === 'line' || item.kind === 'box' ? 0.2 : 2, longest);
  if (item.kind === 'text') {
    const sizeMm = within(item.sizeMm, 1, 30);
    return { ...item, xMm, yMm, widthMm, sizeMm, minSizeMm: within(item.minSizeMm, 1, sizeMm) };
  }
  const heightMm = within(item.heightMm, item.kind === 'line' ? 0.1 : 1, longest);
  return item.kind === 'box'
    ? { ...item, xMm, yMm, widthMm, heightMm, lineMm: within(item.lineMm, 0.1, 5) }
    : { ...item, xMm, yMm, widthMm, heightMm };
}

/** Changes the chosen thing. */
export function changeItem(draft: Draft, change: (item: LabelItem) => LabelItem, isSame = false): Draft {
  const { design, at } = draft;
  const item = design.items[at];
  if (item === undefined) return draft;
  const next = soundItem(change(item), design.paper);
  return step(draft, { ...design, items: design.items.map((one, i) => (i === at ? next : one)) }, at, isSame);
}

export const moveItem = (draft: Draft, dxMm: number, dyMm: number): Draft =>
  changeItem(draft, (item) => ({ ...item, xMm: item.xMm + dxMm, yMm: item.yMm + dyMm }));

/** Larger or smaller: letters of a text, height of a code, width of a line, both of a frame. */
export const growItem = (draft: Draft, by: 1 | -1): Draft =>
  changeItem(draft, (item) => {
    switch (item.kind) {
      case 'text':
        return { ...item, sizeMm: item.sizeMm + by * 0.2, minSizeMm: Math.min(item.minSizeMm, item.sizeMm + by * 0.2) };
      case 'code':
        return { ...item, heightMm: item.heightMm + by * 0.5 };
      case 'line':
        return { ...item, widthMm: item.widthMm + by };
      case 'box':
        return { ...item, widthMm: item.widthMm + by, heightMm: item.heightMm + by };
    }
  });

export const changePaper = (draft: Draft, change: Partial<LabelPaper>): Draft => {
  const next = { ...draft.design.paper, ...change };
  const paper: LabelPaper = {
    widthMm: within(next.widthMm, 15, 106),
    heightMm: within(next.heightMm, 8, 150),
    gapMm: within(next.gapMm, 0, 10),
    across: next.across,
    betweenMm: within(next.betweenMm, 0, 10),
  };
  return step(draft, { ...draft.design, paper }, draft.at);
};

export const rename = (draft: Draft, name: string): Draft => ({ ...draft, design: { ...draft.design, name } });

const fresh: Readonly<Record<LabelItem['kind'], LabelItem>> = {
  text: {
    kind: 'text',
    field: 'free',
    text: '',
    hasCaption: true,
    isRequired: false,
    xMm: 1,
    yMm: 1,
    widthMm: 20,
    sizeMm: 3,
    minSizeMm: 1.6,
    maxLines: 1,
    align: 'left',
    isBold: false,
    rotate: 0,
  },
  code: { kind: 'code', symbology: 'auto', xMm: 1, yMm: 1, widthMm: 36, heightMm: 10, hasText: true, rotate: 0 },
  line: { kind: 'line', xMm: 1, yMm: 1, widthMm: 20, heightMm: 0.3 },
  box: { kind: 'box', xMm: 1, yMm: 1, widthMm: 20, heightMm: 10, lineMm: 0.3 },
};
export function addItem(draft: Draft, kind: LabelItem['kind'], text: string): Draft {
  const made = kind === 'text' ? { ...fresh.text, text } : fresh[kind];
  const items = [...draft.design.items, soundItem(made as LabelItem, draft.design.paper)];
  return items.length > 40 ? draft : step(draft, { ...draft.design, items }, items.length - 1);
}
export function removeItem(draft: Draft): Draft {
  if (draft.design.items[draft.at] === undefined) return draft;
  const items = draft.design.items.filter((_, i) => i !== draft.at);
  return step(draft, { ...draft.design, items }, Math.max(0, Math.min(draft.at, items.length - 1)));
}

/** Room that a thing takes on the label, turned as it is, in mm; a text by its lines at full size. */
export function roomOf(item: LabelItem): { readonly widthMm: number; readonly heightMm: number } {
  const heightMm = item.kind === 'text' ? item.sizeMm * 1.3 * item.maxLines : item.heightMm;
  const isSideways = (item.kind === 'text' || item.kind === 'code') && (item.rotate === 90 || item.rotate === 270);
  return isSideways ? { widthMm: heightMm, heightMm: item.widthMm } : { widthMm: item.widthMm, heightMm };
}
