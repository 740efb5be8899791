/** The print that runs, as the till tells it. Rule kept: one feed for every page of the labels. */
import type { LabelJob } from '#contract/till-label.ts';
import { useFeed } from '../link/use-feed.ts';

export const useLabelJob = (): LabelJob | null =>
  useFeed('job', (till, _, options) => till.label.feed(undefined, options));
