/** The owner's desk by keys: forecasts made and read, an order changed, taken back and saved, the way back to the cart. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { instant } from '#core/time.ts';
import { violations } from './axe.ts';
import { type Counter, goods, lines, openTill, signIn } from './counter-page.ts';
import { withCounter } from './with-counter.ts';

let counter: Counter;
/** The PC's date is moved by so much. */
let movedMs = 0;
const dayMs = 86_400_000;
withCounter(
  (opened) => {
    ({ counter } = opened);
  },
  { open: () => openTill(true, { now: () => instant(Date.now() + movedMs) }, 4) },
);

const text = async (id: string): Promise<string> => (await counter.see(id).first().innerText()).trim();
const openDesk = async (): Promise<void> => {
  await counter.press('F12', '0');
  await counter.see('owner-desk').waitFor();
};
const name = (testId: string, at: number): Promise<string> =>
  counter.see(testId).nth(at).locator('.ow-name').innerText();

describe('owner’s desk', () => {
  it('what the counter said of its bill is not said on the desk', async () => {
    await counter.press('F2');
    await counter.see('notice').waitFor();
    await openDesk();
    expect(await counter.see('owner-desk').locator('.ow-notice').count()).toBe(0);
    await counter.press('F12');
    await counter.see('scan-field').waitFor();
  });

  it('F12 goes to and fro, and the cart is as it was', async () => {
    await counter.scan(goods.rice);
    await lines(counter.page, 1);
    await openDesk();
    expect(await text('forecast-empty')).toContain('No forecast has been made yet');
    expect(await violations(counter.page)).toEqual([]);
    await counter.press('F12');
    await lines(counter.page, 1);
    await counter.see('scan-field').waitFor();
    expect(await counter.see('owner-desk').count()).toBe(0);
  });

  it('a forecast is made on asking, and the list is searched, sorted and walked', async () => {
    await openDesk();
    await counter.press('n');
    await counter.see('forecast-row').first().waitFor({ timeout: 20_000 });
    expect(await text('young-shop')).toContain('Needs 4 weeks of bills; you have');
    expect(await violations(counter.page)).toEqual([]);
    const all = await text('forecast-count');
    await counter.press('2');
    await expect.poll(() => counter.see('sort-nextWeek').getAttribute('aria-checked')).toBe('true');
    await counter.press('/');
    await counter.type('ghee');
    await expect.poll(() => text('forecast-count')).not.toBe(all);
    await expect.poll(() => name('forecast-row', 0)).toMatch(/ghee/i);
    await counter.press('ArrowDown', 'ArrowUp');
    // After the language's button, Enter is the list's again.
    const language = () => counter.page.evaluate(() => document.documentElement.lang);
    await counter.see('desk-language').click();
    await expect.poll(language).toBe('hi');
    await counter.press('Enter');
    await counter.see('next-week').waitFor();
    await counter.see('desk-language').click();
    await expect.poll(language).toBe('en');
    expect(await counter.see('item-page').locator('h1').innerText()).toMatch(/ghee/i);
  });

  it('an item shows its fan, reads a day by arrows, and ] goes on', async () => {
    await counter.see('fan-chart').locator('.apexcharts-series path').first().waitFor();
    await counter.press('ArrowLeft');
    expect(await text('fan-readout')).toContain('8 times in 10 between');
    expect(await violations(counter.page)).toEqual([]);
    const before = await counter.see('item-page').locator('h1').innerText();
    await counter.press(']');
    await expect.poll(() => counter.see('item-page').locator('h1').innerText()).not.toBe(before);
    await counter.press('Escape');
    await counter.press('/', 'Escape');
    await expect.poll(() => counter.see('forecast-search').inputValue()).toBe('');
    await counter.press('s');
    await expect.poll(() => text('next-week')).toContain('₹');
    await counter.see('fan-chart').locator('svg').first().waitFor();
    expect(await text('why-card')).toContain('Too few days yet to say why.');
    expect(await text('judged-card')).toContain('Not known yet.');
    expect(await counter.see('grain-weeks').isDisabled()).toBe(true);
    expect(await violations(counter.page)).toEqual([]);
    await counter.press('Escape');
  });

  it('accuracy and model say plainly what is not known yet', async () => {
    await counter.press('g');
    expect(await text('accuracy-empty')).toContain('Not known yet');
    expect(await violations(counter.page)).toEqual([]);
    await counter.press('m');
    expect(await text('model-now')).toMatch(/^Using /);
    expect(await violations(counter.page)).toEqual([]);
    // A night's work is begun and followed here too.
    await counter.press('n');
    await counter.see('job-state').waitFor();
    await counter.see('job-state').waitFor({ state: 'detached', timeout: 20_000 });
    await expect.poll(() => text('model-now')).toMatch(/^Using /);
    await counter.press('Escape');
  });

  it('an order: digits change packs, Del leaves a line out, Ctrl Z takes back, the file has it', async () => {
    await counter.see('desk-owOrder').click();
    await counter.see('order-page').waitFor();
    await counter.press('/');
    await counter.type('ghee');
    await counter.see('dialog-orderAdd').getByRole('option').first().waitFor();
    await counter.press('Enter');
    await counter.see('dialog-orderAdd').waitFor({ state: 'detached' });
    const packs = () => counter.see('order-page').locator('[aria-selected=true] input').inputValue();
    const value = () => text('order-value');
    const first = await packs();
    const before = await value();
    await counter.type('42');
    await counter.press('Enter');
    await expect.poll(packs).toBe('42');
    // The line says it at once, the sum when the till has added up.
    await expect.poll(value).not.toBe(before);
    const with42 = await value();
    await counter.press('Delete');
    await expect.poll(packs).toBe('0');
    await expect.poll(value).not.toBe(with42);
    expect(await violations(counter.page)).toEqual([]);
    await counter.press('Control+z');
    await expect.poll(packs).toBe('42');
    await expect.poll(value).toBe(with42);
    const downloading = counter.page.waitForEvent('download');
    await counter.press('e');
    const download = await downloading;
    expect(download.suggestedFilename()).toMatch(/\.csv$/);
    const file = readFileSync(await download.path(), 'utf8');
    expect(file).toMatch(/ghee.*,42,/i);
    await counter.press('Control+z');
    await expect.poll(packs).toBe(first);
  });

  it('pack, supplier and rules are kept; a wrong number says what is right', async () => {
    await counter.press('i');
    await counter.see('dialog-orderItem').waitFor();
    await counter.see('order-pack').fill('12');
    await counter.see('order-supplier').fill('Gupta Traders');
    await counter.see('order-shelf').fill('0');
    await counter.press('Control+a');
    await expect.poll(() => text('dialog-orderItem')).toContain('Type whole days, 1 to 3650.');
    await counter.see('order-shelf').fill('90');
    await counter.press('Control+a');
    await counter.see('dialog-orderItem').waitFor({ state: 'detached' });
    await expect.poll(() => text('order-sum')).toContain('of 12');
    await counter.press('i');
    expect(await counter.see('order-shelf').inputValue()).toBe('90');
    await counter.press('Escape', 'r');
    await counter.see('order-lead').fill('61');
    await counter.press('Control+a');
    await expect.poll(() => text('dialog-orderRules')).toContain('Type whole days, 0 to 60.');
    await counter.see('order-lead').fill('3');
    await counter.press('Control+a');
    await counter.see('dialog-orderRules').waitFor({ state: 'detached' });
    await expect.poll(() => text('order-sum')).toContain('next 10 days');
  });

  it('delivery days are said for a supplier, counted in the order, and taken back by Ctrl Z', async () => {
    const head = () => text('order-group-head');
    const nextDays = async () => /next (\d+) days/.exec(await text('order-sum'))?.[1];
    await expect.poll(head).toContain('Gupta Traders');
    expect(await text('order-group-value')).toMatch(/^[\d,]+$/);
    await counter.press('d');
    await counter.see('dialog-orderDelivery').waitFor();
    expect(await violations(counter.page)).toEqual([]);
    await counter.see('order-delivery-days').fill('99');
    await counter.press('Control+a');
    await expect.poll(() => text('dialog-orderDelivery')).toContain('Type whole days, 0 to 60.');
    await counter.see('order-delivery-days').fill('5');
    await counter.press('Tab', ' ', 'Control+a');
    await counter.see('dialog-orderDelivery').waitFor({ state: 'detached' });
    await expect.poll(head).toMatch(/goods come Mon, next Mon/);
    const asSaid = Number(await nextDays());
    expect(asSaid).toBeGreaterThanOrEqual(12);
    expect(asSaid).toBeLessThanOrEqual(18);
    await counter.press('Control+z');
    await expect.poll(nextDays).toBe('10');
    expect(await head()).not.toContain('comes Mon');
    await counter.press('Control+z');
    await expect.poll(nextDays).toBe('9');
  });

  it('an A4 sheet has the sum first and prints only its pages; C leaves costs off', async () => {
    await counter.page.evaluate(() => {
      window.print = () => document.body.setAttribute('data-printed', 'yes');
    });
    const value = await text('order-value');
    await counter.press('a');
    await counter.see('order-sheet').waitFor();
    expect(await text('order-sheet-page')).toContain(value);
    expect(await text('order-sheet-page')).toContain('Page 1 of 1');
    expect(await violations(counter.page)).toEqual([]);
    await counter.page.emulateMedia({ media: 'print' });
    expect(await counter.see('order-page').isVisible()).toBe(false);
    expect(await counter.see('order-sheet-print').isVisible()).toBe(false);
    expect(await counter.see('order-sheet-page').isVisible()).toBe(true);
    await counter.page.emulateMedia({ media: 'screen' });
    await counter.press('c');
    await expect.poll(() => text('order-sheet-page')).not.toContain('₹');
    await counter.press('Enter');
    await expect.poll(() => counter.page.getAttribute('body', 'data-printed')).toBe('yes');
    await counter.press('Escape');
    await counter.see('order-sheet').waitFor({ state: 'detached' });
  });

  it('a line that was added goes again by Ctrl Z', async () => {
    const count = async () => counter.see('order-line').count();
    const before = await count();
    await counter.press('/');
    await counter.type('sugar');
    await counter.see('dialog-orderAdd').getByRole('option').first().waitFor();
    await counter.press('Enter');
    await expect.poll(count).toBe(before + 1);
    await counter.press('Control+z');
    await expect.poll(count).toBe(before);
    await counter.see('order-page').locator('.ow-notice').waitFor();
    // It is not said at the counter, whose undo is another.
    await counter.press('F12');
    await counter.see('scan-field').waitFor();
    expect(await counter.see('notice').count()).toBe(0);
    await openDesk();
  });

  it('a scan opens the item, Enter puts it in the open bill', async () => {
    await counter.scan(goods.sugar);
    await counter.see('put-in-bill').waitFor();
    await counter.press('Enter');
    await lines(counter.page, 2);
  });

  it('a forecast of days ago, and one ahead of a date that was set back, are called what they are', async () => {
    movedMs = 3 * dayMs;
    await openDesk();
    await counter.see('desk-owForecasts').click();
    await expect.poll(() => text('as-of')).toContain('This forecast counts sales up to');
    expect(await violations(counter.page)).toEqual([]);
    await counter.see('forecast-row').first().dblclick();
    await expect
      .poll(() => counter.see('item-page').locator('.ow-fan').innerText())
      .toMatch(/7 days from .* most likely/);
    movedMs = -5 * dayMs;
    await counter.see('desk-owOrder').click();
    await expect.poll(() => text('as-of')).toContain('Is the PC’s date right?');
    movedMs = 0;
    await counter.see('desk-owForecasts').click();
    await counter.see('forecast-row').first().waitFor();
    await expect.poll(() => counter.see('as-of').count()).toBe(0);
    await counter.press('F12');
    await lines(counter.page, 2);
  });

  it('somebody else is told whose desk it is', async () => {
    await counter.press('Control+l');
    await signIn(counter, '111111');
    await counter.press('F12', '0');
    expect(await text('desk-refused')).toContain('The desk is for the owner.');
    await counter.press('Enter');
    await lines(counter.page, 2);
  });
});
