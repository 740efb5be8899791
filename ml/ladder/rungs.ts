/**
 * Every way this product can forecast without a boosted model, by name, so that each can be judged by itself. Rule
 * kept: a rung reads nothing on or after the origin, and it needs no runtime, no network and no file but the seed model.
 */
import { chooseClassical, forecastChosen } from '../classical/choose.ts';
import type { ClassicalModel } from '../classical/local-model.ts';
import { classicalModels, seasonBefore } from '../classical/registry.ts';
import { seedCompetitor } from '../cold/seed-model.ts';
import { keepSane } from '../ensemble/sane.ts';
import type { Forecasts } from '../evaluate/forecast-table.ts';
import type { SeriesFrame } from '../frame/series-frame.ts';
import { descend } from './ladder.ts';
import { plainSteps } from './plain-steps.ts';

export type Rung = (frame: SeriesFrame, origin: number, horizon: number) => Forecasts;

const alone =
  (model: ClassicalModel): Rung =>
  (frame, origin, horizon) => {
    const made = model(frame, origin, horizon, seasonBefore(frame, origin));
    keepSane(made, frame);
    return made;
  };

/**
 * The models by name; `classical`: of these the blend that was best for items like this one; `seed`: the model that
 * ships; `seed-blend`: the blend with it among the rest; `ladder`: each item on the best rung that its days allow, as
 * the shop does where there is no trained model. `seedFile` is read when a rung of it is asked.
 */
export function rungsOf(seedFile: () => Uint8Array): Readonly<Record<string, Rung>> {
  return {
    ladder: (frame, origin, horizon) =>
      descend(plainSteps({ seedFile: seedFile(), choice: null }), frame, origin, horizon, 'noModel').forecasts,
    'seed-blend': (frame, origin, horizon) => {
      const more = seedCompetitor(seedFile());
      return forecastChosen(chooseClassical(frame, origin, horizon, more), frame, origin, horizon, more);
    },
    seed: (...asked) => alone(seedCompetitor(seedFile()).seed)(...asked),
    classical: (frame, origin, horizon) =>
      forecastChosen(chooseClassical(frame, origin, horizon), frame, origin, horizon),
    ...Object.fromEntries(Object.entries(classicalModels).map(([name, model]) => [name, alone(model)])),
  };
}
