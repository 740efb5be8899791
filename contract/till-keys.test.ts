import { describe, expect, it } from 'vitest';
import { keysInput } from './till-keys.ts';

const isTaken = (own: Record<string, string>): boolean => keysInput.safeParse({ preset: 'own', own }).success;

describe('a map of keys', () => {
  it('is taken with one key for each command', () => {
    expect(isTaken({ F9: 'F8', F8: 'F9', CtrlK: 'Ctrl G', CtrlDelete: 'Ctrl Del', LetterU: 'G' })).toBe(true);
    expect(isTaken({})).toBe(true);
  });
  it.each([{ F9: 'F8', F8: 'F8' }, { F9: 'F13' }, { F9: 'Alt G' }, { F9: 'Enter' }, { 'F9 ': 'F8' }, { F9: '<b>' }])(
    '%j is not',
    (own) => {
      expect(isTaken(own as Record<string, string>)).toBe(false);
    },
  );
});
