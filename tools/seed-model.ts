/**
 * `node tools/run.mjs tools/seed-model.ts [--out FILE]`: makes the seed model that ships with the product, from made-up
 * shops. Rule kept: no option changes what is made; the same source gives the same bytes on any machine.
 */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { trainSeed } from '#ml/cold/train-seed.ts';

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: join(import.meta.dirname, '..', 'assets', 'seed-model', 'seed-model.onnx') },
  },
});
const bytes = await trainSeed(
  {
    shops: 120,
    items: 50,
    rowsPerShop: 2_500,
    trees: 200,
    maxLeaves: 24,
    seed: 20_261,
    threads: availableParallelism(),
  },
  (what) => void process.stderr.write(`${what}\n`),
);
writeFileSync(values.out, bytes);
process.stderr.write(
  `${values.out}: ${bytes.length} bytes, sha256 ${createHash('sha256').update(bytes).digest('hex')}\n`,
);
