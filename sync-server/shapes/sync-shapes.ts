/**
 * The shapes that a till may follow, by name. Rule kept: the server fixes table, columns and where from who asks; of a
 * till's request only protocol parameters count. A shape is a line here, a small one a line in contract/sent-shapes.ts.
 * What one tenant gets no cache may give another.
 */
import type { FastifyInstance } from 'fastify';
import type { Pool } from 'pg';
import { z } from 'zod';
import { findItem } from '../catalogue/ask-item.ts';
import { auditCatalogue } from '../catalogue/audit.ts';
import { knowTill } from '../identity/till-key.ts';
import type { Clock } from '#core/time.ts';
import type { PushingTill } from '../ingest/stored-entries.ts';
import type { MendDesk } from './mend-desk.ts';
import type { ShapeDefinition } from './messages.ts';
import { sentShapeDefinitions, serveRowAudits } from './sent-rows.ts';
import type { AnswerShape } from './shape-answer.ts';

const ofStore =
  (table: string, columns: readonly string[]) =>
  (till: PushingTill): ShapeDefinition => ({
    schema: 'public',
    table,
    columns,
    // A shop brings its store's id along, so another organisation may have the same one: both are asked.
    conditions: [
      { column: 'store_id', values: [till.storeId] },
      { column: 'tenant_id', values: [till.tenantId] },
    ],
    replica: 'default',
  });

export const syncShapes: Readonly<Record<string, (till: PushingTill) => ShapeDefinition>> = {
  catalogue: ofStore('store_item', ['tenant_id', 'store_id', 'item_id', 'item']),
  publications: ofStore('store_publication', [
    'tenant_id',
    'store_id',
    'publication_id',
    'published_at_ms',
    'effective_at_ms',
    'row_count',
    'hash',
  ]),
  transfers: ofStore('store_transfer', ['tenant_id', 'store_id', 'transfer_id', 'events']),
  /** All stores of the organisation: who goods can go to, and what a challan must say of them. Whole rows each time. */
  stores: (till) => ({
    ...ofStore('store_facts', ['tenant_id', 'store_id', 'name', 'trade_name', 'address', 'state_code', 'gstin'])(till),
    conditions: [{ column: 'tenant_id', values: [till.tenantId] }],
    replica: 'full',
  }),
  publicationRows: ofStore('store_publication_row', ['tenant_id', 'store_id', 'publication_id', 'item_id', 'change']),
  ...sentShapeDefinitions,
};

const protocol = ['offset', 'handle', 'live', 'cursor'] as const;

/** Which of them a definition is, whoever asked for it; null: none. */
export const shapeNameOf = (definition: ShapeDefinition): string | null => {
  const found = (column: string) => definition.conditions.find((one) => one.column === column)?.values[0] ?? '';
  const till = { tenantId: found('tenant_id'), storeId: found('store_id'), tillId: '' };
  for (const [name, define] of Object.entries(syncShapes)) {
    const { table, conditions } = define(till);
    const ofShape = conditions.find(({ column }) => column === 'shape')?.values[0];
    if (table === definition.table && (ofShape === undefined || ofShape === found('shape'))) return name;
  }
  return null;
};

export type SyncShapesDeps = {
  readonly pool: Pool;
  readonly answerShape: AnswerShape;
  readonly clock: Clock;
  readonly mends?: MendDesk | undefined;
};

export function serveSyncShapes(app: FastifyInstance, { pool, answerShape, clock, mends }: SyncShapesDeps): void {
  app.get<{ Params: { name: string } }>('/v1/sync/shape/:name', async (request, reply) => {
    const known = await knowTill(pool, request.headers.authorization, clock.now());
    if ('refusal' in known) {
      return reply.status(401).send({ message: 'This till is not enrolled here.', reason: known.refusal });
    }
    const { till } = known;
    const define = Object.hasOwn(syncShapes, request.params.name) ? syncShapes[request.params.name] : undefined;
    if (define === undefined) return reply.status(404).send({ message: 'There is no such shape.' });
    const asked = request.query as Readonly<Record<string, string | undefined>>;
    const query = Object.fromEntries(protocol.map((name) => [name, asked[name]]));
    reply.headers({ vary: 'Authorization' });
    return answerShape(define(till), query, reply);
  });
  app.post<{ Params: { name: string } }>('/v1/sync/audit/:name/differs', async (request, reply) => {
    const known = await knowTill(pool, request.headers.authorization, clock.now());
    if ('refusal' in known) {
      return reply.status(401).send({ message: 'This till is not enrolled here.', reason: known.refusal });
    }
    const { name } = request.params;
    const define = Object.hasOwn(syncShapes, name) ? syncShapes[name] : undefined;
    if (define === undefined || mends === undefined) return reply.status(404).send({ message: 'Nobody looks.' });
    return mends.look(name, define(known.till), known.till.tillId);
  });
  app.get('/v1/sync/audit/catalogue', async (request, reply) => {
    const known = await knowTill(pool, request.headers.authorization, clock.now());
    if ('refusal' in known) {
      return reply.status(401).send({ message: 'This till is not enrolled here.', reason: known.refusal });
    }
    return auditCatalogue(pool, known.till);
  });
  serveRowAudits(app, pool, clock);
  const asked = z.object({ code: z.union([z.string(), z.array(z.string()).max(4)]) });
  app.get('/v1/sync/item', async (request, reply) => {
    const known = await knowTill(pool, request.headers.authorization, clock.now());
    if ('refusal' in known) {
      return reply.status(401).send({ message: 'This till is not enrolled here.', reason: known.refusal });
    }
    const read = asked.safeParse(request.query);
    const codes = read.success ? [read.data.code].flat().filter((code) => code !== '' && code.length <= 100) : [];
    if (codes.length === 0) return reply.status(400).send({ message: 'Which code?' });
    return { item: await findItem(pool, known.till, codes, clock.now()) };
  });
}
