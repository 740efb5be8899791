/**
 * What head office kept aside of this till: listed with the bill it is about, and accepted with a note by a supervisor.
 * Rule kept: nothing of an entry is ever edited; a bill that should not stand is reversed by a credit note like any other.
 */
import type { KeptAsideView } from '#contract/till-sync.ts';
import type { KeptEntry } from '#db/kept-aside.ts';
import type { Login, TillContext } from '../context.ts';
import { found } from '../refusal.ts';

function viewOf(ctx: TillContext, entry: KeptEntry): KeptAsideView {
  const { bills } = ctx.tables;
  const document =
    entry.kind === 'bill'
      ? bills.bill(entry.refId)
      : entry.kind === 'creditNote'
        ? bills.creditNote(entry.refId)
        : null;
  return {
    seq: entry.seq,
    kind: entry.kind,
    reason: entry.reason as KeptAsideView['reason'],
    detail: entry.detail,
    toldAtMs: entry.toldAtMs,
    state: entry.state,
    note: entry.note,
    decidedBy: entry.decidedBy,
    billId: document?.id ?? null,
    number: document?.number ?? null,
    payablePaise: document?.payablePaise ?? null,
  };
}

export const listKeptAside = (ctx: TillContext): readonly KeptAsideView[] =>
  ctx.tables.keptAside.list().map((entry) => viewOf(ctx, entry));

export function acceptKeptAside(ctx: TillContext, seq: number, note: string, by: Login): readonly KeptAsideView[] {
  const entry = found(ctx.tables.keptAside.get(seq), 'bill');
  const atMs = ctx.clock.now();
  ctx.tables.transact(() => {
    ctx.tables.keptAside.decide(seq, { state: 'accepted', note, atMs, by: by.name });
    const detail = { seq, reason: entry.reason, note, by: by.id };
    ctx.tables.journal.append('keptAsideAccepted', ctx.newId(), atMs, JSON.stringify(detail));
  });
  ctx.sync.feed.publish(ctx.sync.view());
  ctx.sync.kick();
  return listKeptAside(ctx);
}
