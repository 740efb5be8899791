import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '#tests/property-runs.ts';
import {
  type BurstEffect,
  type BurstKey,
  type BurstState,
  hearKey,
  hearSilence,
  idleBurst,
  silenceMs,
} from './burst.ts';

type Press = Omit<BurstKey<string>, 'atMs' | 'isRepeat'> & { readonly isRepeat?: boolean };
const text = (char: string, kind: 'text' | 'command' = 'text'): Press => ({
  text: char,
  isTerminator: false,
  kind,
  payload: char,
});
const command = (name: string): Press => ({ text: null, isTerminator: false, kind: 'command', payload: name });
const enter: Press = { text: null, isTerminator: true, kind: 'command', payload: 'Enter' };

/** Plays keys at the given gaps; the timer fires at each silence; answers effects and what reached the page. */
function play(keys: readonly Press[], gaps: readonly number[]) {
  let state: BurstState<string> = idleBurst;
  let at = 1_000;
  let field = '';
  let remembered = '';
  const scans: string[] = [];
  const ran: string[] = [];
  const apply = (effects: readonly BurstEffect<string>[]): void => {
    for (const effect of effects) {
      if (effect.do === 'scan') scans.push(effect.code);
      if (effect.do === 'run') ran.push(...effect.keys);
      if (effect.do === 'remember') remembered = field;
      if (effect.do === 'takeBack') field = remembered;
    }
  };
  keys.forEach((key, i) => {
    const gap = gaps[i] ?? 10;
    if (gap >= 35) {
      const quiet = hearSilence(state, at + 35);
      state = quiet.state;
      apply(quiet.effects);
    }
    at += gap;
    const step = hearKey(state, { ...key, isRepeat: key.isRepeat ?? false, atMs: at });
    state = step.state;
    apply(step.effects);
    if (step.verdict === 'pass') field += key.payload;
  });
  const end = hearSilence(state, at + 40);
  apply(end.effects);
  return { scans, ran, field, state: end.state };
}

const anyKind = fc.constantFrom<'text' | 'command'>('text', 'command');
const dataKey = fc
  .tuple(fc.string({ minLength: 1, maxLength: 1, unit: 'grapheme-ascii' }), anyKind)
  .map(([char, kind]) => text(char, kind));
const controlKey = fc.constantFrom('F9', 'F5', 'CtrlB', 'CtrlL', 'Escape').map(command);
const terminator = fc.constantFrom<readonly Press[]>(
  [],
  [enter],
  [{ text: null, isTerminator: true, kind: 'text', payload: 'Tab' }],
  [enter, { text: null, isTerminator: true, kind: 'command', payload: 'CtrlJ' }],
);

