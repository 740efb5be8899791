/**
 * Writes the generated SQL files of db/migrations as TypeScript beside them, so that a bundle holds them and
 * nothing is read from disk at run time. Rule kept: the .sql file is the source; a test fails when the two
 * differ. Run by hand after drizzle-kit: `node db/write-migrations.ts`.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, 'migrations');

export const sqlFiles = (): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort();
export const tsNameOf = (sqlName: string): string => sqlName.replace(/\.sql$/, '.ts').replaceAll('_', '-');

/** The text of the TypeScript file that stands for one .sql file. */
export function moduleTextOf(sqlName: string): string {
  const sql = readFileSync(join(folder, sqlName), 'utf8').replaceAll('\\', '\\\\').replaceAll('`', '\\`').trimEnd();
  const escaped = sql.replaceAll('${', '\\${');
  return `/** Written by db/write-migrations.ts from ${sqlName}; not edited by hand. */\nexport const sql = \`${escaped}\n\`;\n`;
}

if (import.meta.main) {
  for (const name of sqlFiles()) writeFileSync(join(folder, tsNameOf(name)), moduleTextOf(name));
}
