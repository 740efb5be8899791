import { describe, expect, it } from 'vitest';
import { frameAll, learnFraming } from './learn-framing.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
/** Each text is one scan of a hand, in pieces 3 ms apart, a second between scans. */
const scans = (...texts: readonly string[]) =>
  texts.flatMap((text, n) =>
    (text.match(/[^]{1,5}/g) ?? []).map((piece, i) => ({ bytes: bytes(piece), atMs: 1_000 * n + 3 * i })),
  );
const ean = '8901234567890';
const codes = (...texts: readonly string[]) => {
  const chunks = scans(...texts);
  const framing = learnFraming(chunks);
  return framing === null ? null : frameAll(chunks, framing).map((scan) => (scan.kind === 'code' ? scan.code : '!'));
};

describe('learnFraming', () => {
  it.each([
    ['CR', `${ean}\r`, 'end', false],
    ['CRLF', `${ean}\r\n`, 'end', false],
    ['Tab', `${ean}\t`, 'end', true],
    ['STX ETX', `\u0002${ean}\u0003`, 'stxEtx', true],
    ['nothing', ean, 'silence', false],
  ] as const)('%s', (_, text, by, tabEnds) => {
    expect(learnFraming(scans(text, text))).toMatchObject({ by, tabEnds, prefixes: [], suffix: '' });
    expect(codes(text, text)).toEqual([ean, ean]);
  });
  it('line breaks inside one scan belong to the code', () => {
    expect(learnFraming(scans('name\r\nphone\r\n'))).toMatchObject({ by: 'silence' });
    expect(codes('name\r\nphone\r\n', 'x\r\ny\r\n')).toEqual(['name\r\nphone', 'x\r\ny']);
  });
  it('prefix and suffix around a GTIN', () => {
    expect(learnFraming(scans(`*${ean}!\r`))).toMatchObject({ prefixes: ['*'], suffix: '!' });
    expect(codes(`A${ean}\r`, `D12345\r`)).toEqual([`A${ean}`, 'D12345']);
  });
  it('Latin-1 where it is no UTF-8', () => {
    expect(learnFraming([{ bytes: Uint8Array.of(0x43, 0xe9, 0x31, 0x0d), atMs: 0 }])).toMatchObject({
      encoding: 'latin1',
    });
  });
  it('nothing came: nothing learnt', () => {
    expect(learnFraming([])).toBeNull();
    expect(learnFraming([{ bytes: Uint8Array.of(0, 0), atMs: 0 }])).toBeNull();
  });
});
