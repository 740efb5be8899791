/**
 * Which small shapes keep a table of their own at the till, and how. Rule kept: one writer per row: head office's fields
 * of a row are overwritten, the shop's (a PIN, a language that somebody chose here) never; nothing is deleted that old
 * bills name. All other shapes are read from their rows as they came.
 */
import type { SentShape } from '#contract/sent-shapes.ts';
import type { Uuid } from '#core/ids.ts';
import { instant } from '#core/time.ts';
import type { Tables } from '../tables.ts';
import type { TakeRow } from './apply-sent.ts';

type Takers = { readonly [S in SentShape]?: TakeRow<S> };

/** Nobody's: no PIN opens it before one is set at the store. */
const noPin = { pinHash: '', pinSalt: '' } as const;

const takeStaff =
  ({ staff }: Tables): TakeRow<'staff'> =>
  (key, content) => {
    const id = key as Uuid;
    const before = staff.get(id);
    if (content === null) {
      if (before !== null) staff.update({ ...before, isActive: false });
      return;
    }
    const { name, role, isActive } = content;
    if (before === null) staff.insert({ id, name, role, isActive, language: content.language, ...noPin });
    else staff.update({ ...before, name, role, isActive });
  };

const takeGstRate =
  ({ taxRates }: Tables): TakeRow<'gstRates'> =>
  (_key, content) => {
    // A rate that head office takes back stays for items that have it; it is no longer offered (use-cases/item.ts).
    if (content !== null) taxRates.put([content]);
  };

const takeProposal =
  ({ itemProposals }: Tables): TakeRow<'proposals'> =>
  (key, content) => {
    // One that head office no longer lists keeps what was decided.
    if (content === null) return;
    const { itemId, change, base, byName, atMs, ...decided } = content;
    const before = itemProposals.get(key as Uuid);
    // Taken back here and not heard of there yet: what was heard before it does not open it again.
    if (before?.state === 'takenBack' && decided.state === 'open') return;
    itemProposals.put({
      id: key as Uuid,
      itemId,
      change: JSON.stringify(change),
      base: JSON.stringify(base ?? {}),
      byName,
      atMs: instant(atMs),
      state: decided.state,
      note: decided.note,
      decidedBy: decided.decidedBy,
      decidedAtMs: decided.decidedAtMs === null ? null : instant(decided.decidedAtMs),
    });
  };

export const makeTakers = (tables: Tables): Takers => ({
  staff: takeStaff(tables),
  gstRates: takeGstRate(tables),
  proposals: takeProposal(tables),
});
