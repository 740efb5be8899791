/**
 * `npm test`: the checks of test-steps.ts, all of them, the fast half (--check), or those named. Rule kept: the
 * last line is `N passed, N failed, N skipped`, and the exit code is 0 only when nothing failed and something ran.
 */
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { runSteps, seconds } from './test-runner.ts';
import { steps } from './test-steps.ts';

const onlyCheck = process.argv.includes('--check');
const named = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
const unknown = named.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length > 0) {
  console.error(`no such check: ${unknown.join(', ')}. There are: ${steps.map((step) => step.name).join(', ')}`);
  process.exit(2);
}
const chosen = steps.filter((step) =>
  named.length > 0 ? named.includes(step.name) : !onlyCheck || step.half === 'check',
);

const started = performance.now();
console.log(`BillMitra: ${chosen.length} checks under Node ${process.versions.node}, ${availableParallelism()} cores`);
const { passed, failed, skipped, failedSteps } = await runSteps(
  chosen,
  resolve(import.meta.dirname, '..'),
  console.log,
);
if (failedSteps.length > 0) console.log(`\nFailed: ${failedSteps.join(', ')}`);
console.log(`\n${chosen.length} checks in ${seconds(performance.now() - started)}`);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
