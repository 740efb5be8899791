/**
 * The nets' forward half in plain TypeScript, for where a forecast is wanted in the middle of a training. Rule kept: it says
 * what the ONNX graph says (a test holds them beside each other); formulas are those of demand-net.ts and lstm.ts.
 */
import { firstGuess, type NetShape, quantiles } from './demand-net.ts';
import type { Parameter } from './tape.ts';

type Layer = { readonly w: Float32Array; readonly b: Float32Array; readonly from: number; readonly out: number };
/** Weights [P] apart by the parameters' names. */
export type NamedWeights = ReadonlyMap<string, { readonly values: Float32Array; readonly dims: readonly number[] }>;

export function nameWeights(parameters: readonly Parameter[], weights: Float32Array): NamedWeights {
  let at = 0;
  return new Map(
    parameters.map(({ name, size, value }) => {
      const values = weights.subarray(at, at + size);
      at += size;
      return [name, { values, dims: value.dims }];
    }),
  );
}

function find(
  weights: NamedWeights,
  name: string,
): { readonly values: Float32Array; readonly dims: readonly number[] } {
  const found = weights.get(name);
  if (found === undefined) throw new Error(`The net has no weights called ${name}.`);
  return found;
}
function layerOf(weights: NamedWeights, name: string): Layer {
  const { values, dims } = find(weights, `${name}.w`);
  return { w: values, b: find(weights, `${name}.b`).values, from: dims[0] ?? 0, out: dims[1] ?? 0 };
}

/** y = x w + b. */
function apply({ w, b, from, out }: Layer, x: Float32Array): Float32Array {
  const y = Float32Array.from(b);
  for (let k = 0; k < from; k += 1) {
    const value = x[k] ?? 0;
    if (value === 0) continue;
    const row = k * out;
    for (let j = 0; j < out; j += 1) y[j] = (y[j] ?? 0) + value * (w[row + j] ?? 0);
  }
  return y;
}
const relu = (x: Float32Array): Float32Array => x.map((value) => Math.max(0, value));
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

function residual(weights: NamedWeights, name: string): (x: Float32Array) => Float32Array {
  const [into, out, straight] = ['in', 'out', 'straight'].map((part) => layerOf(weights, `${name}.${part}`));
  if (!into || !out || !straight) throw new Error(`The net has no block called ${name}.`);
  return (x) => {
    const bent = apply(out, relu(apply(into, x)));
    const plain = apply(straight, x);
    return bent.map((value, k) => Math.max(0, value + (plain[k] ?? 0)));
  };
}

function recurrent(weights: NamedWeights, { steps, channels, hidden }: NetShape): (past: Float32Array) => Float32Array {
  const [x, h] = [find(weights, 'encoder.x').values, find(weights, 'encoder.h').values];
  const bias = find(weights, 'encoder.b').values;
  const layer = { w: x, b: bias, from: channels, out: 4 * hidden };
  return (past) => {
    let out = new Float32Array(hidden);
    const memory = new Float32Array(hidden);
    for (let t = 0; t < steps; t += 1) {
      const own = apply(layer, past.subarray(t * channels, (t + 1) * channels));
      const z = apply({ w: h, b: own, from: hidden, out: 4 * hidden }, out);
      const next = new Float32Array(hidden);
      for (let j = 0; j < hidden; j += 1) {
        const [i, o, f] = [sigmoid(z[j] ?? 0), sigmoid(z[hidden + j] ?? 0), sigmoid(z[2 * hidden + j] ?? 0)];
        memory[j] = f * (memory[j] ?? 0) + i * Math.tanh(z[3 * hidden + j] ?? 0);
        next[j] = o * Math.tanh(memory[j] ?? 0);
      }
      out = next;
    }
    return out;
  };
}

export type Forward = (past: Float32Array, ahead: Float32Array, to: Float64Array) => void;

/** One item: past [steps·channels], ahead [horizon × features] standardised; adds share × (p10, p50, p90, mean) to `to` [horizon × 4]. */
export function forwardOf(shape: NetShape, weights: NamedWeights, share: number): Forward {
  const [first, second] =
    shape.encoder === 'dense' ? [residual(weights, 'first'), residual(weights, 'second')] : [null, null];
  const encode =
    first !== null && second !== null ? (past: Float32Array) => second(first(past)) : recurrent(weights, shape);
  const contextLayer = layerOf(weights, 'context');
  const decode = residual(weights, 'decoder');
  const [band, mean] = [layerOf(weights, 'quantiles'), layerOf(weights, 'mean')];
  return (past, ahead, to) => {
    const contexts = relu(apply(contextLayer, encode(past)));
    const met = new Float32Array(shape.context + shape.ahead);
    for (let h = 0; h < shape.horizon; h += 1) {
      met.set(contexts.subarray(h * shape.context, (h + 1) * shape.context));
      met.set(ahead.subarray(h * shape.ahead, (h + 1) * shape.ahead), shape.context);
      const inner = decode(met);
      const found = apply(band, inner);
      for (let q = 0; q < quantiles.length; q += 1)
        to[h * 4 + q] = (to[h * 4 + q] ?? 0) + share * Math.max(0, (found[q] ?? 0) + (firstGuess[q] ?? 0));
      const logit = apply(mean, inner)[0] ?? 0;
      to[h * 4 + 3] = (to[h * 4 + 3] ?? 0) + share * (Math.max(logit, 0) + Math.log1p(Math.exp(-Math.abs(logit))));
    }
  };
}
