import type { Browser } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { type Counter, goods, lines, openCounter, payExact, signIn, type Till } from './counter-page.ts';
import { withCounter } from './with-counter.ts';

let till: Till;
let browser: Browser;
let counter: Counter;

withCounter((opened) => {
  ({ till, browser, counter } = opened);
});

const payable = () => counter.see('payable').innerText();

describe('a bill by keyboard alone', () => {
  it('three items, cash with change, and its receipt is found', async () => {
    await counter.scan(goods.rice);
    await counter.type('sugar 1');
    await counter.see('result').first().waitFor();
    await counter.press('Enter');
    await lines(counter.page, 2);
    await counter.type('2');
    await counter.press('*');
    expect(await counter.see('chip').innerText()).toContain('2');
    await counter.scan(goods.tea);
    await lines(counter.page, 3);
    await counter.press('F9');
    await counter.type('500');
    await counter.see('give-back').waitFor();
    await counter.press('Enter');
    await counter.see('saved').waitFor();
    const number = /\S+\/\d{4}\/\d+/.exec(await counter.see('saved').innerText())?.[0] ?? 'none';
    await counter.see('last-change').waitFor();
    await counter.press('F12', '5');
    await counter.see('bill-row').first().waitFor();
    expect(await counter.see('bill-row').first().innerText()).toContain(number);
    await counter.see('receipt').waitFor();
    expect(await counter.see('receipt').innerText()).toContain('Basmati');
    await counter.press('Escape');
    await counter.see('empty-cart').waitFor();
  });

  it('quantity, discount and undo on the chosen line', async () => {
    await counter.scan(goods.rice);
    await lines(counter.page, 1);
    await counter.press('F2');
    await counter.type('3');
    await counter.press('Enter');
    await expect.poll(payable).toBe('₹417.00');
    await counter.press('F3');
    await counter.type('17');
    await counter.press('Enter');
    await expect.poll(payable).toBe('₹400.00');
    await counter.press('Control+z');
    await expect.poll(payable).toBe('₹417.00');
    await counter.press('-');
    await expect.poll(payable).toBe('₹278.00');
    await counter.type('*5');
    await counter.press('Enter');
    await expect.poll(payable).toBe('₹695.00');
    await counter.press('Delete');
    await lines(counter.page, 0);
    await counter.press('Control+z');
    await lines(counter.page, 1);
    await payExact(counter);
  });

  it('hold, next customer, recall', async () => {
    await counter.scan(goods.rice);
    await lines(counter.page, 1);
    await counter.press('F5');
    await lines(counter.page, 0);
    await counter.scan(goods.sugar);
    await lines(counter.page, 1);
    // Over an open bill F6 puts that one aside, and Enter brings another, not the same again.
    for (const amount of ['₹139.00', '₹51.00']) {
      await counter.press('F6');
      await counter.see('held').first().waitFor();
      await counter.press('Enter');
      await lines(counter.page, 1);
      await expect.poll(payable).toBe(amount);
      await payExact(counter);
    }
  });

  it('split: cash, then UPI for the rest; a person confirms', async () => {
    await counter.scan(goods.rice);
    await lines(counter.page, 1);
    await counter.press('F9');
    await counter.type('100');
    await counter.press('c');
    await expect.poll(() => counter.see('still-to-collect').innerText()).toBe('39.00');
    await counter.press('u');
    await counter.see('qr').waitFor();
    const link = (await counter.see('qr').getAttribute('data-text')) ?? '';
    expect(link).toMatch(/^upi:\/\/pay\?.*am=39\.00/);
    expect(link).toMatch(/tr=[A-Za-z0-9]+/);
    await counter.press('Enter');
    await counter.see('saved').waitFor();
  });

  it('UPI left waiting is asked for when the shift closes; then cash is counted blind', async () => {
    await counter.scan(goods.rice);
    await lines(counter.page, 1);
    await counter.press('F9', 'u');
    await counter.see('upi-waiting').waitFor();
    await counter.press('l');
    await counter.see('saved').waitFor();
    await counter.press('F12', '6');
    await counter.see('settle-upi').waitFor();
    expect(await counter.see('difference').count()).toBe(0);
    await counter.press('y');
    await counter.see('count-done').waitFor();
    await counter.type('3');
    await counter.press('Control+a');
    await counter.see('difference').waitFor();
    await counter.type('counted twice');
    await counter.press('Control+a');
    await counter.see('shift-closed').waitFor();
    await counter.press('Enter');
    await signIn(counter);
  });
});

