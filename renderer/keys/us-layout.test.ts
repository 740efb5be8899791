import { describe, expect, it } from 'vitest';
import { controlOf, scannedChar, usChar } from './us-layout.ts';

describe('the text of a scanned key', () => {
  it('is what the place means on a US keyboard', () => {
    expect(usChar('KeyA', false)).toBe('a');
    expect(usChar('KeyA', true)).toBe('A');
    expect(usChar('Digit2', true)).toBe('@');
    expect(usChar('Semicolon', true)).toBe(':');
    expect(usChar('Numpad7', false)).toBe('7');
    expect(usChar('F9', false)).toBeNull();
  });
  it('is not changed by a Hindi layout or Caps Lock', () => {
    expect(scannedChar('ह', 'KeyU', false, false)).toBe('u');
    expect(scannedChar('a', 'KeyA', true, true)).toBe('A');
    expect(scannedChar('Home', 'Numpad7', false, false)).toBe('7');
    expect(scannedChar('A', 'KeyA', false, false)).toBe('A');
  });
  it('knows the control characters of wedge scanners', () => {
    expect([
      controlOf('KeyJ'),
      controlOf('KeyM'),
      controlOf('BracketRight'),
      controlOf('KeyB'),
      controlOf('KeyL'),
    ]).toEqual(['terminator', 'terminator', 'group', 'ignored', null]);
  });
});
