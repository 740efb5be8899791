import { afterEach, describe, expect, it } from 'vitest';
import { type Counter, goods, lines, payExact, signIn } from './counter-page.ts';
import { withCounter } from './with-counter.ts';

let counter: Counter;

withCounter((opened) => {
  counter = opened.counter;
});
afterEach(async () => {
  if ((await counter.see('fault').count()) > 0) throw new Error('a fault panel was reached');
});

const notice = () => counter.see('notice').innerText();
const payable = () => counter.see('payable').innerText();

describe('bad input at the counter', () => {
  it('a bad check digit: scan again', async () => {
    await counter.scan('8900000010012');
    await expect.poll(notice).toBe('The scan was not clean. Scan again.');
    await lines(counter.page, 0);
  });
  it('10,000 characters pasted into the scan field', async () => {
    await counter.see('scan-field').fill('x'.repeat(10_000));
    await counter.see('no-results').waitFor();
    await counter.press('Escape');
    expect(await counter.see('scan-field').inputValue()).toBe('');
  });
  it('quantity zero, below zero and a thousand million keep the old value and say why', async () => {
    await counter.scan(goods.rice);
    await lines(counter.page, 1);
    for (const [text, words] of [
      ['0', 'above zero'],
      ['-4', 'above zero'],
      ['1000000000', 'At most'],
    ] as const) {
      await counter.press('F2');
      await counter.type(text);
      await counter.press('Enter');
      await expect.poll(() => counter.see('line-error').innerText()).toContain(words);
      await counter.press('Escape');
      await expect.poll(payable).toBe('₹139.00');
    }
  });
  it('a hundred or more is asked once', async () => {
    await counter.press('F2');
    await counter.type('120');
    await counter.press('Enter');
    await expect.poll(() => counter.see('line-error').innerText()).toContain('120? Type it again');
    await counter.type('120');
    await counter.press('Enter');
    await expect.poll(payable).toBe('₹16,680.00');
    await counter.press('Control+z');
    await expect.poll(payable).toBe('₹139.00');
  });
  it('a discount above the price', async () => {
    await counter.press('F3');
    await counter.type('500');
    await counter.press('Enter');
    await expect.poll(() => counter.see('dialog-discount').innerText()).toContain('above the price');
    await counter.press('Escape');
    await expect.poll(payable).toBe('₹139.00');
  });
  it('a rate above the MRP', async () => {
    await counter.press('F4');
    await counter.see('price').fill('150');
    await counter.press('Enter');
    await expect
      .poll(() => counter.see('dialog-price').innerText())
      .toContain('₹150.00 is above the MRP ₹145.00. Lower it.');
    await counter.press('Escape');
  });
  it('tender short: what is still to collect, and no bill', async () => {
    await counter.press('F9');
    await counter.type('100');
    await counter.see('still-short').waitFor();
    expect(await counter.see('still-short').innerText()).toBe('₹39.00 still to collect');
    await counter.press('Enter', 'F9');
    await expect.poll(notice).toContain('₹39.00 still to collect');
    expect(await counter.see('saved').count()).toBe(0);
  });
  it('Enter twice makes one bill', async () => {
    await counter.page.keyboard.press('Enter');
    await counter.page.keyboard.press('Enter');
    await counter.see('saved').waitFor();
    await counter.press('F12', '5');
    await counter.see('bill-row').first().waitFor();
    expect(await counter.see('bill-row').count()).toBe(1);
    await counter.press('Escape');
  });
  it('wrong PINs say how many tries are left; a lock counts down and leaves every name open', async () => {
    await counter.press('Control+l');
    await counter.see('pin').waitFor();
    await counter.type('999999');
    await counter.press('Enter');
    const told = () => counter.see('pin-error').innerText();
    await expect.poll(told).toMatch(/Wrong PIN\. 4 tries left/);
    for (let left = 3; left >= 0; left -= 1) {
      await counter.type('999999');
      await counter.press('Enter');
      await expect.poll(told).toMatch(left === 0 ? /^Too many wrong PINs\. Choose your name/ : `${left} tr`);
    }
    // It counts down by itself, speaks the language in force, and leaves the names open.
    const seconds = async (): Promise<number> => Number(/\d+/.exec(await told())?.[0]);
    const first = await seconds();
    await expect.poll(seconds).toBeLessThan(first);
    await counter.page.getByRole('button', { name: 'हिंदी में चलाएँ' }).click();
    await expect.poll(told).toContain('अपना नाम चुनें');
    await counter.page.getByRole('button', { name: 'Use in English' }).click();
    await counter.type('333333');
    await counter.press('Enter');
    await expect.poll(told).toContain('Choose your name');
    await counter.see('staff-tile').filter({ hasText: 'Owner' }).click();
    expect(await told()).toBe('');
    await signIn(counter);
  });
  it('a notice that stands when the language is switched is said in the other one', async () => {
    await counter.scan('8900000010012');
    await expect.poll(notice).toBe('The scan was not clean. Scan again.');
    await counter.press('F12', 'h');
    await expect.poll(notice).toBe('स्कैन साफ़ नहीं हुआ। दोबारा स्कैन करें।');
    await counter.press('F12', 'h');
    await expect.poll(notice).toBe('The scan was not clean. Scan again.');
  });
  it('text that is no amount in Pay is refused in words', async () => {
    await counter.scan(goods.rice);
    await lines(counter.page, 1);
    await counter.press('F9');
    await counter.type('1.2.3');
    await counter.press('Enter');
    await expect.poll(notice).toContain('Type an amount');
    await counter.press('Delete', 'Escape');
    await payExact(counter);
  });
});
