/**
 * `npm run bench -- NAME [--quick] [PART…]`: prints one JSON line per figure. Exit codes: 0 when every bar holds,
 * 1 when one does not, 2 for a name it does not know. `--quick` takes every figure on a small shop with few
 * samples: it shows that the bench works, its numbers are not judged. Parts that take minutes run only where they are
 * named. It measures nothing itself.
 */
import { hardwareParts, runHardwareBench } from '#tests/bench/hardware/run.ts';
import { longMlParts, mlParts, runMlBench } from '#tests/bench/ml/run.ts';
import { runSyncBench, syncParts } from '#tests/bench/sync/run.ts';
import { type Figure, holds, lineOf } from '#tests/bench/till/figures.ts';
import { parts, runTillBench } from '#tests/bench/till/run.ts';

type Bench = {
  readonly parts: readonly string[];
  readonly run: (isQuick: boolean, isAsked: (part: string) => boolean) => AsyncIterable<Figure>;
};
const benches: Readonly<Record<string, Bench>> = {
  till: {
    parts,
    run: (isQuick, isAsked) => runTillBench(isQuick, parts.filter(isAsked)),
  },
  hardware: {
    parts: hardwareParts,
    run: (isQuick, isAsked) => runHardwareBench(isQuick, hardwareParts.filter(isAsked)),
  },
  ml: {
    parts: mlParts,
    run: (isQuick, isAsked) => runMlBench(isQuick, mlParts.filter(isAsked)),
  },
  sync: {
    parts: syncParts,
    run: (isQuick, isAsked) => runSyncBench(isQuick, syncParts.filter(isAsked)),
  },
};

const [name = '', ...rest] = process.argv.slice(2);
const isQuick = rest.includes('--quick');
const asked = rest.filter((word) => word !== '--quick');
const bench = benches[name];

if (bench === undefined || asked.some((word) => !bench.parts.includes(word))) {
  const uses = Object.entries(benches).map(([each, { parts: of }]) => `${each} [--quick] [${of.join('|')} …]`);
  process.stderr.write(`usage: npm run bench -- ${uses.join('\n       npm run bench -- ')}\n`);
  process.exitCode = 2;
} else {
  let allHold = true;
  for await (const figure of bench.run(isQuick, (part) =>
    asked.length === 0 ? !longMlParts.includes(part) : asked.includes(part),
  )) {
    process.stdout.write(`${lineOf(name, figure)}\n`);
    allHold &&= holds(figure);
  }
  process.exitCode = isQuick || allHold ? 0 : 1;
}