describe('an unknown code', () => {
  it('is a red line that blocks Pay until it is settled', async () => {
    await counter.scan(goods.rice);
    await counter.scan(goods.unknown);
    await lines(counter.page, 2);
    expect(await counter.see('pay').innerText()).toBe('1 line to settle');
    await counter.press('F9');
    expect(await counter.see('pay-screen').count()).toBe(0);
    await counter.press('Enter');
    await counter.see('new-name').waitFor();
    await counter.type('Toffee');
    await counter.press('Enter');
    await counter.type('5');
    await counter.press('Control+a');
    await expect.poll(payable).toBe('₹144.00');
    await payExact(counter);
  });
});

describe('a return', () => {
  it('against its bill gives back what was paid', async () => {
    await counter.scan(goods.rice);
    await lines(counter.page, 1);
    const number = /\S+\/\d{4}\/\d+/.exec(await payExact(counter))?.[0] ?? 'none';
    await counter.press('F8');
    await counter.type(number.toLowerCase().toUpperCase());
    await counter.press('Enter');
    await counter.see('return-line').first().waitFor();
    await counter.type('1');
    await expect.poll(() => counter.see('refund').innerText()).toBe('₹139.00');
    await counter.press('Control+a');
    await expect.poll(() => counter.see('notice').innerText()).toContain('Credit note');
  });
  it('without a bill asks a supervisor', async () => {
    await counter.press('F8', 'F8');
    await counter.see('no-bill-field').waitFor();
    await counter.scan(goods.sugar);
    await counter.see('return-line').first().waitFor();
    await counter.press('Control+a');
    await counter.see('approval-pin').waitFor();
    await counter.type('111111');
    await counter.press('Enter');
    await expect.poll(() => counter.see('dialog-approval').innerText()).toMatch(/Wrong PIN|may do this/);
    await counter.type('333333');
    await counter.press('Enter');
    await expect.poll(() => counter.see('notice').innerText()).toContain('Credit note');
  });
});

describe('the window', () => {
  it('speaks Hindi without a reload and stays so for the person', async () => {
    await counter.press('F12', 'h');
    await expect.poll(() => counter.see('pay').innerText()).toContain('भुगतान');
    expect(await counter.page.evaluate(() => document.documentElement.lang)).toBe('hi');
    await counter.type('chini');
    await counter.see('result').first().waitFor();
    expect(await counter.see('result').first().innerText()).toContain('चीनी');
    await counter.press('Escape');
    await counter.type('zzqx');
    await counter.see('no-results').waitFor();
    await counter.press('Enter');
    await expect.poll(() => counter.page.locator('select option').allInnerTexts()).toContain('GST में नहीं');
    await counter.press('Escape', 'Escape', 'F12', 'h');
    await expect.poll(() => counter.see('pay').innerText()).toContain('Pay');
  });
  it('reloaded mid-bill loses nothing', async () => {
    await counter.scan(goods.rice);
    await counter.scan(goods.sugar);
    await lines(counter.page, 2);
    await counter.page.reload();
    await lines(counter.page, 2);
    await expect.poll(payable).toBe('₹190.00');
    expect(await counter.see('other-window').count()).toBe(0);
  });
  it('second one says so; Enter takes the counter over and the first one tells', async () => {
    const second = await openCounter(browser, till.url);
    await second.see('other-window').waitFor();
    await second.press('Enter');
    await signIn(second);
    await lines(second.page, 2);
    await counter.see('other-window').waitFor();
    await counter.press('Enter');
    await lines(counter.page, 2);
    await second.close();
    await payExact(counter);
  });
});
