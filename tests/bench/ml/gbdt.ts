/**
 * The trainer beside scikit-learn: same rows, same settings, one thread each, in turn. Rule kept: binning counts on both
 * sides; the peer runs in a process of its own that has loaded everything before the clock starts.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { binTable, findEdges } from '#ml/gbdt/bins.ts';
import { train, type TrainSettings } from '#ml/gbdt/train.ts';
import { predict } from '#ml/gbdt/tree.ts';
import { seeded } from '#ml/random.ts';
import { type Figure, median, worst } from '../till/figures.ts';

type Shape = { readonly rows: number; readonly held: number; readonly features: number; readonly rounds: number };
const settings: TrainSettings = {
  loss: { kind: 'squared' },
  trees: 200,
  learningRate: 0.1,
  maxLeaves: 64,
  maxDepth: 6,
  minRows: 20,
  lambda: 0,
  rowShare: 1,
  featureShare: 1,
  seed: 1,
};

/** Units of a shop, more or less: a level, weekdays, a price, an interaction, and Poisson noise. */
function rowsOf({ rows, held, features }: Shape): { values: Float32Array; target: Float64Array } {
  const random = seeded(20_261_121);
  const n = rows + held;
  const values = new Float32Array(n * features);
  const target = new Float64Array(n);
  for (let row = 0; row < n; row += 1) {
    const at = row * features;
    for (let f = 0; f < features; f += 1)
      values[at + f] = f % 5 === 4 ? Math.floor(7 * random()) : 4 * random() * random();
    const rate =
      Math.exp(0.5 * (values[at] ?? 0) - 0.3 * (values[at + 1] ?? 0)) * ((values[at + 4] ?? 0) >= 5 ? 1.6 : 1) +
      (values[at + 2] ?? 0) * (values[at + 3] ?? 0);
    // Knuth's way to a Poisson number.
    const least = Math.exp(-Math.min(rate, 500));
    let units = 0;
    for (let p = random(); p > least; units += 1) p *= random();
    target[row] = units;
  }
  return { values, target };
}

type PeerAnswer = { readonly seconds: number; readonly rmse: number };
type Peer = {
  readonly version: string;
  readonly fit: (order: object) => Promise<PeerAnswer>;
  readonly end: () => void;
};

/** null where this machine has no scikit-learn. */
async function startPeer(): Promise<Peer | null> {
  const one = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(
    process.platform === 'win32' ? 'python' : '/usr/bin/python3',
    [join(import.meta.dirname, 'peer.py')],
    { env: { ...process.env, ...one }, stdio: ['pipe', 'pipe', 'ignore'] },
  );
  const isGone = new Promise<null>((done) => {
    child.once('error', () => done(null));
    child.once('exit', () => done(null));
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const line = async (): Promise<string | null> => {
    const next = await Promise.race([lines.next(), isGone]);
    return next === null || next.done === true ? null : next.value;
  };
  const hello = await line();
  if (hello === null) return null;
  return {
    version: (JSON.parse(hello) as { version: string }).version,
    fit: async (order) => {
      child.stdin.write(`${JSON.stringify(order)}\n`);
      const answer = await line();
      if (answer === null) throw new Error('scikit-learn ended in the middle of a fit.');
      return JSON.parse(answer) as PeerAnswer;
    },
    end: () => child.stdin.end(),
  };
}

function fitOurs({ rows, held, features }: Shape, values: Float32Array, target: Float64Array): PeerAnswer {
  const known = { rows, features, values: values.subarray(0, rows * features) };
  const started = performance.now();
  const table = binTable(known, findEdges(known, 254));
  const forest = train(table, target.subarray(0, rows), new Float64Array(rows).fill(1), settings);
  const seconds = (performance.now() - started) / 1000;
  const found = predict(forest, values.subarray(rows * features), held, features);
  let squares = 0;
  for (let row = 0; row < held; row += 1) squares += ((found[row] ?? 0) - (target[rows + row] ?? 0)) ** 2;
  return { seconds, rmse: Math.sqrt(squares / held) };
}

export async function measureTrainer(shape: Shape): Promise<readonly Figure[]> {
  const { values, target } = rowsOf(shape);
  const folder = mkdtempSync(join(tmpdir(), 'billmitra-bench-ml-'));
  const peer = await startPeer();
  const [ours, theirs]: [PeerAnswer[], PeerAnswer[]] = [[], []];
  try {
    const order = { values: join(folder, 'values.f32'), target: join(folder, 'target.f64'), ...shape, ...settings };
    writeFileSync(order.values, values);
    writeFileSync(order.target, target);
    for (let round = 0; round < shape.rounds; round += 1) {
      if (peer !== null) theirs.push(await peer.fit(order));
      ours.push(fitOurs(shape, values, target));
    }
  } finally {
    peer?.end();
    rmSync(folder, { recursive: true, force: true });
  }
  const seconds = (all: readonly PeerAnswer[]): number[] => all.map((each) => each.seconds);
  const why = peer === null ? "no scikit-learn here (Debian's python3-sklearn)" : undefined;
  const beside = {
    seconds: median(seconds(ours)),
    worstSeconds: worst(seconds(ours)),
    ...(peer === null ? {} : { peer: `scikit-learn ${peer.version}`, peerSeconds: median(seconds(theirs)) }),
  };
  return [
    {
      name: 'gbdt_train_300k_ratio_sklearn',
      value: peer === null ? null : median(seconds(ours)) / median(seconds(theirs)),
      unit: 'ratio',
      n: shape.rounds,
      bar: { atMost: 1.2 },
      beside,
      why,
    },
    {
      name: 'gbdt_holdout_rmse_ratio',
      value: peer === null ? null : (ours[0]?.rmse ?? Number.NaN) / (theirs[0]?.rmse ?? Number.NaN),
      unit: 'ratio',
      n: shape.held,
      bar: { atMost: 1.005 },
      beside: { rmse: ours[0]?.rmse ?? Number.NaN },
      why,
    },
  ];
}
