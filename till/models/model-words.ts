/**
 * What happened to models, as the model page and head office are told it. Rule kept: names and codes come from here, so
 * that a row of before, of whatever version, reads as something; sentences are the screen's.
 */
import type { ModelEvent, ModelView } from '#contract/till-forecast.ts';
import type { KeptHappening, ModelInstall } from '#db/models.ts';
import type { ModelVerdicts } from '#contract/sync.ts';
import type { PromotionFigures } from '#ml/registry/promotion.ts';
import type { Pointer } from './model-folder.ts';

export type Happening = ModelEvent['what'];
const happenings: ReadonlySet<string> = new Set<Happening>([
  'arrived',
  'verified',
  'refused',
  'promoted',
  'shadowed',
  'rolledBack',
  'withdrawn',
  'drifted',
  'failed',
  'trainedHere',
  'unread',
  'mended',
]);
const isHappening = (what: string): what is Happening => happenings.has(what);

type Numbers = Readonly<Record<string, number>>;
function numbersOf(figures: string | null): Numbers {
  if (figures === null) return {};
  const read: unknown = JSON.parse(figures);
  if (typeof read !== 'object' || read === null) return {};
  return Object.fromEntries(
    Object.entries(read).filter((entry): entry is [string, number] => Number.isFinite(entry[1])),
  );
}

/** Four digits are plenty for people and for head office. */
export function figuresText(figures: PromotionFigures): string {
  const { worstSegment, ...rest } = figures;
  const all = { ...rest, ...(worstSegment === null ? {} : { segmentRatio: worstSegment.ratio }) };
  const short = Object.entries(all).flatMap(([name, value]) =>
    Number.isFinite(value) ? [[name, Math.round(value * 1e4) / 1e4]] : [],
  );
  return JSON.stringify(Object.fromEntries(short));
}

export function viewOf(install: ModelInstall, pointer: Pointer): ModelView {
  const { wql, incumbentWql, coverage } = numbersOf(install.figures);
  return {
    id: install.modelId,
    version: install.version,
    kind: install.kind,
    origin: install.origin,
    // Verified and not judged yet: beside the one that runs, as one that is in its week.
    state: install.state === 'waiting' ? 'shadow' : install.state,
    sinceMs: install.sinceMs,
    wql: wql ?? null,
    wqlBefore: incumbentWql ?? null,
    coverage: coverage ?? null,
    isRollbackTarget: pointer.previous.includes(install.modelId),
  };
}

export const eventOf = ({ atMs, what, version, why, figures }: KeptHappening): readonly ModelEvent[] => {
  if (!isHappening(what)) return [];
  const reason = [why, figures].filter((text) => text !== null).join(' ');
  return [{ atMs, what, version: version === '' ? null : version, reason: reason === '' ? null : reason }];
};

type Verdict = ModelVerdicts['verdicts'][number];
const told: readonly Verdict['what'][] = [
  'verified',
  'refused',
  'shadowed',
  'promoted',
  'rolledBack',
  'withdrawn',
  'drifted',
  'failed',
];
export function verdictOf({ modelId, what, why, atMs, figures }: KeptHappening): readonly Verdict[] {
  const known = told.find((one) => one === what);
  if (known === undefined) return [];
  return [{ modelId, what: known, why: why?.slice(0, 200) ?? null, atMs, figures: { ...numbersOf(figures) } }];
}
