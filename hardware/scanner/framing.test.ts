import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '#tests/property-runs.ts';
import { feedBytes, feedSilence, type FrameState, noFrame } from './framing.ts';
import { type Framing, longestCode, type Scanned } from './port.ts';

const byEnd: Framing = { by: 'end', tabEnds: true, silenceMs: 150, prefixes: [], suffix: '', encoding: 'utf8' };
const byStx: Framing = { ...byEnd, by: 'stxEtx' };
const bySilence: Framing = { ...byEnd, by: 'silence', silenceMs: 30 };

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
type Piece = string | Uint8Array | { readonly pause: number };

/** Plays pieces 1 ms apart; a pause passes in silence, its timer fires. */
function play(framing: Framing, ...pieces: readonly Piece[]): readonly Scanned[] {
  let state: FrameState = noFrame;
  let at = 1_000;
  const scans: Scanned[] = [];
  const silence = (ms: number): void => {
    const step = feedSilence(state, at + ms, framing);
    state = step.state;
    scans.push(...step.scans);
    at += ms;
  };
  for (const piece of pieces) {
    if (typeof piece === 'object' && 'pause' in piece) silence(piece.pause);
    else {
      const step = feedBytes(state, typeof piece === 'string' ? bytesOf(piece) : piece, (at += 1), framing);
      state = step.state;
      scans.push(...step.scans);
    }
  }
  silence(5_000);
  return scans;
}
const codes = (scans: readonly Scanned[]): readonly string[] =>
  scans.map((scan) => (scan.kind === 'code' ? scan.code : `!${scan.why}`));

describe('codes with an end', () => {
  it.each([
    ['CR', '8901\r'],
    ['LF', '8901\n'],
    ['CRLF', '8901\r\n'],
    ['Tab', '8901\t'],
    ['STX and ETX too', '\u00028901\u0003'],
  ])('%s', (_, bytes) => {
    expect(codes(play(byEnd, bytes))).toEqual(['8901']);
  });
  it('two in one chunk, one in many chunks: each whole, in order', () => {
    expect(codes(play(byEnd, '111\r\n222\r\n3', '3', '3\r', '\n'))).toEqual(['111', '222', '333']);
  });
  it('a Tab that is data stays when only line ends end', () => {
    expect(codes(play({ ...byEnd, tabEnds: false }, 'a\tb\r'))).toEqual(['a\tb']);
  });
  it('one that breaks off is spoiled after silence, and what follows stands alone', () => {
    expect(codes(play(byEnd, '890123', { pause: 200 }, '8901234567890\r'))).toEqual(['!partial', '8901234567890']);
  });
  it('the tail of one that broke off is no code of its own', () => {
    expect(codes(play(byEnd, '890123', { pause: 400 }, '4567890\r', '4567890\r'))).toEqual([
      '!partial',
      '!partial',
      '4567890',
    ]);
  });
  it('a longer pause than a hand needs: it is a new code', () => {
    expect(codes(play(byEnd, '890123', { pause: 1_200 }, '4567890\r'))).toEqual(['!partial', '4567890']);
  });
});

describe('codes between STX and ETX', () => {
  it('keep their line breaks, separators and tabs', () => {
    expect(codes(play(byStx, '\u0002one\r\ntwo\tthree\u001dfour\u0003\r\n\u00028901\u0003'))).toEqual([
      'one\r\ntwo\tthree\u001dfour',
      '8901',
    ]);
  });
  it('a lost ETX spoils its own code only', () => {
    expect(codes(play(byStx, '\u00028901\u00028902\u0003'))).toEqual(['!partial', '8902']);
  });
  it('a lost STX spoils its own code only', () => {
    expect(codes(play(byStx, '8901\u0003\u00028902\u0003'))).toEqual(['!partial', '8902']);
  });
  it('noise outside is told, not joined', () => {
    expect(codes(play(byStx, 'xyz\u00028902\u0003'))).toEqual(['!garbled', '8902']);
    expect(codes(play(byStx, 'xyz'))).toEqual(['!garbled']);
  });
});

