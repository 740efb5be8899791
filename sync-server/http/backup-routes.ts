/**
 * Backups in and, for a till that was lost, out again. Rule kept: a till puts its own and can take none; what brings one
 * back is a code that head office made for that till, asked within a limit, and it is used up only by enrolling.
 */
import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import { z } from 'zod';
import type { Clock } from '#core/time.ts';
import { lostEntries } from '../backups/lost-entries.ts';
import { backupKeyOf, backupKeys, keepBackupKey, listBackups, recordBackup } from '../backups/till-backups.ts';
import { freeSeries, placeOfRestoreCode, type RestorePlace } from '../identity/replace-till.ts';
import type { Sealer } from '../identity/seal.ts';
import { knowTill } from '../identity/till-key.ts';
import type { PushingTill } from '../ingest/stored-entries.ts';
import type { ObjectStore } from '../objects/port.ts';
import { makeRateLimit } from './rate-limit.ts';

export type BackupDeps = {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly sealer: Sealer;
  readonly objects: ObjectStore;
};

/** A shop of many years is some hundred MB, packed. */
const mostBytes = 2 * 1024 ** 3;
/** Long enough for a slow line. */
const linkSeconds = 3_600;
const mostLost = 200;

const number = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const says = z.object({
  keyId: z.string().regex(/^[0-9a-f]{16}$/),
  series: z.string().regex(/^[A-Z1-9][A-Z0-9]{1,3}$/),
  madeAtMs: number,
  journalSeq: number,
  schemaVersion: number,
});
const key = z.object({ keyId: z.string().regex(/^[0-9a-f]{16}$/), key: z.base64().length(44) });
const coded = z.object({ code: z.string().max(40) });
const seriesAsked = coded.extend({ candidates: z.array(z.string().regex(/^[A-Z1-9][A-Z0-9]{1,3}$/)).max(40) });

export function serveBackups(app: FastifyInstance, { pool, clock, sealer, objects }: BackupDeps): void {
  const tries = makeRateLimit(60, 2_000);
  const tillOf = async (request: FastifyRequest, reply: FastifyReply): Promise<PushingTill | null> => {
    const known = await knowTill(pool, request.headers.authorization, clock.now());
    if ('till' in known) return known.till;
    await reply.status(401).send({ message: 'This till is not enrolled here.', reason: known.refusal });
    return null;
  };
  const placeOf = async (request: FastifyRequest, reply: FastifyReply): Promise<RestorePlace | null> => {
    const waitMs = tries.take(request.ip, clock.now());
    if (waitMs > 0) {
      await reply
        .status(429)
        .header('retry-after', Math.ceil(waitMs / 1_000))
        .send({ message: 'too many' });
      return null;
    }
    const asked = coded.safeParse(request.body);
    const found = asked.success ? await placeOfRestoreCode(pool, asked.data.code, clock.now()) : 'codeUnknown';
    if (typeof found !== 'string') return found;
    await reply.status(403).send({ ok: false, reason: found });
    return null;
  };

  app.addContentTypeParser('application/x-billmitra-backup', (_request, payload, done) => done(null, payload));
  app.put('/v1/backups', async (request, reply) => {
    const till = await tillOf(request, reply);
    if (till === null) return reply;
    const asked = says.safeParse(request.query);
    const bytes = Number(request.headers['content-length']);
    if (!asked.success || !Number.isSafeInteger(bytes)) return reply.status(400).send({ message: 'not a backup' });
    if (bytes > mostBytes) return reply.status(413).send({ message: 'too large' });
    const backupId = randomUUID();
    const objectKey = backupKeyOf(till, asked.data.madeAtMs, backupId);
    await objects.put(objectKey, { stream: request.body as Readable, bytes });
    await recordBackup(pool, till, asked.data, { backupId, objectKey, bytes }, clock.now());
    return { backupId };
  });

  app.post('/v1/backups/key', async (request, reply) => {
    const till = await tillOf(request, reply);
    if (till === null) return reply;
    const asked = key.safeParse(request.body);
    if (!asked.success) return reply.status(400).send({ message: 'not a key' });
    const plain = { keyId: asked.data.keyId, key: Buffer.from(asked.data.key, 'base64') };
    await keepBackupKey(pool, sealer, till, plain, clock.now());
    return { done: true };
  });

  app.post('/v1/restore/open', async (request, reply) => {
    const place = await placeOf(request, reply);
    if (place === null) return reply;
    const [backups, keys] = [await listBackups(pool, place), await backupKeys(pool, sealer, place)];
    return reply.header('cache-control', 'no-store').send({
      ok: true,
      keys: keys.map((one) => ({ keyId: one.keyId, key: one.key.toString('base64') })),
      // Where it lies is nobody's business.
      backups: backups.map(({ backupId, keyId, madeAtMs, bytes, journalSeq }) => ({
        backupId,
        keyId,
        madeAtMs,
        bytes,
        journalSeq,
      })),
    });
  });

  app.post<{ readonly Params: { readonly backupId: string } }>(
    '/v1/restore/backups/:backupId',
    async (request, reply) => {
      const place = await placeOf(request, reply);
      if (place === null) return reply;
      const found = (await listBackups(pool, place)).find((one) => one.backupId === request.params.backupId);
      if (found === undefined) return reply.status(404).send({ message: 'There is no such backup.' });
      return reply
        .header('cache-control', 'no-store')
        .send({ link: await objects.presignGet(found.objectKey, linkSeconds) });
    },
  );

  app.post('/v1/restore/series', async (request, reply) => {
    const place = await placeOf(request, reply);
    if (place === null) return reply;
    const asked = seriesAsked.safeParse(request.body);
    if (!asked.success) return reply.status(400).send({ message: 'no candidates' });
    return { series: (await freeSeries(pool, place.tenantId, asked.data.candidates)) ?? '' };
  });

  app.get<{ readonly Querystring: { readonly after?: string } }>('/v1/restore/entries', async (request, reply) => {
    const till = await tillOf(request, reply);
    if (till === null) return reply;
    const after = number.safeParse(request.query.after);
    if (!after.success) return reply.status(400).send({ message: 'after is a number' });
    const entries = await lostEntries(pool, till, after.data, mostLost);
    return { entries, isMore: entries.length === mostLost };
  });
}
