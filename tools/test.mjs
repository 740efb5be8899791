/**
 * `npm test`: installs what is missing, then runs every check (tools/test.ts) under Node 24.
 * --check is the fast half for before a commit, --full the full counts of every property and fault.
 */
import { runUnderNode24 } from './install.mjs';

const args = process.argv.slice(2);
runUnderNode24('tools/test.ts', args, args.includes('--full') ? { BILLMITRA_FULL: '1' } : {});
