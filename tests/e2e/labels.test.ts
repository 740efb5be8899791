/** Labels on the screen: a scan adds, the picture is what prints, the designer by keys, a stop that goes on. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LabelEmulator, startLabelEmulator } from '#hardware/label/emulator-server.ts';
import { cutOut } from '#hardware/label/label-dots.ts';
import { labelPng } from '#hardware/label/label-preview.ts';
import { violations } from './axe.ts';
import { type Counter, goods } from './counter-page.ts';
import { withCounter } from './with-counter.ts';

let counter: Counter;
let printer: LabelEmulator;

withCounter((opened) => {
  ({ counter } = opened);
});
beforeAll(async () => {
  printer = await startLabelEmulator({ language: 'tspl', rowMs: 2 });
});
afterAll(() => printer.close());

const picture = () => counter.see('label-picture').getAttribute('src');
const rows = () => counter.see('label-row').count();
const counts = () => counter.see('label-count').evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value));
const openLabels = async () => {
  await counter.press('F12', 'l');
  await counter.see('labels-screen').waitFor();
};
const ended = async () => {
  await expect.poll(() => counter.see('label-job').getAttribute('data-state'), { timeout: 8_000 }).not.toBe('running');
};

describe('labels', () => {
  it('the printer is set by hand, and its test label comes out', async () => {
    await openLabels();
    await counter.see('label-printer').click();
    await counter.see('label-way').selectOption('tcp');
    await counter.see('label-host').fill('127.0.0.1');
    await counter.see('label-port').fill(String(printer.port));
    await counter.see('label-kind').selectOption('tspl');
    await counter.see('label-test').click();
    await counter.see('label-job').waitFor();
    await ended();
    expect(printer.rows().length).toBe(1);
    await counter.press('Escape');
    await counter.see('labels-screen').waitFor();
  });

  it('a scan adds a row, again counts one more; F2 types the count; what prints is the picture', async () => {
    await counter.scan(goods.rice);
    await expect.poll(rows).toBe(1);
    await counter.scan(goods.rice);
    await expect.poll(counts).toEqual(['2']);
    await counter.scan(goods.sugar);
    await expect.poll(rows).toBe(2);
    await counter.press('F2');
    await counter.type('3');
    await counter.press('Enter');
    await expect.poll(counts).toEqual(['2', '3']);
    await counter.press('ArrowUp');
    expect(await violations(counter.page)).toEqual([]);
    const before = printer.rows().length;
    await counter.page.waitForTimeout(400);
    const rice = await picture();
    await counter.press('F9');
    await counter.see('label-job').waitFor();
    await ended();
    expect(await counter.see('label-job').getAttribute('data-state')).toBe('printed');
    const printed = printer.rows().slice(before);
    expect(printed.length).toBe(5);
    const first = printed[0];
    if (first === undefined) throw new Error('nothing came out');
    expect(`data:image/png;base64,${labelPng(cutOut(first, 0, first.width))}`).toBe(rice);
    await counter.see('label-dismiss').click();
  });

  it('an unknown code says so and adds nothing; a name typed is found; Del takes the row off', async () => {
    await counter.scan(goods.unknown);
    await expect.poll(() => counter.page.getByText('Not in the catalogue').count()).toBe(1);
    expect(await rows()).toBe(2);
    await counter.type('tea');
    await counter.see('label-result').first().waitFor();
    await counter.press('Enter');
    await expect.poll(rows).toBe(3);
    await counter.press('Delete');
    await expect.poll(rows).toBe(2);
  });

  it('paper out: waits in words, goes on by itself; stopped, it goes on after what was counted', async () => {
    const before = printer.rows().length;
    await counter.press('F2');
    await counter.type('30');
    await counter.press('Enter');
    printer.paperOutAfter(6);
    await counter.press('F9');
    await expect.poll(() => counter.see('label-job').innerText()).toContain('roll is finished');
    await counter.see('label-stop').click();
    await ended();
    expect(await counter.see('label-job').getAttribute('data-state')).toBe('cancelled');
    await counter.see('label-after').fill('6');
    printer.setState({ isPaperOut: false });
    await counter.see('label-goon').click();
    await expect.poll(() => counter.see('label-job').getAttribute('data-state')).toBe('printed');
    expect(printer.rows().length - before).toBe(32);
    await counter.see('label-dismiss').click();
  });

  it('the designer: arrows move, Ctrl Z takes back, a new text shows, saved as a new label', async () => {
    await counter.see('label-edit').click();
    await counter.see('design-screen').waitFor();
    await counter.see('label-picture').waitFor();
    await counter.see('design-stage').focus();
    const x = () => counter.see('design-x').inputValue();
    expect(await violations(counter.page)).toEqual([]);
    const from = Number(await x());
    await counter.press('ArrowRight', 'ArrowRight', 'Shift+ArrowRight');
    await expect.poll(x).toBe(String(from + 6));
    await counter.press('Control+z', 'Control+z', 'Control+z');
    await expect.poll(x).toBe(String(from));
    const size = Number(await counter.see('design-size').inputValue());
    await counter.press('-');
    await expect.poll(() => counter.see('design-size').inputValue()).toBe(String(Math.round((size - 0.2) * 10) / 10));
    const plain = await picture();
    await counter.see('design-add-text').click();
    await counter.see('design-text').fill('50% ^XZ "आज"');
    await expect.poll(picture).not.toBe(plain);
    const thing = counter.see('design-thing').last();
    const box = await thing.boundingBox();
    if (box === null) throw new Error('no frame');
    await counter.page.mouse.move(box.x + 5, box.y + 5);
    await counter.page.mouse.down();
    await counter.page.mouse.move(box.x + 60, box.y + 40, { steps: 4 });
    await counter.page.mouse.up();
    await expect.poll(x).not.toBe('1');
    await counter.see('design-name').fill('Our label');
    await counter.press('Control+a');
    await counter.see('labels-screen').waitFor();
    const chosen = counter.see('label-design');
    expect(await chosen.evaluate((one) => (one as HTMLSelectElement).selectedOptions[0]?.text)).toBe('Our label');
    expect(await rows()).toBe(2);
    await counter.press('Escape');
    await counter.see('scan-field').waitFor();
  });
});
