/**
 * Whose series of bill numbers it is: the till's of which a believed document came first. Rule kept: a series never
 * changes hands (a till whose disk was restored opens a new one), so what is known of it once is not asked again.
 */
import type { Pool, PoolClient } from 'pg';
import { claimKey } from './decide-batch.ts';
import type { SeriesClaim } from './judge-entry.ts';
import type { PushingTill } from './stored-entries.ts';

/** By claimKey. */
export type Claims = ReadonlyMap<string, SeriesClaim>;

/** Of each database: claims that were committed. */
const known = new WeakMap<Pool, Set<string>>();
const most = 100_000;

const nameOf = (till: PushingTill, claim: string): string => `${till.tenantId} ${till.storeId} ${claim}`;

export type Series = {
  /** Those of these claims that are wrong. In the transaction that stores the documents. */
  readonly foreign: (on: PoolClient, till: PushingTill, claims: Claims) => Promise<ReadonlySet<string>>;
  /** After the commit. */
  readonly remember: (till: PushingTill, claims: Iterable<string>) => void;
  /** As of months.ts: the database may have lost what it had said. */
  readonly forget: () => void;
};

export function seriesOf(pool: Pool): Series {
  const owned = known.get(pool) ?? new Set<string>();
  known.set(pool, owned);
  return {
    foreign: async (on, till, claims) => {
      const asked = [...claims].flatMap(([key, claim]) => (owned.has(nameOf(till, key)) ? [] : [claim]));
      if (asked.length === 0) return new Set();
      // Taken by the first; whoever comes at the same moment waits for its commit.
      await on.query(
        `INSERT INTO bill_series (tenant_id, store_id, series, till_id)
         SELECT $1, $2, c.* FROM unnest($3::text[], $4::uuid[]) AS c(series, till_id) ORDER BY series, till_id
         ON CONFLICT DO NOTHING`,
        [till.tenantId, till.storeId, asked.map((claim) => claim.code), asked.map((claim) => claim.tillId)],
      );
      const found = await on.query<{ series: string; till_id: string }>(
        'SELECT series, till_id FROM bill_series WHERE tenant_id = $1 AND store_id = $2 AND series = ANY($3::text[])',
        [till.tenantId, till.storeId, asked.map((claim) => claim.code)],
      );
      const owner = new Map(found.rows.map((row) => [row.series, row.till_id]));
      return new Set(asked.filter((claim) => owner.get(claim.code) !== claim.tillId).map(claimKey));
    },
    forget: () => owned.clear(),
    remember: (till, claims) => {
      if (owned.size > most) owned.clear();
      for (const claim of claims) owned.add(nameOf(till, claim));
    },
  };
}
