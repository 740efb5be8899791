/**
 * Settings: key → JSON text. Rule kept: this file knows no key and no meaning; the till reads what it wrote.
 */
import type { ShopDb } from './open.ts';

export type Settings = {
  readonly get: (key: string) => string | null;
  readonly set: (key: string, value: string) => void;
  readonly remove: (key: string) => void;
  readonly all: () => ReadonlyMap<string, string>;
};

export function makeSettings(shop: Pick<ShopDb, 'sql'>): Settings {
  const get = shop.sql.prepare<[string], string>('SELECT value FROM setting WHERE key = ?').pluck();
  const set = shop.sql.prepare(
    'INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  );
  const remove = shop.sql.prepare('DELETE FROM setting WHERE key = ?');
  const all = shop.sql.prepare<[], { key: string; value: string }>('SELECT key, value FROM setting ORDER BY key');
  return {
    get: (key) => get.get(key) ?? null,
    set: (key, value) => void set.run(key, value),
    remove: (key) => void remove.run(key),
    all: () => new Map(all.all().map((row) => [row.key, row.value])),
  };
}
