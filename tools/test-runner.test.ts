/** The runner of `npm test` itself: what fails is counted and shown, what is not there is said, nothing is lost. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runSteps } from './test-runner.ts';
import { type Step, steps } from './test-steps.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'billmitra-runner-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const step = (name: string, source: string, more: Partial<Step> = {}): Step => ({
  name,
  half: 'check',
  stage: 'static',
  command: ['node', '-e', source],
  ...more,
});

async function run(list: readonly Step[]) {
  const lines: string[] = [];
  const outcome = await runSteps(list, root, (line) => lines.push(line));
  return { outcome, text: lines.join('\n') };
}

it('counts a check that passes, without its chatter', async () => {
  const { outcome, text } = await run([step('good', "console.log('chatter')")]);
  expect(outcome).toEqual({ passed: 1, failed: 0, skipped: 0, failedSteps: [] });
  expect(text).toMatch(/✓ good/);
  expect(text).not.toContain('chatter');
});

it('counts a check that fails and shows what it said on both streams', async () => {
  const { outcome, text } = await run([
    step('bad', "console.log('to stdout'); console.error('to stderr'); process.exit(3)"),
    step('good', '0'),
  ]);
  expect(outcome).toEqual({ passed: 1, failed: 1, skipped: 0, failedSteps: ['bad'] });
  expect(text).toContain('to stdout');
  expect(text).toContain('to stderr');
});

it('says of a check that is not built yet that it is skipped, and counts it', async () => {
  mkdirSync(join(root, 'tests', 'empty'), { recursive: true });
  const { outcome, text } = await run([
    step('later', '0', { needs: ['nowhere.ts'] }),
    step('empty', '0', { needs: ['tests/empty'] }),
  ]);
  expect(outcome).toEqual({ passed: 0, failed: 0, skipped: 2, failedSteps: [] });
  expect(text).toContain('later: SKIPPED, not built yet: nowhere.ts');
  expect(text).toContain('empty: SKIPPED, not built yet: tests/empty');
});

it('counts as skipped, by name, what says that it cannot run here', async () => {
  const { outcome, text } = await run([
    step('rig', "console.log('there is no C compiler'); process.exit(3)", { maySkip: true }),
  ]);
  expect(outcome).toEqual({ passed: 0, failed: 0, skipped: 1, failedSteps: [] });
  expect(text).toContain("rig: SKIPPED, can't run here: there is no C compiler");
});

it('ends a check that hangs and counts it as failed', async () => {
  const { outcome, text } = await run([step('hangs', 'setInterval(() => {}, 1000)', { limitMinutes: 0.01 })]);
  expect(outcome.failed).toBe(1);
  expect(text).toContain('ended after');
});

it("counts a suite's tests one by one and names those skipped", async () => {
  const report = {
    numPassedTests: 5,
    numFailedTests: 1,
    numPendingTests: 1,
    numTodoTests: 0,
    testResults: [{ assertionResults: [{ status: 'skipped', fullName: 'real data: no retail data here' }] }],
  };
  writeFileSync(join(root, 'report.json'), JSON.stringify(report));
  // Plays vitest: writes the report where --outputFile.json= says, and fails as vitest does.
  const source = `const out = process.argv.find((a) => a.startsWith('--outputFile.json=')).split('=')[1];
    require('fs').copyFileSync('report.json', out); process.exit(1);`;
  writeFileSync(join(root, 'vitest.cjs'), source);
  const suite = step('suite', '', { command: ['node', 'vitest.cjs'], stage: 'suite', counts: 'tests' });
  const { outcome, text } = await run([suite]);
  expect(outcome).toEqual({ passed: 5, failed: 1, skipped: 1, failedSteps: ['suite'] });
  expect(text).toContain('skipped: real data: no retail data here');
});

it('counts a suite that dies before its report as one failure', async () => {
  const suite = step('suite', 'process.exit(1)', { stage: 'suite', counts: 'tests' });
  expect((await run([{ ...suite, command: ['node', 'missing.cjs'] }])).outcome).toMatchObject({ passed: 0, failed: 1 });
});

it('knows each check by one name, and the fast half holds every static check', () => {
  expect(new Set(steps.map((s) => s.name)).size).toBe(steps.length);
  for (const s of steps.filter((each) => each.stage === 'static')) expect(s.half, s.name).toBe('check');
  expect(resolve(root)).toBe(root);
});

it('runs steps that may be beside each other two at once, every other one alone and in its turn', async () => {
  const writes = (name: string, until = ''): string => `const fs = require('fs'); fs.appendFileSync('log', '+${name}');
    const look = () => [...'${until}'].every((each) => fs.readFileSync('log', 'utf8').includes('+' + each))
      ? fs.appendFileSync('log', '-${name}') : setTimeout(look, 20);
    look();`;
  const suite = (name: string, more: Partial<Step> = {}, until = ''): Step =>
    step(name, writes(name, until), { stage: 'suite', limitMinutes: 0.5, ...more });
  // Each of the two waits until the other has begun; with one core it would wait in vain.
  const both = availableParallelism() > 1 ? 'bc' : '';
  const [b, c] = [suite('b', { beside: true }, both), suite('c', { beside: true }, both)];
  const { outcome } = await run([suite('a'), b, c, suite('d'), suite('e')]);
  expect(outcome).toMatchObject({ passed: 5, failed: 0 });
  const log = readFileSync(join(root, 'log'), 'utf8');
  expect(log.slice(0, 4)).toBe('+a-a');
  expect(log.slice(-8)).toBe('+d-d+e-e');
});
