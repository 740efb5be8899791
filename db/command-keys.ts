/**
 * Answers already given, by the key the caller chose: a command sent twice is done once. Rule kept: the
 * answer is put in the same transaction as what the command did; bills need none, their id is their key.
 */
import type { Instant } from '#core/time.ts';
import type { ShopDb } from './open.ts';

export type CommandKeys = {
  readonly get: (key: string) => string | null;
  /** Throws when the key was used before. */
  readonly put: (key: string, answerJson: string, atMs: Instant) => void;
  readonly prune: (beforeMs: Instant) => void;
};

export function makeCommandKeys(shop: Pick<ShopDb, 'sql'>): CommandKeys {
  const get = shop.sql.prepare<[string], string>('SELECT answer FROM command_key WHERE key = ?').pluck();
  const put = shop.sql.prepare('INSERT INTO command_key (key, answer, at_ms) VALUES (?, ?, ?)');
  const prune = shop.sql.prepare('DELETE FROM command_key WHERE at_ms < ?');
  return {
    get: (key) => get.get(key) ?? null,
    put: (key, answerJson, atMs) => void put.run(key, answerJson, atMs),
    prune: (beforeMs) => void prune.run(beforeMs),
  };
}
