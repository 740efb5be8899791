/**
 * The where-clauses that a shape may have: equalities and IN lists on columns, joined by AND, the forms that Electric
 * keeps in an index. Rule kept: what is not in this grammar is refused, so that nothing works here that production
 * would refuse or make slow; a row is judged without asking Postgres.
 */
import { err, ok, type Result } from '#core/result.ts';
import type { Row } from './pgoutput.ts';

/** The column's value is one of these, as Postgres writes them. */
export type Condition = { readonly column: string; readonly values: readonly string[] };

type Token =
  | { readonly kind: 'name' | 'text' | 'number' | 'parameter'; readonly value: string }
  | { readonly kind: 'word' | 'sign'; readonly value: string };

const pattern =
  /\s*(?:"((?:[^"]|"")+)"|'((?:[^']|'')*)'|\$(\d+)|(-?\d+(?:\.\d+)?)|([A-Za-z_][A-Za-z0-9_]*)|(<>|!=|<=|>=|[=(),<>]))/y;
const words: ReadonlySet<string> = new Set(['and', 'in', 'true', 'false']);

function tokensOf(text: string): readonly Token[] | null {
  const tokens: Token[] = [];
  pattern.lastIndex = 0;
  const end = text.trimEnd().length;
  while (pattern.lastIndex < end) {
    const found = pattern.exec(text);
    if (found === null) return null;
    const [, quoted, string, parameter, number, bare, sign] = found;
    if (quoted !== undefined) tokens.push({ kind: 'name', value: quoted.replaceAll('""', '"') });
    else if (string !== undefined) tokens.push({ kind: 'text', value: string.replaceAll("''", "'") });
    else if (parameter !== undefined) tokens.push({ kind: 'parameter', value: parameter });
    else if (number !== undefined) tokens.push({ kind: 'number', value: number });
    else if (bare !== undefined) {
      const lower = bare.toLowerCase();
      tokens.push(words.has(lower) ? { kind: 'word', value: lower } : { kind: 'name', value: lower });
    } else tokens.push({ kind: 'sign', value: sign ?? '' });
  }
  return tokens;
}

/** Error: what was found where something else should be. */
export function parseWhere(
  text: string,
  params: Readonly<Record<string, string>>,
): Result<readonly Condition[], string> {
  const tokens = tokensOf(text);
  if (tokens === null) return err('a sign that is not understood');
  let at = 0;
  const is = (kind: Token['kind'], value: string): boolean => tokens[at]?.kind === kind && tokens[at]?.value === value;
  const eat = (kind: Token['kind'], value: string): boolean => is(kind, value) && ++at > 0;

  const constant = (): string | null => {
    const token = tokens[at];
    if (token === undefined) return null;
    at += 1;
    if (token.kind === 'text' || token.kind === 'number') return token.value;
    if (token.kind === 'parameter') return params[token.value] ?? null;
    return token.kind === 'word' && (token.value === 'true' || token.value === 'false') ? token.value : null;
  };
  const list = (): string[] | null => {
    const values: string[] = [];
    do {
      const value = constant();
      if (value === null) return null;
      values.push(value);
    } while (eat('sign', ','));
    return eat('sign', ')') ? values : null;
  };
  /** One condition, or several in brackets. */
  const term = (): readonly Condition[] | null => {
    if (eat('sign', '(')) {
      const inner = sequence();
      return inner !== null && eat('sign', ')') ? inner : null;
    }
    const name = tokens[at];
    if (name?.kind !== 'name') return null;
    at += 1;
    if (eat('sign', '=')) {
      const value = constant();
      return value === null ? null : [{ column: name.value, values: [value] }];
    }
    if (!eat('word', 'in') || !eat('sign', '(')) return null;
    const values = list();
    return values === null ? null : [{ column: name.value, values }];
  };
  function sequence(): readonly Condition[] | null {
    const all: Condition[] = [];
    do {
      const one = term();
      if (one === null) return null;
      all.push(...one);
    } while (eat('word', 'and'));
    return all;
  }
  const conditions = sequence();
  if (conditions === null || at !== tokens.length) {
    return err(`only column = value and column IN (…), joined by AND: not "${tokens[at]?.value ?? 'the end'}"`);
  }
  return ok(conditions);
}

export const matches = (conditions: readonly Condition[], row: Row): boolean =>
  conditions.every(({ column, values }) => {
    const value = row[column];
    return value !== null && value !== undefined && values.includes(value);
  });
