/** Every job of the server, in one place. Rule kept: a job that is not here does not run. */
import type { Compute } from '../forecast/compute.ts';
import { forecastTasks } from '../forecast/forecast-tasks.ts';
import { exportBills } from './export-bills.ts';
import { proveBackups } from './prove-backups.ts';
import type { Task } from './task.ts';
import { tidyBackups } from './tidy-backups.ts';
import { tidyExports } from './tidy-exports.ts';
import { tidyPublications } from './tidy-publications.ts';

/** `compute`: where forecasts are worked out. */
export const allTasks = (compute: Compute): readonly Task[] => [
  exportBills,
  proveBackups,
  tidyBackups,
  tidyExports,
  tidyPublications,
  ...forecastTasks(compute),
];
