/**
 * Models that came to this shop and what became of them, as rows. Rule kept: what happened is only ever added; what head
 * office is to hear stays marked until it has heard it. Which model runs is not said here but in the folder of models.
 */
import type { Instant } from '#core/time.ts';
import type { ShopDb } from './open.ts';

export type ModelOrigin = 'headOffice' | 'thisShop' | 'product';
/** `waiting`: verified, to be judged tonight. */
export type InstallState = 'waiting' | 'running' | 'shadow' | 'previous' | 'refused' | 'withdrawn';
export type ModelInstall = {
  readonly modelId: string;
  readonly kind: string;
  readonly version: string;
  readonly origin: ModelOrigin;
  readonly state: InstallState;
  readonly sinceMs: Instant;
  /** JSON; null: not judged. */
  readonly figures: string | null;
};
export type ModelHappening = {
  readonly atMs: Instant;
  readonly modelId: string;
  readonly version: string;
  readonly what: string;
  /** A code. */
  readonly why: string | null;
  /** JSON. */
  readonly figures: string | null;
};
export type KeptHappening = ModelHappening & { readonly seq: number };
export type ModelTables = {
  readonly put: (install: ModelInstall) => void;
  readonly get: (modelId: string) => ModelInstall | null;
  /** The newest first. */
  readonly list: () => readonly ModelInstall[];
  /** `isToTell`: head office is to hear of it. */
  readonly add: (happening: ModelHappening, isToTell: boolean) => void;
  /** The newest first. */
  readonly happenings: (limit: number) => readonly KeptHappening[];
  /** Oldest first. */
  readonly untold: (limit: number) => readonly KeptHappening[];
  readonly markTold: (throughSeq: number) => void;
};

type InstallRow = {
  model_id: string;
  kind: string;
  version: string;
  origin: ModelOrigin;
  state: InstallState;
  since_ms: Instant;
  figures: string | null;
};
type EventRow = {
  seq: number;
  at_ms: Instant;
  model_id: string;
  version: string;
  what: string;
  why: string | null;
  figures: string | null;
};
const installOf = ({ model_id: modelId, since_ms: sinceMs, ...row }: InstallRow): ModelInstall => ({
  ...row,
  modelId,
  sinceMs,
});
const happeningOf = ({ at_ms: atMs, model_id: modelId, ...row }: EventRow): KeptHappening => ({
  ...row,
  atMs,
  modelId,
});

export function makeModelTables(shop: Pick<ShopDb, 'sql'>): ModelTables {
  const { sql } = shop;
  const put = sql.prepare(
    `INSERT INTO model_install (model_id, kind, version, origin, state, since_ms, figures) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (model_id) DO UPDATE
       SET state = excluded.state, since_ms = excluded.since_ms, figures = excluded.figures`,
  );
  const get = sql.prepare<[string], InstallRow>('SELECT * FROM model_install WHERE model_id = ?');
  const list = sql.prepare<[], InstallRow>('SELECT * FROM model_install ORDER BY since_ms DESC, model_id');
  const add = sql.prepare(
    `INSERT INTO model_event (at_ms, model_id, version, what, why, figures, is_told) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const columns = 'seq, at_ms, model_id, version, what, why, figures';
  const happenings = sql.prepare<[number], EventRow>(`SELECT ${columns} FROM model_event ORDER BY seq DESC LIMIT ?`);
  const untold = sql.prepare<[number], EventRow>(
    `SELECT ${columns} FROM model_event WHERE is_told = 0 ORDER BY seq LIMIT ?`,
  );
  const markTold = sql.prepare('UPDATE model_event SET is_told = 1 WHERE is_told = 0 AND seq <= ?');
  return {
    put: (one) => void put.run(one.modelId, one.kind, one.version, one.origin, one.state, one.sinceMs, one.figures),
    get: (modelId) => {
      const row = get.get(modelId);
      return row === undefined ? null : installOf(row);
    },
    list: () => list.all().map(installOf),
    add: (one, isToTell) =>
      void add.run(one.atMs, one.modelId, one.version, one.what, one.why, one.figures, isToTell ? 0 : 1),
    happenings: (limit) => happenings.all(limit).map(happeningOf),
    untold: (limit) => untold.all(limit).map(happeningOf),
    markTold: (throughSeq) => void markTold.run(throughSeq),
  };
}
