/**
 * `npm run -s faults -- kill --cycles N` and `… powercut --cuts N`: breaks the till on purpose and counts what
 * was lost. Rule kept: one JSON line on stdout, progress on stderr; each rig has a control that must show
 * losses, as a rig that can't fail proves nothing. Exit 0: as it must be; 1: not; 3: can't be run here.
 */
import { parseArgs } from 'node:util';
import { killTills } from '#tests/faults/kill.ts';
import { cutPower } from '#tests/faults/powercut.ts';

const usage = `usage: faults kill [--cycles N] [--control ack-before-commit] [--seed N]
       faults powercut [--cuts N] [--control normal-sync] [--seed N]
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

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      cycles: { type: 'string', default: '100' },
      cuts: { type: 'string', default: '2000' },
      control: { type: 'string' },
      seed: { type: 'string', default: '1' },
    },
  });
  const control = values.control ?? null;
  const rig = positionals[0];
  const count = Number(rig === 'kill' ? values.cycles : values.cuts);
  const seed = Number(values.seed);
  const isGood = Number.isInteger(count) && count > 0 && Number.isInteger(seed);
  if (rig === 'powercut' && isGood && (control === null || control === 'normal-sync'))
    return powercut(count, seed, control);
  if (rig === 'kill' && isGood && (control === null || control === 'ack-before-commit'))
    return kill(count, seed, control);
  process.stderr.write(usage);
  return 2;
}

process.exitCode = await main();
