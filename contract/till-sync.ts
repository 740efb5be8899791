/**
 * How the till stands with head office: what waits, and joining it. Rule kept: nothing here is needed to bill; a shop
 * without a head office never hears of it.
 */
import { z } from 'zod';
import type { Uuid } from '#core/ids.ts';
import type { Paise } from '#core/money.ts';
import * as i from './inputs.ts';
import { feedOf, method, out } from './method.ts';
import type { TillShutOut } from './sync.ts';

export type SyncView = {
  /** `notJoined`: a shop by itself. `notEnrolled`: the server no longer knows this till; a code is needed. */
  readonly state: 'notJoined' | 'idle' | 'sending' | 'waiting' | 'notEnrolled';
  readonly serverUrl: string | null;
  readonly storeName: string | null;
  /** Entries of the journal that head office has not confirmed. */
  readonly toSend: number;
  /** Of them bills and credit notes. */
  readonly billsToSend: number;
  /** When the oldest of them was made; null when nothing waits. */
  readonly waitsSinceMs: number | null;
  /** When head office last answered; null: never. */
  readonly lastHeardMs: number | null;
  /** Not heard for 30 days. */
  readonly isLongAway: boolean;
  /** Kept aside by head office, for a person to look at. */
  readonly refused: number;
  /** Why a code is needed again (`notEnrolled`); else null. */
  readonly shutOut: TillShutOut | null;
  /** Not all of head office's goods are here yet; one that is scanned is asked for there. */
  readonly isCatalogueComing: boolean;
  /** Items that are for sale by barcode and code already, and that search is yet to learn. */
  readonly searchWaits: number;
};

/** A bill or another entry that head office kept aside. The money and the paper are right; only its copy is not in the sums. */
export type KeptAsideView = {
  readonly seq: number;
  readonly kind: string;
  readonly reason: 'unreadable' | 'doesNotAddUp' | 'notYours' | 'numberTaken' | 'dateOutOfRange' | 'changed' | 'fault';
  /** For whoever looks into it: not a sentence. */
  readonly detail: string;
  readonly toldAtMs: number;
  readonly state: 'open' | 'accepted' | 'sentAgain' | 'reversed';
  readonly note: string | null;
  readonly decidedBy: string | null;
  /** Of a bill or credit note. */
  readonly billId: Uuid | null;
  readonly number: string | null;
  readonly payablePaise: Paise | null;
};

/** A head office on the local network, as it calls itself. */
export type FoundServer = { readonly name: string; readonly url: string };

export const syncContract = {
  /** Asks the local network; takes a second or two. */
  servers: method.output(out<readonly FoundServer[]>()),
  state: method.output(out<SyncView>()),
  /** Open ones first, newest first. */
  refused: method.output(out<readonly KeptAsideView[]>()),
  /** Nothing is changed in the entry: a supervisor writes down that it was seen. */
  accept: method
    .input(z.object({ seq: z.int().min(1), note: i.shortText.min(1) }))
    .output(out<readonly KeptAsideView[]>()),
  /**
   * After an update of till or head office: it is judged anew, and answered as it stands then. HeadOfficeSilent: press
   * again, nothing is counted twice.
   */
  sendAgain: method.input(z.object({ seq: z.int().min(1) })).output(out<readonly KeptAsideView[]>()),
  feed: method.output(feedOf<SyncView>()),
  /** With the code that head office gave. Refused in words that say what to do. */
  join: method
    .input(z.object({ serverUrl: z.url({ protocol: /^https?$/ }).max(300), code: i.shortText }))
    .output(out<SyncView>()),
} as const;
