/**
 * Words of head office's models page: why a store refused one, what its till last said, what a training waits for. Rule
 * kept: many codes share a sentence (owner/model-reasons.ts); an unknown code is never shown, the chip says enough.
 */
import type { ReleaseView, TillWord, TrainingView } from '#contract/releases.ts';
import type { Language } from '#contract/views.ts';
import { codeReason, type ModelReason } from '../owner/model-reasons.ts';
import { longDate } from '../words/formats.ts';
import type { ChipLook } from './office-pieces.tsx';
import type { OfficeSay, OfficeWord } from './office-words.ts';
import { whenText } from './times.ts';

const whyWords: Readonly<Record<ModelReason, OfficeWord>> = {
  moWhyWorse: 'relWorse',
  moWhyBands: 'relBands',
  moWhySkew: 'relSkew',
  moWhyBest: 'relBest',
  moWhyShort: 'relShort',
  moWhyDamaged: 'relDamaged',
  moWhyUnsigned: 'relUnsigned',
  moWhyOther: 'relOther',
  moWhyExpired: 'relExpired',
  moWhyNoRuntime: 'relNoRuntime',
  moWhySlow: 'relSlow',
  moWhyBroken: 'relBroken',
  moWhyOwner: 'relOwner',
  moWhyDrift: 'relDrift',
  moWhyShadow: 'relShort',
};
/** null: a code that this page does not know. */
export function whyText(why: string | null, say: OfficeSay): string | null {
  const reason = codeReason(why);
  return reason === null ? null : say(whyWords[reason]);
}

type Look = { readonly word: OfficeWord; readonly look: ChipLook; readonly icon: 'check' | 'alert' | 'hourglass' };
const lookOf: Readonly<Record<TillWord, Look>> = {
  promoted: { word: 'tsUses', look: 'good', icon: 'check' },
  drifted: { word: 'tsDrifted', look: 'warn', icon: 'alert' },
  verified: { word: 'tsTries', look: 'quiet', icon: 'hourglass' },
  shadowed: { word: 'tsTries', look: 'quiet', icon: 'hourglass' },
  refused: { word: 'tsRefused', look: 'bad', icon: 'alert' },
  rolledBack: { word: 'tsWentBack', look: 'bad', icon: 'alert' },
  failed: { word: 'tsFailed', look: 'bad', icon: 'alert' },
  withdrawn: { word: 'tsTakenBack', look: 'quiet', icon: 'hourglass' },
};
/** null: nothing was heard. */
export const wordLook = (what: TillWord | null): Look | null => (what === null ? null : lookOf[what]);

export type ReleaseState = { readonly word: OfficeWord; readonly look: ChipLook };
export function releaseState(one: ReleaseView, isNewest: boolean): ReleaseState {
  if (one.withdrawnAtMs !== null) return { word: 'relStateGone', look: 'warn' };
  if (isNewest) return { word: 'relStateOffered', look: one.refused > one.runs ? 'warn' : 'good' };
  return { word: 'relStateOlder', look: 'quiet' };
}

const grouped = new Intl.NumberFormat('en-IN', { maximumFractionDigits: 0 });
/** "4 %" of 412. */
export const share = (bp: number): string => `${grouped.format(Math.abs(bp) / 100)}\u00A0%`;
export const countOf = (count: number): string => grouped.format(count);
/** "4 % less", "2 % more", "the same"; null: not known. */
export function missText(bp: number | null, say: OfficeSay): string | null {
  if (bp === null) return null;
  if (Math.abs(bp) < 50) return say('relSame');
  return say(bp > 0 ? 'relLess' : 'relMore', { share: share(bp) });
}
/** By how much less the first missed than the second, in hundredths of a percent. */
export const lessBp = (wql: number, other: number | null): number | null =>
  other === null || !(other > 0) ? null : Math.round(10_000 * (1 - wql / other));

/** One sentence: what the next training waits for. */
export function trainingText(training: TrainingView, nowMs: number, say: OfficeSay, language: Language): string {
  const { running, failedAtMs, daysKnown, daysNeeded, asked, outcome, nextFrom } = training;
  if (running !== null) {
    return running.of === 0
      ? say('relTrainRuns')
      : say('relTrainRunsShare', { share: Math.floor((100 * running.done) / running.of) });
  }
  if (failedAtMs !== null) return say('relTrainFailed', { when: whenText(failedAtMs, nowMs, say, language) });
  if (daysKnown < daysNeeded) return say('relTrainTooEarly', { count: daysKnown, needed: daysNeeded });
  if (asked !== null) return say(asked === 'drift' ? 'relTrainDrift' : 'relTrainGone');
  const day = nextFrom === null ? '' : longDate(nextFrom, language);
  if (nextFrom === null) return say('relTrainNever');
  return say(outcome === 'worseThanPlain' ? 'relTrainWorse' : 'relTrainNext', { day });
}
