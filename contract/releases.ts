/**
 * What the stores of an organisation make of head office's forecast models, as data for its people: every release, what it
 * was learnt from, how each store judged it, what the next training waits for. Rule kept: stores are counted by their tills'
 * last words; a reason is a code, its sentence is the page's. Called as contract/server.ts says.
 */
import { z } from 'zod';
import * as i from './inputs.ts';
import { officeGet, officePost } from './server.ts';

/** On days that were held back from learning, all stores together; a loss is a WQL: smaller is better. */
export type ReleaseFigures = {
  readonly wql: number;
  /** Of "the same weekday a week ago" on the same days; null: not kept. */
  readonly seasonalNaive: number | null;
  /** Of the best plain rule on the same days. */
  readonly bestPlain: number;
  /** Share of days that fell between P10 and P90. */
  readonly coverage: number;
  readonly bias: number;
  /** Windows of items that were compared; 0: none could be held back, the figures mean nothing. */
  readonly windows: number;
};
export type ReleaseLearnt = {
  readonly from: string;
  readonly through: string;
  readonly stores: number;
  /** Days of items. */
  readonly rows: number;
  readonly figures: ReleaseFigures;
};

export type ReleaseView = {
  readonly modelId: string;
  readonly version: string;
  readonly releasedAtMs: number;
  /** null: it is on offer. */
  readonly withdrawnAtMs: number | null;
  /** The person who took it back; null: too many stores refused it, or it is on offer. */
  readonly withdrawnBy: string | null;
  /** A person gave it back to the stores after that. */
  readonly returnedAtMs: number | null;
  /** Tills are told of the newest few only. */
  readonly isOffered: boolean;
  /** null: it is of a time when this was not kept. */
  readonly learnt: ReleaseLearnt | null;
  /** Stores by their last word; one with several tills may be in more than one. */
  readonly runs: number;
  readonly tried: number;
  readonly refused: number;
  /** Of those that run it: where it has become worse since. */
  readonly drifted: number;
  /** Stores that have a till and have said nothing of it. */
  readonly silent: number;
  /** On their own last weeks, how much less it missed than what ran there before: mean of the stores that said; null: none did. */
  readonly smallerMissBp: number | null;
  readonly smallerMissStores: number;
  /** Why it was refused, given up or failed, most stores first. */
  readonly reasons: readonly { readonly why: string; readonly stores: number }[];
};

export type TillWord =
  | 'verified'
  | 'refused'
  | 'shadowed'
  | 'promoted'
  | 'rolledBack'
  | 'withdrawn'
  | 'drifted'
  | 'failed';
export type ReleaseVerdict = {
  readonly storeId: string;
  readonly storeName: string;
  readonly region: string;
  readonly tillId: string;
  readonly tillName: string;
  /** null: it has said nothing of this release. */
  readonly what: TillWord | null;
  readonly why: string | null;
  readonly atMs: number | null;
  /** On this till's own last weeks: of this model, and of what ran before it; null: it has not judged. */
  readonly wql: number | null;
  readonly wqlBefore: number | null;
  readonly smallerMissBp: number | null;
  readonly coverage: number | null;
};

/** The next training, and what it waits for. */
export type TrainingView = {
  readonly running: { readonly sinceMs: number; readonly done: number; readonly of: number } | null;
  /** When the last try failed; null where it held. */
  readonly failedAtMs: number | null;
  /** When one last looked whether there is something to learn; null: never. */
  readonly lookedAtMs: number | null;
  /** Why one is asked for before its week is over. */
  readonly asked: 'drift' | 'withdrawn' | null;
  /** Days with bills that head office has, and how many a model needs. */
  readonly daysKnown: number;
  readonly daysNeeded: number;
  /** Last day that the newest model knows; null: there is none. */
  readonly learntThrough: string | null;
  /** The day from whose bills on a new one is learnt by itself. */
  readonly nextFrom: string | null;
  /** What became of the newest model that was learnt. */
  readonly outcome: 'released' | 'worseThanPlain' | null;
};
export type ReleasesView = {
  readonly releases: readonly ReleaseView[];
  readonly training: TrainingView;
  /** That have a till. */
  readonly stores: number;
};

const managers = ['chain', 'region'] as const;
const one = z.object({ modelId: i.uuid });

export const releasesApi = {
  /** The newest first; a region's people read what their own stores say. */
  releases: officeGet<ReleasesView>()('/v1/office/releases', managers, z.object({})),
  /** Every till, troubled ones first. */
  verdicts: officeGet<readonly ReleaseVerdict[]>()('/v1/office/releases/verdicts', managers, one),
  /** Every store goes back to the model before. Done twice, nothing changes. */
  withdraw: officePost<null>()('/v1/office/releases/withdraw', ['chain'], one),
  /** On offer again: stores judge it anew, and what they had said before does not take it back. */
  giveBack: officePost<null>()('/v1/office/releases/give-back', ['chain'], one),
} as const;
