/**
 * How far a series' forecast may be trusted, 0 … 1. Rule kept: a wider band, a shorter past, more days without goods or
 * less skill never raise it, and each by itself can only take away.
 *
 *   narrow × past × stock × skill
 *   narrow = 1 − min(1, (P90 − P10) ÷ (2 × max(P50, 1)))            of the whole span, units
 *   past   = ¼ + ¾ √min(1, days learnt ÷ 182)
 *   stock  = ½ + ½ × days learnt ÷ (days learnt + days left out)
 *   skill  = ½ + ½ × min(1, max(0, s) ÷ 0.15), s = 1 − WQL ÷ WQL of the seasonal naive rule; 1 where it is not known
 */
export type ConfidenceGrounds = {
  /** Of the span's units: a week, a window. */
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
  readonly daysLearnt: number;
  /** Days on which nothing is known: out of stock, partly open. */
  readonly daysLeftOut: number;
  /** Share of the seasonal naive rule's loss that was saved on windows that are over; null: none is. */
  readonly skill: number | null;
};

/** Days of sales from which the past counts in full. */
const fullDays = 182;
/** Skill that is good for counts of a shop (the bar's "target"). */
const fullSkill = 0.15;

const clip = (share: number): number => Math.min(1, Math.max(0, share));

export function confidenceOf({ p10, p50, p90, daysLearnt, daysLeftOut, skill }: ConfidenceGrounds): number {
  const narrow = 1 - clip((p90 - p10) / (2 * Math.max(p50, 1)));
  const past = 0.25 + 0.75 * Math.sqrt(clip(daysLearnt / fullDays));
  const days = daysLearnt + daysLeftOut;
  const stock = 0.5 + 0.5 * (days > 0 ? clip(daysLearnt / days) : 0);
  const skilled = skill === null ? 1 : 0.5 + 0.5 * clip(skill / fullSkill);
  return narrow * past * stock * skilled;
}
