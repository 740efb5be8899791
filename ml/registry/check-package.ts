/**
 * The part of verification that reads bytes and runs nothing: size, sha256, signature, feature schema, versions — in that
 * order, the first that fails is the answer. Rule kept: no byte of a file is believed before its sha256 is right and no
 * word of a manifest before its signature is; a refusal is data with a code, a sentence is the screen's.
 */
import { err, ok, type Result } from '#core/result.ts';
import { opsets, irVersion } from '../onnx/proto.ts';
import { readOnnxHead } from '../onnx/read-model.ts';
import { sha256Of } from './floats-text.ts';
import { type ModelManifest, modelManifest, mostManifestBytes } from './manifest.ts';
import { fitSchema } from '../schema/feature-schema.ts';
import { pastSchema } from '../schema/past-schema.ts';
import { checkSignature } from './signature.ts';

export type RefusalCode =
  | 'manifestChanged'
  | 'manifestUnreadable'
  | 'sizeDiffers'
  | 'hashDiffers'
  | 'signatureMissing'
  | 'keyUnknown'
  | 'signatureWrong'
  | 'schemaOther'
  | 'featureMissing'
  | 'expired'
  | 'formatUnknown'
  | 'operatorUnknown'
  | 'metadataDiffers'
  | 'runtimeTooOld'
  | 'runtimeMissing'
  | 'doesNotOpen'
  | 'tookTooLong'
  | 'goldenDiffers';
export type ModelRefused = {
  readonly type: 'ModelRefused';
  readonly code: RefusalCode;
  /** Figures or names for whoever looks into it: not a sentence for a shopkeeper. */
  readonly detail: string;
};
export const refused = (code: RefusalCode, detail = '') => err<ModelRefused>({ type: 'ModelRefused', code, detail });

export type PackageFiles = { readonly manifest: Uint8Array; readonly onnx: Uint8Array };
export type PackageTrust = {
  /** What head office's release says of the two files; null: made at this shop. */
  readonly told: {
    readonly manifestSha256: string;
    readonly onnxSha256: string;
    readonly onnxBytes: number;
  } | null;
  /** Head office's public key; null: made at this shop, nobody signs. */
  readonly pin: string | null;
  /** Names that the shop's feature builder makes. */
  readonly features: readonly string[];
  /** Of onnxruntime, `1.30.0`; null: it is not there. */
  readonly runtime: string | null;
  readonly nowMs: number;
};
export type CheckedPackage = { readonly manifest: ModelManifest; readonly pin: string | null };

/** What our writer uses. A graph with a loop could run for ever, and a run can't be called off. */
const operators: ReadonlySet<string> = new Set(
  (
    'TreeEnsembleRegressor Split Exp Log Concat MatMul Gemm Mul Add Sub Div Relu Min Max Abs Neg Sqrt Pow Clip Cast Round ' +
    'Floor Ceil Identity Sigmoid Tanh Softplus Softmax LSTM GRU Transpose Reshape Squeeze Unsqueeze Slice Gather Expand ' +
    'Tile Shape ReduceSum ReduceMean Mean Where IsNaN Equal Less Greater LessOrEqual GreaterOrEqual Not And Or Constant ' +
    'ConstantOfShape LayerNormalization'
  ).split(' '),
);

const parts = (version: string): readonly [number, number] => {
  const [major, minor] = version.split('.').map(Number);
  return [major ?? 0, minor ?? 0];
};
const isOlder = (version: string, than: string): boolean => {
  const [[a, b], [c, d]] = [parts(version), parts(than)];
  return a !== c ? a < c : b < d;
};

/** null: JSON it is not. */
function jsonOf(bytes: Uint8Array): object | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return typeof value === 'object' && value !== null ? value : null;
  } catch {
    // Not JSON, or not UTF-8: the same to whoever gets it.
    return null;
  }
}

export function checkPackage(files: PackageFiles, trust: PackageTrust): Result<CheckedPackage, ModelRefused> {
  const { told } = trust;
  if (files.manifest.byteLength > mostManifestBytes) return refused('sizeDiffers', 'manifest');
  if (told !== null && sha256Of(files.manifest) !== told.manifestSha256) return refused('manifestChanged');
  const json = jsonOf(files.manifest);
  const read = modelManifest.safeParse(json);
  if (json === null || !read.success) {
    const issue = read.error?.issues[0];
    return refused('manifestUnreadable', `${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim());
  }
  const manifest = read.data;
  const wantedBytes = told?.onnxBytes ?? manifest.onnx.bytes;
  if (files.onnx.byteLength !== wantedBytes || wantedBytes !== manifest.onnx.bytes)
    return refused('sizeDiffers', `${files.onnx.byteLength} of ${wantedBytes} bytes`);
  const found = sha256Of(files.onnx);
  if (found !== manifest.onnx.sha256 || found !== (told?.onnxSha256 ?? found)) return refused('hashDiffers');
  const signed = trust.pin === null ? null : checkSignature(json, trust.pin);
  if (signed !== null && !signed.isGood) return refused(signed.fault);
  const wrong = checkSchema(manifest, trust.features) ?? checkVersions(manifest, files.onnx, trust);
  return wrong ?? ok({ manifest, pin: signed?.pin ?? null });
}

function checkSchema(manifest: ModelManifest, features: readonly string[]): Result<never, ModelRefused> | null {
  const { past } = manifest;
  if (past !== undefined && (past.id !== pastSchema.id || past.sha256 !== pastSchema.sha256))
    return refused('schemaOther', past.id);
  const fits = fitSchema(manifest.featureSchema, features);
  if (fits.ok) return null;
  const { error } = fits;
  if (error.why === 'otherSchema' || error.why === 'hashDiffers')
    return refused('schemaOther', manifest.featureSchema.id);
  return refused('featureMissing', error.names.slice(0, 5).join(', '));
}

function checkVersions(
  manifest: ModelManifest,
  onnx: Uint8Array,
  trust: PackageTrust,
): Result<never, ModelRefused> | null {
  if (Date.parse(manifest.expiresAt) <= trust.nowMs) return refused('expired', manifest.expiresAt);
  const head = readOnnxHead(onnx);
  if (head === null) return refused('formatUnknown', 'no ONNX');
  if (head.ir > irVersion) return refused('formatUnknown', `IR ${head.ir}`);
  for (const [domain, version] of Object.entries(head.opsets)) {
    const most = (opsets as Readonly<Record<string, number>>)[domain];
    if (most === undefined || version > most || manifest.onnx.opset[domain] !== version)
      return refused('formatUnknown', `${domain || 'onnx'} ${version}`);
  }
  for (const operator of head.operators) if (!operators.has(operator)) return refused('operatorUnknown', operator);
  const { modelId, featureSchema } = head.metadata;
  if (modelId !== manifest.modelId || featureSchema !== `${manifest.featureSchema.id} ${manifest.featureSchema.sha256}`)
    return refused('metadataDiffers');
  if (trust.runtime === null) return refused('runtimeMissing');
  return isOlder(trust.runtime, manifest.onnx.minOrt) ? refused('runtimeTooOld', trust.runtime) : null;
}
