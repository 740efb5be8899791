/**
 * Today's sums as server-sent events: the whole view at once, then with each push that has committed. Rule kept: each
 * event is read in a transaction of the person who looks, after the sign-in is looked at again: who is signed out
 * hears nothing more. One event at a time; a slow browser skips some and misses none of the figures.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { inCaller } from '../identity/caller.ts';
import type { DayFeed } from '../office/day-feed.ts';
import { readToday } from '../office/today.ts';
import { admit, type OfficeDeps, refuse } from './serve-calls.ts';

const breathMs = 20_000;
const everybody = ['chain', 'region', 'store'] as const;

export function serveTodayFeed(app: FastifyInstance, deps: OfficeDeps, dayFeed: DayFeed, path: string): void {
  const open = new Set<() => void>();
  // A feed never ends by itself: a server that stops would wait for it.
  app.addHook('preClose', async () => {
    for (const end of open) end();
  });
  // An EventSource can send no header of ours; the cookies are SameSite=Strict and nothing is changed here.
  app.get(path, async (request: FastifyRequest, reply) => {
    const first = await admit(deps, request, everybody);
    if (!first.ok) return refuse(reply, first.error);
    const { raw } = reply;
    reply.hijack();
    raw.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      // Its wire is of no further use: a server that stops would wait for it to fall idle.
      connection: 'close',
    });
    let isBusy = false;
    let isWanted = false;
    let isOver = false;
    const send = async (): Promise<void> => {
      const unlimited = { ...deps, limit: { take: () => 0 } };
      const caller = await admit(unlimited, request, everybody);
      if (!caller.ok) return end();
      const view = await inCaller(deps.pool, caller.value, (on) => readToday(on, deps.clock.now()));
      if (!isOver) raw.write(`data: ${JSON.stringify(view)}\n\n`);
    };
    const next = (): void => {
      isWanted = true;
      if (isBusy || isOver) return;
      isBusy = true;
      isWanted = false;
      void send()
        // The browser opens it again; what it shows is then read anew.
        .catch(end)
        .finally(() => {
          isBusy = false;
          if (isWanted && !isOver) next();
        });
    };
    const unlisten = dayFeed.listen(first.value.tenantId, next);
    const breath = setInterval(() => raw.write(': \n\n'), breathMs);
    breath.unref();
    const untilMs = Math.max(0, first.value.untilMs - deps.clock.now());
    const last = setTimeout(() => end(), untilMs);
    last.unref();
    function end(): void {
      if (isOver) return;
      isOver = true;
      open.delete(end);
      unlisten();
      clearInterval(breath);
      clearTimeout(last);
      raw.end();
    }
    open.add(end);
    raw.once('close', end);
    next();
    return reply;
  });
}
