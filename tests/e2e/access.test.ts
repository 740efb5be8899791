import { describe, expect, it } from 'vitest';
import { type Counter, goods, lines, payExact, signIn, type Till } from './counter-page.ts';
import { violations } from './axe.ts';
import { withCounter } from './with-counter.ts';

let till: Till;
let counter: Counter;

withCounter(
  (opened) => {
    ({ till, counter } = opened);
  },
  { isLocked: true },
);

describe('axe finds nothing', () => {
  it('on sign-in', async () => {
    await counter.see('pin').waitFor();
    expect(await violations(counter.page)).toEqual([]);
  });
  it('on the counter with a cart', async () => {
    await signIn(counter);
    await counter.scan(goods.rice);
    await counter.scan(goods.sugar);
    await lines(counter.page, 2);
    await counter.page.waitForTimeout(250);
    expect(await violations(counter.page)).toEqual([]);
  });
  it('on the search', async () => {
    await counter.type('tea');
    await counter.see('result').first().waitFor();
    expect(await violations(counter.page)).toEqual([]);
    await counter.press('Escape');
  });
  it('on pay', async () => {
    await counter.press('F9');
    await counter.see('cash-pane').waitFor();
    expect(await violations(counter.page)).toEqual([]);
    await counter.press('Escape');
  });
  it('on the choice of keys', async () => {
    await counter.press('F12', 'k');
    await counter.see('keys-screen').waitFor();
    expect(await violations(counter.page)).toEqual([]);
    await counter.press('Escape');
    await lines(counter.page, 2);
  });
  it('on the customer’s screen, with the UPI code', async () => {
    const screen = await counter.page.context().newPage();
    await screen.goto(`${till.url}?screen=customer`);
    await counter.press('F9', 'u');
    await screen.getByTestId('qr').waitFor();
    expect(await violations(screen)).toEqual([]);
    await counter.page.bringToFront();
    await counter.press('Delete', 'Escape');
    await screen.close();
  });
});

describe('at 200 % zoom of 1366×768', () => {
  it('scan field, last line, total and Pay stay in view', async () => {
    await counter.page.setViewportSize({ width: 683, height: 384 });
    for (const id of ['scan-field', 'payable', 'pay'] as const) {
      const box = await counter.see(id).boundingBox();
      expect(box, id).not.toBeNull();
      expect((box?.y ?? 999) + (box?.height ?? 999), id).toBeLessThanOrEqual(384);
      expect((box?.x ?? 999) + (box?.width ?? 999), id).toBeLessThanOrEqual(683);
    }
    const last = await counter.see('line').last().boundingBox();
    expect((last?.y ?? 999) + (last?.height ?? 999)).toBeLessThanOrEqual(384);
    await counter.page.setViewportSize({ width: 1366, height: 768 });
    await payExact(counter);
  });
});
