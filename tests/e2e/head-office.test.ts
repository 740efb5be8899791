/** Head office in a real browser, on a real server with a real Postgres, and a real till that joins and sells. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Item } from '#core/catalogue/item.ts';
import type { Uuid } from '#core/ids.ts';
import { formatDeskRupees } from '#core/money.ts';
import { publishItems } from '#sync-server/catalogue/publish.ts';
import { saveItem } from '#sync-server/catalogue/items.ts';
import { demoTenantId } from '#sync-server/demo-chain.ts';
import type { SyncServer } from '#sync-server/start.ts';
import { barcode, codes, type Desk, rupees, sell } from '../fixtures/till-desk.ts';
import { violations } from './axe.ts';
import { officeOwner, withOffice } from './with-office.ts';

let server: SyncServer;
let page: Page;
let desk: Desk;
const { clock, open, storeId, textOf } = withOffice((opened) => {
  ({ server, page, desk } = opened);
});

describe('head office', () => {
  it('asks who it is, says what is wrong without saying which, and keeps what was typed', async () => {
    await page.goto(server.url);
    await page.getByTestId('email').fill(officeOwner.email);
    await page.getByTestId('password').fill('wrong, wrong, wrong');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getByRole('alert').innerText()).toContain('not right');
    expect(await violations(page)).toEqual([]);
    expect(await page.getByTestId('email').inputValue()).toBe(officeOwner.email);
    await page.getByTestId('password').fill(officeOwner.password);
    await page.keyboard.press('Enter');
    await page.getByTestId('page-home').waitFor();
  });

  it('calls a chain of which nothing was heard not known, never zero', async () => {
    await expect.poll(() => textOf('counted')).toBe('0 of 12 stores counted');
    expect(await textOf('chain-total')).toBe('not known');
    expect(await textOf(`store-${storeId}`)).toContain('Not known. It has no till yet.');
    expect(await violations(page)).toEqual([]);
  });

  it('gives a code by keyboard that joins a till, and lists it', async () => {
    await open('stores');
    await page.getByTestId('store-side').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('bapu');
    await page.keyboard.press('Escape');
    await page.getByTestId('store-side').getByText('Bapu Bazaar').first().waitFor();
    await page.keyboard.press('Enter');
    await page.getByTestId('dialog-code').waitFor();
    const code = await textOf('code');
    expect(code).toMatch(/^[A-Z2-9]{4}-[A-Z2-9]{4}$/);
    expect(await violations(page)).toEqual([]);
    await desk.signIn('owner');
    await desk.rpc.sync.join({ serverUrl: server.url, code });
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByTestId('tills').innerText(), { timeout: 15_000 }).toContain('All here');
    expect(await violations(page)).toEqual([]);
  });

  it('asks before it makes the code that brings a till back on another PC, and names the way at the new PC', async () => {
    const codes = async () => (await server.pool.query('SELECT 1 FROM enrolment_code')).rowCount;
    const before = await codes();
    const press = async () => page.getByTestId('tills').getByRole('button', { name: 'Replace' }).click();
    await press();
    expect(await textOf('dialog-replace')).toContain('The old PC is shut out as soon as the new one has joined');
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    expect(await codes()).toBe(before);
    await press();
    await page.getByTestId('replace-go').click();
    expect(await textOf('code')).toMatch(/^[A-Z2-9]{4}-[A-Z2-9]{4}$/);
    expect(await textOf('dialog-replace')).toContain('This PC replaces a broken one, From head office');
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    const { rows } = await server.pool.query('SELECT 1 FROM enrolment_code WHERE replaces_till_id IS NOT NULL');
    expect(rows).toHaveLength(1);
  });

  it('shows a bill within two seconds of its commit at the till, to the paisa', async () => {
    await open('home');
    await desk.signIn('cashier');
    await expect.poll(() => textOf('counted')).toBe('1 of 12 stores counted');
    const bill = await sell(desk.rpc, codes.soap, codes.salt);
    const from = performance.now();
    await page.waitForFunction(
      (paise) => document.querySelector('[data-testid="chain-total"]')?.getAttribute('data-paise') === paise,
      String(bill.payablePaise),
      { timeout: 2_000 },
    );
    process.stdout.write(`bill at head office's screen after ${Math.round(performance.now() - from)} ms\n`);
    expect(await textOf('chain-total')).toBe(formatDeskRupees(bill.payablePaise));
    expect(await textOf('chain-bills')).toBe('1');
    expect(await textOf(`store-${storeId}`)).toContain(formatDeskRupees(bill.payablePaise));
  });

  it('answers the fear on the sync page, in Hindi too', async () => {
    await open('sync');
    expect(await textOf('safe')).toContain('Every bill that reached us is stored exactly once');
    await page.getByTestId('till-side').getByText('All that it sent is here.').waitFor();
    await expect.poll(() => textOf('jobs')).toContain('Backups opened and checked');
    const waiting = page.waitForEvent('download');
    await page.getByTestId('export-tills').click();
    const file = readFileSync(await (await waiting).path(), 'utf8');
    expect(file).toMatch(/^\uFEFFregion,store,till,state,/);
    expect(file).toContain('\r\nJaipur,"Bapu Bazaar, Jaipur",');
    await expect.poll(() => textOf('till-side'), { timeout: 15_000 }).toContain('Compared with head office');
    expect(await violations(page)).toEqual([]);
    await page.getByTestId('language').click();
    await expect.poll(() => textOf('safe')).toContain('ठीक एक बार दर्ज है');
    await expect.poll(() => textOf('jobs')).toContain('अभी नहीं हुआ। अपने आप होगा।');
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('hi');
    expect(await violations(page)).toEqual([]);
    await page.getByTestId('language').click();
  });

  it('publishes a price that reaches the till, and names who has it', async () => {
    const itemId = '01935000-0000-7000-8000-00000000cccc' as Uuid;
    const sugar = {
      code: 'HO1',
      name: 'Sugar of head office',
      unit: 'pc',
      mrpPaise: rupees(50),
      sellingPricePaise: rupees(46),
      barcodes: [barcode('8901234567894')],
    } as const;
    const soap = await desk.rpc.item.byCode({ code: codes.soap });
    const own = {
      name: sugar.name,
      code: sugar.code,
      mrpPaise: sugar.mrpPaise,
      nameHi: null,
      looseSlot: null,
      batches: [],
    };
    const item = { ...soap, ...own, id: itemId, barcodes: sugar.barcodes } as unknown as Item;
    await publishItems(server.pool, demoTenantId, [storeId], [item], clock.now());
    const who = { tenantId: demoTenantId, region: null, storeId: null, email: officeOwner.email };
    expect(await saveItem(server.pool, who, { itemId, revision: 0, change: sugar }, clock.now())).toMatchObject({
      ok: true,
    });
    await open('catalogue');
    await page.getByTestId('item-side').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.keyboard.type('51');
    await page.keyboard.press('Enter');
    await page.getByTestId('to-publish').click();
    await expect.poll(() => page.getByTestId('changes').innerText()).toContain('₹51.00 is above the MRP ₹50.00.');
    expect(await page.getByTestId('publish').isDisabled()).toBe(true);
    await open('catalogue');
    await page.getByTestId('item-side').waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.type('48');
    await page.keyboard.press('Enter');
    await page.getByTestId('to-publish').click();
    await expect.poll(() => page.getByTestId('changes').innerText()).toContain('48.00');
    await expect.poll(() => textOf('price-sums')).toContain('1 dearer, 0 cheaper, 0 as now. Most: 4\u00A0% dearer.');
    expect(await textOf('on-receipt')).toMatch(/Sugar of head office\s+1 pc\s+48\.00\s+48\.00\s+MRP 50\.00/);
    expect(await violations(page)).toEqual([]);
    await page.getByTestId('publish').click();
    await expect.poll(() => textOf('published'), { timeout: 15_000 }).toContain('1 of 1 tills have it');
    // The till's own clock reaches the moment from which it holds.
    desk.pass(10 * 60_000);
    const atTill = () =>
      desk.rpc.item.byCode({ code: '8901234567894' }).then(
        (item) => item.sellingPricePaise,
        () => null,
      );
    await expect.poll(atTill, { timeout: 15_000 }).toBe(rupees(48));
    await page.getByTestId('put-back').click();
    await expect.poll(() => textOf('put-back-said')).toContain('1 till has them already');
    // Which is this store's own old price, not head office's.
    await expect.poll(atTill, { timeout: 15_000 }).toBe(rupees(45));
    await expect.poll(() => textOf('published')).toContain('Old prices put back');
    expect(await violations(page)).toEqual([]);
  });

  it('revokes a till after asking once, and the till is refused', async () => {
    await open('stores');
    await page.getByTestId('tills').getByRole('button', { name: 'Revoke' }).click();
    await page.keyboard.press('Escape');
    expect(await page.getByTestId('tills').innerText()).not.toContain('Revoked');
    await page.getByTestId('tills').getByRole('button', { name: 'Revoke' }).click();
    await page.getByTestId('revoke-go').click();
    await expect.poll(() => page.getByTestId('tills').innerText()).toContain('Revoked');
    await sell(desk.rpc, codes.soap);
    await expect.poll(async () => (await desk.rpc.sync.state()).state, { timeout: 15_000 }).toBe('notEnrolled');
  });

  it('signs out, and a reload shows nothing', async () => {
    await page.getByTestId('sign-out').click();
    await page.getByTestId('sign-in').waitFor();
    await page.reload();
    await page.getByTestId('sign-in').waitFor();
  });
});
