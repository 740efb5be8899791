import { expect, it } from 'vitest';
import { type Link, makeWire, type Reports } from './make-wire.ts';

/** A cable's half in memory, for what the transports' own suite can't count. */
function inMemory(link: Partial<Link> = {}) {
  const calls: string[] = [];
  let reports: Reports = { heard: () => {}, broke: () => {} };
  const wire = makeWire((given) => {
    reports = given;
    return {
      chunkBytes: 4,
      send: async (chunk) => {
        calls.push(`send ${chunk.length}`);
        return null;
      },
      drain: async () => void calls.push('drain'),
      free: async (isMidway) => void calls.push(isMidway ? 'free midway' : 'free'),
      ...link,
    };
  });
  return { wire, calls, reports };
}

it('drains and frees once, whatever ends it and however often', async () => {
  const { wire, calls, reports } = inMemory();
  await wire.write(new Uint8Array(9), 100);
  reports.broke('broken');
  reports.broke('absent');
  await wire.close();
  expect(await wire.ended).toBe('broken');
  expect(calls).toEqual(['send 4', 'send 4', 'send 1', 'free']);
  const other = inMemory();
  await Promise.all([other.wire.close(), other.wire.close()]);
  other.reports.broke('broken');
  expect(await other.wire.ended).toBe(null);
  expect(other.calls).toEqual(['drain', 'free']);
});

it('tells the cable that it ended in the middle of a chunk', async () => {
  const calls: string[] = [];
  const { wire, reports } = inMemory({
    send: () => new Promise(() => {}),
    free: async (isMidway) => void calls.push(`midway ${isMidway}`),
  });
  const writing = wire.write(new Uint8Array(9), 5_000);
  await new Promise((resolve) => setImmediate(resolve));
  reports.broke('broken');
  expect(await writing).toEqual({ kind: 'failed', sentBytes: 0, trouble: 'broken' });
  expect(calls).toEqual(['midway true']);
});

it('lets a write that runs end before it closes, and refuses those after', async () => {
  const { wire, calls } = inMemory();
  const before = wire.write(new Uint8Array(8), 100);
  const closing = wire.close();
  const after = wire.write(new Uint8Array(1), 100);
  expect(await before).toEqual({ kind: 'sent' });
  expect(await after).toMatchObject({ kind: 'failed', sentBytes: 0 });
  await closing;
  expect(calls).toEqual(['send 4', 'send 4', 'drain', 'free']);
});

it('a device that won’t drain or be freed doesn’t hold its caller', async () => {
  const never = (): Promise<never> => new Promise(() => {});
  const { wire } = inMemory({ drain: never, free: never });
  await wire.close(10);
  expect(await wire.ended).toBe(null);
});

it('keeps at most 64 KB for a first listener: the newest', async () => {
  const { wire, reports } = inMemory();
  for (let at = 0; at < 20; at += 1) reports.heard(new Uint8Array(10_000).fill(at));
  const heard: number[] = [];
  wire.onData((bytes) => heard.push(bytes[0] ?? -1));
  reports.heard(Uint8Array.of(99));
  await new Promise((resolve) => setImmediate(resolve));
  expect(heard).toEqual([14, 15, 16, 17, 18, 19, 99]);
});
