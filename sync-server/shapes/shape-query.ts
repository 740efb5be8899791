/**
 * Reads a request of the Shape API: which shape, which place, which part. Rule kept: what is wrong is named by its
 * field, as Electric's own messages do where they are known; what is not understood is an error, never left out.
 */
import type { ShapeDefinition } from './messages.ts';
import { beforeAll, type Offset, parseOffset } from './offset.ts';
import type { Subset } from './subset.ts';
import { everyRow } from './where.ts';
import { parseWhere } from './where-parse.ts';

export type Query = Readonly<Record<string, string | undefined>>;
export type Errors = Readonly<Record<string, readonly string[]>>;
type OrErrors<T> = T | { readonly errors: Errors };

export type ShapePlace = {
  /** null: now. */
  readonly after: Offset | null;
  readonly handle: string | null;
  readonly isLive: boolean;
  readonly isSse: boolean;
};

const wrong = (field: string, message: string): { readonly errors: Errors } => ({ errors: { [field]: [message] } });
const truths: Readonly<Record<string, boolean>> = { true: true, '1': true, false: false, '0': false, '': false };

/** Where in the shape. */
export function placeOf(query: Query): OrErrors<ShapePlace> {
  const text = query['offset'] ?? '';
  if (text === '') return wrong('offset', "can't be blank");
  const after = text === 'now' ? null : parseOffset(text);
  if (text !== 'now' && after === null) return wrong('offset', 'has invalid format');
  const isStart = after === null || after === beforeAll;
  const handle = query['handle'] ?? '';
  if (!isStart && handle === '') return wrong('handle', "can't be blank when offset != -1");
  const isLive = truths[query['live'] ?? ''];
  if (isLive === undefined) return wrong('live', 'is invalid');
  if (isLive && isStart) {
    return wrong('live', after === null ? "can't be true when offset is 'now'" : "can't be true when offset == -1");
  }
  const isSse = truths[query['live_sse'] ?? query['experimental_live_sse'] ?? ''];
  if (isSse === undefined) return wrong('live_sse', 'is invalid');
  if (isSse && !isLive) return wrong('live_sse', "can't be true unless live is also true");
  return { after, handle: isStart ? null : handle, isLive, isSse };
}

/** `schema.table`, either in double quotes. */
function parseTable(text: string): { schema: string; table: string } | null {
  const found = /^(?:(?:"([^"]+)"|([A-Za-z_]\w*))\.)?(?:"([^"]+)"|([A-Za-z_]\w*))$/.exec(text);
  if (found === null) return null;
  const [, quotedSchema, schema, quotedTable, table] = found;
  return {
    schema: quotedSchema ?? schema?.toLowerCase() ?? 'public',
    table: quotedTable ?? table?.toLowerCase() ?? '',
  };
}

/** Names, in double quotes or in small letters; null: not a list of names. */
function parseColumns(text: string): readonly string[] | null {
  const names: string[] = [];
  for (const part of text.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/)) {
    const [, quoted, bare] = /^\s*(?:"((?:[^"]|"")+)"|([A-Za-z_]\w*))\s*$/.exec(part) ?? [];
    const name = quoted?.replaceAll('""', '"') ?? bare?.toLowerCase();
    if (name === undefined) return null;
    names.push(name);
  }
  return names;
}

type Params = Readonly<Record<string, string>>;
const numbered = (query: Query, prefix: string): Params =>
  Object.fromEntries(
    Object.entries(query).flatMap(([name, value]) => {
      const at = name.startsWith(`${prefix}[`) ? /^\[(\d+)\]$/.exec(name.slice(prefix.length))?.[1] : undefined;
      return at === undefined || value === undefined ? [] : [[at, value]];
    }),
  );

