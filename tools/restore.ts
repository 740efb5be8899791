/**
 * `npm run restore -- --from FILE|DIR [--code CODE] [--shop DIR]`: this PC becomes the till that was lost. From a backup
 * file or the folder of a stick with the shop's printed recovery code, or from head office (`--from URL`) with the code
 * that it gives for that till. Rule kept: nothing that is there is overwritten; each refusal is a sentence. Thin: the
 * work is till/backup/restore.ts. Exit: 0 restored, 1 refused, 2 wrong usage.
 */
import { randomBytes } from 'node:crypto';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { instant } from '#core/time.ts';
import { restoreFrom } from '#till/backup/restore-from.ts';
import { restoreWords } from '#till/backup/restore-words.ts';
import { defaultShopDir } from '#till/shop-folder.ts';

const { values } = parseArgs({
  options: { from: { type: 'string' }, code: { type: 'string' }, shop: { type: 'string' } },
});
if (values.from === undefined) {
  process.stderr.write('usage: npm run restore -- --from FILE|DIR|URL [--code CODE] [--shop DIR]\n');
  process.exit(2);
}

async function askCode(): Promise<string> {
  const ask = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await ask.question('Code: ');
  } finally {
    ask.close();
  }
}

const shopDir = resolve(
  values.shop ?? defaultShopDir({ platform: process.platform, env: process.env, home: homedir() }),
);
const isUrl = /^https?:\/\//.test(values.from);
const code = values.code ?? (await askCode());
const from = isUrl
  ? ({ kind: 'headOffice', url: values.from, code } as const)
  : ({ kind: 'file', path: resolve(values.from), code } as const);
let shown = '';
const answer = await restoreFrom({
  shopDir,
  from,
  clock: { now: () => instant(Date.now()) },
  randomBytes,
  onProgress: ({ doing }) => {
    if (doing === shown) return;
    shown = doing;
    process.stderr.write(`  ${doing}\n`);
  },
});
if (answer.ok) {
  const { shopName, madeAtMs, bills, oldSeries, series, isJoined } = answer.value;
  process.stdout.write(
    `${shopName}: back as of ${new Date(madeAtMs).toLocaleString('en-IN')}, ${bills} documents.\n` +
      `Its bills go on in the series ${series}; ${oldSeries} is closed.\n` +
      (isJoined ? 'Head office hears of it when the till starts, and sends the bills that the copy has not.\n' : '') +
      `Start it: npm start -- --shop "${shopDir}"\n`,
  );
} else {
  process.stderr.write(`${restoreWords(answer.error)}\n`);
  process.exitCode = 1;
}
