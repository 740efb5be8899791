/**
 * The rig's own tests: a disk that forgot what was synced, or kept what was not, would prove nothing.
 */
import { describe, expect, it } from 'vitest';
import { makeDisk } from './disk-model.ts';
import { seededRandom } from './seeded-random.ts';
import type { Operation } from './trace.ts';

const open = (fd: number, path: string): Operation => ({ kind: 'open', fd, path, creates: true, empties: false });
const write = (fd: number, offset: number, text: string): Operation => ({
  kind: 'write',
  fd,
  offset,
  bytes: Buffer.from(text),
});
const sync = (fd: number): readonly Operation[] => [
  { kind: 'syncBegin', fd },
  { kind: 'syncEnd', fd },
];
const folder: Operation = { kind: 'open', fd: 9, path: '', creates: false, empties: false };

/** What `path` may hold after a cut, over many cuts; undefined: it is not there. */
function outcomes(operations: readonly Operation[], path: string): ReadonlySet<string | undefined> {
  const disk = makeDisk(new Map());
  for (const operation of operations) disk.apply(operation);
  const found = Array.from({ length: 400 }, (_, n) => disk.afterCut(seededRandom(n)).get(path)?.toString('utf8'));
  return new Set(found);
}

describe('a disk that loses power', () => {
  it('keeps what was synced, name and bytes', () => {
    const kept = [open(1, 'a'), write(1, 0, 'bill'), ...sync(1), folder, ...sync(9)];
    expect([...outcomes(kept, 'a')]).toEqual(['bill']);
  });

  it('may lose a write or a name that was not', () => {
    const synced = [open(1, 'a'), write(1, 0, 'old'), ...sync(1), folder, ...sync(9)];
    expect(outcomes([...synced, write(1, 0, 'new')], 'a')).toEqual(new Set(['old', 'new']));
    expect(outcomes([open(1, 'a'), write(1, 0, 'old'), ...sync(1)], 'a')).toEqual(new Set([undefined, 'old']));
  });

  it('does not take a write for synced that came after the sync began', () => {
    const [begin, end] = sync(1);
    if (begin === undefined || end === undefined) throw new Error('no sync');
    const late = [open(1, 'a'), folder, ...sync(9), write(1, 0, '1'), begin, write(1, 0, '2'), end];
    expect(outcomes(late, 'a')).toEqual(new Set(['1', '2']));
  });

  it('counts a sync through any descriptor of the file once', () => {
    const [begin, end] = sync(1);
    if (begin === undefined || end === undefined) throw new Error('no sync');
    const twice = [open(1, 'a'), open(2, 'a'), folder, ...sync(9), write(1, 0, '1'), begin, ...sync(2)];
    expect(outcomes([...twice, write(2, 0, '2'), end], 'a')).toEqual(new Set(['1', '2']));
  });

  it('tears a write at 512 bytes', () => {
    const [old, young] = ['o'.repeat(1536), 'n'.repeat(1536)];
    const torn = outcomes([open(1, 'a'), write(1, 0, old), ...sync(1), folder, ...sync(9), write(1, 0, young)], 'a');
    expect(torn.size).toBe(8);
    for (const text of torn) expect(text).toMatch(/^((o{512}|n{512})){3}$/);
  });

  it('leaves out what SQLite rebuilds', () => {
    expect([
      ...outcomes([open(1, 'shop.db-shm'), folder, ...sync(9), write(1, 0, 'x'), ...sync(1)], 'shop.db-shm'),
    ]).toEqual([undefined]);
  });

  it('renames in one piece once the folder is synced', () => {
    const moved: Operation[] = [
      open(1, 'part'),
      write(1, 0, 'x'),
      ...sync(1),
      { kind: 'rename', from: 'part', to: 'whole' },
      folder,
      ...sync(9),
    ];
    expect([...outcomes(moved, 'whole')]).toEqual(['x']);
    expect([...outcomes(moved, 'part')]).toEqual([undefined]);
  });
});
