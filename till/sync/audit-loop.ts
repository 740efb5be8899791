/**
 * Compares what a shape comes to here with what head office says it comes to, from time to time. Rule kept: what
 * differs once may be on its way; what differs three times at one place is lost, and said once. Head office not heard
 * is "not known", never "different".
 */
import type { HeadOfficeAudit } from '#db/head-office-items.ts';

export type AuditLoopDeps = {
  /** Where the till stands in the shape; something came when it changes. */
  readonly place: () => unknown;
  readonly ours: () => HeadOfficeAudit;
  /** null: not known, or this is no time to compare. */
  readonly theirs: () => Promise<HeadOfficeAudit | null>;
  /** Each time that both are known. */
  readonly onAudited?: ((isEqual: boolean, count: number) => void) | undefined;
  readonly onDiverged: (ours: HeadOfficeAudit, theirs: HeadOfficeAudit) => void;
  readonly onFault: (error: unknown) => void;
  readonly later: (work: () => void, ms: number) => () => void;
  readonly signal: AbortSignal;
  readonly everyMs?: number | undefined;
  /** In a row, before this loop: what differs whatever is done is not read anew every minute for ever. */
  readonly timesDiverged?: number | undefined;
};

const againMs = 5_000;
/** What was wrong from the start need not wait for an hour. */
const firstMs = 60_000;
const hourMs = 3_600_000;
const timesToBeSure = 3;

/** How often in a row it differed, and at which place; null: nothing differs. */
export type Differing = { readonly times: number; readonly at: string } | null;

/** After one comparison at this place. */
export function afterAudit(
  before: Differing,
  at: string,
  ours: HeadOfficeAudit,
  theirs: HeadOfficeAudit,
): { readonly differing: Differing; readonly isLost: boolean } {
  if (theirs.count === ours.count && theirs.hash === ours.hash) return { differing: null, isLost: false };
  const times = before?.at === at ? before.times + 1 : 1;
  return { differing: { times, at }, isLost: times >= timesToBeSure };
}

/** Answers how to stop; it also ends when it has said that the shape diverged, and when `signal` says so. */
export function startAuditLoop(deps: AuditLoopDeps): () => void {
  const everyMs = deps.everyMs ?? hourMs;
  let differing: Differing = null;
  let forget: () => void = () => undefined;
  /** Answers after how long to look again; null: it diverged, or nobody wants to know any more. */
  const audit = async (): Promise<number | null> => {
    const at = JSON.stringify(deps.place());
    const theirs = await deps.theirs();
    if (deps.signal.aborted) return null;
    const ours = deps.ours();
    if (theirs === null) {
      differing = null;
      return everyMs;
    }
    const after = afterAudit(differing, at, ours, theirs);
    differing = after.differing;
    deps.onAudited?.(differing === null, ours.count);
    if (after.isLost) {
      deps.onDiverged(ours, theirs);
      return null;
    }
    return differing === null ? everyMs : Math.min(againMs, everyMs);
  };
  const look = async (): Promise<void> => {
    let afterMs: number | null = everyMs;
    try {
      afterMs = await audit();
    } catch (error) {
      deps.onFault(error);
    }
    if (afterMs !== null) next(afterMs);
  };
  const next = (ms: number): void => {
    forget = deps.later(() => void look(), ms);
  };
  next(Math.min(firstMs * 2 ** Math.min(deps.timesDiverged ?? 0, 10), everyMs));
  return () => forget();
}
