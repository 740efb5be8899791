/** How much goes in one batch: by number and by size, and never nothing. */
import { expect, it } from 'vitest';
import type { PushEntry } from '#contract/sync.ts';
import { fitting } from './push-steps.ts';

const entryOf = (seq: number, content: string) => ({ seq, kind: 'bill', id: `${seq}`, atMs: 1, content }) as PushEntry;

it('sends as many entries as a server takes at once, however large they are', () => {
  const entries = [100, 200, 300, 50].map((bytes, i) => entryOf(i + 1, 'x'.repeat(bytes)));
  const seqs = (most?: number) => fitting(entries, most).map(({ seq }) => seq);
  expect(seqs()).toEqual([1, 2, 3, 4]);
  expect(seqs(600)).toEqual([1, 2, 3]);
  expect(seqs(599)).toEqual([1, 2]);
  // One that is larger than all of it goes alone: the server says what it is.
  expect(seqs(99)).toEqual([1]);
  // Bytes, not letters.
  expect(fitting([entryOf(1, 'आटा'), entryOf(2, 'x')], 9)).toHaveLength(1);
});
