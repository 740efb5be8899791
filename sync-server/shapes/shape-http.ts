/**
 * The Shape API over HTTP, as Electric speaks it (GET and DELETE /v1/shape, GET /v1/health), so that Electric's own
 * client can't tell the difference. Rule kept: what this server does not do it refuses with 400, never half does; a
 * place it can't serve any more is 409 must-refetch.
 */
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ShapeEngine } from './engine.ts';
import type { ShapeDefinition } from './messages.ts';
import { isAfter, type Offset, offsetText, parseOffset } from './offset.ts';
import type { ShapeLog } from './shape-log.ts';
import { schemaHeader } from './table-info.ts';
import { parseWhere } from './where.ts';

export type ShapeHttpOptions = {
  readonly engine: ShapeEngine;
  /** null: nobody has to know one. */
  readonly secret: string | null;
  readonly liveMs: number;
  readonly responseBytes: number;
  /** The answer is one caller's: no cache keeps it. */
  readonly isPrivate: boolean;
  /** DELETE /v1/shape, for tests. */
  readonly allowDelete: boolean;
  readonly nowMs: () => number;
};

type Query = Readonly<Record<string, string | undefined>>;
type Errors = Readonly<Record<string, readonly string[]>>;

const upToDate = (lsn: bigint): string =>
  JSON.stringify({ headers: { control: 'up-to-date', global_last_seen_lsn: String(lsn < 0n ? 0n : lsn) } });
const mustRefetch = '[{"headers":{"control":"must-refetch"}}]';

/** `schema.table`, either in double quotes. */
function parseTable(text: string): { schema: string; table: string } | null {
  const found = /^(?:(?:"([^"]+)"|([A-Za-z_]\w*))\.)?(?:"([^"]+)"|([A-Za-z_]\w*))$/.exec(text);
  if (found === null) return null;
  const [, quotedSchema, schema, quotedTable, table] = found;
  return {
    schema: quotedSchema ?? schema?.toLowerCase() ?? 'public',
    table: quotedTable ?? table?.toLowerCase() ?? '',
  };
}

const splitColumns = (text: string): string[] =>
  [...text.matchAll(/"((?:[^"]|"")+)"|([^",]+)/g)].map(
    ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare?.trim() ?? '',
  );

/** Parameters as `params[1]=…` or as one JSON object. */
function paramsOf(query: Query): Record<string, string> {
  const params: Record<string, string> = {};
  for (const [name, value] of Object.entries(query)) {
    const at = /^params\[(\d+)\]$/.exec(name)?.[1];
    if (at !== undefined && value !== undefined) params[at] = value;
  }
  const json = query['params'];
  if (json === undefined) return params;
  try {
    const read: unknown = JSON.parse(json);
    return { ...params, ...(read as Record<string, string>) };
  } catch {
    // Not JSON: as if there were none; the where-clause that needs one says so.
    return params;
  }
}

function definitionOf(query: Query): { definition: ShapeDefinition } | { errors: Errors } {
  const table = parseTable(query['table'] ?? '');
  if (table === null) return { errors: { table: ["can't be blank or is not a table's name"] } };
  const where = query['where'] === undefined ? null : parseWhere(query['where'], paramsOf(query));
  if (where !== null && !where.ok) return { errors: { where: [where.error] } };
  for (const name of [
    'live_sse',
    'experimental_live_sse',
    'log',
    'subset__where',
    'subset__limit',
    'subset__order_by',
  ]) {
    const value = query[name];
    if (value !== undefined && value !== 'false' && value !== 'full') {
      return { errors: { [name]: ['is not served by the embedded shape server'] } };
    }
  }
  const replica = query['replica'] ?? 'default';
  if (replica !== 'default' && replica !== 'full') return { errors: { replica: ['is invalid'] } };
  const columns = query['columns'] === undefined ? null : splitColumns(query['columns']);
  return { definition: { ...table, columns, conditions: where === null ? [] : where.value, replica } };
}

const refuse = (reply: FastifyReply, errors: Errors): FastifyReply =>
  reply
    .status(400)
    .headers({ 'cache-control': 'no-store', 'surrogate-control': 'no-store' })
    .send({ message: 'Invalid request', errors });

const notReady = (reply: FastifyReply): FastifyReply =>
  reply.status(503).headers({ 'retry-after': '1', 'cache-control': 'no-store' }).send({ message: 'not ready' });

export type AnswerShape = (definition: ShapeDefinition, query: Query, reply: FastifyReply) => Promise<FastifyReply>;

