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

export const mlParts = [
  'trainer',
  'nets',
  'inference',
  'inference-nets',
  'night',
  'night-nets',
  'night-50000',
  'billing',
  'classical',
] as const;
/** Minutes each: only where they are named. */
export const longMlParts: readonly string[] = ['night-50000'];
export type MlPart = (typeof mlParts)[number];

const usualShop = { items: 5_000, days: 400, billsPerDay: 150, linesPerBill: 8 } as const;
const quickShop = { items: 150, days: 90, billsPerDay: 15, linesPerBill: 4 } as const;
const usualModel = { items: 5_000, days: 200, trainRows: 60_000 } as const;
const quickModel = { items: 150, days: 120, trainRows: 2_000 } as const;

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
  for (const hasNets of [false, true]) {
    if (!only.includes(hasNets ? 'inference-nets' : 'inference')) continue;
    say(hasNets ? 'ml: inference with nets' : 'ml: inference');
    yield* await measureInference({ ...(isQuick ? quickModel : usualModel), hasNets, runs: isQuick ? 3 : 20 });
  }
  if (only.includes('night')) {
    say('ml: night');
    yield* await measureNight(
      isQuick
        ? { shop: quickShop, nights: 1, asks: 30, pages: 2, netRows: null }
        : { shop: usualShop, nights: 3, asks: 520, pages: 20, netRows: null },
    );
  }
  if (only.includes('night-nets')) {
    say('ml: night with nets');
    yield* await measureNight(
      isQuick
        ? { shop: { ...quickShop, days: 120 }, nights: 1, asks: 0, pages: 0, netRows: 2_000 }
        : { shop: usualShop, nights: 3, asks: 0, pages: 0, netRows: 60_000 },
    );
  }
  if (only.includes('night-50000')) {
    say('ml: night of 50,000 items');
    const shop = { items: 50_000, days: 120, billsPerDay: 700, linesPerBill: 8 };
    yield* await measureNight({ shop: isQuick ? quickShop : shop, nights: 2, asks: 0, pages: 0, netRows: null });
  }
  if (only.includes('billing')) {
    say('ml: billing beside inference');
    yield* await measureBillingBeside(
      isQuick ? { ...quickModel, hasNets: false, commits: 60 } : { ...usualModel, hasNets: false, commits: 10_000 },
    );
  }
  if (only.includes('classical')) {
    say('ml: classical models');
    yield* measureClassical(isQuick ? { items: 60, days: 120, rounds: 1 } : { items: 5_000, days: 365, rounds: 3 });
  }
}
