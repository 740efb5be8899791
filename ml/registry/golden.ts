/**
 * Fifty rows that a model was told of when it was made, and what it answered. Rule kept: a model that answers otherwise
 * by more than its tolerance (of the larger of 1 and the value) is not that model, or this PC reckons otherwise; either
 * way it does not run.
 */
import type { TensorData } from '../onnx/run-worker.ts';
import type { RunningModel } from '../onnx/runtime.ts';
import { floatsOfText } from './floats-text.ts';
import type { ModelManifest } from './manifest.ts';

/** Greatest difference; Infinity where the answer has another shape or is no number. Rejects with a ModelFault. */
export async function goldenDifference(manifest: ModelManifest, running: RunningModel): Promise<number> {
  const { golden } = manifest;
  const inputs: Record<string, TensorData> = {};
  for (const { name, shape } of manifest.inputs) {
    const data = floatsOfText(golden.inputs[name] ?? '');
    // N: rows. S: series, each with all days of the horizon.
    const dims = shape.map((size) =>
      typeof size === 'number' ? size : size === 'S' ? golden.rows / manifest.horizon : golden.rows,
    );
    if (data.length !== dims.reduce((all, size) => all * size, 1)) return Number.POSITIVE_INFINITY;
    inputs[name] = { dims, data };
  }
  const outputs = await running.run(inputs);
  const wanted = floatsOfText(golden.outputs);
  const found = outputs[manifest.outputs[0]?.name ?? '']?.data;
  if (found === undefined || found.length !== wanted.length || found.length === 0) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (const [k, value] of found.entries()) {
    const want = wanted[k] ?? Number.NaN;
    const off = Math.abs(value - want) / Math.max(1, Math.abs(want));
    worst = Number.isNaN(off) ? Number.POSITIVE_INFINITY : Math.max(worst, off);
  }
  return worst;
}
