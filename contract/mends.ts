/**
 * What head office mended of what it sends to tills, as data for its people. Rule kept: which store, how many rows and
 * what was done, under the incident that the server's log has; no row is shown. Called as contract/server.ts says.
 */
import { z } from 'zod';
import { officeGet } from './server.ts';

export type MendView = {
  readonly incident: string;
  readonly atMs: number;
  /** null: what all stores get. */
  readonly storeName: string | null;
  /** As sync-server/shapes/sync-shapes.ts names it. */
  readonly shape: string;
  /** `appended`: what was missing was sent after. `begunAnew`: tills fetch all of it anew. */
  readonly outcome: 'appended' | 'begunAnew';
  /** null: it could not be read at all. */
  readonly rows: number | null;
};

export const mendsApi = {
  /** The newest first, of the last 30 days. */
  mends: officeGet<readonly MendView[]>()('/v1/office/mends', ['chain', 'region', 'store'], z.object({})),
} as const;
