import { expect, it } from 'vitest';
import { makeLru } from './lru.ts';

it('keeps what was used last, within its bytes', () => {
  const made: string[] = [];
  const lru = makeLru<Uint8Array>(3_000, (value) => value.length);
  const get = (key: string, length = 800): number => {
    return lru.get(key, () => {
      made.push(key);
      return new Uint8Array(length);
    }).length;
  };
  for (const key of ['a', 'b', 'c', 'a', 'd', 'a', 'b']) get(key);
  // d pushed out b, the one unused for longest; b came again and pushed out c.
  expect(made).toEqual(['a', 'b', 'c', 'd', 'b']);
  expect(lru.bytes()).toBeLessThanOrEqual(3_000);
  expect(get('huge', 5_000)).toBe(5_000);
  expect(get('huge', 5_000)).toBe(5_000);
  expect(made.filter((key) => key === 'huge')).toHaveLength(2);
  expect(get('a')).toBe(800);
  expect(made.filter((key) => key === 'a')).toHaveLength(1);
});
