import { join, resolve } from 'node:path';
import { describe, it } from 'vitest';
import { buildScreens, goods, lines, openBrowser, openCounter, openTill, signIn } from './counter-page.ts';

const isAsked = process.env['BILLMITRA_PICTURES'] === '1';

describe('pictures for the documents', () => {
  it.skipIf(!isAsked)('takes docs/counter.png of the demo shop (only with BILLMITRA_PICTURES=1)', async () => {
    await buildScreens();
    const [till, browser] = await Promise.all([openTill(), openBrowser()]);
    const counter = await openCounter(browser, till.url);
    await signIn(counter, '111111');
    await counter.scan(goods.tea);
    await lines(counter.page, 1);
    await counter.press('F5');
    await lines(counter.page, 0);
    await counter.scan(goods.rice);
    await counter.type('2');
    await counter.press('*');
    await counter.scan(goods.sugar);
    await counter.press('F10', '1');
    await counter.see('dialog-weight').waitFor();
    await counter.type('2.350');
    await counter.press('Enter');
    await lines(counter.page, 3);
    for (const code of [goods.tea, '8900000090044', '8900000020041']) await counter.scan(code);
    await lines(counter.page, 6);
    await counter.press('F3');
    await counter.type('9');
    await counter.press('Enter');
    await counter.press('F10', '6');
    await counter.see('dialog-weight').waitFor();
    await counter.type('1.240');
    await counter.press('Enter');
    await lines(counter.page, 7);
    await counter.scan(goods.rice);
    await counter.press('F10', '7');
    await counter.see('dialog-weight').waitFor();
    await counter.type('0.500');
    await counter.press('Enter');
    await lines(counter.page, 8);
    await counter.page.waitForTimeout(6_500);
    await counter.page.screenshot({ path: join(resolve(import.meta.dirname, '../..'), 'docs', 'counter.png') });
    await browser.close();
    await till.close();
  });
});
