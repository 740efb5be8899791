/**
 * What is written down of a model beside its ONNX file: what it is, what it was learnt from, how good it was, how to see
 * that it still is itself, and the few numbers that turn its output into a forecast. Rule kept: a model is these two
 * files and nothing else; what is fitted at the shop (season, level, its own bands) is not in them
 * (docs/decisions/0077). A field of a later version is signed with the rest and read by nobody here.
 */
import { z } from 'zod';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const name = z.string().min(1).max(80);
const number = z.number();
const date = z.string().regex(/^\d{4}-\d\d-\d\d$/);
/** Little-endian float32, in base64. */
const floats = z.string().max(4_000_000);
const plainRecord = z.record(z.string(), z.json());

const figures = z.looseObject({ wql: number, wmape: number, coverage: number, bias: number, n: z.int().min(0) });
export type PackedFigures = z.output<typeof figures>;

const port = z.object({ name, dtype: z.literal('float32'), shape: z.array(z.union([z.int(), name])).max(8) });

/** A model that is opened by its inputs and outputs alone; more kinds are added here. */
export const demandKind = 'demand';

export const modelManifest = z.looseObject({
  format: z.literal(1),
  modelId: z.string().regex(/^[0-9a-z][0-9a-z-]{7,63}$/),
  kind: z.literal(demandKind),
  /** Semantic version and the day it was made: `1.4.0+20260131`. */
  version: z.string().regex(/^\d+\.\d+\.\d+\+\d{8}$/),
  createdAt: z.iso.datetime(),
  onnx: z.object({
    file: z.literal('model.onnx'),
    sha256,
    bytes: z.int().min(1).max(200_000_000),
    opset: z.record(z.string(), z.int()),
    ir: z.int(),
    /** The oldest runtime that opens it, `1.17`. */
    minOrt: z.string().regex(/^\d+\.\d+$/),
  }),
  featureSchema: z.object({
    /** `demand@1.0`: another major is another model; a higher minor only adds what may be unknown. */
    id: z.string().regex(/^[a-z]+@\d+\.\d+$/),
    sha256,
    names: z.array(name).min(1).max(1_000),
    /** Of `….code` features: the levels in the order of their codes when it was trained. */
    levels: z.record(z.string(), z.array(z.string().max(200)).max(50_000)),
  }),
  /** What its nets read of an item's past; absent: it has no nets. */
  past: z
    .object({
      id: name,
      sha256,
      /** Days, of each group of nets: inputs `past0`, `past1`, … */ lookBacks: z
        .array(z.int().min(1).max(400))
        .min(1)
        .max(10),
    })
    .optional(),
  inputs: z.array(port).min(1).max(20),
  outputs: z.array(port).min(1).max(20),
  quantiles: z.array(number).min(1).max(20),
  horizon: z.int().min(1).max(60),
  trainWindow: z.object({ from: date, to: date }),
  stores: z.int().min(1),
  rows: z.int().min(0),
  seed: z.int(),
  hyperparams: plainRecord,
  postprocess: z.object({ capTimes: number, snap: z.boolean() }),
  metrics: z.object({ all: figures, segments: z.record(z.string(), figures) }),
  baselineMetrics: figures,
  golden: z.object({
    rows: z.int().min(1).max(500),
    inputs: z.record(z.string(), floats),
    outputs: floats,
    /** Of the outputs' bytes. */
    sha256,
    tolerance: number.min(0).max(0.01),
  }),
  /** Features whose drift is watched: those that the trees ask most. */
  watched: z.array(name).max(50),
  conformal: z.object({
    edges: z.array(number).max(50),
    shift: z.array(z.tuple([number, number, number])).max(51),
    meanScale: number.min(0.1).max(10),
    widen: number.min(1).max(2).optional(),
  }),
  ensembleWeights: z.record(z.string(), z.array(number).max(50)),
  /** The plain forecast's band: middles of log(level × season), and units ÷ (level × season) there. */
  plainBand: z.object({
    at: z.array(number).max(200),
    p10: z.array(number).max(200),
    p50: z.array(number).max(200),
    p90: z.array(number).max(200),
    mean: z.array(number).max(200),
  }),
  /** The model that it was to beat when it was made. */
  parentModel: z.string().nullable(),
  codeVersion: name,
  expiresAt: z.iso.datetime(),
});
export type ModelManifest = z.output<typeof modelManifest>;

/** Nobody reads more of a manifest than this. */
export const mostManifestBytes = 4_000_000;