describe('codes framed by silence', () => {
  it('end at the pause, with their line breaks inside and none at the end', () => {
    expect(codes(play(bySilence, '8901\r\n', { pause: 30 }, 'a\r\nb\r\n', { pause: 40 }, '77'))).toEqual([
      '8901',
      'a\r\nb',
      '77',
    ]);
  });
  it('are not cut by a pause that is shorter', () => {
    expect(codes(play(bySilence, '89', { pause: 20 }, '01'))).toEqual(['8901']);
  });
  it('a GTIN that a pause cut in two is no two codes', () => {
    expect(codes(play(bySilence, '890123', { pause: 60 }, '4567890'))).toEqual(['890123', '!partial']);
    expect(codes(play(bySilence, '4711', { pause: 60 }, '5237'))).toEqual(['4711', '5237']);
  });
  it('a late timer changes nothing: the next bytes settle it', () => {
    const one = feedBytes(noFrame, bytesOf('8901'), 1_000, bySilence);
    expect(codes(feedBytes(one.state, bytesOf('8902'), 1_100, bySilence).scans)).toEqual(['8901']);
  });
});

describe('what is no code', () => {
  it('NUL inside is damage, NULs alone are nothing', () => {
    expect(codes(play(byEnd, '89\u000001\r', '\u0000\u0000\r', '\u0000', { pause: 300 }))).toEqual(['!garbled']);
  });
  it('bytes that are no UTF-8 are garbled, unless the scanner is said to send Latin-1', () => {
    const latin = Uint8Array.of(0x43, 0xe9, 0x0d);
    expect(codes(play(byEnd, latin))).toEqual(['!garbled']);
    expect(codes(play({ ...byEnd, encoding: 'latin1' }, latin))).toEqual(['Cé']);
    expect(codes(play({ ...byEnd, encoding: 'latin1' }, Uint8Array.of(0x43, 0x85, 0x0d)))).toEqual(['!garbled']);
  });
  it('UTF-8 that is cut between chunks is whole', () => {
    const bytes = bytesOf('चीनी\r');
    expect(codes(play(byEnd, bytes.slice(0, 4), bytes.slice(4)))).toEqual(['चीनी']);
  });
  it('10,000 bytes are one spoiled scan with its first bytes, and the next code is whole', () => {
    const scans = play(byEnd, '7'.repeat(10_000), '\r8901\r');
    expect(codes(scans)).toEqual(['!tooLong', '8901']);
    expect(scans[0]).toMatchObject({ raw: bytesOf('7'.repeat(64)) });
  });
  it('the longest symbol passes', () => {
    const long = 'x'.repeat(longestCode);
    expect(codes(play(byEnd, `${long}\r`))).toEqual([long]);
  });
  it('empty lines are nothing', () => {
    expect(play(byEnd, '\r\n\r\n', '  \r')).toEqual([]);
  });
});

describe('a learnt prefix and suffix', () => {
  const dressed: Framing = { ...byEnd, prefixes: ['A', 'P00'], suffix: '#' };
  it('come off once, the longest that fits; a code without them passes', () => {
    expect(codes(play(dressed, 'A8901#\rP00xyz#\rAA12\r77\rA#\r'))).toEqual(['8901', 'xyz', 'A12', '77', 'A#']);
  });
  it('an AIM identifier stays: core reads it', () => {
    expect(codes(play(byEnd, ']C10108901\r'))).toEqual([']C10108901']);
  });
});

describe('any codes, cut into any chunks', () => {
  const code = fc.string({ minLength: 1, maxLength: 40, unit: fc.constantFrom(...'0123456789ABCxyz-é₹\u001d') });
  const cut = (bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] => {
    const chunks: Uint8Array[] = [];
    for (let at = 0, n = 0; at < bytes.length; n += 1) {
      const size = sizes[n % sizes.length] ?? 1;
      chunks.push(bytes.slice(at, at + size));
      at += size;
    }
    return chunks;
  };
  const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 20 });
  it.each([
    ['end', byEnd, (text: string) => `${text}\r\n`],
    ['stxEtx', byStx, (text: string) => `\u0002${text}\u0003`],
  ] as const)('%s: whole, once, in order', (_, framing, dress) => {
    fc.assert(
      fc.property(fc.array(code, { maxLength: 12 }), sizes, (list, by) => {
        expect(codes(play(framing, ...cut(bytesOf(list.map(dress).join('')), by)))).toEqual(list);
      }),
      { numRuns: propertyRuns() },
    );
  });
  it('any bytes at all: never a throw, never more kept than the bound', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), (chunks) => {
        for (const framing of [byEnd, byStx, bySilence]) {
          let state: FrameState = noFrame;
          let at = 0;
          for (const chunk of chunks) {
            state = feedBytes(state, chunk, (at += 7), framing).state;
            expect(state.pending.length).toBeLessThanOrEqual(longestCode);
          }
        }
      }),
      { numRuns: propertyRuns() },
    );
  });
});
