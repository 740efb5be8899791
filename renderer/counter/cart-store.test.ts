import { describe, expect, it } from 'vitest';
import type { CartFeedEvent, CartHeader, LineView } from '#contract/views.ts';
import type { Uuid } from '#core/ids.ts';
import { applyCartEvent, emptyCartState } from './cart-store.ts';

const header = { version: 1 } as CartHeader;
const line = (id: string): LineView => ({ kind: 'unknown', id: id as Uuid, code: id, qtyMilli: 1000 as never });
const all: CartFeedEvent = { kind: 'all', header, lines: [line('a'), line('b'), line('c')] };

describe('the cart on the screen', () => {
  it('takes the whole cart', () => {
    expect(applyCartEvent(emptyCartState, all).order).toEqual(['a', 'b', 'c']);
  });
  it('keeps the objects of lines that did not change', () => {
    const before = applyCartEvent(emptyCartState, all);
    const after = applyCartEvent(before, {
      kind: 'change',
      header,
      lines: [line('d')],
      lineIds: ['a', 'b', 'c', 'd'] as Uuid[],
    });
    expect(after.order).toEqual(['a', 'b', 'c', 'd']);
    expect(after.lines.get('a' as Uuid)).toBe(before.lines.get('a' as Uuid));
  });
  it('forgets lines that went', () => {
    const before = applyCartEvent(emptyCartState, all);
    const after = applyCartEvent(before, { kind: 'change', header, lines: [], lineIds: ['a', 'c'] as Uuid[] });
    expect(after.lines.has('b' as Uuid)).toBe(false);
    expect(after.order).toEqual(['a', 'c']);
  });
  it('changes one line in place', () => {
    const before = applyCartEvent(emptyCartState, all);
    const changed = { ...line('b'), qtyMilli: 5000 as never };
    const after = applyCartEvent(before, { kind: 'change', header, lines: [changed], lineIds: null });
    expect(after.lines.get('b' as Uuid)).toBe(changed);
    expect(after.order).toBe(before.order);
  });
});
