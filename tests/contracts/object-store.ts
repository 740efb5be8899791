/**
 * What every object store promises, as one suite: a folder, a bucket behind the SDK, whatever comes. Rule kept: the
 * suite knows the port alone; what a store can't do by itself (conditions) is still promised by the port.
 */
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { isObjectKey, type ObjectStore } from '#sync-server/objects/port.ts';
import { finishVersion, readManifest, versionPrefix, versionsOf } from '#sync-server/objects/versions.ts';

export type OpenedStore = {
  readonly store: ObjectStore;
  /** Fetches what `presignGet` answered, as somebody without any right would. */
  readonly fetchSigned: (url: string) => Promise<{ readonly status: number; readonly body: Buffer }>;
  /** s3rver opens any key to anybody who reads, and keeps what an upload had sent when it broke off. */
  readonly isStandIn: boolean;
  /** Moves the time by which a signed URL lapses; null where it is not ours to move. */
  readonly passSeconds: ((seconds: number) => void) | null;
};

const streamOf = (bytes: Buffer, pieces = 7): Readable => {
  const size = Math.ceil(bytes.length / pieces);
  return Readable.from(
    (function* () {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    })(),
    { objectMode: false },
  );
};

export function promisesOfAnObjectStore(name: string, opened: () => OpenedStore): void {
  const read = async (key: string): Promise<Buffer | null> => {
    const found = await opened().store.get(key);
    return found === null ? null : buffer(found.stream);
  };
  const keysBelow = async (prefix: string): Promise<string[]> => {
    const keys: string[] = [];
    for await (const { key } of opened().store.list(prefix)) keys.push(key);
    return keys.toSorted();
  };
  let runs = 0;
  /** A place of this test's own: a bucket outlives the run. */
  const place = (): string => `suite/${Date.now().toString(36)}-${(runs += 1)}`;

  describe(name, () => {
    it('gives back what was put, from bytes and from a stream, to the byte; a later put replaces', async () => {
      const { store } = opened();
      const at = place();
      const bytes = randomBytes(300_000);
      await store.put(`${at}/a.bin`, Buffer.from('old'));
      await store.put(`${at}/a.bin`, { stream: streamOf(bytes), bytes: bytes.length });
      expect((await read(`${at}/a.bin`))?.equals(bytes)).toBe(true);
      expect(await store.head(`${at}/a.bin`)).toMatchObject({ key: `${at}/a.bin`, bytes: bytes.length });
      await store.put(`${at}/empty`, Buffer.alloc(0));
      expect(await read(`${at}/empty`)).toHaveLength(0);
      expect([await read(`${at}/none`), await store.head(`${at}/none`)]).toEqual([null, null]);
    });

    it('keeps nothing of a stream that is cut short or breaks', async () => {
      const { store, isStandIn } = opened();
      const at = place();
      const bytes = randomBytes(100_000);
      await store.put(`${at}/a`, Buffer.from('before'));
      await expect(store.put(`${at}/a`, { stream: streamOf(bytes), bytes: bytes.length + 1 })).rejects.toThrow();
      const broken = Readable.from(
        (async function* () {
          yield bytes.subarray(0, 50_000);
          throw new Error('the cable');
        })(),
        { objectMode: false },
      );
      await expect(store.putIfAbsent(`${at}/b`, { stream: broken, bytes: bytes.length })).rejects.toThrow();
      if (isStandIn) return;
      expect(String(await read(`${at}/a`))).toBe('before');
      expect(await keysBelow(`${at}/`)).toEqual([`${at}/a`]);
    });

    it('puts only where nothing is, also of many at once', async () => {
      const { store } = opened();
      const at = place();
      expect(await store.putIfAbsent(`${at}/a`, Buffer.from('1'))).toBe(true);
      expect(await store.putIfAbsent(`${at}/a`, { stream: streamOf(Buffer.from('2')), bytes: 1 })).toBe(false);
      expect(String(await read(`${at}/a`))).toBe('1');
      const many = Array.from({ length: 8 }, (_, n) => store.putIfAbsent(`${at}/b`, Buffer.from(`writer ${n}`)));
      const wrote = await Promise.all(many);
      expect(wrote.filter(Boolean)).toHaveLength(1);
      expect(String(await read(`${at}/b`))).toBe(`writer ${wrote.indexOf(true)}`);
    });

    it('lists below a prefix, whole segments only; what is removed is gone', async () => {
      const { store } = opened();
      const at = place();
      const names = ['a/1', 'a/2/x', 'a-b/1', 'a.b', 'ab/1', 'a/10'];
      for (const name of names) await store.put(`${at}/${name}`, Buffer.from(name));
      expect(await keysBelow(`${at}/a/`)).toEqual([`${at}/a/1`, `${at}/a/10`, `${at}/a/2/x`]);
      expect(await keysBelow(`${at}/`)).toEqual(names.map((name) => `${at}/${name}`).toSorted());
      await store.remove(`${at}/a/1`);
      await store.remove(`${at}/a/1`);
      expect(await keysBelow(`${at}/a/`)).toEqual([`${at}/a/10`, `${at}/a/2/x`]);
      expect(await keysBelow(`${at}/nobody/`)).toEqual([]);
    });

    it('takes no key that leads elsewhere or that a Windows folder could not hold', async () => {
      const { store } = opened();
      for (const key of [
        '',
        '/a',
        'a/',
        'a//b',
        '../a',
        'a/../b',
        '.a',
        'a\\b',
        'A',
        'a b',
        'con',
        'x/nul.txt',
        'a.',
      ]) {
        expect(isObjectKey(key)).toBe(false);
        await expect(async () => store.put(key, Buffer.from('x'))).rejects.toThrow('not an object key');
      }
      await expect(keysBelow('a')).rejects.toThrow('not a prefix');
    });

    it('lets whoever holds a signed URL read that object, nobody else, and not for ever', async () => {
      const { store, fetchSigned, passSeconds, isStandIn } = opened();
      const at = place();
      await store.put(`${at}/a`, Buffer.from('for you'));
      await store.put(`${at}/b`, Buffer.from('not for you'));
      const url = await store.presignGet(`${at}/a`, 60);
      expect(await fetchSigned(url)).toMatchObject({ status: 200, body: Buffer.from('for you') });
      if (isStandIn) return;
      expect((await fetchSigned(url.replace(`${at}/a`, `${at}/b`))).status).toBe(403);
      expect((await fetchSigned(url.replace(/[?].*/, ''))).status).toBe(403);
      if (passSeconds === null) return;
      passSeconds(61);
      expect((await fetchSigned(url)).status).toBe(403);
    });

    it('has a version only when its manifest is there, and each once', async () => {
      const { store } = opened();
      const at = place();
      expect(await versionsOf(store, at)).toEqual({ finished: 0, begun: 0 });
      await store.put(`${versionPrefix(at, 1)}/rows`, Buffer.from('1'));
      expect(await versionsOf(store, at)).toEqual({ finished: 0, begun: 1 });
      expect(await finishVersion(store, at, 1, { rows: 1 })).toBe(true);
      expect(await finishVersion(store, at, 1, { rows: 2 })).toBe(false);
      expect(await readManifest(store, at, 1)).toEqual({ rows: 1 });
      expect(await versionsOf(store, at)).toEqual({ finished: 1, begun: 1 });
    });
  });
}
