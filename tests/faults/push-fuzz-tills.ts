/**
 * Who pushes in the fuzz: the till itself, sisters whose ids are real, and impostors. Rule kept: all of them came in by
 * the routes that tills use; what an impostor shows is a real token of another kind, another till, or another time.
 */
import { makeKeys } from '#sync-server/identity/caller.ts';
import { makeCode } from '#sync-server/identity/enrol.ts';
import { signTillAccess, tillAccessLivesMs } from '#sync-server/identity/till-key.ts';
import type { SyncServer } from '#sync-server/start.ts';
import { hashOfSecret, newTillSecret } from '../fixtures/office.ts';
import type { Sister } from './push-fuzz-entries.ts';

export const tenantId = '01935000-0000-7000-8000-0000000000f1';
export const storeId = '01935000-0000-7000-8000-0000000000f2';
export const tillId = '01935000-0000-7000-8000-0000000000f3';

/** Another till of the same store. */
export const besideTillId = '01935000-0000-7000-8000-0000000000f4';

type Send = (path: string, type: string, body: string, authorization?: string) => Promise<Response>;
export type Impostor = { readonly what: string; readonly authorization: string };

const id = (n: number): string => `01935000-0000-7000-8000-0000000000${n.toString(16).padStart(2, '0')}`;

export async function enrolFuzz(
  server: SyncServer,
  send: Send,
): Promise<{
  readonly authorization: string;
  readonly sisters: readonly Sister[];
  /** Of the same organisation, shut out. */
  readonly third: Sister;
  /** The first sister's till, of the same organisation: what it pushes itself is honest. */
  readonly sisterAuthorization: string;
  readonly impostors: readonly Impostor[];
}> {
  const { pool } = server;
  const expiresAtMs = Date.now() + 60_000;
  const enrol = async (tenant: string, store: string, till: string, isNewStore = true) => {
    const asked = {
      tenantId: tenant,
      storeId: store,
      isNewStore,
      storeName: 'Fuzz',
      region: 'North',
      expiresAtMs,
    };
    const code = await makeCode(pool, asked);
    const secret = newTillSecret();
    const body = { code, tillId: till, storeId: store, tillName: 'Fuzz', hasDocuments: true };
    const answer = await send(
      '/v1/enrol',
      'application/json',
      JSON.stringify({ ...body, tokenHash: hashOfSecret(secret) }),
    );
    return { secret, access: ((await answer.json()) as { access: string }).access };
  };
  const turn = (till: string, refresh: string) =>
    send(
      '/v1/sync/token',
      'application/json',
      JSON.stringify({ tillId: till, refresh, nextHash: hashOfSecret(newTillSecret()) }),
    );
  const [sister, stranger, reused] = [
    { storeId: id(0xe1), tillId: id(0xe2) },
    { storeId: id(0xe3), tillId: id(0xe4) },
    { storeId: id(0xe5), tillId: id(0xe6) },
  ] as const;
  await pool.query("INSERT INTO tenant (tenant_id, name) VALUES ($1, 'Stranger')", [id(0xe0)]);
  const own = await enrol(tenantId, storeId, tillId);
  await enrol(tenantId, storeId, besideTillId, false);
  const sisters = await enrol(tenantId, sister.storeId, sister.tillId);
  const strangers = await enrol(id(0xe0), stranger.storeId, stranger.tillId);
  const shut = await enrol(tenantId, reused.storeId, reused.tillId);
  await turn(reused.tillId, shut.secret);
  await turn(reused.tillId, shut.secret);
  const family = await pool.query<{ family_id: string }>(
    'SELECT family_id FROM till WHERE tenant_id = $1 AND store_id = $2 AND till_id = $3',
    [tenantId, storeId, tillId],
  );
  const familyId = family.rows[0]?.family_id ?? '';
  const longAgo = Date.now() - tillAccessLivesMs - 60_000;
  const expired = await signTillAccess(pool, { tenantId, storeId, tillId, familyId }, longAgo);
  const otherFamily = await signTillAccess(pool, { tenantId, storeId, tillId, familyId: id(0xef) }, Date.now());
  const person = await makeKeys(pool).sign(tenantId, id(0xed), id(0xee), Date.now());
  const [head = '', claims = ''] = own.access.split('.');
  const none = Buffer.from('{"alg":"none"}').toString('base64url');
  const bearer = (what: string, token: string): Impostor => ({ what, authorization: `Bearer ${token}` });
  return {
    authorization: `Bearer ${own.access}`,
    sisters: [sister, stranger],
    third: reused,
    sisterAuthorization: `Bearer ${sisters.access}`,
    impostors: [
      bearer("a sister's token", sisters.access),
      bearer("a stranger's token", strangers.access),
      bearer('a token of a key used twice', shut.access),
      bearer('an expired token', expired),
      bearer('a token of a former key', otherFamily),
      bearer("a person's token", person),
      bearer('a refresh token', own.secret),
      bearer('a refresh token as before', `${tillId}.${own.secret}`),
      bearer('a token without signature', `${none}.${claims}.`),
      bearer('a token of no length', `${head}.${claims}`),
      bearer('another signature', `${head}.${claims}.${Buffer.alloc(32, 7).toString('base64url')}`),
      bearer("a stranger's claims", `${strangers.access.split('.')[0]}.${claims}.${own.access.split('.')[2]}`),
      { what: 'no token', authorization: '' },
    ],
  };
}
