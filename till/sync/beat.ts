/**
 * A word to head office now and then from a till that sells nothing: that it is there, what waits, which version it is;
 * and what head office is by now: a server that came back from a copy is heard of within a minute, not with the next
 * bill. Rule kept: it judges nothing that a push under way may have changed; like a push it only ever asks for sending
 * again.
 */
import { z } from 'zod';
import type { TillBeat } from '#contract/sync.ts';
import { placeAfter, type ToldPlace } from './push-steps.ts';
import type { SyncServer } from './till-access.ts';

export type BeatDeps = {
  readonly server: SyncServer;
  readonly says: () => TillBeat;
  /** Nothing is under way to head office. */
  readonly isQuiet: () => boolean;
  readonly sentThrough: () => number;
  readonly keptEpoch: () => string | null;
  readonly sendAgainAfter: (throughSeq: number) => void;
  readonly heard: (place: ToldPlace) => void;
  readonly later: (work: () => void, ms: number) => () => void;
  /** 0 ≤ x < 1: many tills don't speak at one moment. */
  readonly random: () => number;
  readonly onFault: (error: unknown) => void;
  readonly everyMs?: number | undefined;
};

const minuteMs = 60_000;
const firstMs = 5_000;
const patienceMs = 15_000;
const reply = z.object({ epoch: z.string(), throughSeq: z.int().min(0) });

/** null: nobody there, or not head office. */
async function tell(server: SyncServer, beat: TillBeat, signal: AbortSignal): Promise<ToldPlace | null> {
  try {
    const response = await server.fetch(new URL('/v1/sync/beat', server.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(beat),
      signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]),
    });
    return response.ok ? (reply.safeParse(await response.json()).data ?? null) : null;
  } catch {
    // No network: the next beat, or the next bill, tries again.
    return null;
  }
}

/** Answers how to stop. */
export function startBeat(deps: BeatDeps): () => void {
  const stopping = new AbortController();
  let forget: () => void = () => undefined;
  async function beat(): Promise<void> {
    const sent = deps.sentThrough();
    const wasQuiet = deps.isQuiet();
    const told = await tell(deps.server, deps.says(), stopping.signal);
    if (stopping.signal.aborted || told === null) return;
    if (!wasQuiet || !deps.isQuiet() || deps.sentThrough() !== sent) return;
    const reached = placeAfter(sent, told, deps.keptEpoch());
    // A new epoch is kept after what it asks for: died between, it only asks again.
    if (reached < sent) deps.sendAgainAfter(reached);
    deps.heard(told);
  }
  const everyMs = deps.everyMs ?? minuteMs;
  const next = (afterMs: number): void => {
    forget = deps.later(
      () =>
        void beat()
          .catch(deps.onFault)
          .finally(() => (stopping.signal.aborted ? undefined : next(everyMs))),
      afterMs * (0.75 + deps.random() / 2),
    );
  };
  // Head office knows soon which version just started, and not by all tills at one moment.
  next(Math.min(firstMs, everyMs));
  return () => {
    stopping.abort();
    forget();
  };
}
