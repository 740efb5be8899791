import { join, resolve } from 'node:path';
import { describe, it } from 'vitest';
import { buildScreens, goods, lines, openBrowser, openCounter, openTill, signIn } from './counter-page.ts';

const isAsked = process.env['BILLMITRA_PICTURES'] === '1';

describe('pictures for the documents', () => {
  it.skipIf(!isAsked)('takes docs/counter.png of the demo shop (only with BILLMITRA_PICTURES=1)', async () => {
    await buildScreens();
    const [till, browser] = await Promise.all([openTill(), openBrowser()]);
    const counter = await openCounter(browser, till.url);
    await signIn(counter);
    for (const code of [goods.rice, goods.sugar, goods.tea, '8900000090044', '8900000020041', goods.rice]) {
      await counter.scan(code);
    }
    await lines(counter.page, 5);
    await counter.page.waitForTimeout(400);
    await counter.page.screenshot({ path: join(resolve(import.meta.dirname, '../..'), 'docs', 'counter.png') });
    await browser.close();
    await till.close();
  });
});
