/**
 * `npm run -s replay -- --shop DIR FILE.csv.gz [--limit N] [--control]`: every real invoice through the till's
 * own commands, then each bill worked out again and compared. Rule kept: one JSON line on stdout; exit code 1
 * when anything differs (with --control: when nothing does), 2 for wrong usage. Skipped rows lie in
 * DIR/replay-skipped.csv with their reasons.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import papaparse from 'papaparse';
import type { SkippedRow } from './replay/read-invoices.ts';
import { ReplayRefused, runReplay } from './replay/run-replay.ts';

const usage = 'usage: npm run -s replay -- --shop DIR FILE.csv.gz [--limit N] [--control]\n';
const say = (text: string): void => void process.stderr.write(`${text}\n`);

function writeSkipped(path: string, skipped: readonly SkippedRow[]): void {
  const fields = ['row', 'reason', 'InvoiceNo', 'StockCode', 'Description', 'Quantity', 'InvoiceDate', 'UnitPrice'];
  const data = skipped.map(({ rowNo, reason, cells }) => [rowNo, reason, ...cells.slice(0, 6)]);
  writeFileSync(path, `${papaparse.unparse({ fields, data })}\n`);
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: {
      shop: { type: 'string' },
      limit: { type: 'string' },
      control: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  const [file] = positionals;
  const limit = values.limit === undefined ? undefined : Number(values.limit);
  if (values.shop === undefined || file === undefined || (limit !== undefined && !(limit > 0))) {
    process.stderr.write(usage);
    return 2;
  }
  const from = performance.now();
  const done = await runReplay({ shopDir: values.shop, file, limit, isControl: values.control, say });
  const skippedFile = join(values.shop, 'replay-skipped.csv');
  writeSkipped(skippedFile, done.skipped);
  for (const [reason, rows] of Map.groupBy(done.skipped, (s) => s.reason)) say(`skipped, ${reason}: ${rows.length}`);
  say(`skipped rows are listed in ${skippedFile}`);
  for (const example of done.examples) say(`MISMATCH ${example}`);
  say(`${Math.round((performance.now() - from) / 1000)} s`);
  const { bills, creditNotes, lines, mismatches, payablePaise } = done;
  const skipped = done.skipped.length;
  process.stdout.write(`${JSON.stringify({ bills, creditNotes, lines, skipped, mismatches, payablePaise })}\n`);
  return mismatches > 0 === values.control ? 0 : 1;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof ReplayRefused ? error.message : String((error as Error).stack)}\n`);
    process.exitCode = 1;
  },
);
