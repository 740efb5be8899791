/**
 * Runs the checks of test-steps.ts: static ones side by side, suites one after the other, each with its time.
 * Rule kept: the last line is `N passed, N failed, N skipped` (tests of a suite counted one by one, any other
 * check as one) and the exit code is 0 only when nothing failed and something ran. It hides no output of a
 * failure and skips nothing in silence.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ensureChromium } from './chromium.ts';
import { type Step, steps } from './test-steps.ts';

const root = resolve(import.meta.dirname, '..');
const scratch = mkdtempSync(join(tmpdir(), 'billmitra-test-'));

type Tally = { passed: number; failed: number; skipped: number };
type Ended = { readonly code: number; readonly output: string; readonly seconds: number };

const total: Tally = { passed: 0, failed: 0, skipped: 0 };
const failedSteps: string[] = [];
const onlyCheck = process.argv.includes('--check');
const only = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));

const chosen = steps.filter((step) =>
  only.length > 0 ? only.includes(step.name) : !onlyCheck || step.half === 'check',
);
const started = performance.now();
console.log(`BillMitra: ${chosen.length} checks under Node ${process.versions.node}, ${availableParallelism()} cores`);

await inParallel(
  chosen.filter((step) => step.stage === 'static'),
  Math.min(3, availableParallelism()),
);
await inParallel(
  chosen.filter((step) => step.stage === 'suite'),
  1,
);

rmSync(scratch, { recursive: true, force: true });
if (failedSteps.length > 0) console.log(`\nFailed: ${failedSteps.join(', ')}`);
console.log(`\n${chosen.length} checks in ${seconds(performance.now() - started)}`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;

async function inParallel(list: readonly Step[], width: number): Promise<void> {
  const waiting = [...list];
  const worker = async (): Promise<void> => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) await runStep(step);
  };
  await Promise.all(Array.from({ length: width }, worker));
}

async function runStep(step: Step): Promise<void> {
  const missing = (step.needs ?? []).filter((path) => !isBuilt(path));
  if (missing.length > 0) {
    total.skipped += 1;
    console.log(`– ${step.name}: SKIPPED, not built yet: ${missing.join(', ')}`);
    return;
  }
  if (step.browser === true) {
    const browser = await ensureChromium();
    if (!browser.ok) {
      total.failed += 1;
      failedSteps.push(step.name);
      console.log(`✗ ${step.name}: ${browser.error}`);
      return;
    }
  }
  const report = join(scratch, `${step.name}.json`);
  const ended = await runCommand(step, report);
  const counts = step.counts === 'tests' ? readCounts(report) : null;
  const succeeded = ended.code === 0;
  total.passed += counts?.passed ?? (succeeded ? 1 : 0);
  // A suite may fail without a failed test (an import that throws): that counts as one.
  total.failed += Math.max(counts?.failed ?? 0, succeeded ? 0 : 1);
  total.skipped += counts?.skipped ?? 0;
  const tests = counts === null ? '' : `, ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`;
  console.log(`${succeeded ? '✓' : '✗'} ${step.name} (${ended.seconds.toFixed(1)} s${tests})`);
  for (const title of counts?.skippedTitles ?? []) console.log(`    skipped: ${title}`);
  if (succeeded) return;
  failedSteps.push(step.name);
  console.log(ended.output.trimEnd());
}

function runCommand(step: Step, report: string): Promise<Ended> {
  const [bin, ...args] = step.command;
  const reporters =
    step.counts === 'tests' ? ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`] : [];
  const commandLine = [...(bin === 'node' ? [] : [binOf(bin)]), ...args, ...reporters];
  const from = performance.now();
  return new Promise((done) => {
    const child = spawn(process.execPath, commandLine, {
      cwd: root,
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', ...step.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const take = (chunk: Buffer): void => {
      output += chunk.toString('utf8');
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    const alive = setInterval(() => console.log(`  …${step.name}, ${seconds(performance.now() - from)}`), 20_000);
    const limit = setTimeout(
      () => {
        output += `\nended after ${step.limitMinutes ?? 10} minutes\n`;
        child.kill('SIGKILL');
      },
      (step.limitMinutes ?? 10) * 60_000,
    );
    const end = (code: number): void => {
      clearInterval(alive);
      clearTimeout(limit);
      done({ code, output, seconds: (performance.now() - from) / 1000 });
    };
    child.on('error', (error) => {
      output += error.message;
      end(1);
    });
    child.on('close', (code) => end(code ?? 1));
  });
}

/** The script behind a package's command: run by this very Node, so it needs no shell and no .cmd file. */
function binOf(name: string): string {
  const homes: Readonly<Record<string, string>> = { biome: '@biomejs/biome', tsc: 'typescript' };
  const home = join(root, 'node_modules', homes[name] ?? name);
  const manifest: { bin: string | Record<string, string> } = JSON.parse(
    readFileSync(join(home, 'package.json'), 'utf8'),
  );
  const path = typeof manifest.bin === 'string' ? manifest.bin : manifest.bin[name];
  if (path === undefined) throw new Error(`${home} has no command ${name}`);
  return join(home, path);
}

function isBuilt(path: string): boolean {
  const full = join(root, path);
  if (!existsSync(full)) return false;
  if (!path.startsWith('tests/')) return true;
  return readdirSync(full, { recursive: true }).some((file) => /\.test\.tsx?$/.test(String(file)));
}

type VitestReport = {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
};

function readCounts(report: string): (Tally & { readonly skippedTitles: readonly string[] }) | null {
  if (!existsSync(report)) return null;
  const read: VitestReport = JSON.parse(readFileSync(report, 'utf8'));
  const skippedTitles = read.testResults
    .flatMap((file) => file.assertionResults)
    .filter((test) => test.status !== 'passed' && test.status !== 'failed')
    .map((test) => test.fullName);
  return {
    passed: read.numPassedTests,
    failed: read.numFailedTests,
    skipped: read.numPendingTests + read.numTodoTests,
    skippedTitles,
  };
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
