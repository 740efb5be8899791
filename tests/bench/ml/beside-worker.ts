/**
 * The night's inference for the bench of billing beside it: a thread that asks the model block by block, as the till's
 * forecasting thread does, so that nothing of it passes through the thread that bills. Rule kept: it works while cell 0
 * says so; cell 1 counts the runs begun, cell 2 says that none is under way, and cell 3 ends it.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { openModel } from '#ml/onnx/runtime.ts';
import { stepBack } from '#ml/onnx/step-back.ts';
import { type DemandInputs, runDemand } from '#ml/registry/packed-demand.ts';

export type BesideOrder = {
  readonly bytes: Uint8Array;
  readonly blocks: readonly DemandInputs[];
  readonly cells: Int32Array;
};
export const [isWanted, begun, isIdle, isOver] = [0, 1, 2, 3] as const;

if (parentPort !== null) {
  stepBack();
  const { bytes, blocks, cells } = workerData as BesideOrder;
  const model = openModel(bytes, 120_000);
  const [first] = blocks;
  if (first !== undefined) await runDemand(model, first);
  while (Atomics.load(cells, isOver) === 0) {
    if (Atomics.load(cells, isWanted) === 0) {
      Atomics.store(cells, isIdle, 1);
      Atomics.wait(cells, isWanted, 0, 50);
      continue;
    }
    Atomics.store(cells, isIdle, 0);
    const block = blocks[Atomics.add(cells, begun, 1) % blocks.length];
    if (block !== undefined) await runDemand(model, block);
  }
  await model.close();
  parentPort.close();
}