/** Of a subset: one JSON object, or numbered. */
function subsetParams(query: Query): Params | null {
  const json = query['subset__params'];
  if (json === undefined) return numbered(query, 'subset__params');
  try {
    const read: unknown = JSON.parse(json);
    if (typeof read !== 'object' || read === null || Array.isArray(read)) return null;
    return Object.fromEntries(Object.entries(read).map(([name, value]) => [name, String(value)]));
  } catch {
    // Not JSON: the caller says which field is wrong.
    return null;
  }
}

/** Which shape. */
export function definitionOf(query: Query): OrErrors<{ readonly definition: ShapeDefinition }> {
  const text = query['table'] ?? '';
  if (text === '') return wrong('table', "can't be blank");
  const table = parseTable(text);
  if (table === null) return wrong('table', 'Invalid identifier: must be schema.table, quoted where it is not plain');
  if (query['params'] !== undefined) return wrong('params', 'is invalid');
  const where = query['where'] === undefined ? null : parseWhere(query['where'], numbered(query, 'params'));
  if (where !== null && !where.ok) return wrong('where', where.error);
  const replica = query['replica'] ?? 'default';
  if (replica !== 'default' && replica !== 'full') return wrong('replica', 'is invalid');
  const log = query['log'] ?? 'full';
  if (log !== 'full' && log !== 'changes_only') return wrong('log', 'is invalid');
  const columns = query['columns'] === undefined ? null : parseColumns(query['columns']);
  if (query['columns'] !== undefined && columns === null) return wrong('columns', 'Invalid identifier');
  const definition = { ...table, columns, ...(where?.value ?? everyRow), replica } as const;
  return { definition: log === 'full' ? definition : { ...definition, log } };
}

const whole = (text: string | undefined, least: number): number | null | undefined => {
  if (text === undefined || text === '') return null;
  return /^\d{1,9}$/.test(text) && Number(text) >= least ? Number(text) : undefined;
};

const subsetNames = ['where', 'params', 'limit', 'offset', 'order_by'] as const;
const inSubset = ({ errors }: { readonly errors: Errors }) => ({ errors: { subset: errors } as unknown as Errors });

/** Which part, if a part is asked. */
export function subsetOf(query: Query): OrErrors<{ readonly subset: Subset | null }> {
  const isAsked = Object.keys(query).some((name) => subsetNames.some((one) => name.startsWith(`subset__${one}`)));
  if (!isAsked) return { subset: null };
  const limit = whole(query['subset__limit'], 1);
  if (limit === undefined) return inSubset(wrong('limit', 'must be greater than 0'));
  const offset = whole(query['subset__offset'], 0);
  if (offset === undefined) return inSubset(wrong('offset', 'must be greater than or equal to 0'));
  const orderBy = query['subset__order_by'] ?? '';
  if (orderBy === '' && (limit !== null || offset !== null)) {
    return inSubset(wrong('order_by', 'order_by is required when limit or offset is present'));
  }
  const params = subsetParams(query);
  if (params === null) return inSubset(wrong('params', 'params must be valid JSON'));
  const text = query['subset__where'] ?? '';
  const where = text === '' ? null : parseWhere(text, params);
  if (where !== null && !where.ok) return inSubset(wrong('where', where.error));
  return { subset: { where: where?.value ?? null, orderBy: orderBy === '' ? null : orderBy, limit, offset } };
}

/** A POST's body is a subset without its prefix. null: it is none. */
export function bodyQuery(body: unknown): Query | null {
  if (body === null || body === undefined) return {};
  if (typeof body !== 'object' || Array.isArray(body)) return null;
  const given = body as Readonly<Record<string, unknown>>;
  const inner = given['subset'];
  const fields = typeof inner === 'object' && inner !== null ? (inner as Readonly<Record<string, unknown>>) : given;
  const query: Record<string, string> = {};
  for (const name of subsetNames) {
    const value = fields[name];
    if (value === undefined || value === null) continue;
    query[`subset__${name}`] = typeof value === 'object' ? JSON.stringify(value) : String(value as string | number);
  }
  return query;
}
