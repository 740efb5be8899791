import { describe, expect, it } from 'vitest';
import { type Counter, goods, lines, payExact, signIn } from './counter-page.ts';
import { withCounter } from './with-counter.ts';

// The first row of the keyboard map (screens.md §4.2): a scan in every state, in a real browser.
let counter: Counter;

withCounter((opened) => {
  counter = opened.counter;
});

const fieldText = () => counter.see('scan-field').inputValue();
const payable = () => counter.see('payable').innerText();

describe('a scan', () => {
  it('on the empty counter adds a line, and its Enter presses nothing', async () => {
    await counter.scan(goods.rice);
    await lines(counter.page, 1);
    expect(await fieldText()).toBe('');
  });
  it('in a cart adds a line; without a terminator too', async () => {
    await counter.scan(goods.sugar, []);
    await lines(counter.page, 2);
    expect(await fieldText()).toBe('');
  });
  it('with text in the field clears the text and adds the line', async () => {
    await counter.type('su');
    await counter.scan(goods.tea);
    await lines(counter.page, 3);
    expect(await fieldText()).toBe('');
  });
  it('with CR and LF, or Tab, at its end leaks neither', async () => {
    await counter.scan(goods.tea, ['Enter', 'Enter']);
    await counter.scan(goods.tea, ['Tab']);
    await expect.poll(payable).toBe('₹358.00');
    expect(await counter.page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe('scan-field');
  });
  it('while paying adds the line and the amount to collect grows', async () => {
    await counter.press('F9');
    await counter.type('5');
    await counter.scan(goods.rice);
    await expect.poll(payable).toBe('₹497.00');
    expect(await counter.see('pay-screen').count()).toBe(1);
    expect(await counter.see('cash-amount').inputValue()).toBe('5');
    await counter.press('Delete', 'Escape');
  });
  it('in a form waits, is counted, and is added after the answer', async () => {
    await counter.press('F7');
    await counter.see('c-mobile').waitFor();
    await counter.scan(goods.sugar);
    expect(await counter.see('c-mobile').inputValue()).toBe('');
    expect(await counter.see('dialog-customer').count()).toBe(1);
    await expect.poll(() => counter.see('kept-scans').innerText()).toBe('1 more scan is waiting');
    await counter.press('Escape');
    await expect.poll(payable).toBe('₹548.00');
  });
  it('in the MRP chooser waits: its digits choose nothing, its Enter takes no card', async () => {
    await counter.scan(goods.twoMrps);
    await counter.see('dialog-mrp').waitFor();
    await counter.scan('2111');
    await counter.scan(goods.tea);
    await expect.poll(() => counter.see('waiting-scans').innerText()).toContain('2 more scans are waiting');
    expect(await counter.see('dialog-mrp').count()).toBe(1);
    await counter.press('2');
    await counter.see('dialog-mrp').waitFor({ state: 'detached' });
    await lines(counter.page, 5);
    await counter.press('Delete');
  });
  it('signed out is kept and added after the PIN', async () => {
    const before = await payable();
    await counter.press('Control+l');
    await counter.see('sign-in').waitFor();
    await counter.scan(goods.rice);
    await counter.see('scans-kept').waitFor();
    expect(await counter.see('pin').inputValue()).toBe('');
    expect(await counter.see('sign-in').count()).toBe(1);
    await signIn(counter);
    await expect.poll(payable).not.toBe(before);
  });
  it('leaves a cart that can be paid once its red lines are settled', async () => {
    const left = await counter.see('line-unknown').count();
    for (let i = 0; i < left; i += 1) {
      await counter.see('line-unknown').first().click();
      await counter.press('Delete');
    }
    await expect.poll(() => counter.see('line-unknown').count()).toBe(0);
    if ((await counter.see('payable').innerText()) !== '₹0.00') await payExact(counter);
    expect(await counter.see('empty-cart').count()).toBe(1);
  });
});

describe('a person', () => {
  it('pressing keys without meaning gets a soft word and nothing else', async () => {
    await counter.press('F3');
    await expect.poll(() => counter.see('notice').innerText()).toContain('F3');
    await counter.press('Enter');
    await lines(counter.page, 0);
  });
  it('Enter on the empty field pays nothing', async () => {
    await counter.scan(goods.rice);
    await lines(counter.page, 1);
    await counter.press('Enter', 'Enter');
    expect(await counter.see('pay-screen').count()).toBe(0);
    await lines(counter.page, 1);
    await payExact(counter);
  });
  it('F1 shows the keys of the state, and Esc closes them', async () => {
    await counter.press('F1');
    await counter.see('dialog-keys').waitFor();
    await counter.press('Escape');
    await counter.see('dialog-keys').waitFor({ state: 'detached' });
  });
  it('number pad types digits with Num Lock off', async () => {
    await counter.see('scan-field').focus();
    const cdp = await counter.page.context().newCDPSession(counter.page);
    await cdp.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key: 'Home', code: 'Numpad7', isKeypad: true });
    await cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', key: 'Home', code: 'Numpad7', isKeypad: true });
    await counter.page.waitForTimeout(60);
    expect(await fieldText()).toBe('7');
    await counter.press('Escape');
  });
});
