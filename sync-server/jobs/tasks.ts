/** Every job of the server, in one place. Rule kept: a job that is not here does not run. */
import { exportBills } from './export-bills.ts';
import { proveBackups } from './prove-backups.ts';
import type { Task } from './task.ts';
import { tidyBackups } from './tidy-backups.ts';
import { tidyExports } from './tidy-exports.ts';

export const tasks: readonly Task[] = [exportBills, proveBackups, tidyBackups, tidyExports];
