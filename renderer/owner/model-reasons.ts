/**
 * Why something happened to a model, in plain words from the till's code. Rule kept: many codes share a sentence, since a
 * shopkeeper does the same about them; the code itself and its figures stand in the fold; an unknown code says nothing.
 */
import type { ModelEvent } from '#contract/till-forecast.ts';
import type { Word } from '../words/words.ts';

/** A sentence of why; head office's page has one of its own for each. */
export type ModelReason = Extract<Word, `moWhy${string}`>;

const byCode: Readonly<Record<string, ModelReason>> = {
  worse: 'moWhyWorse',
  manifestChanged: 'moWhyDamaged',
  manifestUnreadable: 'moWhyDamaged',
  sizeDiffers: 'moWhyDamaged',
  hashDiffers: 'moWhyDamaged',
  signatureMissing: 'moWhyUnsigned',
  keyUnknown: 'moWhyUnsigned',
  signatureWrong: 'moWhyUnsigned',
  schemaOther: 'moWhyOther',
  featureMissing: 'moWhyOther',
  formatUnknown: 'moWhyOther',
  operatorUnknown: 'moWhyOther',
  metadataDiffers: 'moWhyOther',
  runtimeTooOld: 'moWhyOther',
  expired: 'moWhyExpired',
  runtimeMissing: 'moWhyNoRuntime',
  noRuntime: 'moWhyNoRuntime',
  tookTooLong: 'moWhySlow',
  modelSlow: 'moWhySlow',
  doesNotOpen: 'moWhyBroken',
  goldenDiffers: 'moWhyBroken',
  modelFailed: 'moWhyBroken',
  modelRefused: 'moWhyBroken',
  owner: 'moWhyOwner',
  drift: 'moWhyDrift',
};

/** The first rule of ml/registry/promotion.ts that was not met. */
const byRule: Readonly<Record<string, ModelReason>> = {
  loss: 'moWhyWorse',
  coverage: 'moWhyBands',
  bias: 'moWhySkew',
  segment: 'moWhyBest',
  time: 'moWhySlow',
  windows: 'moWhyShort',
};

/** The till writes `code`, `code:details` or either with figures behind it. */
export function codeReason(reason: string | null): ModelReason | null {
  const [, code = '', rule = ''] = /^([A-Za-z]+)(?::([A-Za-z]+))?/.exec(reason ?? '') ?? [];
  return (code === 'worse' ? byRule[rule] : undefined) ?? byCode[code] ?? null;
}

export const eventReason = ({ what, reason }: ModelEvent): ModelReason | null =>
  what === 'shadowed' ? 'moWhyShadow' : codeReason(reason);
