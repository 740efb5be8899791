/**
 * How the till stands with head office: what waits, and joining it. Rule kept: nothing here is needed to bill; a shop
 * without a head office never hears of it.
 */
import { z } from 'zod';
import * as i from './inputs.ts';
import { feedOf, method, out } from './method.ts';

export type SyncView = {
  /** `notJoined`: a shop by itself. `notEnrolled`: the server no longer knows this till; a code is needed. */
  readonly state: 'notJoined' | 'idle' | 'sending' | 'waiting' | 'notEnrolled';
  readonly serverUrl: string | null;
  readonly storeName: string | null;
  /** Entries of the journal that head office has not confirmed. */
  readonly toSend: number;
  /** Kept aside by head office, for a person to look at. */
  readonly refused: number;
};

export const syncContract = {
  state: method.output(out<SyncView>()),
  feed: method.output(feedOf<SyncView>()),
  /** With the code that head office gave. Refused in words that say what to do. */
  join: method
    .input(z.object({ serverUrl: z.url({ protocol: /^https?$/ }).max(300), code: i.shortText }))
    .output(out<SyncView>()),
} as const;
