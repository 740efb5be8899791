/**
 * A branch's wish to change what head office owns of an item, and what stands against it: head office changed the same
 * field since, or another branch wishes something else. Rule kept: nothing is chosen here. Every wish stands in exactly
 * one case, with all sides; what came first and what later over the network changes nothing in what is listed.
 */
import type { Item } from '../catalogue/item.ts';
import type { ItemChange } from './item-change.ts';

/** What head office owns of an item; its place on the loose board and its lots are the shop's. */
export const officeFields = [
  'code',
  'name',
  'nameHi',
  'brand',
  'category',
  'unit',
  'hsn',
  'taxClassKey',
  'isInclusive',
  'mrpPaise',
  'sellingPricePaise',
  'costPricePaise',
  'isActive',
  'barcodes',
] as const satisfies readonly (keyof ItemChange)[];
export type OfficeField = (typeof officeFields)[number];

const isSame = (a: unknown, b: unknown): boolean => canonical(a) === canonical(b);
/** Whatever order the keys came in. */
const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`).join(',')}}`;
};

export type Wish = { readonly change: ItemChange; readonly base: ItemChange };

/** What differs in head office's fields, and from what; null when nothing does. */
export function wishOf(before: Item, after: Item): Wish | null {
  const fields = officeFields.filter((field) => !isSame(before[field], after[field]));
  if (fields.length === 0) return null;
  const of = (item: Item): ItemChange => Object.fromEntries(fields.map((field) => [field, item[field]]));
  return { change: of(after), base: of(before) };
}

export type OpenProposal = {
  readonly id: string;
  readonly itemId: string;
  readonly storeId: string;
  readonly atMs: number;
  readonly change: ItemChange;
  /** What the branch sold by when it wished; null where an older till did not say. */
  readonly base: ItemChange | null;
};
/** Head office gave a field a value: for one store, or (null) in its own catalogue. */
export type OfficeWrite = {
  readonly id: string;
  readonly itemId: string;
  readonly storeId: string | null;
  readonly field: OfficeField;
  readonly before: unknown;
  readonly after: unknown;
  readonly atMs: number;
  readonly by: string;
};
export type CaseSide = {
  readonly proposalId: string;
  readonly value: unknown;
  readonly base: unknown;
  /** Head office's own change since; null where there is none. */
  readonly office: OfficeWrite | null;
};
export type CaseReason = 'officeChanged' | 'branchesDiffer';
export type CaseField = { readonly field: OfficeField; readonly sides: readonly CaseSide[] };
export type ProposalCase = {
  readonly itemId: string;
  readonly proposalIds: readonly string[];
  readonly fields: readonly CaseField[];
  /** Empty: nobody stands against it. */
  readonly reasons: readonly CaseReason[];
};

const inOrder = <T extends { readonly atMs: number; readonly id: string }>(all: readonly T[]): readonly T[] =>
  all.toSorted((a, b) => a.atMs - b.atMs || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));

/** Head office's latest word on a field for a store, where it is neither what the branch knew nor what it wishes. */
function officeSince(proposal: OpenProposal, field: OfficeField, writes: readonly OfficeWrite[]): OfficeWrite | null {
  if (proposal.base === null) return null;
  const last = writes.findLast(
    (one) =>
      one.itemId === proposal.itemId &&
      one.field === field &&
      (one.storeId === null || one.storeId === proposal.storeId),
  );
  if (last === undefined || isSame(last.after, proposal.base[field]) || isSame(last.after, proposal.change[field])) {
    return null;
  }
  return last;
}

function caseOf(itemId: string, proposals: readonly OpenProposal[], writes: readonly OfficeWrite[]): ProposalCase {
  const fields = officeFields.flatMap((field): CaseField[] => {
    const sides = proposals
      .filter((one) => one.change[field] !== undefined)
      .map((one) => ({
        proposalId: one.id,
        value: one.change[field],
        base: one.base?.[field],
        office: officeSince(one, field, writes),
      }));
    return sides.length === 0 ? [] : [{ field, sides }];
  });
  const isChanged = fields.some(({ sides }) => sides.some((side) => side.office !== null));
  const isDiffering = fields.some(({ sides }) => sides.some((side) => !isSame(side.value, sides[0]?.value)));
  return {
    itemId,
    proposalIds: proposals.map((one) => one.id),
    fields,
    reasons: [
      ...(isChanged ? (['officeChanged'] as const) : []),
      ...(isDiffering ? (['branchesDiffer'] as const) : []),
    ],
  };
}

/** A case an item, the oldest wish first. */
export function listCases(proposals: readonly OpenProposal[], writes: readonly OfficeWrite[]): readonly ProposalCase[] {
  const sorted = inOrder(writes);
  const byItem = Map.groupBy(inOrder(proposals), (one) => one.itemId);
  return [...byItem].map(([itemId, mine]) => caseOf(itemId, mine, sorted));
}
