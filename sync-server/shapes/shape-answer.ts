/**
 * Answers a place in a shape that somebody has defined: a piece of its log, what is new, or must-refetch, with the
 * headers that Electric's client and caches go by. Rule kept: a place that can't be served any more is 409; nothing is
 * called up to date that was not read to its end; a private answer no cache may keep.
 */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';
import type { ShapeEngine } from './engine.ts';
import type { ShapeDefinition } from './messages.ts';
import { isAfter, type Offset, offsetText } from './offset.ts';
import type { ShapeLog } from './shape-log.ts';
import { type Errors, placeOf, type Query, type ShapePlace } from './shape-query.ts';
import { streamShape, upToDate } from './shape-sse.ts';
import type { Subset } from './subset.ts';
import { schemaHeader } from './table-info.ts';

export type AnswerOptions = {
  readonly engine: ShapeEngine;
  readonly liveMs: number;
  readonly responseBytes: number;
  /** The answer is one caller's: no cache keeps it. */
  readonly isPrivate: boolean;
  /** The answer to a POST is nobody else's either, but no secret. */
  readonly isUncached?: boolean | undefined;
  readonly nowMs: () => number;
  /** A long poll that has news waits so long for what is committed with it; 0 by itself. */
  readonly gatherMs?: number | undefined;
  /** Seconds that a cache may keep a catch-up, and may still serve it while it asks anew. */
  readonly maxAgeS?: number | undefined;
  readonly staleAgeS?: number | undefined;
};

export type AnswerShape = (definition: ShapeDefinition, query: Query, reply: FastifyReply) => Promise<FastifyReply>;

/** Electric's own: a stream of events and the comment that keeps it open. */
const [sseMs, keepAliveMs] = [60_000, 21_000];
/** A place that another server of ours may have given may still come. */
const foreignPlaceMs = 10_000;

export const refuse = (reply: FastifyReply, errors: Errors): FastifyReply =>
  reply
    .status(400)
    .headers({ 'cache-control': 'no-store', 'surrogate-control': 'no-store' })
    .send({ message: 'Invalid request', errors });

const notReady = (reply: FastifyReply, message = 'not ready'): FastifyReply =>
  reply
    .status(503)
    .headers({ 'retry-after': '1', 'cache-control': 'no-store', 'surrogate-control': 'no-store' })
    .send({ message });

