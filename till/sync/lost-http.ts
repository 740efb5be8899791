/**
 * Asks head office for the bills that a restored till's backup had not. Rule kept: no network or an answer of another
 * form is "not now", never "none".
 */
import { z } from 'zod';
import type { SyncServer } from './till-access.ts';

const reply = z.object({
  entries: z.array(
    z.object({
      seq: z.int(),
      kind: z.enum(['bill', 'creditNote']),
      id: z.string(),
      atMs: z.int(),
      content: z.string(),
    }),
  ),
  isMore: z.boolean(),
});
export type LostEntries = z.infer<typeof reply>;

/** null: not now. */
export async function askLost(server: SyncServer, afterSeq: number, signal: AbortSignal): Promise<LostEntries | null> {
  try {
    const response = await server.fetch(new URL(`/v1/restore/entries?after=${afterSeq}`, server.url), {
      signal: AbortSignal.any([signal, AbortSignal.timeout(30_000)]),
    });
    if (!response.ok) return null;
    const read = reply.safeParse(await response.json());
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}
