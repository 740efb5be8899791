/**
 * A live shape as a stream of events: each message one event, an up-to-date after what was new, a comment now and then
 * so that nobody on the way hangs up. Rule kept: it ends by itself before a cache or proxy would end it, and with the
 * shape; the client's next request is then answered must-refetch, as Electric does it.
 */
import { once } from 'node:events';
import type { FastifyReply } from 'fastify';
import type { ShapeEngine } from './engine.ts';
import type { Offset } from './offset.ts';
import type { ShapeLog } from './shape-log.ts';

export type SseOptions = {
  readonly engine: Pick<ShapeEngine, 'lastSeen'>;
  readonly nowMs: () => number;
  readonly responseBytes: number;
  readonly sseMs: number;
  readonly keepAliveMs: number;
};

export const upToDate = (lsn: bigint): string =>
  JSON.stringify({ headers: { control: 'up-to-date', global_last_seen_lsn: String(lsn) } });

const event = (message: string): string => `data: ${message}\n\n`;

/** The caller has set the headers. */
export async function streamShape(
  shape: ShapeLog,
  from: Offset,
  options: SseOptions,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { engine, nowMs, sseMs, keepAliveMs } = options;
  const wire = reply.raw;
  const gone = new AbortController();
  wire.once('close', () => gone.abort());
  reply.hijack();
  wire.writeHead(200, { ...(reply.getHeaders() as Record<string, string>), 'content-type': 'text/event-stream' });
  wire.flushHeaders();
  const send = async (text: string): Promise<void> => {
    if (wire.write(text) || gone.signal.aborted) return;
    await once(wire, 'drain', { signal: gone.signal }).catch(() => undefined);
  };
  const endMs = nowMs() + sseMs;
  let at = from;
  let said = nowMs();
  while (!gone.signal.aborted && !shape.isEnded() && nowMs() < endMs) {
    if (shape.hasAfter(at)) {
      const seen = engine.lastSeen();
      const part = await shape.read(at, options.responseBytes);
      at = part.offset;
      // No message holds a line break of its own.
      await send(part.body.split(',\n').map(event).join('') + (part.isLast ? event(upToDate(seen)) : ''));
      said = nowMs();
      continue;
    }
    await shape.waitForMore(Math.max(1, Math.min(said + keepAliveMs, endMs) - nowMs()), gone.signal);
    if (nowMs() - said < keepAliveMs || gone.signal.aborted) continue;
    await send(': keep-alive\n\n');
    said = nowMs();
  }
  wire.end();
  return reply;
}
