/**
 * Asks head office what this store's catalogue comes to: so many items, and one hash of all. Rule kept: no network or
 * an answer of another form is "not known", never "different".
 */
import { z } from 'zod';
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