/** Answers protocol parameters (offset, handle, live, cursor) for a definition that somebody has fixed. */
export function makeShapeAnswer(options: Omit<ShapeHttpOptions, 'secret' | 'allowDelete'>): AnswerShape {
  const { engine } = options;
  const refetch = (reply: FastifyReply, handle: string | null): FastifyReply => {
    const age = handle === null ? 1 : 60;
    reply.status(409).headers({ 'cache-control': `public, max-age=${age}, must-revalidate` });
    if (handle !== null) reply.header('electric-handle', handle);
    return reply.type('application/json').send(mustRefetch);
  };

  return async (definition, query, reply) => {
    if (!engine.isActive()) return notReady(reply);
    const text = query['offset'];
    if (text === undefined) return refuse(reply, { offset: ["can't be blank"] });
    const isLive = query['live'] === 'true';
    const isStart = text === '-1' || text === 'now';
    if (isLive && isStart) return refuse(reply, { live: ["can't be true when offset == -1 or now"] });
    const given = text === 'now' ? null : parseOffset(text);
    if (text !== 'now' && given === null) return refuse(reply, { offset: ['has invalid format'] });
    const handle = query['handle'];
    if (!isStart && (handle === undefined || handle === '')) {
      return refuse(reply, { handle: ["can't be blank when offset != -1"] });
    }
    const made = await engine.shape(definition);
    if (!made.ok) return refuse(reply, { [made.error.field]: [made.error.message] });
    const shape = made.value;
    if (!isStart && handle !== shape.handle) return refetch(reply, shape.handle);
    return answer(shape, given ?? shape.last(), isLive, text === 'now', query, reply);
  };

  async function answer(
    shape: ShapeLog,
    after: Offset,
    isLive: boolean,
    isNow: boolean,
    query: Query,
    reply: FastifyReply,
  ): Promise<FastifyReply> {
    if (isAfter(after, shape.last())) {
      // A place that another server of ours may have given: it may still come. Held a moment, then it is none of ours.
      await shape.waitForMore(Math.min(options.liveMs, 1_000), AbortSignal.timeout(10_000));
      if (isAfter(after, shape.last())) return refuse(reply, { offset: ['out of bounds for this shape'] });
    }
    if (isLive && !isAfter(shape.last(), after)) {
      const gone = new AbortController();
      // The answer's own end, not the request's: that one has long been read.
      reply.raw.once('close', () => gone.abort());
      await shape.waitForMore(options.liveMs, gone.signal);
    }
    if (shape.isEnded()) {
      if (!engine.isActive()) return notReady(reply);
      const next = await engine.shape(shape.definition);
      return refetch(reply, next.ok ? next.value.handle : null);
    }
    const part = isNow
      ? { body: '', offset: shape.last(), isLast: true }
      : await shape.read(after, options.responseBytes);
    const messages = [part.body, part.isLast ? upToDate(part.offset.lsn) : ''].filter((one) => one !== '');
    const etag = `"${shape.handle}:${offsetText(after)}:${offsetText(part.offset)}"`;
    const isFirst = after.lsn < 0n;
    // A long poll's empty answer is news each time: nobody has it yet.
    if (!(isLive && part.body === '') && hasTag(reply.request.headers['if-none-match'], etag)) {
      return reply.status(304).headers({ etag, 'electric-handle': shape.handle }).send();
    }
    reply.headers({
      'electric-handle': shape.handle,
      'electric-offset': offsetText(part.offset),
      'electric-has-data': String(part.body !== ''),
      'cache-control': options.isPrivate
        ? 'private, no-store'
        : isLive
          ? 'public, max-age=5, stale-while-revalidate=5'
          : isFirst
            ? 'public, max-age=604800, s-maxage=3600, stale-while-revalidate=2629746'
            : 'public, max-age=60, stale-while-revalidate=300',
      etag,
      'access-control-allow-origin': '*',
      'access-control-expose-headers': '*',
    });
    if (part.isLast) reply.header('electric-up-to-date', '');
    if (isLive) reply.header('electric-cursor', nextCursor(options.nowMs(), query['cursor']));
    else reply.header('electric-schema', schemaHeader(shape.info, shape.definition.columns));
    return reply.type('application/json').send(`[${messages.join(',\n')}]`);
  }
}

const hasTag = (header: string | undefined, etag: string): boolean =>
  header?.split(',').some((one) => one.trim().replace(/^W\//, '') === etag) ?? false;

/** Whole intervals of 20 s since a fixed day, never the one that was sent: caches then serve one answer to many. */
function nextCursor(nowMs: number, sent: string | undefined): string {
  const seconds = Math.floor((nowMs - Date.UTC(2024, 9, 9)) / 1000);
  const cursor = Math.floor(seconds / 20) * 20 + 20;
  const salt = createHash('sha256').update(String(sent)).digest().readUInt16BE(0);
  return String(sent !== undefined && Number(sent) >= cursor ? Number(sent) + 20 + (salt % 3_600) : cursor);
}

/** The API as it is: any table, any definition. Inside only: what a till may have is sync-shapes.ts's to say. */
export function serveShapes(app: FastifyInstance, options: ShapeHttpOptions): void {
  const { engine } = options;
  const answerShape = makeShapeAnswer(options);
  app.get('/v1/health', (_request, reply) =>
    reply.status(engine.isActive() ? 200 : 202).send({ status: engine.isActive() ? 'active' : 'starting' }),
  );
  app.get('/v1/shape', async (request, reply) => {
    const query = request.query as Query;
    if (options.secret !== null && query['secret'] !== options.secret && query['api_secret'] !== options.secret) {
      return reply.status(401).send({ message: 'Unauthorized - Invalid API secret' });
    }
    const asked = definitionOf(query);
    return 'errors' in asked ? refuse(reply, asked.errors) : answerShape(asked.definition, query, reply);
  });
  app.options('/v1/shape', (_request, reply) =>
    reply
      .status(204)
      .headers({
        'access-control-allow-origin': '*',
        'access-control-allow-methods': 'GET, HEAD, DELETE, OPTIONS',
        'access-control-allow-headers': 'if-none-match',
        'access-control-expose-headers': '*',
      })
      .send(),
  );
  app.delete('/v1/shape', async (request, reply) => {
    if (!options.allowDelete) return reply.status(405).send({ message: 'DELETE not allowed' });
    const query = request.query as Query;
    const byHandle = query['handle'];
    if (byHandle !== undefined) return reply.status(engine.remove(byHandle) ? 202 : 404).send();
    const asked = definitionOf(query);
    if ('errors' in asked) return refuse(reply, asked.errors);
    const found = await engine.find(asked.definition);
    return reply.status(found !== null && engine.remove(found.handle) ? 202 : 404).send();
  });
}
