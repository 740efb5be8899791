import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../tests/property-runs.ts';
import { readTsplStatus, readZplStatus, writeTsplStatus, writeZplStatus } from './label-status.ts';

const idle = { isPaperOut: false, isHeadOpen: false, isPaused: false, remaining: 0, waitingFormats: 0 };

describe('~HS', () => {
  // The three lines of the guide's own example, paper out and paused.
  const example =
    '\u0002030,1,1,1245,000,0,0,0,000,0,0,0\u0003\r\n\u0002000,0,0,0,0,2,4,0,00000003,1,000\u0003\r\n\u00021234,0\u0003\r\n';
  it('reads paper out before paused, and what is left of the batch', () => {
    expect(readZplStatus(Buffer.from(example))).toEqual({
      trouble: 'paperOut',
      isIdle: false,
      remaining: 3,
      waitingFormats: 0,
    });
  });
  it('half an answer is none; the latest whole one counts', () => {
    expect(readZplStatus(Buffer.from(example.slice(0, 60)))).toBeNull();
    const later = Buffer.concat([Buffer.from(example), writeZplStatus(idle)]);
    expect(readZplStatus(later)).toMatchObject({ trouble: null, isIdle: true });
  });
  it('reads back what a printer can be, and any bytes without a fault', () => {
    const facts = fc.record({
      isPaperOut: fc.boolean(),
      isHeadOpen: fc.boolean(),
      isPaused: fc.boolean(),
      remaining: fc.nat(9_999),
      waitingFormats: fc.nat(99),
    });
    fc.assert(
      fc.property(facts, fc.uint8Array({ maxLength: 80 }), (now, noise) => {
        const read = readZplStatus(Buffer.concat([noise.filter((byte) => byte !== 2), writeZplStatus(now)]));
        expect(read?.remaining).toBe(now.remaining);
        expect(read?.trouble).toBe(
          now.isHeadOpen ? 'coverOpen' : now.isPaperOut ? 'paperOut' : now.isPaused ? 'paused' : null,
        );
        readZplStatus(noise);
        readTsplStatus(noise);
      }),
      { numRuns: propertyRuns() },
    );
  });
});

describe('ESC ! ?', () => {
  it.each([
    [0x00, null, true],
    [0x01, 'coverOpen', true],
    [0x02, 'error', true],
    [0x04, 'paperOut', true],
    [0x05, 'coverOpen', true],
    [0x08, 'error', true],
    [0x10, 'paused', true],
    [0x20, null, false],
    [0x80, 'error', true],
  ] as const)('%i', (byte, trouble, isIdle) => {
    expect(readTsplStatus(Uint8Array.of(byte))).toMatchObject({ trouble, isIdle });
  });
  it('says nothing of nothing, and reads back its own', () => {
    expect(readTsplStatus(new Uint8Array())).toBeNull();
    expect(readTsplStatus(writeTsplStatus({ ...idle, remaining: 2 }))).toMatchObject({ trouble: null, isIdle: false });
    expect(readTsplStatus(writeTsplStatus({ ...idle, isPaperOut: true }))?.trouble).toBe('paperOut');
  });
});
