/**
 * `npm start`: installs what is missing, then opens the till (tools/start.ts) under Node 24. Plain .mjs:
 * under an older Node a .ts entry would die before it could explain itself.
 */
import { runUnderNode24 } from './install.mjs';

runUnderNode24('tools/start.ts', process.argv.slice(2));
