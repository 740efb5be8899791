/**
 * `npm run -s seed -- --shop DIR [--days 400] [--items 800] [--seed 1] [--bills 35] [--until DATE]`: writes a
 * demo shop with a believable past through the till's own commands. Rule kept: one JSON line on stdout; the
 * same seed and last day give the same shop. For demos and screens, never for an accuracy claim.
 */
import { parseArgs } from 'node:util';
import { addDays, businessDateOf, instant, parseBusinessDate } from '#core/time.ts';
import { makeDemo } from '#till/demo-make.ts';

const usage =
  'usage: npm run -s seed -- --shop DIR [--days 400] [--items 800] [--seed 1] [--bills PER_DAY] [--until YYYY-MM-DD]\n';

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      shop: { type: 'string' },
      days: { type: 'string', default: '400' },
      items: { type: 'string', default: '800' },
      seed: { type: 'string', default: '1' },
      bills: { type: 'string', default: '35' },
      until: { type: 'string' },
    },
  });
  const [days, items, seed, billsPerDay] = [values.days, values.items, values.seed, values.bills].map(Number);
  const yesterday = addDays(businessDateOf(instant(Date.now())), -1);
  const lastDate = values.until === undefined ? yesterday : parseBusinessDate(values.until);
  const isWhole = (n: number | undefined, least: number): n is number => Number.isInteger(n) && (n ?? 0) >= least;
  if (
    values.shop === undefined ||
    lastDate === null ||
    !isWhole(days, 1) ||
    !isWhole(items, 20) ||
    !isWhole(seed, 0) ||
    !isWhole(billsPerDay, 1)
  ) {
    process.stderr.write(usage);
    return 2;
  }
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  const done = await makeDemo({ shopDir: values.shop, days, items, seed, billsPerDay, lastDate, say });
  process.stdout.write(`${JSON.stringify(done)}\n`);
  return done.refused === 0 ? 0 : 1;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const refusal = error instanceof Error && 'data' in error ? ` ${JSON.stringify(error.data)}` : '';
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}${refusal}\n`);
    process.exitCode = 1;
  },
);
