/**
 * Reads a where-clause: comparisons of a column with a constant, IN, BETWEEN, LIKE, IS [NOT] NULL/TRUE/FALSE/DISTINCT
 * FROM, under AND, OR and NOT. Rule kept: nothing a caller wrote becomes SQL text; what is not in this grammar is
 * refused with its place, counted as Electric does (in `SELECT 1 WHERE …`).
 */
import { err, ok, type Result } from '#core/result.ts';
import type { Condition, Filter, LiteralKind, Sign, Where } from './where.ts';

type Token = {
  readonly kind: 'name' | 'text' | 'number' | 'parameter' | 'word' | 'sign' | 'end';
  readonly value: string;
  readonly at: number;
};
type Literal = { readonly value: string | null; readonly literal: LiteralKind };
type Operand = Literal | { readonly column: string };

const pattern =
  /\s*(?:"((?:[^"]|"")+)"|'((?:[^']|'')*)'|\$(\d+)|(-?\d+(?:\.\d+)?)(?![\w.])|([A-Za-z_][A-Za-z0-9_]*)|(<>|!=|<=|>=|[=(),<>]))/y;
const words: ReadonlySet<string> = new Set(
  'and or not in is null true false like between distinct from select case any all some exists'.split(' '),
);
const signs: Readonly<Record<string, Sign>> = {
  '=': '=',
  '<>': '<>',
  '!=': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};
const turned: Readonly<Record<Sign, Sign>> = { '=': '=', '<>': '<>', '<': '>', '<=': '>=', '>': '<', '>=': '<=' };
/** `SELECT 1 WHERE ` */
const before = 15;
const deepest = 100;
const longest = 65_536;

/** What this file itself refused; anything else that is thrown is a fault. */
const refusals = new WeakSet<Error>();
function wrong(at: number, why: string): Error {
  const refusal = new Error(`At location ${before + at}: ${why}`);
  refusals.add(refusal);
  return refusal;
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  pattern.lastIndex = 0;
  const end = text.trimEnd().length;
  while (pattern.lastIndex < end) {
    const from = pattern.lastIndex;
    const found = pattern.exec(text);
    if (found === null) {
      const at = from + (/^\s*/.exec(text.slice(from))?.[0].length ?? 0);
      throw wrong(at, `syntax error at or near "${text.slice(at, at + 1)}"`);
    }
    const [whole, quoted, string, parameter, number, bare, sign] = found;
    const at = from + whole.length - whole.trimStart().length;
    if (quoted !== undefined) tokens.push({ kind: 'name', value: quoted.replaceAll('""', '"'), at });
    else if (string !== undefined) tokens.push({ kind: 'text', value: string.replaceAll("''", "'"), at });
    else if (parameter !== undefined) tokens.push({ kind: 'parameter', value: parameter, at });
    else if (number !== undefined) tokens.push({ kind: 'number', value: number, at });
    else if (bare !== undefined) {
      const value = bare.toLowerCase();
      tokens.push({ kind: words.has(value) ? 'word' : 'name', value, at });
    } else tokens.push({ kind: 'sign', value: sign ?? '', at });
  }
  return [...tokens, { kind: 'end', value: '', at: end }];
}

const isColumn = (operand: Operand): operand is { readonly column: string } => 'column' in operand;
const not = (filter: Filter): Filter => ({ kind: 'not', of: filter });
const unknown: Filter = { kind: 'constant', value: null };

function compare(column: string, sign: Sign, { value, literal }: Literal): Filter {
  return value === null ? unknown : { kind: 'compare', column, sign, value, literal, by: null };
}
const same = (column: string, { value, literal }: Literal): Filter => ({
  kind: 'same',
  column,
  value,
  literal,
  by: null,
});

