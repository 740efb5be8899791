/** What `predict` says of the days behind a file is what `backtest` says of them, to the digit. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { textOfDay } from '#ml/calendar/days.ts';
import { seeded } from '#ml/random.ts';

const dir = mkdtempSync(join(tmpdir(), 'billmitra-forecast-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const horizon = 14;

/** Six items with a week and a rise of their own; prices that go up now and then. */
function table(days: number, last: number, hasUnits: (day: number) => boolean): string {
  const random = seeded(4);
  const rows = ['day,shop,item,units,price'];
  for (let item = 0; item < 6; item += 1) {
    for (let day = 0; day < days; day += 1) {
      const mean = (item + 1) * (day % 7 === 0 ? 2 : 1) * (1 + day / 400);
      const units = Math.round(mean * (0.5 + random()));
      const price = 20 + item + Math.floor(day / 60);
      const name = `s${item % 2},i${item}`;
      if (day < last) rows.push(`${textOfDay(17_000 + day)},${name},${hasUnits(day) ? units : ''},${price}`);
    }
  }
  return `${rows.join('\n')}\n`;
}
const cli = (...args: string[]): string =>
  execFileSync(process.execPath, [join(import.meta.dirname, 'forecast.ts'), ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
const columns = ['--date', 'day', '--units', 'units', '--price', 'price', '--group', 'shop,item', '--nets', 'none'];

it.each([
  ['boosted', 210],
  ['classical', 210],
  // Too short to weigh models on windows.
  ['boosted', 52],
] as const)('%s, %i days', { timeout: 90_000 }, (model, days) => {
  const paths = Object.fromEntries(
    ['whole', 'cut', 'ahead', 'out', 'told'].map((name) => [name, join(dir, `${name}.csv`)]),
  );
  const { whole = '', cut = '', ahead = '', out = '', told = '' } = paths;
  writeFileSync(
    whole,
    table(days, days, () => true),
  );
  writeFileSync(
    cut,
    table(days, days - horizon, () => true),
  );
  const future = table(days, days, () => true).split('\n');
  const first = textOfDay(17_000 + days - horizon);
  writeFileSync(ahead, future.filter((line, i) => i === 0 || line.slice(0, 10) >= first).join('\n'));
  cli('backtest', '--data', whole, ...columns, '--origins', '1', '--model', model, '--out', told);
  cli('predict', '--data', cut, ...columns, '--future', ahead, '--model', model, '--out', out);
  const judged = readFileSync(told, 'utf8').trim().split('\n').slice(1);
  const wanted = judged.map((line) => {
    const [series, , ...rest] = line.split(',');
    return [series, ...rest.slice(0, 5)].join(',');
  });
  expect(wanted).toHaveLength(6 * horizon);
  expect(readFileSync(out, 'utf8').trim().split('\n').slice(1)).toEqual(wanted);
});
