/** Settings › Keys in a real browser: a key is given, refused, kept over a reload, and every cap follows. */
import { describe, expect, it } from 'vitest';
import { type Counter, goods, lines, signIn } from './counter-page.ts';
import { withCounter } from './with-counter.ts';

let counter: Counter;

withCounter((opened) => {
  counter = opened.counter;
});

const openKeys = async (): Promise<void> => {
  await counter.press('F12', 'k');
  await counter.see('keys-screen').waitFor();
};
const notice = () => counter.see('keys-notice').innerText();
const capOf = (key: string) => counter.see(`key-${key}`).locator('kbd').innerText();
/** Moves to a command and asks for a new key. */
const ask = async (key: string): Promise<void> => {
  await counter.press('Home');
  const row = counter.see(`key-${key}`);
  for (let n = 0; n < 30 && (await row.getAttribute('aria-selected')) !== 'true'; n += 1)
    await counter.press('ArrowDown');
  await counter.press('Enter');
  await expect.poll(notice).toContain('Press the new key');
};
const leave = async (): Promise<void> => {
  await counter.press('Escape');
  await counter.see('scan-field').waitFor();
};

/** Keys in a row, as a page hears them that was busy meanwhile: all at once, each with the instant at which it went down. */
async function pressLate(...keys: readonly { readonly key: string; readonly text: string }[]): Promise<void> {
  const cdp = await counter.page.context().newCDPSession(counter.page);
  const from = (Date.now() + 80) / 1000;
  await Promise.all(
    keys.map(({ key, text }, i) => {
      const code = text === '' ? key : `Key${key.toUpperCase()}`;
      const type = text === '' ? ('rawKeyDown' as const) : ('keyDown' as const);
      return cdp.send('Input.dispatchKeyEvent', { type, key, code, text, timestamp: from + i * 0.045 });
    }),
  );
  await cdp.detach();
}

it('a key after a command means what it means in what that opened, also where the page heard both late', async () => {
  await pressLate({ key: 'F12', text: '' }, { key: 'k', text: 'k' });
  await counter.see('keys-screen').waitFor();
  await counter.press('Escape');
  await counter.see('scan-field').waitFor();
});

describe('Settings › Keys', () => {
  it('refuses what is taken or not to be had, with the reason, and goes on asking', async () => {
    await openKeys();
    await ask('F9');
    await counter.press('F8');
    await expect.poll(notice).toContain('F8 is “Return” already');
    await counter.press('Control+b');
    await expect.poll(notice).toContain('Scanners send Ctrl B');
    await counter.press('Alt+g', 'x');
    await expect.poll(notice).toContain('Letters are typed into the scan field');
    expect(await counter.see('key-F9').innerText()).toContain('Press the new key');
  });
  it('a key given holds at once: caps, sentences and what it does', async () => {
    await counter.press('Control+g');
    await expect.poll(() => capOf('F9')).toBe('Ctrl G');
    expect(await counter.see('preset-own').getAttribute('aria-checked')).toBe('true');
    await leave();
    await counter.scan(goods.rice);
    await lines(counter.page, 1);
    expect(await counter.see('pay').innerText()).toContain('Ctrl G');
    await counter.press('F9');
    expect(await counter.see('pay-screen').count()).toBe(0);
    await counter.press('Control+g');
    await counter.see('pay-screen').waitFor();
    await counter.press('Enter');
    await counter.see('saved').waitFor();
    await counter.press('Enter');
    await expect.poll(() => counter.see('notice').innerText()).toContain('Ctrl G takes the money');
  });
  it('a burst that carries the new key is still a scan and no command', async () => {
    await counter.scan(goods.rice);
    await lines(counter.page, 1);
    expect(await counter.see('pay-screen').count()).toBe(0);
  });
  it('stays over a reload', async () => {
    await counter.page.reload();
    await lines(counter.page, 1);
    await expect.poll(() => counter.see('pay').innerText()).toContain('Ctrl G');
    await counter.press('Control+g');
    await counter.see('pay-screen').waitFor();
    await counter.press('Escape');
  });
  it('a tender’s letter can be another one', async () => {
    await counter.press('F5');
    await lines(counter.page, 0);
    await openKeys();
    await ask('LetterU');
    await counter.press('c');
    await expect.poll(notice).toContain('C is “Cash” already');
    await counter.press('q');
    await expect.poll(() => capOf('LetterU')).toBe('Q');
    await leave();
    await counter.scan(goods.rice);
    await lines(counter.page, 1);
    await counter.press('Control+g');
    await expect.poll(() => counter.see('tender-upi').innerText()).toMatch(/^Q/);
    await counter.press('q');
    await counter.see('upi-waiting').waitFor();
    await counter.press('Enter');
    await counter.see('saved').waitFor();
  });
  it('Tally-like: F8 sells, and F1 shows so; BillMitra puts all back', async () => {
    await openKeys();
    await counter.press('2');
    await expect.poll(() => capOf('F9')).toBe('F8');
    expect(await counter.see('preset-tally').innerText()).toContain('F8 makes the sale');
    await leave();
    await counter.scan(goods.rice);
    await lines(counter.page, 1);
    await counter.press('F8');
    await counter.see('pay-screen').waitFor();
    await counter.press('Enter');
    await counter.see('saved').waitFor();
    await counter.press('Control+g');
    await counter.see('palette').waitFor();
    await counter.press('Escape');
    await openKeys();
    await counter.press('3');
    await expect.poll(() => capOf('F9')).toBe('Ctrl G');
    await counter.press('1');
    await expect.poll(() => capOf('F9')).toBe('F9');
    await leave();
  });
  it('a cashier may look, a supervisor changes', async () => {
    await counter.press('Control+l');
    await signIn(counter, '111111');
    await openKeys();
    await ask('F9');
    await counter.press('Control+g');
    await expect.poll(notice).toMatch(/supervisor/i);
    expect(await capOf('F9')).toBe('F9');
    await leave();
  });
});
