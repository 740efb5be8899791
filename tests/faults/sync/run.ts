/**
 * Runs schedules: a world, some dozens of random steps, then the check. Rule kept: schedule n of seed s is the same
 * for ever; what fails is answered by its number, to be run again alone.
 */
import { seededRandom } from '../seeded-random.ts';
import { check, type Findings } from './check.ts';
import { type Mutant, mutants } from './mutants.ts';
import { product, type Protocol } from './protocol.ts';
import { backUp, crashTill, deliver, giveUp, makeWorld, restore, sell, send, type World } from './world.ts';

function step(world: World): void {
  const { random, tills } = world;
  const till = tills[random(tills.length)];
  if (till === undefined) return;
  const what = random(100);
  if (what < 30) sell(world, till);
  else if (what < 50) send(world, till);
  else if (what < 75) deliver(world, random(Math.max(1, world.packets.length)));
  else if (what < 81) world.packets.splice(random(Math.max(1, world.packets.length)), 1);
  else if (what < 87) {
    const packet = world.packets[random(Math.max(1, world.packets.length))];
    if (packet !== undefined) world.packets.push(packet);
  } else if (what < 93) giveUp(world, till);
  else if (what < 96) crashTill(till);
  else if (what < 98) backUp(till);
  else restore(world, till);
}

export function runSchedule(seed: number, n: number, protocol: Protocol = product): Findings {
  const { below } = seededRandom(seed * 1_000_003 + n);
  const world = makeWorld(protocol, below);
  for (let i = 20 + world.random(60); i > 0; i -= 1) step(world);
  return check(world);
}

export const isClean = (found: Findings): boolean => found.lost + found.doubled + found.stuck + found.diverged === 0;

export type Simulation = Findings & {
  readonly schedules: number;
  readonly perSecond: number;
  readonly failed: readonly number[];
};

/** Many schedules; `failed` names the first few, each to be run again alone. */
export function simulate(options: {
  readonly schedules: number;
  readonly seed: number;
  readonly say: (line: string) => void;
}): Simulation {
  const { schedules, seed, say } = options;
  const sum: Findings = { lost: 0, doubled: 0, stuck: 0, diverged: 0 };
  const failed: number[] = [];
  const from = performance.now();
  for (let n = 0; n < schedules; n += 1) {
    const found = runSchedule(seed, n);
    for (const key of Object.keys(sum) as (keyof Findings)[]) sum[key] += found[key];
    if (!isClean(found) && failed.length < 10) failed.push(n);
    if (n % 20_000 === 19_999) say(`${n + 1} of ${schedules} schedules, ${failed.length} failed`);
  }
  return { schedules, ...sum, perSecond: Math.round(schedules / ((performance.now() - from) / 1_000)), failed };
}

export type MutantScore = {
  readonly mutants: number;
  readonly equivalent: number;
  readonly caught: number;
  readonly missed: readonly string[];
  /** Schedules until it was caught, the one that took most. */
  readonly slowest: number;
};

export function scoreMutants(seed: number, schedules: number, say: (line: string) => void): MutantScore {
  const at = (mutant: Mutant): number => {
    for (let n = 0; n < schedules; n += 1) if (!isClean(runSchedule(seed, n, mutant.protocol))) return n;
    return -1;
  };
  const real = mutants.filter((mutant) => mutant.isEquivalent === undefined);
  const caught = real.map((mutant) => {
    const n = at(mutant);
    say(`${n < 0 ? 'not caught' : `caught by schedule ${n}`}: ${mutant.name}`);
    return n;
  });
  return {
    mutants: mutants.length,
    equivalent: mutants.length - real.length,
    caught: caught.filter((n) => n >= 0).length,
    missed: real.filter((_, i) => (caught[i] ?? -1) < 0).map((mutant) => mutant.name),
    slowest: Math.max(...caught),
  };
}
