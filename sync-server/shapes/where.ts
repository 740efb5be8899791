/**
 * What rows a shape has. Two parts, joined by AND: conditions (column = value, column IN values), the forms that are
 * kept in an index and the only ones that a till's shape has; and a filter, any other form that is judged here. Rule
 * kept: a row is judged without asking Postgres and exactly as Postgres would; what can't be is refused, never guessed.
 */
import type { Row } from './pgoutput.ts';

/** What a literal looked like: 5 is no text, TRUE is no number. */
export type LiteralKind = 'text' | 'number' | 'truth';
/** The column's value is one of these, as Postgres writes them. */
export type Condition = {
  readonly column: string;
  readonly values: readonly string[];
  /** Missing: a text, which is whatever its column is. */
  readonly literal?: LiteralKind;
};

export type Sign = '=' | '<>' | '<' | '<=' | '>' | '>=';
/** How two values of a column's type are compared; null until the table is known. */
export type Comparison = 'text' | 'whole' | 'decimal' | 'time' | null;

export type Filter =
  | { readonly kind: 'constant'; readonly value: boolean | null }
  | {
      readonly kind: 'compare';
      readonly column: string;
      readonly sign: Sign;
      readonly value: string;
      readonly literal: LiteralKind;
      readonly by: Comparison;
    }
  /** IS NOT DISTINCT FROM; null: IS NULL. */
  | {
      readonly kind: 'same';
      readonly column: string;
      readonly value: string | null;
      readonly literal: LiteralKind;
      readonly by: Comparison;
    }
  | { readonly kind: 'like'; readonly column: string; readonly pattern: string }
  | { readonly kind: 'and'; readonly of: readonly Filter[] }
  | { readonly kind: 'or'; readonly of: readonly Filter[] }
  | { readonly kind: 'not'; readonly of: Filter };

export type Where = { readonly conditions: readonly Condition[]; readonly filter?: Filter | undefined };

export const everyRow: Where = { conditions: [] };

/** As many decimals on either side, then whole numbers. */
function compareDecimals(a: string, b: string): number {
  const rank = (text: string): number => (text === 'NaN' ? 2 : text === 'Infinity' ? 1 : text === '-Infinity' ? -1 : 0);
  if (rank(a) !== 0 || rank(b) !== 0) return rank(a) - rank(b);
  const [wholeA = '', partA = ''] = a.split('.');
  const [wholeB = '', partB = ''] = b.split('.');
  const size = Math.max(partA.length, partB.length);
  const difference = BigInt(wholeA + partA.padEnd(size, '0')) - BigInt(wholeB + partB.padEnd(size, '0'));
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** Dates and times as Postgres writes them in ISO form at UTC. */
function compareTimes(a: string, b: string): number {
  const rank = (text: string): number => (text === 'infinity' ? 1 : text === '-infinity' ? -1 : 0);
  if (rank(a) !== 0 || rank(b) !== 0) return rank(a) - rank(b);
  const partsOf = (text: string) => {
    const isBefore = text.endsWith(' BC');
    const plain = isBefore
      ? text.slice(0, -3)
      : text.replace(/[+-]\d\d(?::\d\d)*$/, (zone) => (zone === '+00' ? '' : zone));
    const year = plain.indexOf('-');
    return { year: Number(plain.slice(0, year)) * (isBefore ? -1 : 1), rest: plain.slice(year) };
  };
  const [left, right] = [partsOf(a), partsOf(b)];
  if (left.year !== right.year) return left.year - right.year;
  return left.rest < right.rest ? -1 : left.rest > right.rest ? 1 : 0;
}

function compareValues(a: string, b: string, by: Comparison): number {
  if (by === 'whole') {
    const difference = BigInt(a) - BigInt(b);
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }
  if (by === 'decimal') return compareDecimals(a, b);
  if (by === 'time') return compareTimes(a, b);
  return a < b ? -1 : a > b ? 1 : 0;
}

function holds(sign: Sign, order: number): boolean {
  switch (sign) {
    case '=':
      return order === 0;
    case '<>':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

const patterns = new Map<string, RegExp>();
/** LIKE: % any text, _ one character, \ takes the next as it is. */
function patternOf(like: string): RegExp {
  const known = patterns.get(like);
  if (known !== undefined) return known;
  const source = [...like.matchAll(/\\(.)|([%_])|([^\\%_]+)/gsu)].map(([, taken, wild, plain]) => {
    if (wild !== undefined) return wild === '%' ? '.*' : '.';
    return (taken ?? plain ?? '').replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
  });
  const made = new RegExp(`^${source.join('')}$`, 'su');
  if (patterns.size > 1_000) patterns.clear();
  patterns.set(like, made);
  return made;
}

/** SQL's three answers; null: unknown. */
function judge(filter: Filter, row: Row): boolean | null {
  switch (filter.kind) {
    case 'constant':
      return filter.value;
    case 'compare': {
      const value = row[filter.column] ?? null;
      return value === null ? null : holds(filter.sign, compareValues(value, filter.value, filter.by));
    }
    case 'same': {
      const value = row[filter.column] ?? null;
      if (value === null || filter.value === null) return value === filter.value;
      return compareValues(value, filter.value, filter.by) === 0;
    }
    case 'like': {
      const value = row[filter.column] ?? null;
      return value === null ? null : patternOf(filter.pattern).test(value);
    }
    case 'not': {
      const answer = judge(filter.of, row);
      return answer === null ? null : !answer;
    }
    case 'and':
    case 'or': {
      const decides = filter.kind === 'or';
      let isUnknown = false;
      for (const one of filter.of) {
        const answer = judge(one, row);
        if (answer === decides) return decides;
        if (answer === null) isUnknown = true;
      }
      return isUnknown ? null : !decides;
    }
  }
}

export const matches = ({ conditions, filter }: Where, row: Row): boolean =>
  conditions.every(({ column, values }) => {
    const value = row[column];
    return value !== null && value !== undefined && values.includes(value);
  }) &&
  (filter === undefined || judge(filter, row) === true);
