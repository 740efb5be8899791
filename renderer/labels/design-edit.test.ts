import { describe, expect, it } from 'vitest';
import type { LabelDesign } from '#core/label/label-design.ts';
import * as edit from './design-edit.ts';

const empty: LabelDesign = {
  id: '',
  name: 'Ours',
  paper: { widthMm: 50, heightMm: 25, gapMm: 2, across: 1, betweenMm: 0 },
  items: [],
};
const withText = edit.addItem(edit.startDraft(empty), 'text', 'Sale');

describe('a draft', () => {
  it('moves by half millimetres, never off the label, and comes back step by step', () => {
    let draft = edit.moveItem(edit.moveItem(withText, 0.5, 0), 0, -5);
    expect(draft.design.items[0]).toMatchObject({ xMm: 1.5, yMm: 0 });
    draft = edit.moveItem(draft, 500, 500);
    expect(draft.design.items[0]).toMatchObject({ xMm: 49.5, yMm: 24.5 });
    draft = edit.undo(edit.undo(edit.undo(draft)));
    expect(draft.design).toEqual(withText.design);
    expect(edit.undo(edit.undo(draft)).design).toEqual(empty);
  });
  it('a drag is one step', () => {
    let draft = edit.changeItem(withText, (item) => ({ ...item, xMm: 2 }));
    draft = edit.changeItem(draft, (item) => ({ ...item, xMm: 3 }), true);
    draft = edit.changeItem(draft, (item) => ({ ...item, xMm: 4 }), true);
    expect(edit.undo(draft).design).toEqual(withText.design);
  });
  it('sizes stay possible: letters never smaller than 1 mm, the smallest never above them', () => {
    let draft = withText;
    for (let i = 0; i < 40; i += 1) draft = edit.growItem(draft, -1);
    expect(draft.design.items[0]).toMatchObject({ sizeMm: 1, minSizeMm: 1 });
    draft = edit.changePaper(draft, { widthMm: 900, heightMm: 1 });
    expect(draft.design.paper).toMatchObject({ widthMm: 106, heightMm: 8 });
  });
  it('takes things off and chooses the next; an empty label stays sound', () => {
    const two = edit.addItem(withText, 'code', '');
    const one = edit.removeItem(edit.choose(two, 0));
    expect(one.design.items.map((item) => item.kind)).toEqual(['code']);
    const none = edit.removeItem(one);
    expect(none.design.items).toEqual([]);
    expect(edit.removeItem(edit.growItem(edit.moveItem(none, 1, 1), 1)).design).toEqual(none.design);
  });
  it('a label holds at most 40 things', () => {
    let draft = withText;
    for (let i = 0; i < 60; i += 1) draft = edit.addItem(draft, 'line', '');
    expect(draft.design.items.length).toBe(40);
  });
});
