/**
 * `npm run bench -- ml`: training and running the models. Rule kept: one thing is measured at a time; what needs a peer
 * that is not here says so and does not hold.
 */
import { type Figure, say } from '../till/figures.ts';
import { measureClassical } from './classical.ts';
import { measureTrainer } from './gbdt.ts';
import { measureInference } from './infer.ts';
import { measureNetTrainer } from './net.ts';
import { measureBillingBeside } from './billing.ts';
import { measureNight } from './night.ts';

export const mlParts = ['trainer', 'nets', 'inference', 'night', 'billing', 'classical'] as const;
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
  if (only.includes('night')) {
    say('ml: night');
    yield* await measureNight(
      isQuick
        ? { shop: { items: 150, days: 90, billsPerDay: 15, linesPerBill: 4 }, nights: 1, asks: 30 }
        : { shop: { items: 5_000, days: 400, billsPerDay: 150, linesPerBill: 8 }, nights: 3, asks: 520 },
    );
  }
  if (only.includes('billing')) {
    say('ml: billing beside inference');
    yield* await measureBillingBeside(
      isQuick
        ? { items: 200, trainRows: 2_000, trees: 20, commits: 60 }
        : { items: 5_000, trainRows: 20_000, trees: 200, commits: 10_000 },
    );
  }
  if (only.includes('classical')) {
    say('ml: classical models');
    yield* measureClassical(isQuick ? { items: 60, days: 120, rounds: 1 } : { items: 5_000, days: 365, rounds: 3 });
  }
}
