/**
 * How long the classical models take on a large shop's items, and the blend that is chosen from them. Rule kept: each
 * model forecasts every item; the season that they stand on is learnt before and told apart.
 */
import { chooseClassical, forecastChosen } from '#ml/classical/choose.ts';
import { classicalModels, seasonBefore } from '#ml/classical/registry.ts';
import { makeShopFrame } from '#ml/cold/made-shop.ts';
import { type Figure, median, round, worst } from '../till/figures.ts';

export type ClassicalSizes = { readonly items: number; readonly days: number; readonly rounds: number };

export function measureClassical({ items, days, rounds }: ClassicalSizes): readonly Figure[] {
  const frame = makeShopFrame(1, items, days);
  const seconds = (work: () => unknown): number => {
    const started = performance.now();
    work();
    return (performance.now() - started) / 1000;
  };
  const season = seasonBefore(frame, days);
  const names = Object.keys(classicalModels);
  const times = names.map((name) =>
    Array.from({ length: rounds }, () => seconds(() => classicalModels[name]?.(frame, days, 14, season))),
  );
  const all = Array.from({ length: rounds }, (_, round) => times.reduce((sum, each) => sum + (each[round] ?? 0), 0));
  const one = (name: string): readonly number[] => times[names.indexOf(name)] ?? [];
  const choice = chooseClassical(frame, days, 14);
  const chosen = Array.from({ length: rounds }, () => seconds(() => forecastChosen(choice, frame, days, 14)));
  const figure = (name: string, samples: readonly number[], atMost: number | null, beside = {}): Figure => ({
    name,
    value: median(samples),
    unit: 's',
    n: rounds,
    bar: atMost === null ? null : { atMost },
    beside: { worst: round(worst(samples)), items, days, ...beside },
  });
  return [
    figure('holt_winters_5000_s', one('holt-winters'), 1),
    figure('arima_5000_s', one('arima'), 15, { msPerSeries: round((1000 * median(one('arima'))) / items) }),
    figure('classical_all_5000_s', all, 5, Object.fromEntries(names.map((name) => [name, round(median(one(name)))]))),
    figure('classical_season_5000_s', [seconds(() => seasonBefore(frame, days))], null),
    figure('classical_choose_s', [seconds(() => chooseClassical(frame, days, 14))], null),
    figure('classical_chosen_5000_s', chosen, null),
  ];
}
