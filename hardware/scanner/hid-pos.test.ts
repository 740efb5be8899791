import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '#tests/property-runs.ts';
import { reportsOf, usualDescriptor } from './emulator-hid.ts';
import { hearNoReport, hearReport, type HidState, layoutOf, noReport, usualLayout } from './hid-pos.ts';
import type { Scanned } from './port.ts';

const framing = { prefixes: [], suffix: '', encoding: 'utf8', silenceMs: 500 } as const;

function play(reports: readonly Uint8Array[], layout = usualLayout): readonly string[] {
  let state: HidState = noReport;
  const scans: Scanned[] = [];
  let at = 1_000;
  for (const report of reports) {
    const step = hearReport(state, report, (at += 1), layout, framing);
    state = step.state;
    scans.push(...step.scans);
  }
  scans.push(...hearNoReport(state, at + 600, framing).scans);
  return scans.map((scan) => (scan.kind === 'code' ? scan.code : `!${scan.why}`));
}

describe('HID-POS reports', () => {
  it('give the code with its AIM identifier', () => {
    expect(play(reportsOf('8901234567890', ']E0'))).toEqual([']E08901234567890']);
  });
  it('that continue give one code', () => {
    const long = 'x'.repeat(56) + 'y'.repeat(56) + 'z';
    const reports = reportsOf(long, ']Q3');
    expect(reports).toHaveLength(3);
    expect(play(reports)).toEqual([`]Q3${long}`]);
  });
  it('whose rest never comes are a broken code', () => {
    expect(play(reportsOf('x'.repeat(60), ']Q3').slice(0, 1))).toEqual(['!partial']);
  });
  it('of another id are none of ours', () => {
    const [report = new Uint8Array()] = reportsOf('8901', ']C0');
    expect(play([Uint8Array.from(report, (byte, i) => (i === 0 ? 5 : byte))])).toEqual([]);
  });
  it('with a length that can’t be are garbled', () => {
    const [report = new Uint8Array()] = reportsOf('8901', ']C0');
    expect(play([Uint8Array.from(report, (byte, i) => (i === 1 ? 60 : byte))])).toEqual(['!garbled']);
    expect(play([report.slice(0, 7)])).toEqual(['!garbled']);
  });
  it('never end: bounded, and told', () => {
    const [first = new Uint8Array()] = reportsOf('x'.repeat(60), ']Q3');
    expect(play(Array.from({ length: 150 }, () => first))).toEqual(['!tooLong', '!partial']);
  });
  it('keep GS, and lose a keyboard’s terminator at the end', () => {
    expect(play(reportsOf('10AB\u001d2112\r\n', ']C1'))).toEqual([']C110AB\u001d2112']);
  });
  it('any codes: whole and in order', () => {
    const code = fc.string({ minLength: 1, maxLength: 200, unit: fc.constantFrom(...'0123456789AZaz-é₹') });
    fc.assert(
      fc.property(fc.array(code, { maxLength: 5 }), (codes) => {
        expect(play(codes.flatMap((one) => reportsOf(one, ']Q3')))).toEqual(codes.map((one) => `]Q3${one}`));
      }),
      { numRuns: propertyRuns() },
    );
  });
});

describe('a report descriptor', () => {
  it('says where things stand', () => {
    expect(layoutOf(usualDescriptor)).toEqual(usualLayout);
  });
  it('without a scanned-data report says nothing', () => {
    expect(layoutOf(Uint8Array.of(0x05, 0x01, 0x09, 0x06, 0xa1, 0x01, 0xc0))).toBeNull();
  });
  it('of any bytes never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        layoutOf(bytes);
      }),
      { numRuns: propertyRuns() },
    );
  });
});
