/**
 * How long objects stay, by prefix. Rule kept: only what a rule names is ever removed, and of a versioned folder never
 * the newest finished version. Raw documents have no rule: they are books (eight years and more).
 */
import type { ObjectStore } from './port.ts';

export type LifecycleRule = {
  readonly prefix: string;
  readonly keepDays: number;
  /** Of `…/vNNNNNN/…` the highest version of each folder stays. */
  readonly keepsNewestVersion?: boolean;
};

const versionOf = (key: string): { readonly folder: string; readonly version: number } | null => {
  const found = /^(.*)\/v(\d{6,})\//.exec(key);
  return found === null ? null : { folder: found[1] ?? '', version: Number(found[2]) };
};

/** How many were removed. */
export async function applyLifecycle(store: ObjectStore, rule: LifecycleRule, nowMs: number): Promise<number> {
  const newest = new Map<string, number>();
  if (rule.keepsNewestVersion === true) {
    for await (const { key } of store.list(rule.prefix)) {
      const at = key.endsWith('/manifest.json') ? versionOf(key) : null;
      if (at !== null) newest.set(at.folder, Math.max(newest.get(at.folder) ?? 0, at.version));
    }
  }
  let removed = 0;
  for await (const { key, writtenAtMs } of store.list(rule.prefix)) {
    if (nowMs - writtenAtMs < rule.keepDays * 86_400_000) continue;
    const at = versionOf(key);
    if (rule.keepsNewestVersion === true && (at === null || at.version >= (newest.get(at.folder) ?? 0))) continue;
    await store.remove(key);
    removed += 1;
  }
  return removed;
}