function makeParser(tokens: readonly Token[], params: Readonly<Record<string, string>>) {
  let at = 0;
  let depth = 0;
  const next = (): Token => tokens[at] ?? { kind: 'end', value: '', at: 0 };
  const is = (kind: Token['kind'], value: string): boolean => next().kind === kind && next().value === value;
  const eat = (kind: Token['kind'], value: string): boolean => is(kind, value) && ++at > 0;
  const refuse = (): Error => {
    const { kind, value, at: place } = next();
    return wrong(place, kind === 'end' ? 'syntax error at end of input' : `syntax error at or near "${value}"`);
  };
  const must = (kind: Token['kind'], value: string): void => {
    if (!eat(kind, value)) throw refuse();
  };

  function operand(): Operand {
    const token = next();
    at += 1;
    if (token.kind === 'name') {
      if (is('sign', '(')) throw wrong(token.at, `function ${token.value} is not supported`);
      return { column: token.value };
    }
    if (token.kind === 'text' || token.kind === 'number') return { value: token.value, literal: token.kind };
    if (token.kind === 'parameter') {
      const value = params[token.value];
      if (value === undefined) throw wrong(token.at, `parameter $${token.value} was not provided`);
      return { value, literal: 'text' };
    }
    if (token.kind === 'word' && ['true', 'false'].includes(token.value)) {
      return { value: token.value, literal: 'truth' };
    }
    if (token.kind === 'word' && token.value === 'null') return { value: null, literal: 'text' };
    at -= 1;
    throw refuse();
  }
  const literal = (): Literal => {
    const place = next().at;
    const found = operand();
    if (isColumn(found)) throw wrong(place, `a constant is expected, not column ${found.column}`);
    return found;
  };

  /** Two constants: numbers with numbers, texts with texts, by equality. */
  function constants(a: Literal, sign: Sign, b: Literal, place: number): Filter {
    if (a.value === null || b.value === null) return unknown;
    const isPlain = a.literal === b.literal && (sign === '=' || sign === '<>') && !/[.]/.test(a.value + b.value);
    if (!isPlain) throw wrong(place, 'this comparison of constants is not supported');
    const isSame = a.literal === 'number' ? BigInt(a.value) === BigInt(b.value) : a.value === b.value;
    return { kind: 'constant', value: isSame === (sign === '=') };
  }

  function afterColumn(column: string): Filter {
    if (eat('word', 'is')) {
      const isNot = eat('word', 'not');
      const answer = ((): Filter => {
        if (eat('word', 'null')) return same(column, { value: null, literal: 'text' });
        for (const value of ['true', 'false']) if (eat('word', value)) return same(column, { value, literal: 'truth' });
        must('word', 'distinct');
        must('word', 'from');
        return not(same(column, literal()));
      })();
      return isNot ? not(answer) : answer;
    }
    const isNot = eat('word', 'not');
    const answer = ((): Filter | null => {
      if (eat('word', 'in')) {
        must('sign', '(');
        const of: Filter[] = [];
        do of.push(compare(column, '=', literal()));
        while (eat('sign', ','));
        must('sign', ')');
        return { kind: 'or', of };
      }
      if (eat('word', 'like')) {
        const { value } = literal();
        if (value === null) return unknown;
        if (/(?:^|[^\\])(?:\\\\)*\\$/.test(value))
          throw wrong(next().at, 'LIKE pattern must not end with escape character');
        return { kind: 'like', column, pattern: value };
      }
      if (!eat('word', 'between')) return null;
      const low = compare(column, '>=', literal());
      must('word', 'and');
      return { kind: 'and', of: [low, compare(column, '<=', literal())] };
    })();
    if (answer !== null) return isNot ? not(answer) : answer;
    if (isNot) throw refuse();
    // A column alone: its own truth.
    return compare(column, '=', { value: 'true', literal: 'truth' });
  }

  function predicate(): Filter {
    const place = next().at;
    const left = operand();
    const sign = next().kind === 'sign' ? signs[next().value] : undefined;
    if (sign === undefined) {
      if (isColumn(left)) return afterColumn(left.column);
      if (left.literal === 'truth') return { kind: 'constant', value: left.value === 'true' };
      if (left.value === null) return unknown;
      throw refuse();
    }
    at += 1;
    const right = operand();
    if (isColumn(left) && isColumn(right)) throw wrong(place, 'comparing two columns is not supported');
    if (isColumn(left)) return compare(left.column, sign, right as Literal);
    return isColumn(right) ? compare(right.column, turned[sign], left) : constants(left, sign, right, place);
  }

  function term(): Filter {
    depth += 1;
    if (depth > deepest) throw wrong(next().at, 'too deep');
    try {
      if (eat('word', 'not')) return not(term());
      if (!eat('sign', '(')) return predicate();
      const inner = sequence('or');
      must('sign', ')');
      return inner;
    } finally {
      depth -= 1;
    }
  }
  function sequence(word: 'and' | 'or'): Filter {
    const of: Filter[] = [];
    do of.push(word === 'or' ? sequence('and') : term());
    while (eat('word', word));
    const [first] = of;
    return of.length === 1 && first !== undefined ? first : { kind: word, of };
  }
  return () => {
    const found = sequence('or');
    if (next().kind !== 'end') throw refuse();
    return found;
  };
}

/** column = value and column IN values; null: it is none of these. */
function conditionOf(filter: Filter): Condition | null {
  const parts = filter.kind === 'or' ? filter.of : [filter];
  const values: string[] = [];
  let [column, literal]: [string | null, LiteralKind | null] = [null, null];
  for (const part of parts) {
    if (part.kind !== 'compare' || part.sign !== '=') return null;
    if (column !== null && (part.column !== column || part.literal !== literal)) return null;
    column = part.column;
    literal = part.literal;
    values.push(part.value);
  }
  return column === null || literal === null ? null : { column, values, ...(literal === 'text' ? {} : { literal }) };
}

function split(filter: Filter): Where {
  const parts = filter.kind === 'and' ? filter.of.flatMap((one) => (one.kind === 'and' ? one.of : [one])) : [filter];
  const conditions: Condition[] = [];
  const others: Filter[] = [];
  for (const part of parts) {
    const condition = conditionOf(part);
    if (condition === null) others.push(part);
    else conditions.push(condition);
  }
  const [first] = others;
  if (first === undefined) return { conditions };
  return { conditions, filter: others.length === 1 ? first : { kind: 'and', of: others } };
}

/** Error: what was found where something else should be. */
export function parseWhere(text: string, params: Readonly<Record<string, string>>): Result<Where, string> {
  if (text.length > longest) return err(`longer than ${longest} characters`);
  try {
    return ok(split(makeParser(tokensOf(text), params)()));
  } catch (error) {
    if (error instanceof Error && refusals.has(error)) return err(error.message);
    throw error;
  }
}
