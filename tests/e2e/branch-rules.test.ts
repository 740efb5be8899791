/** People and rules of head office in a real browser, and at a real till's screen that joins it. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Uuid } from '#core/ids.ts';
import { saveItem } from '#sync-server/catalogue/items.ts';
import { publish } from '#sync-server/catalogue/publication.ts';
import { demoTenantId } from '#sync-server/demo-chain.ts';
import type { SyncServer } from '#sync-server/start.ts';
import { hashOfSecret, newTillSecret } from '../fixtures/office.ts';
import { type Desk, newKey, rupees } from '../fixtures/till-desk.ts';
import { violations } from './axe.ts';
import { officeOwner, withOffice } from './with-office.ts';

let server: SyncServer;
let page: Page;
let desk: Desk;
const { clock, makeStoreCode, open, shoot, storeId, textOf } = withOffice(
  (opened) => {
    ({ server, page, desk } = opened);
  },
  { isJoined: true },
);

describe('people and rules', () => {
  it('a person who is added appears at the till, and goes when they left', async () => {
    await open('people');
    await page.getByTestId('person-name').fill('Geeta');
    await page.getByTestId('person-role').selectOption('supervisor');
    await page.keyboard.press('Tab');
    await page.getByTestId('person-name').press('Enter');
    await expect.poll(() => page.getByTestId('person-told').innerText()).toContain('Saved');
    const names = async () => (await desk.rpc.staff.list()).map((one) => `${one.name} ${one.role}`);
    await expect.poll(names).toContain('Geeta supervisor');
    expect(await violations(page)).toEqual([]);
    await shoot('people');
    await page.getByTestId('person-state').selectOption('left');
    await page.getByTestId('save-person').click();
    await expect.poll(names).not.toContain('Geeta supervisor');
  });

  it('a rule for every store, another for one, and an empty field gives the shop its own back', async () => {
    await open('rules');
    const field = page.getByTestId('rule-returnDays-field');
    await field.fill('x');
    await field.press('Enter');
    await expect.poll(() => page.getByTestId('rule-returnDays').innerText()).toContain('cannot be');
    await field.fill('7');
    await field.press('Enter');
    await page.getByTestId('rule-discountLimitBp-field').fill('2.5');
    await page.getByTestId('rule-discountLimitBp-field').press('Enter');
    const { tables } = desk.till().context;
    const said = (name: string) => tables.sentRows.content('settings', name);
    await expect.poll(() => said('discountLimitBp')).toContain('250');
    await expect.poll(() => said('returnDays')).toContain('7');
    await page.getByTestId('rules-for').selectOption(storeId);
    await expect.poll(() => page.getByTestId('rule-returnDays').innerText()).toContain('“Every store”: 7');
    await field.fill('3');
    await field.press('Enter');
    await expect.poll(() => said('returnDays')).toContain('3');
    expect(await violations(page)).toEqual([]);
    await shoot('rules');
    await field.fill('');
    await field.press('Enter');
    await expect.poll(() => said('returnDays')).toContain('7');
  });

  it('a GST rate of head office holds from its day, ends the one before it, and reaches the till', async () => {
    await open('rates');
    const type = async (field: string, text: string) => page.getByTestId(`rate-${field}`).fill(text);
    await type('description', 'Rusk');
    await type('hsn', '19');
    await type('percent', '5.125');
    await type('from', '31/09/2026');
    await page.getByTestId('save-rate').click();
    await expect.poll(() => textOf('rate-form')).toContain('two decimals at most');
    await type('percent', '5');
    await page.getByTestId('save-rate').click();
    await expect.poll(() => textOf('rate-form')).toContain('Type the day from which it holds');
    await type('from', '1/10/26');
    await expect.poll(() => textOf('rate-form')).toContain('1 Oct 2026');
    await page.getByTestId('save-rate').click();
    await expect.poll(() => textOf('rates')).toContain('in force');
    expect(await violations(page)).toEqual([]);
    await shoot('rates');
    await page.getByTestId('rate-again').click();
    await type('percent', '18');
    await type('from', '01-11-2026');
    await type('to', '31/10/2026');
    await page.getByTestId('save-rate').click();
    await expect.poll(() => textOf('rate-form')).toContain('not before the first one');
    await type('to', '');
    await page.getByTestId('rate-from').press('Enter');
    await expect.poll(() => textOf('rates')).toContain('31 Oct 2026');
    const classes = async () => (await desk.rpc.item.taxClasses({ hsn: '19' })).map((row) => row.classKey);
    await expect.poll(classes).toContain('office-19-rusk');
    await shoot('rates-again');
  });

  it("a branch's wish is shown with both sides, and what is decided reaches the till", async () => {
    const oil = '01935000-0000-7000-8000-00000000c0c0' as Uuid;
    const who = { tenantId: demoTenantId, region: null, storeId: null, email: officeOwner.email };
    const change = {
      name: 'Groundnut oil 1 l',
      nameHi: 'मूँगफली तेल 1 ली',
      unit: 'pc',
      sellingPricePaise: rupees(52),
      mrpPaise: rupees(55),
      costPricePaise: rupees(40),
      taxClassKey: 'plain-500',
    } as const;
    await saveItem(server.pool, who, { itemId: oil, revision: 0, change }, clock.now());
    await publish(server.pool, who, clock.now(), {
      publicationId: '01935000-0000-7000-8000-00000000c0c1' as Uuid,
      lines: [{ itemId: oil, change }],
      scope: { kind: 'all' },
      effectiveAtMs: 0,
      note: '',
    });
    const card = () => desk.rpc.item.card({ id: oil }).catch(() => null);
    await expect.poll(async () => (await card())?.item.sellingPricePaise).toBe(rupees(52));
    await desk.rpc.item.change({ key: newKey(), id: oil, change: { sellingPricePaise: rupees(49) } });
    await saveItem(
      server.pool,
      who,
      { itemId: oil, revision: 2, change: { sellingPricePaise: rupees(54) } },
      clock.now(),
    );
    await open('home');
    await expect.poll(() => page.getByTestId('needs').innerText(), { timeout: 15_000 }).toContain('1 proposal waits');
    await open('proposals');
    await expect
      .poll(() => page.getByTestId('case-side').innerText(), { timeout: 15_000 })
      .toContain('₹52.00 → ₹49.00');
    await expect.poll(() => page.getByTestId('case-side').innerText(), { timeout: 15_000 }).toContain('Head office');
    expect(await violations(page)).toEqual([]);
    await shoot('proposals');
    await page.getByTestId('decide-note').fill('only at your shop');
    await page.getByTestId('accept-store').click();
    await expect.poll(async () => (await card())?.item.sellingPricePaise, { timeout: 10_000 }).toBe(rupees(49));
    await expect.poll(async () => (await card())?.proposals[0]?.note).toBe('only at your shop');
    await page.getByTestId('proposals-which').selectOption('decided');
    await expect.poll(() => page.getByTestId('case-side').innerText()).toContain('only at your shop');
    await shoot('proposals-decided');
  });

  it('a document that was refused is accepted with a note, and nobody is asked to look any more', async () => {
    const tillId = '01935000-0000-7000-8000-00000000dddd';
    const call = async (path: string, body: object, more: Readonly<Record<string, string>> = {}) => {
      const answer = await fetch(new URL(path, server.url), {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...more },
        body: JSON.stringify(body),
      });
      return (await answer.json()) as { readonly access: string };
    };
    const { access } = await call('/v1/enrol', {
      code: await makeStoreCode(),
      tillId,
      storeId,
      tillName: 'Old till',
      hasDocuments: true,
      tokenHash: hashOfSecret(newTillSecret()),
    });
    const entry = { seq: 1, kind: 'bill', id: '01935000-0000-7000-8000-00000000dde1', atMs: 9, content: 'no document' };
    await call('/v1/sync/push', { entries: [entry] }, { authorization: `Bearer ${access}` });
    await open('sync');
    await page.locator(`[data-row="${tillId}"]`).click();
    await expect.poll(() => textOf('refused')).toContain('cannot read it');
    await shoot('refused');
    await page.getByTestId('refused-accept').click();
    await page.getByTestId('refused-note-field').press('Enter');
    await expect.poll(() => textOf('refused')).toContain('Type what you found out');
    await page.getByTestId('refused-note-field').fill('An empty file of the old PC');
    expect(await violations(page)).toEqual([]);
    await shoot('refused-accept');
    await page.getByTestId('refused-note-field').press('Enter');
    await page.getByTestId('refused').waitFor({ state: 'detached' });
    await expect.poll(() => textOf('safe')).not.toContain('One needs a look');
    const { rows } = await server.pool.query('SELECT refused FROM till WHERE till_id = $1', [tillId]);
    expect(rows).toEqual([{ refused: '0' }]);
  });
});
