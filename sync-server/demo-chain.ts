/**
 * The demo chain: an organisation of three regions and twelve stores. Rule kept: fixed ids, so that starting twice
 * changes nothing; it makes no sales, those come from tills.
 */
import type { Pool } from 'pg';
import type { NewId } from '#core/ids.ts';
import { makeAccount } from './identity/accounts.ts';
import { inTenant } from './postgres/in-tenant.ts';

export const demoTenantId = '01935000-0000-7000-8000-0000000000d0';
const demoName = 'Sharma Kirana Stores';

const regions: Readonly<Record<string, readonly string[]>> = {
  Jaipur: ['Bapu Bazaar', 'Malviya Nagar', 'Vaishali Nagar', 'Mansarovar'],
  Kota: ['Gumanpura', 'Talwandi', 'Nayapura', 'Dadabari'],
  Udaipur: ['Hathipole', 'Sukhadia Circle', 'Hiran Magri', 'Fatehpura'],
};

export type DemoStore = { readonly storeId: string; readonly name: string; readonly region: string };

export const demoStores: readonly DemoStore[] = Object.entries(regions).flatMap(([region, names], r) =>
  names.map((name, n) => ({
    storeId: `01935000-0000-7000-8000-0000000d${String(r + 1).padStart(2, '0')}${String(n + 1).padStart(2, '0')}`,
    name: `${name}, ${region}`,
    region,
  })),
);

export async function seedDemoChain(pool: Pool): Promise<void> {
  await inTenant(pool, demoTenantId, async (on) => {
    await on.query('INSERT INTO tenant (tenant_id, name) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
      demoTenantId,
      demoName,
    ]);
    for (const store of demoStores) {
      await on.query(
        'INSERT INTO store (tenant_id, store_id, region, name) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
        [demoTenantId, store.storeId, store.region, store.name],
      );
    }
  });
}

/** Whoever starts the demo signs in as this; only ever for the demo chain on a PC's own Postgres. */
export const demoOwner = { email: 'owner@demo.shop', password: 'namaste-demo' } as const;

export async function seedDemoOwner(pool: Pool, newId: NewId, nowMs: number): Promise<void> {
  await makeAccount(pool, demoTenantId, { role: 'chain', region: null, storeId: null }, demoOwner, newId, nowMs);
}
