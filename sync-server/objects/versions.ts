/**
 * Versions of a folder of objects: `PREFIX/v000001/…`, each finished by its manifest, which is written last and only if
 * absent. Rule kept: a version without a manifest is not there for any reader; a finished one never changes.
 */
import { text } from 'node:stream/consumers';
import type { ObjectStore } from './port.ts';

const digits = 6;
export const versionPrefix = (prefix: string, version: number): string =>
  `${prefix}/v${String(version).padStart(digits, '0')}`;
const manifestKey = (prefix: string, version: number): string => `${versionPrefix(prefix, version)}/manifest.json`;

/** The newest finished version below `prefix`, 0 where there is none, and the newest that anybody began. */
export async function versionsOf(
  store: ObjectStore,
  prefix: string,
): Promise<{ readonly finished: number; readonly begun: number }> {
  let finished = 0;
  let begun = 0;
  for await (const { key } of store.list(`${prefix}/`)) {
    const found = /^v(\d+)\/(.+)$/.exec(key.slice(prefix.length + 1));
    if (found === null) continue;
    begun = Math.max(begun, Number(found[1]));
    if (found[2] === 'manifest.json') finished = Math.max(finished, Number(found[1]));
  }
  return { finished, begun };
}

/** False: another finished this version first. */
export const finishVersion = (
  store: ObjectStore,
  prefix: string,
  version: number,
  manifest: object,
): Promise<boolean> =>
  store.putIfAbsent(manifestKey(prefix, version), Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`));

/** null: that version is not finished. */
export async function readManifest(store: ObjectStore, prefix: string, version: number): Promise<unknown> {
  const found = await store.get(manifestKey(prefix, version));
  return found === null ? null : JSON.parse(await text(found.stream));
}
