import { describe, expect, it } from 'vitest';
import { plainWedge } from '#contract/plain-scanner.ts';
import { bareCode, type Learnt, type LearnKey, learnScanner } from './learn-scanner.ts';

const ean = '8901234567890';
const plainKey = { shift: false, ctrl: false, capsLock: false, isAltPad: false };
type Key = Omit<LearnKey, 'atMs'>;

const codeOf = (char: string): string =>
  /\d/.test(char)
    ? `Digit${char}`
    : /[a-z]/i.test(char)
      ? `Key${char.toUpperCase()}`
      : char === '#'
        ? 'Digit3'
        : 'Minus';
const typed = (text: string): readonly Key[] =>
  [...text].map((char) => ({ ...plainKey, key: char, code: codeOf(char), shift: /[A-Z#]/.test(char) }));
const enter: Key = { ...plainKey, key: 'Enter', code: 'Enter' };
const tab: Key = { ...plainKey, key: 'Tab', code: 'Tab' };
const ctrlJ: Key = { ...plainKey, key: 'j', code: 'KeyJ', ctrl: true };

/** The same keys scanned `times`, a second apart, at these gaps in turn. */
function scanned(keys: readonly Key[], gaps: readonly number[] = [4], times = 3): readonly LearnKey[] {
  let at = 1_000;
  return Array.from({ length: times }, () => keys)
    .flatMap((one) => one.map((key, i) => ({ key, isFirst: i === 0 })))
    .map(({ key, isFirst }, i) => {
      at += isFirst ? 1_000 : (gaps[i % gaps.length] ?? 4);
      return { ...key, atMs: at };
    });
}
const wedgeOf = (learnt: Learnt) => (learnt.kind === 'learnt' ? learnt.wedge : null);

describe('learnScanner', () => {
  it('learns the pace: three times nearly every gap, between 15 and 60 ms', () => {
    expect(wedgeOf(learnScanner(scanned(typed(ean), [2]), null))?.gapMs).toBe(15);
    expect(wedgeOf(learnScanner(scanned(typed(ean), [8, 8, 9]), null))?.gapMs).toBe(27);
    expect(wedgeOf(learnScanner(scanned(typed(ean), [30, 40]), null))?.gapMs).toBe(60);
  });
  it.each([
    ['enter', [enter], 'enter'],
    ['tab', [tab], 'tab'],
    ['CR and LF', [enter, ctrlJ], 'enter'],
    ['none', [], 'none'],
  ] as const)('learns the end: %s', (_, ends, terminator) => {
    const learnt = learnScanner(scanned([...typed(ean), ...ends]), null);
    expect(learnt).toMatchObject({ kind: 'learnt', code: ean, wedge: { terminator, prefixes: [], suffix: '' } });
  });
  it('learns prefix and suffix, also those that are only keys', () => {
    const f8: Key = { ...plainKey, key: 'F8', code: 'F8' };
    const learnt = learnScanner(scanned([f8, ...typed(`-${ean}#`), enter]), null);
    expect(learnt).toMatchObject({ code: ean, wedge: { prefixes: ['-'], suffix: '#', terminator: 'enter' } });
  });
  it('learns a family of code letters from one code of it', () => {
    const wedge = wedgeOf(learnScanner(scanned([...typed(`A${ean}`), enter]), null)) ?? plainWedge;
    expect(bareCode('D12345', wedge)).toBe('12345');
  });
  it('reads by place where the layouts differ', () => {
    // AZERTY: the digit row without Shift types & é " …
    const azerty = 'à&é"\'(-è_ç';
    const keys = [...ean].map((digit) => ({ ...plainKey, key: azerty[Number(digit)] ?? '', code: `Digit${digit}` }));
    expect(learnScanner(scanned([...keys, enter]), null)).toMatchObject({ code: ean, wedge: { readBy: 'place' } });
  });
  it('sees letters the wrong way round when it knows what is printed', () => {
    const learnt = learnScanner(scanned([...typed('aBC-12'), enter]), 'Abc-12');
    expect(learnt).toMatchObject({ code: 'Abc-12', wedge: { isCaseInverted: true } });
  });
  it('sees Alt and number pad', () => {
    const alt = [...ean].map((char) => ({ ...plainKey, key: char, code: '', isAltPad: true }));
    const learnt = learnScanner(scanned([...alt, enter], [12]), null);
    expect(learnt).toMatchObject({ kind: 'learnt', usesAltPad: true, code: ean });
  });
  it('keeps line breaks of a 2-D code: Tab ends it, or else only the pause', () => {
    const withTab = learnScanner(scanned([...typed('AB12'), enter, ...typed('CD34'), tab]), null);
    expect(withTab).toMatchObject({ wedge: { lineBreaks: 'data', terminator: 'tab' } });
    const withEnter = learnScanner(scanned([...typed('AB12'), enter, ...typed('CD34'), enter]), null);
    expect(withEnter).toMatchObject({ wedge: { lineBreaks: 'data', terminator: 'none' } });
  });
  it('asks for three scans of the same code', () => {
    expect(learnScanner([], null)).toEqual({ kind: 'waiting', scans: 0 });
    expect(learnScanner(scanned(typed(ean), [4], 2), null)).toEqual({ kind: 'waiting', scans: 2 });
    const other = scanned(typed('96385074'), [4], 1).map((key) => ({ ...key, atMs: key.atMs + 60_000 }));
    expect(learnScanner([...scanned(typed(ean), [4], 2), ...other], null)).toEqual({ kind: 'differ' });
  });
  it('learns nothing from a person', () => {
    expect(learnScanner(scanned(typed(ean), [90, 140, 110]), null)).toEqual({ kind: 'typed' });
    expect(learnScanner(scanned(typed('12'), [4], 1), null)).toEqual({ kind: 'typed' });
  });
  it('what it learnt makes the code from the same keys again', () => {
    const wedge = wedgeOf(learnScanner(scanned([...typed(`x${ean}-`), enter]), null)) ?? plainWedge;
    expect(bareCode(`x${ean}-`, wedge)).toBe(ean);
    expect(bareCode(ean, wedge)).toBe(ean);
  });
});
