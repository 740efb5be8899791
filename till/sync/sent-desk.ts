/**
 * All small shapes of the till, followed at once. Rule kept: which there are stands in contract/sent-shapes.ts; here none
 * is named.
 */
import { type SentShape, sentShapeNames } from '#contract/sent-shapes.ts';
import { logEvent, logFault } from '../log.ts';
import type { Tables } from '../tables.ts';
import { makeRowApplier, type RowApplier, type TakeRow } from './apply-sent.ts';
import { followSent } from './follow-sent.ts';
import { makeTakers } from './sent-takers.ts';
import type { SyncServer } from './till-access.ts';

export type SentDesk = {
  /** Answers how to stop. */
  readonly follow: (server: SyncServer) => () => void;
};

export function makeSentDesk(deps: {
  readonly tables: Tables;
  readonly later: (work: () => void, ms: number) => () => void;
  readonly onApplied: (shape: SentShape) => void;
  readonly onAudited: (shape: SentShape, isEqual: boolean) => void;
  readonly auditEveryMs?: number | undefined;
}): SentDesk {
  const { tables, later } = deps;
  const takers = makeTakers(tables);
  const applierOf = <S extends SentShape>(shape: S): RowApplier =>
    makeRowApplier(tables, shape, (takers[shape] ?? null) as TakeRow<S> | null);
  return {
    follow: (server) => {
      const stops = sentShapeNames.map((shape) =>
        followSent({
          server,
          shape,
          applier: applierOf(shape),
          onApplied: (name, changes) => {
            logEvent('info', 'rowsApplied', { shape: name, changes });
            deps.onApplied(name);
          },
          onFault: (error) => logFault('sync', shape, error),
          onAudited: (isEqual) => deps.onAudited(shape, isEqual),
          onDiverged: (name) => logEvent('warn', 'rowsDiverged', { shape: name }),
          later,
          auditEveryMs: deps.auditEveryMs,
        }),
      );
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}
