/**
 * `npm run -s faults -- kill --cycles N`, `… powercut --cuts N`, `… printer --unplugs N`: breaks the till or what hangs
 * on it on purpose and counts what was lost; `… sync --schedules N` does so to tills, head office and the network. Rule
 * kept: one JSON line on stdout, progress on stderr; each rig has a control that must show losses, as a rig that can't
 * fail proves nothing. Exit 0: as it must be; 1: not; 3: can't be run here.
 */
import { parseArgs } from 'node:util';
import { askForOthers } from '#tests/faults/isolation.ts';
import { killTills } from '#tests/faults/kill.ts';
import { cutPower } from '#tests/faults/powercut.ts';
import type { Control } from '#tests/faults/printer-desk.ts';
import { cutPrinter } from '#tests/faults/printer.ts';
import { fuzzPushes } from '#tests/faults/push-fuzz.ts';
import { breakScanners } from '#tests/faults/scanner.ts';
import { compareShapes } from '#tests/faults/shapes.ts';
import { scoreMutants, type Store } from '#tests/faults/sync/run.ts';
import { simulate } from '#tests/faults/sync/simulate.ts';

const usage = `usage: faults kill [--cycles N] [--control ack-before-commit] [--seed N]
       faults powercut [--cuts N] [--control normal-sync] [--seed N]
       faults printer [--unplugs N] [--control blind-retry|call-it-done] [--seed N]
       faults isolation [--requests N] [--control drop-policy] [--seed N]
       faults push-fuzz [--n N] [--seed N]
       faults scanner [--scans N] [--control naive-split] [--seed N]
       faults sync [--schedules N] [--store memory|sqlite|postgres] [--seed N] [--from N]
       faults mutants [--schedules N] [--seed N]
       faults shapes [--rounds N] [--control forget-running] [--seed N] [--from N]
`;
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const answer = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

async function powercut(cuts: number, seed: number, control: string | null): Promise<number> {
  const outcome = await cutPower({ cuts, seed, isNormalSync: control === 'normal-sync', say });
  if (outcome.kind === 'skipped') {
    answer({ skipped: `powercut: ${outcome.why}` });
    return 3;
  }
  const { kind: _, ...counts } = outcome;
  if (control === null) {
    answer(counts);
    return counts.lost === 0 && counts.corrupt === 0 ? 0 : 1;
  }
  answer({ ...counts, control });
  return counts.lost * 2 >= counts.cuts ? 0 : 1;
}

async function kill(cycles: number, seed: number, control: string | null): Promise<number> {
  const outcome = await killTills({ cycles, seed, acksBeforeCommit: control === 'ack-before-commit', say });
  answer(control === null ? outcome : { ...outcome, control });
  if (control !== null) return outcome.lost > 0 ? 0 : 1;
  const { lost, doubled, gaps, corrupt, cartLost } = outcome;
  return lost + doubled + gaps + corrupt + cartLost === 0 && outcome.acknowledged > 0 ? 0 : 1;
}

/** A bill that waited for its printer would wait for a time limit of hundreds of milliseconds. */
const mostDelayMs = 20;

async function printer(unplugs: number, seed: number, control: Control | null): Promise<number> {
  const { billDelayedMs, commitMs, pulled, ...counts } = await cutPrinter({ unplugs, seed, control, say });
  const flat = (of: Readonly<Record<string, number | string>>, name: string) =>
    Object.fromEntries(Object.entries(of).map(([key, value]) => [`${name}.${key}`, value]));
  const { unplugs: done, lost, doubledUnmarked, ...more } = counts;
  answer({
    unplugs: done,
    lost,
    doubledUnmarked,
    'billDelayedMs.p99': billDelayedMs.p99,
    'billDelayedMs.p50': billDelayedMs.p50,
    ...flat(commitMs, 'commitMs'),
    ...more,
    ...flat(pulled, 'pulled'),
    ...(control === null ? {} : { control }),
  });
  if (control === 'blind-retry') return doubledUnmarked > 0 ? 0 : 1;
  if (control === 'call-it-done') return lost > 0 ? 0 : 1;
  return lost + doubledUnmarked === 0 && counts.asked > 0 && billDelayedMs.p99 <= mostDelayMs ? 0 : 1;
}

async function scanner(scans: number, seed: number, isNaive: boolean): Promise<number> {
  const { kinds, ...counts } = await breakScanners({ scans, seed, isNaive, say });
  const played = Object.fromEntries(Object.entries(kinds).map(([key, value]) => [`played.${key}`, value]));
  answer({ ...counts, ...played, ...(isNaive ? { control: 'naive-split' } : {}) });
  if (isNaive) return counts.wrongLines > 0 && counts.lost > 0 ? 0 : 1;
  const { wrongLines, lost, changed, leaked, clean } = counts;
  return wrongLines + lost + changed + leaked === 0 && clean > 0 ? 0 : 1;
}

