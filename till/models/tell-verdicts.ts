/**
 * Tells head office what became of its models at this shop. Rule kept: figures without a name, and nothing that was not
 * taken is forgotten; whatever a network answers is an outcome, never an exception.
 */
import type { ModelVerdicts } from '#contract/sync.ts';
import type { SyncServer } from '../sync/till-access.ts';

/** True: head office has them. */
export async function tellVerdicts(server: SyncServer, body: ModelVerdicts, signal: AbortSignal): Promise<boolean> {
  try {
    const response = await server.fetch(new URL('/v1/sync/model-verdicts', server.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.any([signal, AbortSignal.timeout(30_000)]),
    });
    // 400: this server will never take them; holding on would hold all that come after.
    return response.ok || response.status === 400;
  } catch {
    // No network: told when it is back.
    return false;
  }
}
