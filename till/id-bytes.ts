/**
 * Random bytes for ids, drawn from the system a page at a time: a bill of twelve lines makes fifteen ids, and a
 * call of the system for each costs more than the ids. Rule kept: no byte is handed out twice. For ids only;
 * salts, tokens and codes ask the system themselves.
 */
import { randomFillSync } from 'node:crypto';
import type { RandomBytes } from '#core/ids.ts';

const pageBytes = 4_096;

/** Answers at most a page at once; asking for more throws. */
export function makeIdBytes(): RandomBytes {
  let page = new Uint8Array(pageBytes);
  let used = pageBytes;
  return (n) => {
    if (n > pageBytes) throw new RangeError(`${n} bytes for an id`);
    if (used + n > pageBytes) {
      page = randomFillSync(new Uint8Array(pageBytes));
      used = 0;
    }
    used += n;
    return page.subarray(used - n, used);
  };
}
