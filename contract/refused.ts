/**
 * What head office kept aside of a till, for a person: which document, what it says in rupees, what the server makes of
 * it. Rule kept: amounts are worked out by the server and null where the document cannot be read. Called as
 * contract/server.ts says.
 */
import { z } from 'zod';
import type { Paise } from '#core/money.ts';
import * as i from './inputs.ts';
import { officeGet, officePost } from './server.ts';
import type { Rejection } from './sync.ts';

/** `reversed`: taken back at the till; the note is the credit note's number. */
export type RefusalNoteView = {
  readonly source: 'till' | 'office' | 'reversed';
  readonly byName: string;
  readonly note: string;
  readonly atMs: number;
};

export type RefusedView = {
  readonly documentId: string;
  readonly kind: string;
  readonly number: string | null;
  readonly occurredAtMs: number;
  readonly reason: Rejection['reason'];
  /** What the document says. */
  readonly payablePaise: Paise | null;
  readonly roundOffPaise: Paise | null;
  /** What its lines add up to, round-off left out. */
  readonly linesPaise: Paise | null;
  /** What people wrote of it, the oldest first. */
  readonly notes: readonly RefusalNoteView[];
};

export const refusedApi = {
  /** The newest first, 50 at most. */
  refused: officeGet<readonly RefusedView[]>()(
    '/v1/office/refused',
    ['chain', 'region', 'store'],
    z.object({ storeId: i.uuid, tillId: i.uuid }),
  ),
  /**
   * Accepted as refused, with a note: nobody has to look any more. It stays uncounted and its till may still send it
   * again. `NotFound`: it is not refused (any more).
   */
  settle: officePost<readonly RefusedView[]>()(
    '/v1/office/refused/settle',
    ['chain', 'region', 'store'],
    z.object({
      storeId: i.uuid,
      tillId: i.uuid,
      documentId: i.uuid,
      kind: z.string().min(1).max(40),
      /** Names the command: sent twice it is noted once. */
      noteId: i.uuid,
      note: i.shortText.min(1),
    }),
  ),
} as const;
