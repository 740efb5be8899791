import { describe, expect, test } from 'vitest';
import { makeSlab } from './slab.ts';

describe('a slab', () => {
  test('gives matrices of their own, all nil', () => {
    const slab = makeSlab(3 * 8 + 3 * 4 + 3 + 16);
    const [units, flags, shares] = [slab.float64(3), slab.uint8(3), slab.float32(3)];
    units.fill(1.5);
    flags.fill(255);
    expect([...shares]).toEqual([0, 0, 0]);
    shares.fill(2);
    expect([...units, ...flags]).toEqual([1.5, 1.5, 1.5, 255, 255, 255]);
  });

  test('has no more room than was said', () => {
    const slab = makeSlab(16);
    slab.int32(4);
    expect(() => slab.int32(1)).toThrow(RangeError);
  });

  test('of a large stage is larger than what a C library keeps', () => {
    expect(makeSlab(2 ** 21).float64(1).buffer.byteLength).toBeGreaterThan(32 * 2 ** 20);
    expect(makeSlab(2 ** 26 + 8).float64(1).buffer.byteLength).toBe(2 ** 26 + 8);
  });
});
