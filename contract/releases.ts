/**
 * What the stores of an organisation make of head office's forecast models, as data for its people. Rule kept: stores are
 * counted, by their tills' last words; a reason is a code, its sentence is the page's. Called as contract/server.ts says.
 */
import { z } from 'zod';
import { officeGet } from './server.ts';

export type ReleaseView = {
  readonly modelId: string;
  readonly version: string;
  readonly releasedAtMs: number;
  /** null: it is on offer. */
  readonly withdrawnAtMs: number | null;
  /** Stores by their last word; one with several tills may be in more than one. */
  readonly runs: number;
  readonly tried: number;
  readonly refused: number;
  /** Why it was refused, given up or failed, most stores first. */
  readonly reasons: readonly { readonly why: string; readonly stores: number }[];
};

export const releasesApi = {
  /** The newest first. */
  releases: officeGet<readonly ReleaseView[]>()('/v1/office/releases', ['chain'], z.object({})),
} as const;
