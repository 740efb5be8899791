/**
 * A thread that lets the counter go first. Rule kept: only where a priority is a thread's (Linux, and those it starts
 * inherit it); elsewhere it is the whole program's, and the counter would step back too.
 */
import { constants, setPriority } from 'node:os';

export function stepBack(): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch (error) {
    process.emitWarning(`forecasting runs at the usual priority: ${String(error)}`);
  }
}
