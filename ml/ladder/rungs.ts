/**
 * Every way this product can forecast without a boosted model, by name, so that each can be judged by itself. Rule
 * kept: a rung reads nothing on or after the origin, and it needs no file, no runtime and no network.
 */
import { chooseClassical, forecastChosen } from '../classical/choose.ts';
import { classicalModels, seasonBefore } from '../classical/registry.ts';
import { keepSane } from '../ensemble/sane.ts';
import type { Forecasts } from '../evaluate/forecast-table.ts';
import type { SeriesFrame } from '../frame/series-frame.ts';
import { descend } from './ladder.ts';
import { plainSteps } from './plain-steps.ts';

export type Rung = (frame: SeriesFrame, origin: number, horizon: number) => Forecasts;

const single: Readonly<Record<string, Rung>> = Object.fromEntries(
  Object.entries(classicalModels).map(([name, model]): readonly [string, Rung] => [
    name,
    (frame, origin, horizon) => {
      const made = model(frame, origin, horizon, seasonBefore(frame, origin));
      keepSane(made, frame);
      return made;
    },
  ]),
);

/**
 * The models by name; `classical`: of these the blend that was best for items like this one; `ladder`: each item on the
 * best rung that its days allow, as the shop does where there is no trained model.
 */
export const rungs: Readonly<Record<string, Rung>> = {
  classical: (frame, origin, horizon) =>
    forecastChosen(chooseClassical(frame, origin, horizon), frame, origin, horizon),
  ladder: (frame, origin, horizon) => descend(plainSteps(null), frame, origin, horizon, 'noModel').forecasts,
  ...single,
};
