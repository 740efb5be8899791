/**
 * What was made once and is kept, least recently used out first. Rule kept: it is bounded in bytes, not in count: one
 * long name at double size weighs as much as a hundred short ones. No clock, nothing shared.
 */
export type Lru<V> = {
  /** The kept value, else `make`'s, which is kept from now on. */
  readonly get: (key: string, make: () => V) => V;
  /** By `bytesOf` and the keys' own length. */
  readonly bytes: () => number;
};

/** A value larger than all of `mostBytes` is handed out and not kept. */
export function makeLru<V>(mostBytes: number, bytesOf: (value: V) => number): Lru<V> {
  const kept = new Map<string, V>();
  let bytes = 0;
  // 100 for the entry and its objects.
  const weigh = (key: string, value: V): number => bytesOf(value) + key.length * 2 + 100;
  return {
    get: (key, make) => {
      const known = kept.get(key);
      if (known !== undefined) {
        kept.delete(key);
        kept.set(key, known);
        return known;
      }
      const made = make();
      const weight = weigh(key, made);
      if (weight > mostBytes) return made;
      kept.set(key, made);
      bytes += weight;
      for (const [oldest, value] of kept) {
        if (bytes <= mostBytes) break;
        kept.delete(oldest);
        bytes -= weigh(oldest, value);
      }
      return made;
    },
    bytes: () => bytes,
  };
}
