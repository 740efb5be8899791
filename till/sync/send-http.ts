/**
 * One batch over HTTP. Rule kept: whatever a network or a captive portal answers is an outcome, never an exception;
 * only an answer of the right shape counts as one.
 */
import { z } from 'zod';
import { type PushAnswer, type PushEntry, pushType } from '#contract/sync.ts';
import { packPush } from './pack-push.ts';
import type { SendOutcome } from './push-loop.ts';
import type { SyncServer } from './till-access.ts';

const reply = z.object({
  answers: z.array(z.looseObject({ id: z.string(), seq: z.int(), outcome: z.enum(['accepted', 'rejected']) })),
  // A server of before says neither.
  epoch: z.string().optional(),
  throughSeq: z.int().min(0).optional(),
});

export async function sendOverHttp(
  server: SyncServer,
  entries: readonly PushEntry[],
  afterSeq: number,
  signal: AbortSignal,
  isAgain?: true,
): Promise<SendOutcome> {
  const retry = { kind: 'retry', afterMs: null } as const;
  try {
    const response = await server.fetch(new URL('/v1/sync/push', server.url), {
      method: 'POST',
      headers: { 'content-type': pushType },
      body: await packPush(entries, afterSeq, isAgain),
      signal: AbortSignal.any([signal, AbortSignal.timeout(30_000)]),
    });
    if (response.status === 401) return { kind: 'notEnrolled' };
    if (response.status === 429 || response.status === 503) {
      const seconds = Number(response.headers.get('retry-after'));
      return { kind: 'retry', afterMs: seconds > 0 ? Math.min(seconds, 300) * 1_000 : null };
    }
    if (response.status === 500) return { kind: 'fault' };
    if (!response.ok) return retry;
    const read = reply.safeParse(await response.json());
    if (!read.success) return retry;
    const { epoch, throughSeq } = read.data;
    const answers = read.data.answers as unknown as PushAnswer[];
    const place = epoch === undefined || throughSeq === undefined ? null : { epoch, throughSeq };
    return { kind: 'answered', answers, place };
  } catch {
    // No network, cut in the middle, not JSON: the server answers the same again when asked again.
    return retry;
  }
}
