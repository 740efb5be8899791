/**
 * The profile for every other scale (Essae and all whose protocol nobody published): a pattern that somebody wrote
 * or that was suggested from a sample. Rule kept: the pattern finds the number, this file judges it: unit, sign,
 * stable; without the scale's own word for stable, readings must agree. A bad pattern says why.
 */
import { err, ok, type Result } from '#core/result.ts';
import { ascii, frameText } from './frames.ts';
import { guardPattern, type PatternFault } from './guarded-pattern.ts';
import type { ScaleHeard, ScaleProtocol } from './port.ts';
import { readWeight, unitOf, type WeightUnit } from './weight-text.ts';

export type PatternProfile = {
  /** With the named group `weight`; `unit`, `stable` and `sign` where the scale says them. */
  readonly expression: string;
  readonly unit: WeightUnit;
  /** What the group `stable` is when the weight counts; null: the scale doesn't say. */
  readonly stableText: string | null;
  /** What to send to be answered, as "W\r" with \r \n \xNN; null: it sends by itself. */
  readonly ask: string | null;
};

/** "W\\r" → W CR. What is no known escape stays as it is. */
export const askBytes = (text: string): Uint8Array =>
  ascii(
    text.replaceAll(/\\(r|n|t|x[0-9A-Fa-f]{2})/g, (_, code: string) =>
      code === 'r'
        ? '\r'
        : code === 'n'
          ? '\n'
          : code === 't'
            ? '\t'
            : String.fromCharCode(Number.parseInt(code.slice(1), 16)),
    ),
  );

/** `limitMs`: see guardPattern. */
export function patternProtocol(profile: PatternProfile, limitMs?: number): Result<ScaleProtocol, PatternFault> {
  const guarded = guardPattern(profile.expression, limitMs);
  if (!guarded.ok) return err(guarded.error);
  const pattern = guarded.value;
  const readFrame = (frame: Uint8Array): ScaleHeard | null => {
    const groups = pattern.match(frameText(frame));
    if (groups === null) return null;
    const unit = groups['unit'] === undefined || groups['unit'].trim() === '' ? profile.unit : unitOf(groups['unit']);
    if (unit === null) return null;
    const milli = readWeight(`${groups['sign'] ?? ''}${groups['weight'] ?? ''}`, unit);
    if (milli === null) return null;
    const isStable = profile.stableText === null ? null : (groups['stable'] ?? '').trim() === profile.stableText.trim();
    return { kind: 'weight', milli, isStable };
  };
  const ask = profile.ask === null || profile.ask === '' ? null : askBytes(profile.ask);
  return ok({
    id: 'pattern',
    name: 'Own pattern',
    format: { baud: 9_600, dataBits: 8, parity: 'none', stopBits: 1, flow: 'none' },
    framing: { ends: [0x0d, 0x0a, 0x03], start: 0x02, dataAfter: null, isSevenBit: false, maxLength: 120 },
    ask: ask === null ? null : { bytes: ask, everyMs: 70 },
    zero: null,
    saysStable: profile.stableText !== null,
    staleMs: 1_000,
    readFrame,
  });
}

/** Starts for scales seen in Indian shops. None is from a maker's own text: the live tester decides. */
export const patternPresets: readonly {
  readonly name: string;
  readonly sample: string;
  readonly pattern: PatternProfile;
}[] = [
  {
    name: 'Essae, Phoenix: weight alone',
    sample: '   1.250',
    pattern: {
      expression: String.raw`^\s*(?<weight>[+-]?\s*\d{1,4}\.\d{1,4})\s*(?<unit>kg|g)?\s*$`,
      unit: 'kg',
      stableText: null,
      ask: null,
    },
  },
  {
    name: 'Essae: weight with unit, asked by ENQ',
    sample: '+01.250 kg',
    pattern: {
      expression: String.raw`(?<weight>[+-]?\d{1,4}\.\d{1,4})\s*(?<unit>kg|g)`,
      unit: 'kg',
      stableText: null,
      ask: String.raw`\x05`,
    },
  },
  {
    name: 'S before a stable weight',
    sample: 'S   1.250 kg',
    pattern: {
      expression: String.raw`^(?<stable>[A-Z]{1,2})[,\s]\s*(?<weight>[+-]?\s*\d{1,4}\.\d{1,4})\s*(?<unit>kg|g)?`,
      unit: 'kg',
      stableText: 'S',
      ask: null,
    },
  },
];

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`);

/**
 * A pattern that reads this sample line: the last number with a decimal point (else the longest number), and the
 * unit behind it. Text before it must stay as it is but for blanks and digits. null: no number in it.
 */
export function suggestPattern(sample: string): PatternProfile | null {
  const line = sample.split(/[\r\n\x02\x03]+/).find((part) => /\d/.test(part));
  if (line === undefined) return null;
  const numbers = [...line.matchAll(/[+-]?[ ]*\d+(?:\.\d+)?/g)];
  const chosen =
    numbers.findLast((one) => one[0].includes('.')) ?? numbers.toSorted((a, b) => b[0].length - a[0].length)[0];
  if (chosen === undefined) return null;
  const head = line.slice(0, chosen.index).trimEnd();
  const stable = /^\s*(ST|S)\b/.exec(head)?.[1] ?? null;
  const before =
    stable === null
      ? head.trim() === '' || /\d/.test(head)
        ? ''
        : `${escaped(head.trim())}\\s*`
      : `^\\s*(?<stable>[A-Z]{1,2})\\b\\D*?`;
  const after = line.slice((chosen.index ?? 0) + chosen[0].length);
  const unit = /^\s*([A-Za-z]{1,3})\b/.exec(after)?.[1] ?? '';
  const known = unitOf(unit);
  const number = chosen[0].includes('.') ? String.raw`\d{1,6}\.\d{1,4}` : String.raw`\d{1,7}`;
  return {
    expression: `${before}(?<weight>[+-]?\\s*${number})${known === null ? '' : `\\s*(?<unit>${escaped(unit)})`}`,
    unit: known ?? (chosen[0].includes('.') ? 'kg' : 'g'),
    stableText: stable,
    ask: null,
  };
}
