/**
 * Where the real retail data of the tests lies (BILLMITRA_DATA, default ../shared/data). Rule kept: it is
 * read in place and never copied; a clone without it skips those tests and says so.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(process.env['BILLMITRA_DATA'] ?? join(import.meta.dirname, '..', '..', 'shared', 'data'));

/** Absolute path of a data file, or null where this clone has no data. */
export function dataPath(relative: string): string | null {
  const path = join(root, relative);
  return existsSync(path) ? path : null;
}

export const noData = 'no retail data here: set BILLMITRA_DATA to run it';
