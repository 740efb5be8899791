/**
 * `npm run bench -- NAME [--quick] [PART…]`: prints one JSON line per figure. Exit codes: 0 when every bar holds,
 * 1 when one does not, 2 for a name it does not know. `--quick` takes every figure on a small shop with few
 * samples: it shows that the bench works, its numbers are not judged. It measures nothing itself.
 */
import { holds, lineOf } from '#tests/bench/till/figures.ts';
import { type Part, parts, runTillBench } from '#tests/bench/till/run.ts';

const [name, ...rest] = process.argv.slice(2);
const isQuick = rest.includes('--quick');
const asked = rest.filter((word) => word !== '--quick');
const only = parts.filter((part) => asked.includes(part));

if (name !== 'till' || asked.some((word) => !parts.some((part) => part === word))) {
  process.stderr.write(`usage: npm run bench -- till [--quick] [${parts.join('|')} …]\n`);
  process.exitCode = 2;
} else {
  const chosen: readonly Part[] = only.length === 0 ? parts : only;
  let allHold = true;
  for await (const figure of runTillBench(isQuick, chosen)) {
    process.stdout.write(`${lineOf('till', figure)}\n`);
    allHold &&= holds(figure);
  }
  process.exitCode = isQuick || allHold ? 0 : 1;
}
