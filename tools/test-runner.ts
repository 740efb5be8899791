/**
 * Runs a list of checks: static ones side by side, suites one after the other, those that may be beside others two at
 * once, each with its time. Rule kept: every check ends in the tally (a suite's tests one by one, any other check as
 * one), no output of a failure is hidden and nothing is skipped in silence.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureChromium } from './chromium.ts';
import { ensureSocat } from './socat.ts';
import type { Step } from './test-steps.ts';

export type Outcome = {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failedSteps: readonly string[];
};
type Tally = { passed: number; failed: number; skipped: number };
type Ended = { readonly code: number; readonly output: string; readonly seconds: number };

/** A check's own way to say that this system lacks what it needs; its output says what. */
const notHere = 3;

/** Runs the steps in `root`; `say` gets each line as it comes. */
export async function runSteps(steps: readonly Step[], root: string, say: (line: string) => void): Promise<Outcome> {
  const scratch = mkdtempSync(join(tmpdir(), 'billmitra-test-'));
  const total: Tally = { passed: 0, failed: 0, skipped: 0 };
  const failedSteps: string[] = [];
  const statics = steps.filter((step) => step.stage === 'static');
  const suites = steps.filter((step) => step.stage === 'suite');
  await inParallel(statics, Math.min(3, availableParallelism()));
  for (const group of groupsOf(suites)) await inParallel(group, Math.min(2, availableParallelism()));
  rmSync(scratch, { recursive: true, force: true });
  return { ...total, failedSteps };

  async function inParallel(list: readonly Step[], width: number): Promise<void> {
    const waiting = [...list];
    const worker = async (): Promise<void> => {
      for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) await runStep(step);
    };
    await Promise.all(Array.from({ length: width }, worker));
  }

  async function runStep(step: Step): Promise<void> {
    const missing = (step.needs ?? []).filter((path) => !isBuilt(root, path));
    if (missing.length > 0) {
      total.skipped += 1;
      say(`– ${step.name}: SKIPPED, not built yet: ${missing.join(', ')}`);
      return;
    }
    if (step.browser === true) {
      const browser = await ensureChromium();
      if (!browser.ok) {
        total.failed += 1;
        failedSteps.push(step.name);
        say(`✗ ${step.name}: ${browser.error}`);
        return;
      }
    }
    if (step.ptys === true) {
      const socat = ensureSocat();
      if (!socat.ok) say(`  ${step.name}: tests over serial ports are skipped: ${socat.error}`);
    }
    const report = join(scratch, `${step.name}.json`);
    const ended = await runCommand(step, root, report, say);
    if (step.maySkip === true && ended.code === notHere) {
      total.skipped += 1;
      say(`– ${step.name}: SKIPPED, can't run here: ${ended.output.trim()}`);
      return;
    }
    const counts = step.counts === 'tests' ? readCounts(report) : null;
    const succeeded = ended.code === 0;
    total.passed += counts?.passed ?? (succeeded ? 1 : 0);
    // A suite may fail without a failed test (an import that throws): that counts as one.
    total.failed += Math.max(counts?.failed ?? 0, succeeded ? 0 : 1);
    total.skipped += counts?.skipped ?? 0;
    const tests =
      counts === null ? '' : `, ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`;
    say(`${succeeded ? '✓' : '✗'} ${step.name} (${ended.seconds.toFixed(1)} s${tests})`);
    for (const title of counts?.skippedTitles ?? []) say(`    skipped: ${title}`);
    if (succeeded) return;
    failedSteps.push(step.name);
    say(ended.output.trimEnd());
  }
}

/** In order: one step each, but those that may run beside each other and follow one another together. */
function groupsOf(steps: readonly Step[]): readonly (readonly Step[])[] {
  const groups: Step[][] = [];
  for (const step of steps) {
    const last = groups.at(-1);
    if (step.beside === true && last?.[0]?.beside === true) last.push(step);
    else groups.push([step]);
  }
  return groups;
}

function runCommand(step: Step, root: string, report: string, say: (line: string) => void): Promise<Ended> {
  const [bin, ...args] = step.command;
  const reporters =
    step.counts === 'tests' ? ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`] : [];
  const commandLine = [...(bin === 'node' ? [] : [binOf(root, bin)]), ...args, ...reporters];
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
    const alive = setInterval(() => say(`  …${step.name}, ${seconds(performance.now() - from)}`), 20_000);
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
function binOf(root: string, name: string): string {
  const homes: Readonly<Record<string, string>> = { biome: '@biomejs/biome', tsc: 'typescript' };
  const home = join(root, 'node_modules', homes[name] ?? name);
  const manifest: { bin: string | Record<string, string> } = JSON.parse(
    readFileSync(join(home, 'package.json'), 'utf8'),
  );
  const path = typeof manifest.bin === 'string' ? manifest.bin : manifest.bin[name];
  if (path === undefined) throw new Error(`${home} has no command ${name}`);
  return join(home, path);
}

function isBuilt(root: string, path: string): boolean {
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

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
