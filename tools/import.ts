/**
 * `npm run -s import -- [--shop DIR] FILE`: imports items from a CSV or XLSX file (gzip too) and prints one
 * JSON line. Rule kept: stdout gets that line and nothing else, progress goes to stderr. Joins a till that
 * runs on the folder, else hosts one. Options: --map FIELD=COLUMN (again and again), --tax-class KEY, --unit U,
 * --exclusive, --refused FILE (where the refused rows go). Exit 0 when it ran, 1 when the file was refused.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { isUnit } from '#core/quantity.ts';
import { defaultShopDir } from '#till/shop-folder.ts';
import { runImport } from './import-run.ts';
import { connectTill } from './till-client.ts';

const say = (text: string): void => console.error(text);
const from = process.env['INIT_CWD'] ?? process.cwd();
process.exitCode = await main().catch((cause: unknown) => {
  say(`not imported: ${wordsOf(cause)}`);
  return 1;
});

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      shop: { type: 'string' },
      map: { type: 'string', multiple: true, default: [] },
      'tax-class': { type: 'string' },
      unit: { type: 'string', default: 'pc' },
      exclusive: { type: 'boolean', default: false },
      refused: { type: 'string' },
    },
  });
  const [file] = positionals;
  if (file === undefined || positionals.length > 1 || !isUnit(values.unit)) {
    say('usage: npm run -s import -- [--shop DIR] [--map FIELD=COLUMN] [--refused FILE] FILE');
    return 2;
  }
  const shopDir =
    values.shop === undefined
      ? defaultShopDir({ platform: process.platform, env: process.env, home: homedir() })
      : resolve(from, values.shop);
  const till = await connectTill(shopDir);
  try {
    const { done, refusedFile } = await runImport(
      till.client.import,
      {
        fileName: basename(file),
        bytes: readFileSync(resolve(from, file)),
        mapping: Object.fromEntries(values.map.map(splitPair)),
        defaults: {
          unit: values.unit,
          isInclusive: !values.exclusive,
          taxClassKey: values['tax-class'] ?? null,
          taxClassByCategory: {},
        },
      },
      say,
    );
    if (values.refused !== undefined && refusedFile !== null) writeFileSync(resolve(from, values.refused), refusedFile);
    const seconds = Math.round(performance.now()) / 1000;
    console.log(JSON.stringify({ rows: done.rows, added: done.added, refused: done.refused, seconds }));
    return 0;
  } catch (cause) {
    say(`not imported: ${wordsOf(cause)}`);
    return 1;
  } finally {
    await till.close();
  }
}

function splitPair(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** A sentence where there is something to do about it; else the domain error that the refusal carries, as JSON. */
function wordsOf(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (cause instanceof Error && 'code' in cause && 'path' in cause) {
    return cause.code === 'ENOENT' ? `there is no file ${String(cause.path)}` : message;
  }
  const data = typeof cause === 'object' && cause !== null && 'data' in cause ? cause.data : undefined;
  const missing = missingOf(data);
  if (missing !== null)
    return `no column is known for ${missing.join(', ')}. Name it: --map ${missing[0] ?? 'name'}=COLUMN`;
  return data === undefined ? message : `${message} ${JSON.stringify(data)}`;
}

function missingOf(data: unknown): readonly string[] | null {
  const isMapping = typeof data === 'object' && data !== null && 'type' in data && data.type === 'MappingIncomplete';
  return isMapping && 'missing' in data && Array.isArray(data.missing) ? data.missing.map(String) : null;
}