async function isolation(requests: number, seed: number, control: string | null): Promise<number> {
  const { statuses, ...counts } = await askForOthers({ requests, seed, dropPolicy: control !== null, say });
  const answered = Object.fromEntries(Object.entries(statuses).map(([status, times]) => [`status.${status}`, times]));
  answer({ ...counts, ...answered, ...(control === null ? {} : { control }) });
  if (control !== null) return counts.foreignRows > 0 ? 0 : 1;
  const isWhole = counts.pairsAsked === Math.min(counts.pairs, requests);
  return counts.foreignRows + counts.faults === 0 && (statuses['200'] ?? 0) * 5 > requests && isWhole ? 0 : 1;
}

/** Nothing hostile is believed, and the server still answers an honest till afterwards. */
async function pushFuzz(n: number, seed: number): Promise<number> {
  const { answers, ...counts } = await fuzzPushes({ n, seed, say });
  const answered = Object.fromEntries(Object.entries(answers).map(([name, times]) => [`answer.${name}`, times]));
  answer({ ...counts, ...answered });
  return counts.crashes + counts.accepted === 0 && counts.honestAccepted > 0 && counts.honestFacts > 0 ? 0 : 1;
}

/** A schedule that goes another way the second time proves nothing: that fails too. */
async function sync(schedules: number, seed: number, store: Store, from: number): Promise<number> {
  const { failed, ...counts } = await simulate({ schedules, seed, store, from, say });
  answer({ ...counts, store, seed, failed: failed.map(({ n }) => n) });
  return counts.lost + counts.doubled + counts.stuck + counts.diverged + counts.unsteady === 0 ? 0 : 1;
}

/** The simulator's own control: each mistake that is one must be found. */
function mutants(schedules: number, seed: number): number {
  const { missed, ...counts } = scoreMutants(seed, schedules, say);
  answer({ ...counts, missed });
  return counts.caught >= 0.95 * (counts.mutants - counts.equivalent) ? 0 : 1;
}

async function shapes(rounds: number, seed: number, from: number, control: string | null): Promise<number> {
  const outcome = await compareShapes({ rounds, from, seed, forgetsRunning: control !== null, say });
  answer(control === null ? outcome : { ...outcome, control });
  if (control !== null) return outcome.diverged > 0 ? 0 : 1;
  return outcome.diverged + outcome.doubled === 0 && outcome.messages > 0 ? 0 : 1;
}

const isStore = (text: string): text is Store => ['memory', 'sqlite', 'postgres'].includes(text);

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      cycles: { type: 'string', default: '100' },
      cuts: { type: 'string', default: '2000' },
      unplugs: { type: 'string', default: '1000' },
      scans: { type: 'string', default: '100000' },
      schedules: { type: 'string' },
      rounds: { type: 'string', default: '20' },
      requests: { type: 'string', default: '20000' },
      n: { type: 'string', default: '100000' },
      store: { type: 'string', default: 'memory' },
      from: { type: 'string', default: '0' },
      control: { type: 'string' },
      seed: { type: 'string', default: '1' },
    },
  });
  const control = values.control ?? null;
  const rig = positionals[0];
  const counts: Readonly<Record<string, string>> = {
    kill: values.cycles,
    powercut: values.cuts,
    printer: values.unplugs,
    scanner: values.scans,
    sync: values.schedules ?? '2000',
    // Some mistakes need a disk and a server that both came from a copy, in the wrong order.
    mutants: values.schedules ?? '20000',
    isolation: values.requests,
    'push-fuzz': values.n,
    shapes: values.rounds,
  };
  const count = Number(counts[rig ?? ''] ?? 0);
  const seed = Number(values.seed);
  const isGood = Number.isInteger(count) && count > 0 && Number.isInteger(seed);
  if (rig === 'powercut' && isGood && (control === null || control === 'normal-sync'))
    return powercut(count, seed, control);
  if (rig === 'kill' && isGood && (control === null || control === 'ack-before-commit'))
    return kill(count, seed, control);
  if (rig === 'printer' && isGood && (control === null || control === 'blind-retry' || control === 'call-it-done'))
    return printer(count, seed, control);
  if (rig === 'scanner' && isGood && (control === null || control === 'naive-split'))
    return scanner(count, seed, control !== null);
  if (rig === 'isolation' && isGood && (control === null || control === 'drop-policy'))
    return isolation(count, seed, control);
  if (rig === 'shapes' && isGood && (control === null || control === 'forget-running')) {
    return shapes(count, seed, Number(values.from), control);
  }
  if (rig === 'push-fuzz' && isGood && control === null) return pushFuzz(count, seed);
  const from = Number(values.from);
  if (rig === 'sync' && isGood && control === null && isStore(values.store) && Number.isInteger(from) && from >= 0)
    return sync(count, seed, values.store, from);
  if (rig === 'mutants' && isGood && control === null) return mutants(count, seed);
  process.stderr.write(usage);
  return 2;
}

process.exitCode = await main();
