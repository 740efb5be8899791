/**
 * Joining head office with a code. Rule kept: the till's own bills keep their store; a till without any takes over
 * the store that the code names. What the server says of the code becomes a sentence, never a fault; an answer that was
 * lost is had again with the same code.
 */
import { z } from 'zod';
import type { SyncView } from '#contract/till-sync.ts';
import type { Uuid } from '#core/ids.ts';
import type { TillContext } from '../context.ts';
import { refuse } from '../refusal.ts';
import { forgetCode, keyForCode, makeKeptKey } from '../sync/kept-key.ts';
import { firstRing, hashOfKey } from '../sync/key-ring.ts';

const reply = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    storeId: z.string(),
    storeName: z.string(),
    access: z.string(),
    livesMs: z.number(),
  }),
  z.object({ ok: z.literal(false), reason: z.enum(['codeUnknown', 'codeUsed', 'codeExpired', 'otherStore']) }),
]);

export async function joinHeadOffice(ctx: TillContext, serverUrl: string, code: string): Promise<SyncView> {
  const shop = ctx.settings.get();
  const makeSecret = (): string => Buffer.from(ctx.randomBytes(32)).toString('base64url');
  const key = keyForCode(ctx.tables, code.toUpperCase().replaceAll(/[^A-Z0-9]/g, ''), makeSecret);
  const asked = {
    code,
    tokenHash: hashOfKey(key),
    tillId: shop.tillId,
    storeId: shop.storeId,
    tillName: shop.tillName,
    hasDocuments: ctx.tables.bills.lastOccurredAtMs() !== null,
    ...(shop.replaces === null || shop.replaces.isKnown
      ? {}
      : { restored: { tillId: shop.replaces.tillId, throughSeq: shop.replaces.throughSeq, series: shop.series } }),
  };
  const answer = await askServer(serverUrl, asked);
  if (!answer.ok) refuse({ type: 'JoinRefused', reason: answer.reason });
  ctx.tables.transact(() => {
    makeKeptKey(ctx.tables).set(firstRing(key));
    forgetCode(ctx.tables);
    ctx.settings.save({
      storeId: answer.storeId as Uuid,
      headOffice: { url: serverUrl, tillId: shop.tillId, storeName: answer.storeName },
      replaces: shop.replaces === null ? null : { ...shop.replaces, code: null, isKnown: true },
    });
    ctx.tables.journal.append('joined', ctx.newId(), ctx.clock.now(), JSON.stringify({ serverUrl }));
  });
  await ctx.sync.reopen({ token: answer.access, livesMs: answer.livesMs });
  return ctx.sync.view();
}

type Reply = z.infer<typeof reply> | { readonly ok: false; readonly reason: 'noServer' };

async function askServer(serverUrl: string, body: object): Promise<Reply> {
  try {
    const response = await fetch(new URL('/v1/enrol', serverUrl), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
    return reply.parse(await response.json());
  } catch {
    // Nobody there, or somebody who is not a head office: the person checks the address.
    return { ok: false, reason: 'noServer' };
  }
}
