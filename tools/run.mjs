/**
 * `node tools/run.mjs tools/x.ts ARGS`: runs a tool under Node 24, installing first what is missing.
 * Rule kept: not a byte of its own on stdout, and the tool's exit code is its exit code.
 */
import { runUnderNode24 } from './install.mjs';

const [entry, ...args] = process.argv.slice(2);
if (entry === undefined) {
  process.stderr.write('usage: node tools/run.mjs tools/NAME.ts [ARGS]\n');
  process.exit(2);
}
runUnderNode24(entry, args);
