/**
 * `npm run bench -- ml`: training and running the models. Rule kept: one thing is measured at a time; what needs a peer
 * that is not here says so and does not hold.
 */
import { type Figure, say } from '../till/figures.ts';
import { measureTrainer } from './gbdt.ts';
import { measureInference } from './infer.ts';
import { measureNetTrainer } from './net.ts';

export const mlParts = ['trainer', 'nets', 'inference'] as const;
export type MlPart = (typeof mlParts)[number];

/** Yields figures as they come. */
export async function* runMlBench(isQuick: boolean, only: readonly MlPart[]): AsyncGenerator<Figure> {
  if (only.includes('trainer')) {
    say('ml: trainer');
    yield* await measureTrainer(
      isQuick
        ? { rows: 10_000, held: 2_000, features: 30, rounds: 1 }
        : { rows: 300_000, held: 60_000, features: 30, rounds: 5 },
    );
  }
  if (only.includes('nets')) {
    say('ml: nets');
    yield* await measureNetTrainer(isQuick ? 20 : 300);
  }
  if (only.includes('inference')) {
    say('ml: inference');
    yield* await measureInference(
      isQuick
        ? { items: 200, runs: 3, trainRows: 2_000, trees: 20 }
        : { items: 5_000, runs: 20, trainRows: 20_000, trees: 200 },
    );
  }
}
