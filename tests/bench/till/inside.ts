/**
 * A process of its own for what is measured inside the till: search and commits on a shop's folder. Rule kept:
 * it prints one line, its figures; it is started by run.ts, with the sync counter loaded where there is one.
 */
import { tryAssemble } from '#till/assemble.ts';
import { keepYoungHeapSmall } from '#till/young-heap.ts';
import { measureCommits } from './commits.ts';
import { fullScale, quickScale } from './scale.ts';
import { measureSearch } from './searches.ts';

const [dir, size] = process.argv.slice(2);
if (dir === undefined) throw new Error('inside.ts DIR [quick]');
const scale = size === 'quick' ? quickScale : fullScale;
const opened = await tryAssemble({ shopDir: dir });
if (!opened.ok) throw new Error(JSON.stringify(opened.error));
const { context, close } = opened.value;
keepYoungHeapSmall();
const commits = await measureCommits(context, scale);
const search = measureSearch(context, scale);
await close();
process.stdout.write(`${JSON.stringify([...commits, search])}\n`);
