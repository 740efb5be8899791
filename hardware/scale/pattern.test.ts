/** Patterns of one's own: what they read, and that a bad one can't stop the till. */
import { describe, expect, it } from 'vitest';
import { ascii, noRest, stepFrames } from './frames.ts';
import { guardPattern } from './guarded-pattern.ts';
import { askBytes, type PatternProfile, patternPresets, patternProtocol, suggestPattern } from './pattern.ts';

const profile = (expression: string, more: Partial<PatternProfile> = {}): PatternProfile => ({
  expression,
  unit: 'kg',
  stableText: null,
  ask: null,
  ...more,
});
function read(pattern: PatternProfile, line: string) {
  const made = patternProtocol(pattern);
  if (!made.ok) throw new Error(made.error.reason);
  const { frames } = stepFrames(made.value.framing, noRest, ascii(`${line}\r\n`));
  return frames.map((frame) => made.value.readFrame(frame))[0];
}

describe('a pattern of one’s own', () => {
  it('finds weight, unit, sign and the word for stable', () => {
    const pattern = profile('^(?<stable>[A-Z])(?<sign>[+-])(?<weight>[\\d.]+)(?<unit>\\w+)$', { stableText: 'S' });
    expect(read(pattern, 'S+1.250kg')).toEqual({ kind: 'weight', milli: 1250, isStable: true });
    expect(read(pattern, 'D-1250g')).toEqual({ kind: 'weight', milli: -1250, isStable: false });
    expect(read(pattern, 'S+1.250pc')).toBeNull();
  });
  it('says why a bad one is bad', () => {
    const reasonOf = (expression: string) => {
      const made = guardPattern(expression);
      return made.ok ? null : made.error.reason;
    };
    expect(reasonOf('(?<weight>[')).toBe('syntax');
    expect(reasonOf('(\\d+)')).toBe('noWeight');
    expect(reasonOf('')).toBe('noWeight');
    expect(reasonOf(`(?<weight>${'1'.repeat(500)})`)).toBe('tooLong');
    expect(reasonOf('^(?<weight>(\\d+)+)$')).toBe('tooSlow');
    expect(reasonOf('(?<weight>\\d+)')).toBeNull();
  });
  it('goes out of use when texts keep taking too long, not at the first', () => {
    // Slow only after a "q", which the trial texts don't have.
    const made = guardPattern('q(z+)+y|(?<weight>\\d+)');
    if (!made.ok) throw new Error(made.error.reason);
    expect(made.value.match('12')?.['weight']).toBe('12');
    for (const isOut of [false, false, true]) {
      expect(made.value.match(`q${'z'.repeat(60)}`)).toBeNull();
      expect(made.value.isOutOfUse()).toBe(isOut);
    }
    expect(made.value.match('12')).toBeNull();
  });
  it('turns what somebody typed into the bytes to send', () => {
    expect([...askBytes('W\\r\\x05\\q')]).toEqual([0x57, 13, 5, 0x5c, 0x71]);
  });
  it.each(patternPresets.map((preset) => [preset.name, preset] as const))('preset %s reads its sample', (_, preset) => {
    expect(read(preset.pattern, preset.sample)).toMatchObject({ kind: 'weight', milli: 1250 });
  });
});

describe('suggestPattern', () => {
  it.each([
    ['   1.250', 1250, null],
    ['+01.250 kg', 1250, null],
    ['ST,GS,  1.250kg', 1250, true],
    ['01 W 1250 g', 1250, null],
    ['Weight: 0.350', 350, null],
    ['1250', 1250, null],
  ])('reads %j by its own suggestion', (sample, grams, isStable) => {
    const suggested = suggestPattern(sample);
    if (suggested === null) throw new Error('nothing suggested');
    expect(read(suggested, sample)).toEqual({ kind: 'weight', milli: grams, isStable });
  });
  it('suggests nothing without a number', () => {
    expect(suggestPattern('ERR\r\n')).toBeNull();
  });
});