function refetch(reply: FastifyReply, handle: string | null): FastifyReply {
  const age = handle === null ? 1 : 60;
  reply.status(409).headers({ 'cache-control': `public, max-age=${age}, must-revalidate` });
  if (handle !== null) reply.header('electric-handle', handle);
  return reply.type('application/json').send('[{"headers":{"control":"must-refetch"}}]');
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

/** The shape that is asked, and the place in it; or what was answered instead. */
async function openShape(engine: ShapeEngine, definition: ShapeDefinition, query: Query, reply: FastifyReply) {
  if (!engine.isActive()) return { answered: notReady(reply) };
  const place = placeOf(query);
  if ('errors' in place) return { answered: refuse(reply, place.errors) };
  const made = await engine.shape(definition);
  // Nobody's fault who asks: a migration has it to publish.
  if (!made.ok && made.error.field === 'publication') return { answered: notReady(reply, made.error.message) };
  if (!made.ok) return { answered: refuse(reply, { [made.error.field]: [made.error.message] }) };
  const shape = made.value;
  const isOther = place.handle !== null && place.handle !== shape.handle;
  return isOther ? { answered: refetch(reply, shape.handle) } : { shape, place };
}

/** Answers protocol parameters (offset, handle, live, cursor) for a definition that somebody has fixed. */
export function makeShapeAnswer(options: AnswerOptions): AnswerShape {
  const { engine, isPrivate, maxAgeS = 60, staleAgeS = 300 } = options;

  return async (definition, query, reply) => {
    const opened = await openShape(engine, definition, query, reply);
    return 'answered' in opened ? opened.answered : answer(opened.shape, opened.place, query, reply);
  };

  function cachingOf({ after, isLive, isSse }: ShapePlace): string {
    if (isPrivate) return 'private, no-store';
    if (options.isUncached === true) return 'no-cache';
    if (isSse) return `public, max-age=${sseMs / 1000 - 1}`;
    if (isLive) return 'public, max-age=5, stale-while-revalidate=5';
    return after !== null && after.lsn < 0n
      ? 'public, max-age=604800, s-maxage=3600, stale-while-revalidate=2629746'
      : `public, max-age=${maxAgeS}, stale-while-revalidate=${staleAgeS}`;
  }

  /** Beyond what was written: it may be a place of all shapes (global_last_seen_lsn), or one still to come. */
  function isBeyond(shape: ShapeLog, after: Offset): boolean {
    return isAfter(after, shape.last()) && after.lsn > engine.lastSeen();
  }

  async function answer(shape: ShapeLog, place: ShapePlace, query: Query, reply: FastifyReply): Promise<FastifyReply> {
    const { isLive, isSse } = place;
    const after = place.after ?? shape.last();
    const gone = new AbortController();
    // The answer's own end, not the request's: that one has long been read.
    reply.raw.once('close', () => gone.abort());
    const untilMs = options.nowMs() + Math.min(options.liveMs, foreignPlaceMs);
    while (isBeyond(shape, after) && options.nowMs() < untilMs && !shape.isEnded()) {
      await shape.waitForMore(100, gone.signal);
    }
    if (isBeyond(shape, after) && !shape.isEnded()) return refuse(reply, { offset: ['out of bounds for this shape'] });
    if (isLive && !isSse && !shape.hasAfter(after)) {
      await shape.waitForMore(options.liveMs, gone.signal);
      if (options.gatherMs !== undefined && shape.hasAfter(after)) await sleep(options.gatherMs);
    }
    if (shape.isEnded()) {
      if (!engine.isActive()) return notReady(reply);
      const next = await engine.shape(shape.definition);
      return refetch(reply, next.ok ? next.value.handle : null);
    }
    reply.headers({ 'electric-handle': shape.handle, 'cache-control': cachingOf(place) });
    if (isLive) reply.header('electric-cursor', nextCursor(options.nowMs(), query['cursor']));
    else reply.header('electric-schema', schemaHeader(shape.info, shape.definition.columns));
    if (isSse) {
      reply.header('electric-offset', offsetText(after));
      return streamShape(shape, after, { ...options, sseMs, keepAliveMs }, reply);
    }
    const seen = engine.lastSeen();
    const part =
      place.after === null ? { body: '', offset: after, isLast: true } : await shape.read(after, options.responseBytes);
    const messages = [part.body, part.isLast ? upToDate(seen) : ''].filter((one) => one !== '');
    // A long poll's empty answer is news each time: nobody has it yet.
    const isNews = isLive && part.body === '' ? `:${process.hrtime.bigint()}` : '';
    const etag = `"${shape.handle}:${query['offset']}:${offsetText(part.offset)}${isNews}"`;
    reply.headers({ etag, 'electric-offset': offsetText(part.offset) });
    if (part.isLast) reply.header('electric-up-to-date', '');
    if (hasTag(reply.request.headers['if-none-match'], etag)) return reply.status(304).send();
    reply.header('electric-has-data', String(part.body !== ''));
    return reply.type('application/json').send(`[${messages.join(',\n')}]`);
  }
}

/** Answers a part of a shape's rows; never cached. */
export async function answerSubset(
  engine: ShapeEngine,
  definition: ShapeDefinition,
  subset: Subset,
  query: Query,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const opened = await openShape(engine, definition, query, reply);
  if ('answered' in opened) return opened.answered;
  const { shape, place } = opened;
  // Where the caller stands; from now on where it stands now, so that nothing between is missed.
  const offset = place.after === null ? offsetText(shape.last()) : (query['offset'] ?? '');
  const taken = await engine.subset(definition, subset);
  if (!taken.ok) return refuse(reply, { subset: { [taken.error.field]: [taken.error.message] } } as unknown as Errors);
  reply.headers({
    'cache-control': 'no-cache',
    'electric-snapshot': 'true',
    'electric-offset': offset,
    'electric-handle': shape.handle,
    'electric-schema': schemaHeader(shape.info, shape.definition.columns),
  });
  return reply.type('application/json').send(taken.value);
}
