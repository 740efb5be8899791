/**
 * What branches wish to change in head office's items: each wish with what it means, in cases of one item with all sides
 * where somebody stands against it. Rule kept: a decision names what its author saw; where that is no longer all, nothing
 * is written and the case is shown anew. Called as contract/server.ts says.
 */
import { z } from 'zod';
import type { Uuid } from '#core/ids.ts';
import type { Paise } from '#core/money.ts';
import type { ChangeFault } from '#core/sync/item-change.ts';
import type { CaseReason, OfficeField } from '#core/sync/item-proposal.ts';
import * as i from './inputs.ts';
import { officePost } from './server.ts';

export type ProposalState = 'open' | 'accepted' | 'declined' | 'takenBack';

/** One side of a field: what the branch wishes, what it sold by, and what head office said since. */
export type ProposalField = {
  readonly field: OfficeField;
  readonly base: unknown;
  readonly value: unknown;
  readonly office: {
    readonly value: unknown;
    readonly before: unknown;
    readonly by: string;
    readonly atMs: number;
  } | null;
};
export type ProposalView = {
  readonly id: Uuid;
  readonly storeId: Uuid;
  readonly storeName: string;
  readonly tillName: string;
  readonly byName: string;
  readonly proposedAtMs: number;
  readonly fields: readonly ProposalField[];
  /** Of the item with the wish: selling price less cost; null without a cost. */
  readonly marginPaise: Paise | null;
  /** As the store sells it now. */
  readonly marginNowPaise: Paise | null;
  readonly mrpPaise: Paise | null;
  /** Not null: it can't be accepted so. */
  readonly fault: ChangeFault | null;
  readonly state: ProposalState;
  readonly note: string;
  readonly decidedBy: string | null;
  readonly decidedAtMs: number | null;
};
export type CaseView = {
  readonly itemId: Uuid;
  readonly name: string;
  readonly nameHi: string | null;
  /** Empty: a proposal that nobody stands against. */
  readonly reasons: readonly CaseReason[];
  readonly proposals: readonly ProposalView[];
  /** Stands for all sides as they are now. */
  readonly seen: string;
};
export type DecideReply =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: 'unknown' | 'decided' | 'changedMeanwhile' }
  | { readonly ok: false; readonly reason: 'refused'; readonly fault: ChangeFault };

export const decideRequest = z.object({
  itemId: i.uuid,
  seen: z.string().max(64),
  /**
   * accept: this wish, for its store or for all; for all, other wishes about the same fields are declined and told so.
   * decline: this wish. keepOffice: all wishes of the case are declined, head office's stands.
   */
  decision: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('accept'), proposalId: i.uuid, scope: z.enum(['store', 'all']) }),
    z.object({ kind: z.literal('decline'), proposalId: i.uuid }),
    z.object({ kind: z.literal('keepOffice') }),
  ]),
  note: i.shortText.default(''),
});

/** A region's and a store's people see those of their stores. */
const everybody = ['chain', 'region', 'store'] as const;
export const proposalApi = {
  /** Conflicts first, then the oldest. */
  cases: officePost<readonly CaseView[]>()('/v1/office/proposals/cases', everybody, z.object({})),
  /** What was decided, the newest first; 200 at most. */
  decided: officePost<readonly CaseView[]>()('/v1/office/proposals/decided', everybody, z.object({})),
  decide: officePost<DecideReply>()('/v1/office/proposals/decide', ['chain'], decideRequest),
} as const;
