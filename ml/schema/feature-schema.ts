/**
 * What the features of demand are, by name: type, unit, and whether one may be unknown. Rule kept: a feature that the
 * builder makes stands here, or the schema of a frame can't be made; what a name means never changes within a major
 * version, a later minor version only adds features that may be absent.
 *
 * A frame's own schema is the list of names it has (groups, calendar and prices differ from shop to shop); with the
 * version it says everything, so its hash is SHA-256 over the canonical JSON of both.
 */
import { createHash } from 'node:crypto';
import { err, ok, type Result } from '#core/result.ts';

export const demandSchemaId = 'demand@1.0';

/** never: always a number. unknown: always there, may be NaN. absent: a shop may not have it at all; NaN then. */
export type NullPolicy = 'never' | 'unknown' | 'absent';
export type FeatureSpec = {
  readonly name: string;
  readonly dtype: 'float32';
  readonly unit: string;
  readonly nulls: NullPolicy;
};
export type FeatureSchema = {
  /** `demand@major.minor` */
  readonly id: string;
  readonly sha256: string;
  readonly features: readonly FeatureSpec[];
};

/** Name, or a name with `*` for a group, a column or a calendar's entry; unit; policy. The first that fits is meant. */
const kinds: readonly (readonly [name: string, unit: string, nulls: NullPolicy])[] = [
  ['horizon', 'days', 'never'],
  ['logLevel', 'log of units a day', 'never'],
  ...[7, 14, 28, 56, 91, 182, 364].map((span) => [`mean${span}`, 'ratio to level', 'unknown'] as const),
  ['fast', 'ratio to level', 'unknown'],
  ['slow', 'ratio to level', 'unknown'],
  ...[1, 2, 3].map((back) => [`lag${back}`, 'ratio to level', 'unknown'] as const),
  ...[1, 4, 8, 26].map((weeks) => [`weekday${weeks}`, 'ratio to level', 'unknown'] as const),
  ['deviation28', 'ratio to level', 'unknown'],
  ['deviation182', 'ratio to level', 'unknown'],
  ['sold28', 'share of days', 'unknown'],
  ['sold182', 'share of days', 'unknown'],
  ['sinceSale', 'days', 'unknown'],
  ['age', 'days', 'absent'],
  ['yearAgo7', 'ratio to level', 'unknown'],
  ['yearAgo28', 'ratio to level', 'unknown'],
  ['yearChange', 'ratio', 'unknown'],
  ['factor', 'log of the season', 'never'],
  ['weekday', 'Monday = 0', 'never'],
  ['date', 'day of the month', 'absent'],
  ['dayOfYear', 'day of the year', 'absent'],
  ['festivalUplift', 'log', 'absent'],
  ['festivalUpliftCategory', 'log', 'absent'],
  ['price.usual', 'log ratio to 56 days', 'absent'],
  ['price.year', 'log ratio to 364 days', 'absent'],
  ['price.last', 'log ratio to yesterday', 'absent'],
  ['price.log', 'log of rupees', 'absent'],
  ['day.*', 'as the calendar has it', 'absent'],
  ['toNext.*', 'days', 'absent'],
  ['sinceLast.*', 'days', 'absent'],
  ['known.*', 'as it was given', 'absent'],
  ['*.mean7', 'ratio to 56 days', 'absent'],
  ['*.mean28', 'ratio to 182 days', 'absent'],
  ['*.yearChange', 'ratio', 'absent'],
  ['*.code', 'level of the group', 'absent'],
];

const isNamed = (kind: string, name: string): boolean => {
  const star = kind.indexOf('*');
  if (star < 0) return kind === name;
  return name.length > kind.length - 1 && name.startsWith(kind.slice(0, star)) && name.endsWith(kind.slice(star + 1));
};

export function featureSpec(name: string): FeatureSpec | null {
  const kind = kinds.find(([known]) => isNamed(known, name));
  return kind === undefined ? null : { name, dtype: 'float32', unit: kind[1], nulls: kind[2] };
}

/** Keys in order, no spaces: the canonical JSON (RFC 8785) of these two. */
export const schemaHash = (id: string, names: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify({ id, names })).digest('hex');

/** Of the kinds themselves: pinned by a test, so that none changes under a version that is out. */
export const kindsHash = (): string => createHash('sha256').update(JSON.stringify(kinds)).digest('hex');

/** Schema of what a builder makes, in its order. Throws on a name that is not in the list: a bug. */
export function demandSchema(names: readonly string[]): FeatureSchema {
  const features = names.map((name) => {
    const spec = featureSpec(name);
    if (spec === null) throw new RangeError(`no feature of ${demandSchemaId}: ${name}`);
    return spec;
  });
  return { id: demandSchemaId, sha256: schemaHash(demandSchemaId, names), features };
}

export type SchemaRefusal =
  | { readonly why: 'otherSchema'; readonly id: string }
  | { readonly why: 'hashDiffers' }
  | { readonly why: 'unknownFeature' | 'missingFeature'; readonly names: readonly string[] };

const versionOf = (id: string): readonly [name: string, major: number, minor: number] | null => {
  const found = /^([a-z]+)@(\d+)\.(\d+)$/.exec(id);
  return found === null ? null : [found[1] ?? '', Number(found[2]), Number(found[3])];
};

/**
 * Whether a model of that schema can be fed by a builder that makes `own`: names to be fed as NaN, or why not. A newer
 * minor version may name features that this program does not know; they are those that may be absent.
 */
export function fitSchema(
  theirs: { readonly id: string; readonly sha256: string; readonly names: readonly string[] },
  own: readonly string[],
): Result<{ readonly absent: readonly string[] }, SchemaRefusal> {
  const [ours, other] = [versionOf(demandSchemaId), versionOf(theirs.id)];
  if (ours === null || other === null || other[0] !== ours[0] || other[1] !== ours[1])
    return err({ why: 'otherSchema', id: theirs.id });
  if (schemaHash(theirs.id, theirs.names) !== theirs.sha256) return err({ why: 'hashDiffers' });
  const made = new Set(own);
  const absent = theirs.names.filter((name) => !made.has(name));
  const unknown = absent.filter((name) => featureSpec(name) === null);
  if (unknown.length > 0 && other[2] <= ours[2]) return err({ why: 'unknownFeature', names: unknown });
  const missing = absent.filter((name) => (featureSpec(name)?.nulls ?? 'absent') !== 'absent');
  return missing.length > 0 ? err({ why: 'missingFeature', names: missing }) : ok({ absent });
}
