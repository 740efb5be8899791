/** The receipt's logo from a PNG on disk to the dots on the paper: a real browser, a printer on TCP. */
import { createCanvas } from '@napi-rs/canvas';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type EmulatorServer, startEmulatorServer } from '#hardware/printer/emulator-server.ts';
import type { Counter } from './counter-page.ts';
import { withCounter } from './with-counter.ts';

let counter: Counter;
let printer: EmulatorServer;

withCounter((opened) => {
  ({ counter } = opened);
});
beforeAll(async () => {
  printer = await startEmulatorServer();
  await counter.press('F12', '9');
  await counter.see('problem').waitFor();
  await counter.press('Home');
  for (let i = 0; i < 6 && (await counter.see('device-printer').getAttribute('aria-current')) !== 'true'; i += 1) {
    await counter.press('ArrowDown');
  }
  await counter.see('way-choose').getByRole('button').click();
  await counter.see('device-address').fill(`127.0.0.1:${printer.port}`);
  await counter.press('Enter');
});
afterAll(async () => {
  await printer?.close();
});

function pngOfDisc(): Buffer {
  const canvas = createCanvas(200, 200);
  const context = canvas.getContext('2d');
  context.fillStyle = '#000';
  context.arc(100, 100, 90, 0, Math.PI * 2);
  context.fill();
  return canvas.toBuffer('image/png');
}
const choose = (name: string, buffer: Buffer): Promise<void> =>
  counter.see('logo-file').setInputFiles({ name, mimeType: 'image/png', buffer });

it('is chosen, refused in words when it is no PNG, printed dot for dot, and taken away', async () => {
  await expect.poll(() => counter.see('problem').innerText()).toBe('The printer works');
  await counter.press('2');
  await counter.see('printer-settings').waitFor();
  await choose('logo.gif', Buffer.from('GIF89a'));
  await expect.poll(() => counter.see('logo-field').innerText()).toContain('not a PNG');
  await choose('logo.png', pngOfDisc());
  const image = counter.see('logo-field').getByRole('img');
  await image.waitFor();
  await counter.page.setViewportSize({ width: 1366, height: 640 });
  await counter.see('logo-choose').focus();
  expect(await image.isVisible()).toBe(true);
  const shots = process.env['BILLMITRA_SHOTS'];
  if (shots !== undefined) await counter.page.screenshot({ path: `${shots}/logo.png` });
  await counter.see('use-printer').click();
  await expect.poll(() => counter.see('problem').innerText()).toBe('The printer works');
  await counter.press('1');
  await expect.poll(() => printer.emulator.receipts().length).toBe(1);
  const [first] = printer.emulator.receipts()[0]?.items ?? [];
  expect(first).toMatchObject({ kind: 'picture' });
  expect(first?.kind === 'picture' && first.bitmap.height).toBeGreaterThan(180);
});
