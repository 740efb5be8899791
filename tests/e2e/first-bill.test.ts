import { describe, expect, it } from 'vitest';
import { type Counter, lines, openTill, payExact } from './counter-page.ts';
import { withCounter } from './with-counter.ts';

let counter: Counter;

withCounter(
  (opened) => {
    counter = opened.counter;
  },
  { open: () => openTill(false), isLocked: true },
);

describe('a newcomer with an empty shop', () => {
  it('sets it up by keyboard and makes a first bill of a price-only item, well within two minutes', async () => {
    const begun = Date.now();
    await counter.see('setup').waitFor();
    await counter.press('Control+a');
    await counter.see('shop-name').waitFor();
    await counter.type('Asha Store');
    await counter.press('Control+a');
    await counter.see('shop-series').waitFor();
    await counter.press('Control+a');
    await counter.see('owner-name').waitFor();
    await counter.type('Asha');
    await counter.press('Enter');
    await counter.type('482915');
    await counter.press('Enter');
    await counter.type('482915');
    await counter.press('Control+a');
    await counter.see('recovery-code').waitFor();
    expect((await counter.see('recovery-code').innerText()).trim().length).toBeGreaterThan(7);
    await counter.press('Control+a');
    await counter.see('setup-skip').click();
    await counter.see('itemsLater').click();
    await counter.press('Control+a');
    await counter.see('open-shift').waitFor();
    await counter.press('Control+a');
    await counter.see('scan-field').waitFor();
    await counter.type('Toffee');
    await counter.press('Enter');
    await counter.see('only-price').waitFor();
    await counter.type('5');
    await counter.press('Control+a');
    await lines(counter.page, 1);
    expect(await payExact(counter)).toMatch(/saved$/);
    expect(Date.now() - begun).toBeLessThan(120_000);
    expect(counter.faults).toEqual([]);
  });
});