describe('a burst', () => {
  it('of a barcode with Enter is one scan; nothing stays in the field and no key acts', () => {
    const result = play([...'8901234567894'].map((c) => text(c)).concat(enter), []);
    expect(result).toMatchObject({ scans: ['8901234567894'], ran: [], field: '' });
  });
  it('puts back what stood in the field before it', () => {
    const keys = [...'su']
      .map((c) => text(c))
      .concat(
        [...'8901'].map((c) => text(c)),
        enter,
      );
    expect(play(keys, [100, 90, 200, 5, 5, 5, 5])).toMatchObject({ scans: ['8901'], ran: [], field: 'su' });
  });
  it('without a terminator is a scan after the gap', () => {
    expect(
      play(
        [...'96385074'].map((c) => text(c)),
        [],
      ).scans,
    ).toEqual(['96385074']);
  });
  it('after burst at once: two codes in order', () => {
    const one = [...'1111', ...'2222'].map((c) => text(c));
    expect(play([...one.slice(0, 4), enter, ...one.slice(4), enter], []).scans).toEqual(['1111', '2222']);
  });
  it('whose keys a busy PC hands on late, wherever it stops, is one scan by the keys’ own instants', () => {
    const code = '8901234567894';
    for (let stop = 1; stop < code.length; stop += 1) {
      let state: BurstState<string> = idleBurst;
      const effects: BurstEffect<string>[] = [];
      [...code].forEach((char, i) => {
        if (i === stop) {
          // The PC stands still for 90 ms; a timer that is due rings before the key is handed on.
          const lastMs = 1_000 + (i - 1) * 4;
          if (silenceMs(state, 35, false) < 90) {
            const quiet = hearSilence(state, lastMs + 90);
            state = quiet.state;
            effects.push(...quiet.effects);
          }
        }
        const step = hearKey(state, { ...text(char), atMs: 1_000 + i * 4, isRepeat: false });
        state = step.state;
        effects.push(...step.effects);
      });
      effects.push(...hearSilence(state, 2_000).effects);
      expect(effects, `stopped before key ${stop + 1}`).toEqual([
        { do: 'remember' },
        { do: 'takeBack' },
        { do: 'scan', code, isEnded: false },
      ]);
    }
  });
  it('of a scanner that never sends an end is not waited for', () => {
    const burst = [...'96385074'].reduce<BurstState<string>>(
      (state, char, i) => hearKey(state, { ...text(char), atMs: 1_000 + i, isRepeat: false }).state,
      idleBurst,
    );
    expect([silenceMs(burst, 35, true), silenceMs(idleBurst, 35, false)]).toEqual([35, 35]);
  });
  it('of letters that are commands here commands nothing', () => {
    expect(play([...'CUDL'].map((c) => text(c, 'command')).concat(enter), [])).toMatchObject({
      scans: ['CUDL'],
      ran: [],
    });
  });
  it('whose Enter key sticks: the repeats are its tail', () => {
    const stuck = { ...enter, isRepeat: true };
    expect(play([...'12345'].map((c) => text(c)).concat(enter, stuck, stuck), []).ran).toEqual([]);
  });
  it('any keys 1–30 ms apart, any prefix, any terminator: one scan, no command, field untouched', () => {
    fc.assert(
      fc.property(
        fc.array(controlKey, { maxLength: 2 }),
        fc.array(dataKey, { minLength: 4, maxLength: 60 }),
        terminator,
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 80, maxLength: 80 }),
        (prefix, data, end, gaps) => {
          const result = play([...prefix, ...data, ...end], [500, ...gaps]);
          expect(result.ran).toEqual([]);
          expect(result.scans).toEqual([data.map((k) => k.text).join('')]);
          expect(result.field).toBe('');
          expect(result.state.phase).toBe('idle');
        },
      ),
      { numRuns: propertyRuns() },
    );
  });
});

describe('a person', () => {
  it('typing 40 ms or slower never makes a burst: text is written, commands act in order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(dataKey, controlKey, fc.constant(enter)), { maxLength: 40 }),
        fc.array(fc.integer({ min: 40, max: 400 }), { minLength: 40, maxLength: 40 }),
        (keys, gaps) => {
          const result = play(keys, gaps);
          expect(result.scans).toEqual([]);
          expect(result.ran).toEqual(keys.filter((k) => k.kind === 'command').map((k) => k.payload));
          expect(result.field).toBe(
            keys
              .filter((k) => k.kind === 'text')
              .map((k) => k.payload)
              .join(''),
          );
        },
      ),
      { numRuns: propertyRuns() },
    );
  });
  it('rolling over two or three keys loses none and keeps their order', () => {
    expect(play([command('F9'), enter], [200, 15]).ran).toEqual(['F9', 'Enter']);
    expect(play([enter, text('5')], [200, 15]).ran).toEqual(['Enter', '5']);
    expect(play([text('a'), text('b'), text('c')], [200, 20, 20])).toMatchObject({ field: 'abc', scans: [] });
  });
  it('holding a key down repeats it and is no burst', () => {
    const down = { ...command('ArrowDown'), isRepeat: true };
    const result = play([command('ArrowDown'), down, down, down, down], [300, 30, 30, 30, 30]);
    expect(result.ran).toEqual(Array.from({ length: 5 }, () => 'ArrowDown'));
    expect(result.scans).toEqual([]);
  });
  it('a late timer changes nothing: the next key settles what was held', () => {
    let state: BurstState<string> = idleBurst;
    const key = (payload: string, atMs: number) => ({ ...command(payload), atMs, isRepeat: false });
    state = hearKey(state, key('F9', 1_000)).state;
    expect(hearKey(state, key('Enter', 1_200)).effects).toContainEqual({ do: 'run', keys: ['F9'] });
  });
});
