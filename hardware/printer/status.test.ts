import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '#tests/property-runs.ts';
import { type EmulatorState, statusByte } from './emulator.ts';
import { makeStatusReader, readAnswers, readAutomatic, type StatusEvent } from './status.ts';

const read = (...chunks: readonly (readonly number[])[]): StatusEvent[] => {
  const events: StatusEvent[] = [];
  const feed = makeStatusReader((event) => events.push(event));
  for (const chunk of chunks) feed(Uint8Array.from(chunk));
  return events;
};
const well = { state: 'ready', isPaperLow: false, fault: null } as const;

describe('answers to DLE EOT', () => {
  it.each([
    [0x12, 'ready', false],
    [0x1e, 'ready', true],
    [0x72, 'paperOut', false],
    [0x7e, 'paperOut', false],
    [0x32, 'paperOut', false],
    [0x52, 'paperOut', false],
  ] as const)('paper %i is %s, near its end: %s', (paper, state, isPaperLow) => {
    expect(readAnswers(0x12, 0x12, paper)).toEqual({ state, isPaperLow, fault: null });
  });

  it.each([
    [0x1a, 0x12, null, 'offline', null],
    [0x1a, 0x16, null, 'coverOpen', null],
    [0x1a, 0x32, null, 'paperOut', null],
    [0x1a, 0x52, 0x1a, 'error', 'cutter'],
    [0x1a, 0x52, 0x32, 'error', 'unrecoverable'],
    [0x1a, 0x52, 0x52, 'error', 'hot'],
    [0x1a, 0x52, 0x16, 'error', 'recoverable'],
    [0x1a, 0x52, null, 'error', null],
    // No paper under an open cover: the roll comes first, the cover is part of changing it.
    [0x1a, 0x36, null, 'paperOut', null],
  ] as const)('%i %i %s is %s, %s', (printer, cause, error, state, fault) => {
    expect(readAnswers(printer, cause, 0x12, error)).toMatchObject({ state, fault });
  });

  it('are what the emulator says', () => {
    const trouble: Partial<EmulatorState>[] = [{}, { paper: 'low' }, { paper: 'out' }, { isCoverOpen: true }];
    const told = trouble.map((change) => {
      const state: EmulatorState = { isOnline: true, isCoverOpen: false, hasError: false, paper: 'ok', ...change };
      return readAnswers(statusByte(1, state), statusByte(2, state), statusByte(4, state));
    });
    expect(told).toEqual([
      well,
      { ...well, isPaperLow: true },
      { ...well, state: 'paperOut' },
      { ...well, state: 'coverOpen' },
    ]);
  });
});

describe('automatic status', () => {
  it.each([
    [[0x10, 0, 0, 0], well],
    [[0x10, 0, 0x03, 0], { ...well, isPaperLow: true }],
    [[0x18, 0, 0x0c, 0], { ...well, state: 'paperOut' }],
    [[0x38, 0, 0, 0], { ...well, state: 'coverOpen' }],
    [[0x18, 0x08, 0, 0], { ...well, state: 'error', fault: 'cutter' }],
    [[0x18, 0, 0, 0], { ...well, state: 'offline' }],
  ] as const)('%o', (bytes, reading) => {
    expect(read(bytes)).toEqual([{ kind: 'automatic', reading }]);
    expect(readAutomatic(bytes[0], bytes[1], bytes[2])).toEqual(reading);
  });
});

describe('one stream', () => {
  it('holds both, XON, XOFF and noise, cut up anywhere', () => {
    const stream = [0x11, 0x12, 0x10, 0x00, 0x1e, 0x13, 0x03, 0x00, 0xff, 0x72, 0x18, 0x00, 0x90, 0x10, 0, 0x0c, 0];
    const expected: StatusEvent[] = [
      { kind: 'answer', byte: 0x12 },
      { kind: 'answer', byte: 0x1e },
      { kind: 'automatic', reading: { ...well, isPaperLow: true } },
      { kind: 'answer', byte: 0x72 },
      { kind: 'automatic', reading: { ...well, state: 'paperOut' } },
    ];
    expect(read(stream)).toEqual(expected);
    expect(read(...stream.map((byte) => [byte]))).toEqual(expected);
  });

  it('never finds a state in bytes that are neither', () => {
    const noise = fc.integer({ min: 0, max: 255 }).filter((byte) => (byte & 0x93) !== 0x12 && (byte & 0x93) !== 0x10);
    fc.assert(
      fc.property(fc.array(noise, { maxLength: 40 }), (bytes) => {
        expect(read(bytes).filter((event) => event.kind !== 'inTurn')).toEqual([]);
      }),
      { numRuns: propertyRuns() / 4 },
    );
  });
});
