import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { instant } from '#core/time.ts';
import { describe, expect, it } from 'vitest';
import { type Counter, goods, lines, openTill, payExact, type Till } from './counter-page.ts';
import { withCounter } from './with-counter.ts';

const day = 24 * 3_600_000;
let behindMs = 0;
let till: Till;
let counter: Counter;

withCounter(
  (opened) => {
    ({ till, counter } = opened);
  },
  {
    open: () => openTill(true, { now: () => instant(Date.now() - behindMs) }),
  },
);

describe('import', () => {
  it('columns, rates of a category, result, and the item is sold', async () => {
    const file = join(till.dir, 'items.csv');
    const rows = ['Name,Barcode,MRP,Rate,Category', 'Neem Comb,8901234567890,42,40,Combs', 'No price,,,,Combs'];
    writeFileSync(file, `${rows.join('\n')}\n`);
    await counter.press('F12', 'i');
    await counter.see('import-file').setInputFiles(file);
    await counter.see('import-columns').waitFor();
    await counter.press('Control+a');
    await counter.see('import-result').waitFor();
    expect(await counter.see('import-result').innerText()).toContain('1 rows can be added, 1 not.');
    const rate = counter.see('import-categories').locator('select').first();
    const first = await rate.locator('option').nth(1).getAttribute('value');
    await rate.selectOption(first);
    await expect.poll(() => counter.see('import-result').innerText()).not.toContain('1 without a GST rate');
    await counter.press('Control+a');
    await counter.see('import-done').waitFor();
    await counter.press('Enter');
    await counter.scan('8901234567890');
    await lines(counter.page, 1);
    expect(await counter.see('payable').innerText()).toBe('₹40.00');
    await payExact(counter);
  });
});

describe('a PC whose date went back', () => {
  it('makes no bill until the owner says that the date is right', async () => {
    await counter.scan(goods.rice);
    await lines(counter.page, 1);
    behindMs = 3 * day;
    await counter.press('F9', 'Enter');
    await counter.see('clock-pin').waitFor();
    await counter.type('111111');
    await counter.press('Enter');
    await expect.poll(() => counter.see('dialog-clock').innerText()).toMatch(/Wrong PIN|Only/);
    await counter.type('333333');
    await counter.press('Enter');
    await counter.see('dialog-clock').waitFor({ state: 'detached' });
    await counter.press('F9');
    await counter.see('saved').waitFor();
  });
});
