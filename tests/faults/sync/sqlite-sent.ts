/**
 * Rows of small shapes on a till's real SQLite: the product's applier and tables. Rule kept: nothing here writes what the
 * applier writes; who keeps a table of its own is a setting here, written where the applier tells it.
 */
import type { SentShape } from '#contract/sent-shapes.ts';
import type { Tables } from '#till/tables.ts';
import { makeRowApplier, type RowApplier } from '#till/sync/apply-sent.ts';
import type { SentDisk } from './sent-rows.ts';

type Parts = {
  readonly tables: Pick<Tables, 'sentRows' | 'transact' | 'settings'>;
  /** Runs it; it may end with the power. */
  readonly orDie: (diesAt: number, work: () => void) => void;
  readonly orDieLater: (diesAt: number, work: () => Promise<void>) => Promise<void>;
};
const never = 1_000_000;
const takenKey = (shape: string): string => `simTaken ${shape}`;

/** Of one program: a new one has gathered nothing. */
export function sqliteSent({ tables, orDie, orDieLater }: Parts): SentDisk {
  const { settings, sentRows } = tables;
  const appliers = new Map<SentShape, RowApplier>();
  const takenOf = (shape: SentShape): Map<string, string> =>
    new Map(JSON.parse(settings.get(takenKey(shape)) ?? '[]') as [string, string][]);
  const applierOf = (shape: SentShape): RowApplier => {
    const known = appliers.get(shape);
    if (known !== undefined) return known;
    const made = makeRowApplier(tables, shape, (key, content) => {
      const taken = takenOf(shape);
      if (content === null) taken.delete(key);
      else taken.set(key, sentRows.content(shape, key) ?? '');
      settings.set(takenKey(shape), JSON.stringify([...taken]));
    });
    appliers.set(shape, made);
    return made;
  };
  const pause = async (): Promise<void> => undefined;
  return {
    place: (shape) => applierOf(shape).place(),
    forgetPlace: (shape) => applierOf(shape).forgetPlace(),
    apply: (shape, changes, place, dies) => orDie(dies ? 0 : never, () => applierOf(shape).apply(changes, place)),
    begin: (shape) => applierOf(shape).beginStaging(),
    stage: (shape, changes, diesAt) => orDieLater(diesAt, () => applierOf(shape).stage(changes, pause)),
    finish: (shape, place, diesAt) => orDieLater(diesAt, () => applierOf(shape).finishStaging(place, pause)),
    read: (shape) => new Map(sentRows.list(shape, '').map(({ key, content }) => [key, content])),
    taken: takenOf,
    audit: (shape) => applierOf(shape).audit(),
  };
}
