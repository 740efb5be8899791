import { describe, expect, it } from 'vitest';
import { makeIdBytes } from './id-bytes.ts';

describe('bytes for ids', () => {
  it('are as many as asked for and never handed out twice, across pages', () => {
    const draw = makeIdBytes();
    const parts = Array.from({ length: 2_000 }, () => draw(8));
    expect(parts.every((part) => part.length === 8)).toBe(true);
    expect(new Set(parts.map((part) => Buffer.from(part).toString('hex'))).size).toBe(2_000);
    const own = new Set(parts.map((part) => part.buffer));
    expect(own.size).toBe(4);
    expect(new Set(parts.map((part) => `${[...own].indexOf(part.buffer)} ${part.byteOffset}`)).size).toBe(2_000);
  });
  it('of one id fit a page', () => {
    expect(() => makeIdBytes()(4_097)).toThrow(RangeError);
  });
});
