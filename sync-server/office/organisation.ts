/**
 * Organisation, regions, stores, tills and codes as head office's screens show them. Rule kept: no statement names the
 * organisation or the role's stores; row-level security does, so that a forgotten condition shows nothing foreign.
 */
import type { PoolClient } from 'pg';
import type {
  AccountView,
  CodeView,
  InviteView,
  OfficeRole,
  OrgView,
  StoreView,
  TillStateView,
  TillAudit,
} from '#contract/server.ts';
import { lapsesAfterMs, refusalOf } from '../identity/till-key.ts';

type StoreRow = { readonly store_id: string; readonly name: string; readonly region: string };
const storeView = (row: StoreRow): StoreView => ({ storeId: row.store_id, name: row.name, region: row.region });

export async function readOrg(on: PoolClient, name: string, seesAll: boolean): Promise<OrgView> {
  const stores = await on.query<StoreRow>('SELECT store_id, name, region FROM store ORDER BY region, name');
  const regions = await on.query<{ name: string }>('SELECT name FROM region ORDER BY name');
  const views = stores.rows.map(storeView);
  return {
    name,
    regions: regions.rows
      .map((region) => ({ name: region.name, stores: views.filter((store) => store.region === region.name) }))
      .filter((region) => seesAll || region.stores.length > 0),
  };
}

export async function readStore(on: PoolClient, storeId: string): Promise<StoreView | null> {
  const found = await on.query<StoreRow>('SELECT store_id, name, region FROM store WHERE store_id = $1', [storeId]);
  return found.rows[0] === undefined ? null : storeView(found.rows[0]);
}

type TillRow = {
  readonly till_id: string;
  readonly store_id: string;
  readonly store_name: string;
  readonly region: string;
  readonly name: string;
  readonly last_seen_ms: string | null;
  readonly through_seq: string;
  readonly documents: string;
  readonly refused: string;
  readonly backlog: string | null;
  readonly version: string | null;
  readonly waits_since_ms: string | null;
  readonly audit: TillAudit | null;
  readonly revoked_at_ms: string | null;
  readonly revoke_reason: string | null;
  readonly prices: number;
  readonly arrived: number;
};

const quietAfterMs = 15 * 60_000;

function stateOf(row: TillRow, nowMs: number): TillStateView['state'] {
  const refusal = refusalOf(row);
  if (refusal !== null) return refusal;
  const silentMs = nowMs - Number(row.last_seen_ms ?? 0);
  if (silentMs > lapsesAfterMs) return 'lapsed';
  return silentMs > quietAfterMs ? 'quiet' : 'live';
}

/** Troubled first. */
export async function readTills(on: PoolClient, nowMs: number): Promise<readonly TillStateView[]> {
  const found = await on.query<TillRow>(
    `SELECT t.till_id, t.store_id, s.name AS store_name, s.region, t.name, t.last_seen_ms, t.through_seq, t.backlog,
       t.version, t.revoked_at_ms, t.revoke_reason, t.documents, t.refused,
       t.waits_since_ms, t.audit, p.prices, p.arrived
     FROM till t JOIN store s USING (tenant_id, store_id)
     CROSS JOIN LATERAL (
       SELECT count(*)::int AS prices, count(a.arrived_at_ms)::int AS arrived FROM store_publication b
       LEFT JOIN publication_ack a ON a.tenant_id = b.tenant_id AND a.store_id = b.store_id AND a.till_id = t.till_id
         AND a.publication_id = b.publication_id
       WHERE b.tenant_id = t.tenant_id AND b.store_id = t.store_id) p
     ORDER BY t.refused DESC, t.last_seen_ms NULLS FIRST`,
  );
  return found.rows.map((row) => ({
    tillId: row.till_id,
    storeId: row.store_id,
    storeName: row.store_name,
    region: row.region,
    name: row.name,
    lastSeenMs: row.last_seen_ms === null ? null : Number(row.last_seen_ms),
    throughSeq: Number(row.through_seq),
    documents: Number(row.documents),
    refused: Number(row.refused),
    backlog: row.backlog === null ? null : Number(row.backlog),
    version: row.version,
    waitsSinceMs: row.waits_since_ms === null ? null : Number(row.waits_since_ms),
    audit: row.audit,
    prices: { have: row.arrived, all: row.prices },
    state: stateOf(row, nowMs),
  }));
}

/** False: there is no such till, or not for this person. */
export async function revokeTill(on: PoolClient, storeId: string, tillId: string, nowMs: number): Promise<boolean> {
  const done = await on.query(
    `UPDATE till SET revoked_at_ms = coalesce(revoked_at_ms, $3), revoke_reason = NULL WHERE store_id = $1 AND till_id = $2`,
    [storeId, tillId, nowMs],
  );
  return done.rowCount === 1;
}

type CodeRow = {
  readonly code_id: string;
  readonly store_name: string;
  readonly region: string;
  readonly is_new_store: boolean;
  readonly expires_at_ms: string;
  readonly used_at_ms: string | null;
};

export async function readCodes(on: PoolClient, region: string | null): Promise<readonly CodeView[]> {
  const found = await on.query<CodeRow>(
    `SELECT code_id, store_name, region, is_new_store, expires_at_ms, used_at_ms FROM enrolment_code
     WHERE code_id IS NOT NULL AND ($1::text IS NULL OR region = $1) ORDER BY expires_at_ms DESC LIMIT 200`,
    [region],
  );
  return found.rows.map((row) => ({
    codeId: row.code_id,
    storeName: row.store_name,
    region: row.region,
    isNewStore: row.is_new_store,
    expiresAtMs: Number(row.expires_at_ms),
    usedAtMs: row.used_at_ms === null ? null : Number(row.used_at_ms),
  }));
}

type AccountRow = {
  readonly account_id: string;
  readonly email: string;
  readonly role: OfficeRole;
  readonly region: string | null;
  readonly store_id: string | null;
  readonly has_totp: boolean;
  readonly is_disabled: boolean;
};

export async function readAccounts(on: PoolClient): Promise<readonly AccountView[]> {
  const found = await on.query<AccountRow>(
    `SELECT account_id, email, role, region, store_id, totp_confirmed_at_ms IS NOT NULL AS has_totp,
       disabled_at_ms IS NOT NULL AS is_disabled FROM account ORDER BY email`,
  );
  return found.rows.map((row) => ({
    accountId: row.account_id,
    email: row.email,
    role: row.role,
    region: row.region,
    storeId: row.store_id,
    hasTotp: row.has_totp,
    isDisabled: row.is_disabled,
  }));
}

type InviteRow = {
  readonly invite_id: string;
  readonly role: OfficeRole;
  readonly region: string | null;
  readonly store_id: string | null;
  readonly expires_at_ms: string;
};

/** Those that still open. */
export async function readInvites(on: PoolClient, nowMs: number): Promise<readonly InviteView[]> {
  const found = await on.query<InviteRow>(
    `SELECT invite_id, role, region, store_id, expires_at_ms FROM account_invite
     WHERE invite_id IS NOT NULL AND used_at_ms IS NULL AND cancelled_at_ms IS NULL AND expires_at_ms > $1
     ORDER BY expires_at_ms DESC LIMIT 200`,
    [nowMs],
  );
  return found.rows.map((row) => ({
    inviteId: row.invite_id,
    role: row.role,
    region: row.region,
    storeId: row.store_id,
    expiresAtMs: Number(row.expires_at_ms),
  }));
}
