/**
 * Models to tills, and what tills make of them. Rule kept: who asks is a till that is enrolled, and it gets links to its own
 * organisation's releases only; the link opens one file for an hour; figures come in without names.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import { Counter, type Registry } from 'prom-client';
import { type ModelFacts, modelVerdicts } from '#contract/sync.ts';
import { isUuid } from '#core/ids.ts';
import type { Clock } from '#core/time.ts';
import { publicKeyOf } from '#ml/registry/signature.ts';
import { signingKey } from '../forecast/model-keys.ts';
import { isReleaseFile } from '../forecast/release.ts';
import { clusterName } from '../forecast/store-features.ts';
import { takeVerdicts } from '../forecast/verdicts.ts';
import type { Sealer } from '../identity/seal.ts';
import { knowTill } from '../identity/till-key.ts';
import type { PushingTill } from '../ingest/stored-entries.ts';
import type { ObjectStore } from '../objects/port.ts';
import { inTenant } from '../postgres/in-tenant.ts';

/** A slow line takes its time for some MB. */
const linkSeconds = 3_600;

export type ModelRouteDeps = {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly sealer: Sealer;
  readonly objects: ObjectStore;
  readonly register?: Registry | undefined;
  /** Shops ask for a new model. */
  readonly onDrift?: (() => void) | undefined;
};

type Asked = { readonly Params: { readonly modelId: string; readonly file: string } };

export function serveModels(app: FastifyInstance, deps: ModelRouteDeps): void {
  const { pool, clock, sealer, objects } = deps;
  const registers = deps.register === undefined ? [] : [deps.register];
  const told = new Counter({
    name: 'billmitra_model_verdicts_total',
    help: 'What tills said of released models',
    labelNames: ['what'],
    registers,
  });
  const gone = new Counter({
    name: 'billmitra_models_withdrawn_total',
    help: 'Releases withdrawn because shops refused them',
    registers,
  });
  const tillOf = async (request: FastifyRequest, reply: FastifyReply): Promise<PushingTill | null> => {
    const known = await knowTill(pool, request.headers.authorization, clock.now());
    if ('till' in known) return known.till;
    await reply.status(401).send({ message: 'This till is not enrolled here.', reason: known.refusal });
    return null;
  };

  app.get('/v1/sync/models/key', async (request, reply) => {
    const till = await tillOf(request, reply);
    if (till === null) return reply;
    const { seed } = await signingKey(pool, sealer, till.tenantId, clock.now());
    return { publicKey: publicKeyOf(seed) };
  });

  app.get<Asked>('/v1/sync/models/:modelId/:file', async (request, reply) => {
    const till = await tillOf(request, reply);
    if (till === null) return reply;
    const { modelId, file } = request.params;
    const isFile = isReleaseFile(file);
    const found =
      (isFile || file === 'facts') && isUuid(modelId)
        ? await inTenant(pool, till.tenantId, (on) =>
            on.query<{ prefix: string; cluster: string | null }>(
              `SELECT prefix, clusters->>$2 AS cluster FROM model_release
               WHERE model_id = $1 AND withdrawn_at_ms IS NULL`,
              [modelId, till.storeId],
            ),
          )
        : null;
    const row = found?.rows[0];
    if (row === undefined) return reply.status(404).send({ message: 'There is no such model.' });
    if (!isFile) {
      const facts: ModelFacts = row.cluster === null ? {} : { [clusterName]: Number(row.cluster) };
      return reply.header('cache-control', 'no-store').send({ facts });
    }
    const { prefix } = row;
    return reply
      .header('cache-control', 'no-store')
      .send({ link: await objects.presignGet(`${prefix}/${file}`, linkSeconds) });
  });

  app.post('/v1/sync/model-verdicts', async (request, reply) => {
    const till = await tillOf(request, reply);
    if (till === null) return reply;
    const said = modelVerdicts.safeParse(request.body);
    if (!said.success) return reply.status(400).send({ message: said.error.issues[0]?.message ?? 'no verdicts' });
    const { withdrawn, isAsked } = await takeVerdicts(pool, till, said.data, clock.now());
    for (const { what } of said.data.verdicts) told.inc({ what });
    gone.inc(withdrawn.length);
    if (isAsked) deps.onDrift?.();
    return { done: true };
  });
}
