/**
 * The gatekeeper before a real Electric: a shape that somebody has fixed, asked of ELECTRIC_URL. Rule kept: of the
 * caller only protocol parameters travel; status, body and headers come back as they are, but for encoding and length
 * (both are this hop's own) and for caching, which is one caller's. The secret travels in one direction only.
 */
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { ShapeDefinition } from './messages.ts';
import type { AnswerShape } from './shape-answer.ts';

export type ElectricOptions = { readonly url: string; readonly secret: string | null };

const protocol = ['offset', 'handle', 'live', 'cursor'] as const;
/** A long poll is held for 20 s over there. */
const waitMs = 60_000;
const ofThisHop: ReadonlySet<string> = new Set([
  'content-encoding',
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'cache-control',
  'vary',
]);
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** As query parameters: table, columns, where with numbered parameters. */
export function electricQuery(definition: ShapeDefinition): Readonly<Record<string, string>> {
  const { schema, table, columns, conditions, filter, log, replica } = definition;
  // A named shape has neither; left out, the one would give rows that nobody allowed.
  if (filter !== undefined || log !== undefined) throw new Error('only indexed conditions go to Electric');
  const params: Record<string, string> = {};
  const place = (value: string): string => {
    const n = Object.keys(params).length + 1;
    params[`params[${n}]`] = value;
    return `$${n}`;
  };
  const where = conditions.map(({ column, values }) => {
    const places = values.map(place);
    return places.length === 1 ? `${quoted(column)} = ${places[0]}` : `${quoted(column)} IN (${places.join(', ')})`;
  });
  return {
    table: `${quoted(schema)}.${quoted(table)}`,
    ...(columns === null ? {} : { columns: columns.map(quoted).join(',') }),
    ...(where.length === 0 ? {} : { where: where.join(' AND '), ...params }),
    ...(replica === 'full' ? { replica } : {}),
  };
}

/** `stopping`: who waits for news is told at once to come again. */
export function makeElectricAnswer({ url, secret }: ElectricOptions, stopping?: AbortSignal): AnswerShape {
  return async (definition, query, reply) => {
    const asked = new URL('/v1/shape', url);
    const own = { ...electricQuery(definition), ...(secret === null ? {} : { secret }) };
    for (const [name, value] of Object.entries(own)) asked.searchParams.set(name, value);
    for (const name of protocol) {
      const value = query[name];
      if (value !== undefined) asked.searchParams.set(name, value);
    }
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    const known = reply.request.headers['if-none-match'];
    reply.header('vary', 'Authorization');
    const end = (): void => gone.abort();
    stopping?.addEventListener('abort', end, { once: true });
    if (stopping?.aborted === true) end();
    let response: Response;
    try {
      response = await fetch(asked, {
        headers: known === undefined ? {} : { 'if-none-match': known },
        signal: AbortSignal.any([gone.signal, AbortSignal.timeout(waitMs)]),
      });
    } catch {
      // Not there, or too slow: the client asks again by itself. What fetch says would name the secret's address.
      reply.headers({ 'retry-after': '5', 'cache-control': 'no-store' });
      return reply.status(503).send({ message: 'the shape server is not reached' });
    } finally {
      // An answer that has begun is brought to its end.
      stopping?.removeEventListener('abort', end);
    }
    reply.status(response.status);
    for (const [name, value] of response.headers) if (!ofThisHop.has(name)) reply.header(name, value);
    const age = response.headers.get('cache-control') ?? 'no-store';
    reply.header('cache-control', age.replace(/\bpublic\b/, 'private').replace(/,?\s*s-maxage=\d+/, ''));
    return reply.send(response.body === null ? null : Readable.fromWeb(response.body as ReadableStream));
  };
}
