/**
 * What a cashier takes back, by keyboard: a look into the held bills, an undo, goods that are returned. Rule kept:
 * "nothing changed" is true, and no quantity is guessed where money is given back.
 */
import { describe, expect, it } from 'vitest';
import { type Counter, goods, lines, payExact } from './counter-page.ts';
import { withCounter } from './with-counter.ts';

let counter: Counter;

withCounter((opened) => {
  counter = opened.counter;
});

const payable = () => counter.see('payable').innerText();
const notice = () => counter.see('notice').innerText();

describe('taken back', () => {
  it('Esc out of the held bills brings back the bill that F6 put aside', async () => {
    await counter.scan(goods.rice);
    await lines(counter.page, 1);
    await counter.press('F6');
    await counter.see('held').waitFor();
    await counter.press('Escape');
    await lines(counter.page, 1);
    await expect.poll(payable).toBe('₹139.00');
  });
  it('what an undo brings back is the line that keys act on', async () => {
    await counter.scan(goods.sugar);
    await counter.scan(goods.tea);
    await lines(counter.page, 3);
    await counter.press('ArrowUp', 'Delete');
    await lines(counter.page, 2);
    await counter.press('Control+z');
    await lines(counter.page, 3);
    await expect.poll(() => counter.page.locator('.bm-row-chosen').innerText()).toContain('Sugar');
    await counter.press('Delete');
    await lines(counter.page, 2);
    expect(await counter.see('line').allInnerTexts()).not.toContainEqual(expect.stringContaining('Sugar'));
  });
  it('a comma that groups nothing is asked again, not read as ten times as much', async () => {
    const before = await payable();
    await counter.press('F2');
    await counter.type('1,5');
    await counter.press('Enter');
    await expect.poll(() => counter.see('line-error').innerText()).toContain('Type a quantity');
    await counter.press('Escape');
    expect(await payable()).toBe(before);
  });
  it('with nothing left to collect UPI shows no QR and no zero', async () => {
    await counter.press('F9');
    await counter.type('1000');
    await counter.press('c', 'u');
    await counter.see('pay-collected').waitFor();
    await counter.press('Enter');
    await counter.see('saved').waitFor();
  });
  it('a shop without head office counts nothing "to send"', async () => {
    expect(await counter.see('to-send').count()).toBe(0);
  });
});

describe('goods that come back', () => {
  const error = () => counter.see('return-error').innerText();

  it('more than was bought, no quantity at all, then the one that was bought and what to hand over', async () => {
    await counter.scan(goods.rice);
    await lines(counter.page, 1);
    const number = /\d+(?= saved)/.exec(await payExact(counter))?.[0] ?? '';
    await counter.press('F8');
    await counter.type(number);
    await counter.press('Enter');
    await counter.see('return-qty').waitFor();
    await counter.type('5');
    await expect.poll(error).toBe('This bill has 1 of it, no more.');
    await counter.press('Backspace');
    await counter.type('1x');
    await counter.press('Control+a');
    await expect.poll(error).toContain('Type a quantity');
    await counter.press('Backspace', 'Control+a');
    await expect.poll(notice).toMatch(/^Credit note .* saved\. Give back ₹139\.00$/);
    await counter.press('F8');
    await counter.type(number);
    await counter.press('Enter');
    await expect.poll(error).toBe('Everything on this bill has come back already.');
    await counter.press('Escape', 'Escape');
  });
  it('without a bill: a row that is no quantity stops the note, Del takes the row out', async () => {
    await counter.press('F8', 'F8');
    await counter.see('no-bill-field').waitFor();
    await counter.scan(goods.rice);
    await counter.see('return-line').waitFor();
    await counter.page.locator('[data-testid=return-line] input').fill('two');
    await counter.press('Control+a');
    await expect.poll(() => counter.see('return-no-bill').innerText()).toContain('Type a quantity');
    expect(await counter.see('approval-pin').count()).toBe(0);
    await counter.press('Delete');
    await expect.poll(() => counter.see('return-line').count()).toBe(0);
    await counter.press('Escape', 'Escape');
  });
});
