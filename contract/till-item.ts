/**
 * An item's card at the till: what it is, what other stores have of it, what this store wishes to change in it. Rule
 * kept: what head office owns changes only when head office says so; until then the card says what waits.
 */
import { z } from 'zod';
import type { Uuid } from '#core/ids.ts';
import type { ItemChange } from '#core/sync/item-change.ts';
import type { Milli } from '#core/quantity.ts';
import * as i from './inputs.ts';
import { method, out } from './method.ts';
import { itemChange } from './publish.ts';
import type { ItemView } from './views.ts';

export type StockElsewhere = {
  readonly storeName: string;
  readonly qtyMilli: Milli;
  /** When that store was last heard; null: never. */
  readonly heardAtMs: number | null;
};
export type ItemProposalView = {
  readonly id: Uuid;
  readonly change: ItemChange;
  /** As the item was when it was wished. */
  readonly base: ItemChange;
  readonly byName: string;
  readonly atMs: number;
  readonly state: 'open' | 'accepted' | 'declined' | 'takenBack';
  readonly note: string;
  readonly decidedBy: string | null;
  readonly decidedAtMs: number | null;
};
export type ItemCardView = {
  readonly item: ItemView;
  /** A change becomes a proposal to head office; else it holds at once. */
  readonly isHeadOffices: boolean;
  readonly elsewhere: readonly StockElsewhere[];
  /** The newest first. */
  readonly proposals: readonly ItemProposalView[];
};

export const itemCardContract = {
  card: method.input(z.object({ id: i.uuid })).output(out<ItemCardView>()),
  /** Only what changes. Of an item of head office it is proposed; of the shop's own it holds at once. */
  change: method.input(z.object({ key: i.key, id: i.uuid, change: itemChange })).output(out<ItemCardView>()),
  /** A proposal that head office has not decided yet. */
  takeBack: method.input(z.object({ key: i.key, proposalId: i.uuid })).output(out<ItemCardView>()),
} as const;
