/**
 * Asks head office what a shape comes to: so many rows, and one hash of all; and to look at what it sends where that
 * differs. Rule kept: no network or an answer of another form is "not known", never "different".
 */
import { z } from 'zod';
import { type DiffersReply, differsReply } from '#contract/sync.ts';
import type { HeadOfficeAudit } from '#db/head-office-items.ts';
import type { SyncServer } from './till-access.ts';

const reply = z.object({ count: z.int(), hash: z.string().regex(/^[0-9a-f]{32}$/) });

/** null: not known. */
export const askAudit = (server: SyncServer, signal: AbortSignal): Promise<HeadOfficeAudit | null> =>
  askRowAudit(server, 'catalogue', signal);

/** Of one shape. null: not known. */
export async function askRowAudit(
  server: SyncServer,
  shape: string,
  signal: AbortSignal,
): Promise<HeadOfficeAudit | null> {
  try {
    const response = await server.fetch(new URL(`/v1/sync/audit/${shape}`, server.url), {
      signal: AbortSignal.any([signal, AbortSignal.timeout(30_000)]),
    });
    if (!response.ok) return null;
    const read = reply.safeParse(await response.json());
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}

/** It reads the whole shape over there. */
const lookMs = 120_000;

/** Head office looks whether what it sends of a shape is what it has, and mends it. */
export async function askDiffers(
  server: SyncServer,
  shape: string,
  signal: AbortSignal,
): Promise<DiffersReply['outcome']> {
  try {
    const response = await server.fetch(new URL(`/v1/sync/audit/${shape}/differs`, server.url), {
      method: 'POST',
      signal: AbortSignal.any([signal, AbortSignal.timeout(lookMs)]),
    });
    // 404: a head office of before, or one whose shapes another program sends.
    if (!response.ok) return 'notKnown';
    return differsReply.safeParse(await response.json()).data?.outcome ?? 'notKnown';
  } catch {
    return 'notKnown';
  }
}

/** Must a till whose rows differ read all of the shape anew? Not where what it lacks comes by itself. */
export const isToReadAnew = (outcome: DiffersReply['outcome']): boolean =>
  outcome === 'whole' || outcome === 'notKnown';
