/** What the encoder sends, seen by the emulator; and that it sends little. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '#tests/property-runs.ts';
import { startDisplayEmulator } from './emulator.ts';
import { encodePole, type PoleLines, poleLine, poleText } from './encode.ts';
import { poleModels } from './models.ts';

const line = fc.string({ maxLength: 25, unit: 'grapheme' }).map((text) => poleLine(poleText(text)));

describe.each(poleModels.map((model) => [model.id, model] as const))('%s', (_, model) => {
  it('shows what was given, whatever stood there', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(line, line), { minLength: 1, maxLength: 8 }), (shown) => {
        const pole = startDisplayEmulator();
        pole.take(Uint8Array.from([0x58, 0x59, 0x5a]));
        let before: PoleLines | null = null;
        for (const lines of shown) {
          pole.take(encodePole(model, before, lines));
          expect(pole.lines()).toEqual(lines);
          before = lines;
        }
        expect(pole.unknown()).toEqual([]);
      }),
      { numRuns: propertyRuns() },
    );
  });
  it('sends nothing when nothing changed', () => {
    const lines: PoleLines = [poleLine('Sugar          45.00'), poleLine('TOTAL          45.00')];
    expect(encodePole(model, lines, lines)).toHaveLength(0);
  });
});

describe('encodePole', () => {
  it('sends only the signs that changed, where the display can be placed', () => {
    const [first] = poleModels;
    if (first === undefined) throw new Error('no models');
    const before: PoleLines = [poleLine('Sugar 1 kg     45.00'), poleLine('TOTAL         145.00')];
    const after: PoleLines = [before[0], poleLine('TOTAL         190.00')];
    expect([...encodePole(first, before, after)]).toEqual([0x1f, 0x24, 16, 2, 0x39, 0x30]);
  });
});

describe('poleText', () => {
  it('keeps what a display has and spells the rest', () => {
    expect(poleText('₹45.00')).toBe('Rs 45.00');
    expect(poleText('Café  “Rich”')).toBe('Cafe "Rich"');
    expect(poleText('चीनी')).toBe('');
    expect(poleText('2 × चीनी 1 kg')).toBe('2 x 1 kg');
  });
});

describe('the emulator', () => {
  it('waits for the rest of a command, and leaves alone what is for the printer', () => {
    const pole = startDisplayEmulator();
    for (const byte of [0x41, 0x1f, 0x24, 3, 2, 0x42]) pole.take(Uint8Array.of(byte));
    expect(pole.lines()).toEqual([poleLine('A'), poleLine('  B')]);
    pole.take(Uint8Array.from([0x1b, 0x3d, 0x01, 0x43, 0x0c, 0x1b, 0x3d, 0x02, 0x44]));
    expect(pole.lines()[1]).toBe(poleLine('  BD'));
    pole.take(Uint8Array.from([0x1b, 0x99]));
    expect(pole.unknown()).toEqual(['1b 99']);
  });
});
