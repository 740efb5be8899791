/**
 * What head office kept aside of this till: listed with the bill it is about, accepted with a note by a supervisor, or
 * sent again to be judged anew.
 * Rule kept: nothing of an entry is ever edited; a bill that should not stand is reversed by a credit note like any other.
 */
import type { KeptAsideView } from '#contract/till-sync.ts';
import type { KeptEntry } from '#db/kept-aside.ts';
import type { Login, TillContext } from '../context.ts';
import { found, refuse } from '../refusal.ts';

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
    const { kind, refId, reason } = entry;
    const detail = { seq, reason, note, by: by.id, byName: by.name, kind, documentId: refId };
    ctx.tables.journal.append('keptAsideAccepted', ctx.newId(), atMs, JSON.stringify(detail));
  });
  ctx.sync.feed.publish(ctx.sync.view());
  ctx.sync.kick();
  return listKeptAside(ctx);
}

/** After an update here or there: head office judges it anew. Error: HeadOfficeSilent; then nothing has changed here. */
export async function sendKeptAgain(ctx: TillContext, seq: number, by: Login): Promise<readonly KeptAsideView[]> {
  const asked = found(ctx.tables.keptAside.get(seq), 'bill');
  const outcome = await ctx.sync.pushAgain(seq);
  const answers = outcome?.kind === 'answered' ? outcome.answers : [];
  const answer = answers.find((one) => one.seq === seq && one.id === asked.refId);
  if (answer === undefined) refuse({ type: 'HeadOfficeSilent' });
  const atMs = ctx.clock.now();
  ctx.tables.transact(() => {
    const { kind, refId, state, note } = ctx.tables.keptAside.get(seq) ?? asked;
    if (answer.outcome === 'rejected') {
      const { reason, detail } = answer;
      ctx.tables.keptAside.add({ seq, refId, kind, reason, detail: String(detail), toldAtMs: atMs });
      return;
    }
    // What was taken back meanwhile stays told as that: the credit note's number is what somebody looks for.
    if (state === 'reversed' || state === 'sentAgain') return;
    ctx.tables.keptAside.decide(seq, { state: 'sentAgain', note, atMs, by: by.name });
    const said = { seq, by: by.id, byName: by.name, kind, documentId: refId };
    ctx.tables.journal.append('keptAsideTaken', ctx.newId(), atMs, JSON.stringify(said));
  });
  ctx.sync.feed.publish(ctx.sync.view());
  ctx.sync.kick();
  return listKeptAside(ctx);
}
