/**
 * Inputs for any call, from its own schema: a field that is called after an id gets somebody's real id, mostly another's.
 * Rule kept: what is drawn fits the schema, so that calls get past it to where rows are read; a field of a new call
 * needs nothing here.
 */
import { z } from 'zod';
import type { OfficeCall } from '#contract/server.ts';
import type { Random } from './seeded-random.ts';

/** What a field of this name is given; undefined: made from its schema. */
export type Hint = (name: string, random: Random) => unknown;

type Schema = {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly minItems?: number;
  readonly pattern?: string;
};

const schemas = new WeakMap<OfficeCall, Schema>();
const schemaOf = (call: OfficeCall): Schema => {
  const known = schemas.get(call);
  if (known !== undefined) return known;
  const made = z.toJSONSchema(call.input, { unrepresentable: 'any', io: 'input' }) as Schema;
  schemas.set(call, made);
  return made;
};

function textOf(schema: Schema, random: Random): string {
  if (schema.pattern?.includes('[0-9a-f]{8}') === true) return random.uuid();
  if (schema.pattern?.includes('\\d{4}-\\d{2}') === true) return '2026-11-20';
  if (schema.pattern?.includes('@') === true) return 'nobody@nowhere.isolation';
  return `made ${random.below(50)}`.padEnd(schema.minLength ?? 0, 'x');
}

function numberOf({ minimum = 0, maximum = 1_000 }: Schema, random: Random): number {
  const from = Math.max(minimum, -1_000);
  return from + random.below(Math.max(1, Math.min(maximum, from + 1_000) - from));
}

function valueOf(schema: Schema, name: string, hint: Hint, random: Random): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return random.pick(schema.enum);
  const given = hint(name, random);
  const choices = schema.anyOf ?? schema.oneOf;
  const isNullable = choices?.some((one) => one.type === 'null') === true;
  // A discriminated object is no field of a name.
  if (given !== undefined && schema.type !== 'object' && schema.type !== 'array') {
    if (choices === undefined || isNullable) return given;
  }
  if (choices !== undefined) return valueOf(random.pick(choices), name, hint, random);
  if (schema.allOf !== undefined) {
    return Object.assign({}, ...schema.allOf.map((one) => valueOf(one, name, hint, random)));
  }
  switch ([schema.type].flat()[0]) {
    case 'object': {
      const required = new Set(schema.required ?? []);
      return Object.fromEntries(
        Object.entries(schema.properties ?? {})
          .filter(([field]) => required.has(field) || random.isLikely(0.6))
          .map(([field, inner]) => [field, valueOf(inner, field, hint, random)]),
      );
    }
    case 'array': {
      const many = Math.max(schema.minItems ?? 0, 1 + random.below(2));
      return Array.from({ length: many }, () =>
        valueOf(schema.items ?? {}, name.replace(/Ids$/, 'Id').replace(/s$/, ''), hint, random),
      );
    }
    case 'string':
      return textOf(schema, random);
    case 'integer':
    case 'number':
      return numberOf(schema, random);
    case 'boolean':
      return random.isLikely(0.5);
    case 'null':
      return null;
    default:
      return given ?? null;
  }
}

export const inputFor = (call: OfficeCall, hint: Hint, random: Random): Readonly<Record<string, unknown>> =>
  valueOf(schemaOf(call), '', hint, random) as Readonly<Record<string, unknown>>;
