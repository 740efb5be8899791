import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '#tests/property-runs.ts';
import {
  capFor,
  choiceOf,
  commandKeys,
  giveBackKey,
  giveKey,
  type KeyChoice,
  keyNameOf,
  keysByChord,
  sentenceFor,
} from './chords.ts';
import type { KeyPress } from './key-map.ts';

const usual = choiceOf({ preset: 'billmitra', own: {} });
const tally = choiceOf({ preset: 'tally', own: {} });
const press = (code: string, more: Partial<KeyPress> = {}): KeyPress => ({
  code,
  char: null,
  ctrl: false,
  alt: false,
  shift: false,
  ...more,
});
const ctrl = (code: string): KeyPress => press(code, { ctrl: true });

describe('giving a command another key', () => {
  it('holds for that key, and the old one means nothing', () => {
    const made = giveKey(usual, 'F9', ctrl('KeyG')) as KeyChoice;
    const inForce = keysByChord(made);
    expect(made.F9).toBe('Ctrl G');
    expect(keyNameOf(ctrl('KeyG'), inForce)).toBe('F9');
    expect(keyNameOf(press('F9'), inForce)).toBeNull();
    expect(keyNameOf(press('F8'), inForce)).toBe('F8');
  });
  it.each([
    ['another command’s key', 'F9', press('F8'), { why: 'taken', by: 'F8' }],
    ['a browser’s tab key', 'F9', ctrl('KeyT'), { why: 'browser' }],
    ['a browser’s tab by number', 'F9', ctrl('Digit3'), { why: 'browser' }],
    ['STX of a scanner', 'F9', ctrl('KeyB'), { why: 'scanner' }],
    ['LF of a scanner', 'F9', ctrl('KeyJ'), { why: 'scanner' }],
    ['paste', 'F9', ctrl('KeyV'), { why: 'clipboard' }],
    ['Ctrl Shift', 'F9', press('KeyG', { ctrl: true, shift: true }), { why: 'system' }],
    ['Enter', 'F9', press('Enter', { char: null }), { why: 'ground' }],
    ['the number pad', 'F9', press('NumpadAdd', { char: '+' }), { why: 'ground' }],
    ['a digit', 'F9', press('Digit5', { char: '5' }), { why: 'ground' }],
    ['a letter for what is no tender', 'F9', press('KeyG', { char: 'g' }), { why: 'noLetter' }],
    ['an F-key for a tender', 'LetterU', press('F8'), { why: 'letterOnly' }],
    ['another tender’s letter', 'LetterU', press('KeyC', { char: 'c' }), { why: 'taken', by: 'LetterC' }],
  ] as const)('%s is refused with the reason', (_, key, pressed, refusal) => {
    expect(giveKey(usual, key, pressed)).toEqual(refusal);
  });
  it('its own key once more changes nothing', () => {
    expect(giveKey(usual, 'F9', press('F9'))).toEqual(usual);
  });
  it('a tender takes another letter, by its place on the keyboard', () => {
    const made = giveKey(usual, 'LetterU', press('KeyG', { char: 'ग' })) as KeyChoice;
    expect(keyNameOf(press('KeyG', { char: 'ग' }), keysByChord(made))).toBe('LetterU');
  });
  it('gives a command its usual key back, unless another one has it', () => {
    expect(giveBackKey({ ...usual, F9: 'Ctrl G' }, 'F9')).toEqual(usual);
    expect(giveBackKey({ ...usual, F9: 'Ctrl G', F8: 'F9' }, 'F9')).toEqual({ why: 'taken', by: 'F8' });
  });
});

describe('any map that can come to be', () => {
  const codes = [
    ...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.split('').map((letter) => `Key${letter}`),
    ...Array.from({ length: 12 }, (_, i) => `F${i + 1}`),
    ...['Delete', 'Enter', 'Escape', 'Digit1', 'Numpad1', 'ArrowUp'],
  ];
  const step = fc.tuple(fc.constantFrom(...commandKeys), fc.constantFrom(...codes), fc.boolean());
  it('has one key for each command and one command for each key', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let choice = usual;
        for (const [key, code, isCtrl] of steps) {
          const given = giveKey(choice, key, press(code, { ctrl: isCtrl }));
          if (!('why' in given)) choice = given;
        }
        expect(keysByChord(choice).size).toBe(commandKeys.length);
        expect(choiceOf({ preset: 'own', own: choice })).toEqual(choice);
      }),
      { numRuns: propertyRuns() },
    );
  });
});

describe('a stored map', () => {
  it('of another version keeps what fits', () => {
    expect(choiceOf({ preset: 'own', own: { F9: 'Ctrl G', OldThing: 'F2' } })).toEqual({ ...usual, F9: 'Ctrl G' });
  });
  it('in which two commands share a key is left for the usual one', () => {
    expect(choiceOf({ preset: 'own', own: { F9: 'F8' } })).toEqual(usual);
  });
});

describe('the Tally-like preset', () => {
  it('sells with F8, returns with F9, goes anywhere with Ctrl G', () => {
    const inForce = keysByChord(tally);
    expect(
      [press('F8'), press('F9'), ctrl('KeyG'), ctrl('KeyA'), press('F1')].map((p) => keyNameOf(p, inForce)),
    ).toEqual(['F9', 'F8', 'CtrlK', 'CtrlA', 'F1']);
    expect(keyNameOf(ctrl('KeyK'), inForce)).toBeNull();
  });
  it('is what caps and sentences say', () => {
    expect([capFor('F9', tally), capFor('Ctrl K', tally), capFor('C', tally), capFor('Enter', tally)]).toEqual([
      'F8',
      'Ctrl G',
      'C',
      'Enter',
    ]);
    expect(sentenceFor('F9 takes the money. F12, 9: devices. F8 से वापसी', tally)).toBe(
      'F8 takes the money. F12, 9: devices. F9 से वापसी',
    );
  });
});
