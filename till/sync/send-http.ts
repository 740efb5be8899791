/**
 * One batch over HTTP. Rule kept: whatever a network or a captive portal answers is an outcome, never an exception;
 * only an answer of the right shape counts as one.
 */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { z } from 'zod';
import type { PushAnswer, PushEntry } from '#contract/sync.ts';
import type { SendOutcome } from './push-loop.ts';

const pack = promisify(gzip);

export type SyncServer = { readonly url: string; readonly tillId: string; readonly secret: string };

const reply = z.object({
  answers: z.array(z.looseObject({ id: z.string(), seq: z.int(), outcome: z.enum(['accepted', 'rejected']) })),
});

export async function sendOverHttp(
  server: SyncServer,
  entries: readonly PushEntry[],
  signal: AbortSignal,
): Promise<SendOutcome> {
  const retry = { kind: 'retry', afterMs: null } as const;
  try {
    const response = await fetch(new URL('/v1/sync/push', server.url), {
      method: 'POST',
      headers: {
        authorization: `Bearer ${server.tillId}.${server.secret}`,
        'content-type': 'application/json+gzip',
      },
      body: await pack(JSON.stringify({ entries }), { level: 1 }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(30_000)]),
    });
    if (response.status === 401 || response.status === 403) return { kind: 'notEnrolled' };
    if (response.status === 429 || response.status === 503) {
      const seconds = Number(response.headers.get('retry-after'));
      return { kind: 'retry', afterMs: seconds > 0 ? Math.min(seconds, 300) * 1_000 : null };
    }
    if (!response.ok) return retry;
    const read = reply.safeParse(await response.json());
    return read.success ? { kind: 'answered', answers: read.data.answers as unknown as PushAnswer[] } : retry;
  } catch {
    // No network, cut in the middle, not JSON: the server answers the same again when asked again.
    return retry;
  }
}
