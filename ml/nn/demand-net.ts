/**
 * The nets that forecast demand: what an item did in its last days goes through an encoder — recurrent, or dense — into one
 * context a day to come; each day's context meets what is known of that day and becomes three quantiles and a mean. Rule
 * kept: all amounts are over level × season (ml/features), so that one net serves items and shops of any size; rows
 * are never counted in a shape.
 *
 * Encoder of DeepAR (Salinas, Flunkert, Gasthaus & Januschowski 2020) with the direct decoder of MQ-RNN (Wen, Torkkola,
 * Narayanaswamy & Madeka 2017) in place of sampling; the dense encoder is TiDE's residual blocks (Das, Kong, Leach,
 * Mathur, Sen & Yu 2023).
 */
import { dense } from './dense.ts';
import { pinball, poisson } from './losses.ts';
import { lstm, type LstmWeights, lstmWeights } from './lstm.ts';
import { add, leaky, relu, scale, softplus, whole } from './ops-elementwise.ts';
import { cutRows, joinColumns, splitColumns } from './ops-shape.ts';
import type { Tape, Value } from './tape.ts';

export type NetShape = {
  readonly encoder: 'recurrent' | 'dense';
  /** Days looked back on, and numbers a day. */
  readonly steps: number;
  readonly channels: number;
  /** Days to come, and features a day of them. */
  readonly horizon: number;
  readonly ahead: number;
  readonly hidden: number;
  /** Context a day to come. */
  readonly context: number;
  /** Width of what meets context and features. */
  readonly decoder: number;
};
export const quantiles = [0.1, 0.5, 0.9] as const;
/** Of units over level × season, before anything is learnt. */
export const firstGuess = [0.4, 0.9, 1.8] as const;
/** What the mean's loss counts beside the quantiles'. */
const meanShare = 0.3;

/** TiDE's block: dense, relu, dense, beside a straight way. */
function residual(tape: Tape, name: string, x: Value, hidden: number, out: number): Value {
  const bent = dense(tape, `${name}.out`, relu(tape, dense(tape, `${name}.in`, x, hidden)), out);
  return add(tape, bent, dense(tape, `${name}.straight`, x, out));
}

/** How the recurrent part is written: past [B × steps·channels] to [B × hidden]. */
export type Encode = (tape: Tape, past: Value, weights: LstmWeights, shape: NetShape) => Value;
const unrolled: Encode = (tape, past, weights, { steps, channels }) =>
  lstm(
    tape,
    splitColumns(
      tape,
      past,
      Array.from({ length: steps }, () => channels),
    ),
    weights,
  );

/**
 * past [B × steps·channels], oldest day first; ahead [B·horizon × ahead]. Answers quantiles [B·horizon × 3] and mean
 * [B·horizon × 1], of units over level × season. `encode`: how the recurrent part is written; unrolled unless told.
 */
export function writeNet(
  tape: Tape,
  shape: NetShape,
  past: Value,
  ahead: Value,
  encode: Encode = unrolled,
): { readonly quantiles: Value; readonly mean: Value } {
  const { hidden, horizon, context, decoder } = shape;
  const encoded =
    shape.encoder === 'recurrent'
      ? encode(tape, past, lstmWeights(tape, 'encoder', shape.channels, hidden), shape)
      : relu(tape, residual(tape, 'second', relu(tape, residual(tape, 'first', past, hidden, hidden)), hidden, hidden));
  const contexts = cutRows(tape, relu(tape, dense(tape, 'context', encoded, horizon * context)), context);
  const met = joinColumns(tape, [contexts, ahead]);
  const inner = relu(tape, residual(tape, 'decoder', met, decoder, decoder));
  const bias = dense(tape, 'quantiles', inner, quantiles.length);
  const guessed = tape.emit('Add', [bias, tape.row(firstGuess)], bias.dims);
  tape.record([guessed], [bias], ([grad]) => [() => whole(grad)]);
  // softplus(.54) = 1
  return { quantiles: guessed, mean: softplus(tape, dense(tape, 'mean', inner, 1, 0.54)) };
}

/** Inputs: `past`, `ahead`, `target` and `weight` [batch·horizon × 1]; weights of a batch are made to add up to 1 outside. */
export function writeNetLoss(tape: Tape, shape: NetShape, batch: number): Value {
  const rows = batch * shape.horizon;
  const past = tape.input('past', [batch, shape.steps * shape.channels]);
  const ahead = tape.input('ahead', [rows, shape.ahead]);
  const [target, weight] = [tape.input('target', [rows, 1]), tape.input('weight', [rows, 1])];
  const made = writeNet(tape, shape, past, ahead);
  // Below nil is as good as nil, for that is what becomes of it: no net should strain to hit nil itself.
  const band = scale(tape, pinball(tape, leaky(tape, made.quantiles), target, weight, quantiles), 2 / quantiles.length);
  return add(tape, band, scale(tape, poisson(tape, made.mean, target, weight), meanShare));
}
