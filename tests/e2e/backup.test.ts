/** Backups at the counter, and a new PC that takes a lost till's place, by keyboard, in a real browser. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { violations } from './axe.ts';
import { type Counter, openBrowser, openCounter, openTill } from './counter-page.ts';
import { withCounter } from './with-counter.ts';

const dir = mkdtempSync(join(tmpdir(), 'billmitra-stick-'));
const stick = join(dir, 'stick');
mkdirSync(stick);
afterAll(() => rmSync(dir, { recursive: true, force: true }));
let counter: Counter;
withCounter((opened) => {
  ({ counter } = opened);
});

describe('backups at the counter', () => {
  it('go to a folder that the owner chooses, are made now with Enter, and say when', async () => {
    await counter.press('F12', 'b');
    await counter.see('backup-folder').waitFor();
    await counter.see('backup-folder').fill(join(dir, 'nowhere'));
    await counter.press('Enter');
    await expect.poll(() => counter.see('dialog-backup').innerText()).toMatch(/no such folder|owner/i);
    expect(await violations(counter.page)).toEqual([]);
    await counter.shoot('backup-refused');
    await counter.see('backup-folder').fill(stick);
    await counter.press('Enter');
    await counter.see('backup-stop').waitFor();
    await counter.press('Enter');
    await expect
      .poll(() => readdirSync(stick).filter((name) => name.endsWith('.bmbackup')).length, { timeout: 6_000 })
      .toBe(1);
    await expect.poll(() => counter.see('backup-folder').count()).toBe(1);
    await counter.shoot('backup');
    await counter.press('Escape');
  }, 60_000);
});

describe('a new PC', () => {
  it('is told in words why a copy does not open, and stays blank', async () => {
    const [till, browser] = await Promise.all([openTill(false), openBrowser()]);
    try {
      const blank = await openCounter(browser, till.url);
      await blank.see('setup').waitFor();
      await blank.press('3');
      await blank.see('restore-place').waitFor();
      await blank.shoot('restore');
      await blank.see('restore-place').fill(stick);
      await blank.see('restore-code').fill('ABCD-EFGH-JKMN-PQRS-TVWX');
      await blank.press('Control+a');
      await expect
        .poll(() => blank.see('restore-error').innerText(), { timeout: 6_000 })
        .toMatch(/does not open the copy|no copy there/);
      expect(await violations(blank.page)).toEqual([]);
      await blank.shoot('restore-refused');
      await blank.press('Escape');
      await blank.see('setup-restore').waitFor();
      expect(blank.faults).toEqual([]);
    } finally {
      await browser.close();
      await till.close();
    }
  }, 60_000);
});
