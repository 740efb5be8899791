/**
 * The checks of `npm test`, in one list. Rule kept: a check is a line here and nowhere else; what cannot run
 * says so and is counted as skipped, never left out in silence. To add one: write its line, give it a half
 * ('check' also runs before every commit and must be quick) and a stage (static checks run side by side).
 */
import { availableParallelism } from 'node:os';

export type Step = {
  readonly name: string;
  readonly half: 'check' | 'test';
  readonly stage: 'static' | 'suite';
  /** A package's own command (its bin) or 'node', and its arguments. */
  readonly command: readonly [bin: string, ...args: string[]];
  /** A vitest run: its tests are counted one by one. */
  readonly counts?: 'tests' | undefined;
  /** Folders or files that must be there; where one is not yet built the step is skipped, saying so. */
  readonly needs?: readonly string[] | undefined;
  /** Made ready before the step: Debian's chromium, or a sentence about how to get a browser. */
  readonly browser?: true | undefined;
  /** Made ready before the step where it can be: Debian's socat. Without it tests over serial ports skip, saying how. */
  readonly ptys?: true | undefined;
  /** Extra environment, e.g. bounds for the slow ones. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Times nothing and has folders and ports of its own: runs beside another such step that follows. */
  readonly beside?: true | undefined;
  /** It may end with code 3: this system lacks what it needs, and its output says what. Counted as skipped. */
  readonly maySkip?: true | undefined;
  /** Minutes after which it is ended and has failed. */
  readonly limitMinutes?: number | undefined;
};

/** Suites with a step of their own; the unit step runs every other test file. */
const ownSuites = ['stories', 'e2e', 'faults', 'bench', 'packing'] as const;
const withoutOwnSuites = ownSuites.map((suite) => `--exclude=tests/${suite}/**`);
/** Their tests train models on all cores they are given: beside tests that wait for a device, those would wait too long. */
const learners = ['ml/', 'till/forecast/', 'till/models/', 'sync-server/forecast/', 'tools/forecast.test.ts'] as const;
const withoutLearners = learners.map((path) => `--exclude=${path.endsWith('/') ? `${path}**` : path}`);

/** Files at once. By itself vitest leaves a core idle, on two of them half of the machine; most tests wait more than they compute. */
const cores = availableParallelism();
const workers = `--maxWorkers=${Math.min(cores, Math.max(2, cores - 1))}`;

const suite = (name: (typeof ownSuites)[number], more: Partial<Step> = {}): Step => ({
  name,
  half: 'test',
  stage: 'suite',
  command: ['vitest', 'run', '--dir', `tests/${name}`, workers],
  counts: 'tests',
  needs: [`tests/${name}`],
  ...more,
});

const full = process.env['BILLMITRA_FULL'] === '1';
/** Ten times the count in the full run. */
const faults = (rig: string, count: string, n: string, ...control: readonly string[]): Step => ({
  name: ['faults', rig, ...control].join(' '),
  half: 'test',
  stage: 'suite',
  command: ['node', 'tools/faults.ts', rig, count, full ? `${n}0` : n, ...control],
  needs: ['tools/faults.ts'],
  maySkip: true,
  beside: true,
  limitMinutes: full ? 60 : 5,
});

/** Schedules of the sync simulator on a store: a slice, and how many in the full run. */
const simulated = (store: string, schedules: string, inFull: string): Step => ({
  name: `faults sync ${store}`,
  half: 'test',
  stage: 'suite',
  command: ['node', 'tools/faults.ts', 'sync', '--store', store, '--schedules', full ? inFull : schedules],
  needs: ['tools/faults.ts'],
  maySkip: true,
  beside: true,
  limitMinutes: full ? 60 : 5,
});

export const steps: readonly Step[] = [
  { name: 'format', half: 'check', stage: 'static', command: ['biome', 'format', '--reporter=summary', '.'] },
  { name: 'lint', half: 'check', stage: 'static', command: ['oxlint', '--format=unix'], needs: ['.oxlintrc.json'] },
  { name: 'types', half: 'check', stage: 'static', command: ['tsc', '--noEmit'] },
  { name: 'unused code', half: 'check', stage: 'static', command: ['knip', '--no-progress'], needs: ['knip.json'] },
  {
    name: 'licences',
    half: 'check',
    stage: 'static',
    command: ['node', 'tools/licenses.ts'],
    needs: ['tools/licenses.ts'],
  },
  {
    name: 'architecture',
    half: 'check',
    stage: 'suite',
    command: ['vitest', 'run', '--dir', 'tests/architecture', workers],
    counts: 'tests',
    needs: ['tests/architecture'],
  },
  {
    name: 'unit and properties',
    half: 'test',
    stage: 'suite',
    command: ['vitest', 'run', workers, ...withoutOwnSuites, ...withoutLearners, '--exclude=tests/architecture/**'],
    counts: 'tests',
    ptys: true,
  },
  {
    name: 'forecasting',
    half: 'test',
    stage: 'suite',
    command: ['vitest', 'run', `--maxWorkers=${Math.min(3, cores)}`, ...learners],
    counts: 'tests',
    needs: ['ml'],
    limitMinutes: 10,
  },
  suite('stories'),
  // Head office's tables spread by hash into 32 parts each: push, and in the full run everything of the server.
  {
    name: 'spread by hash',
    half: 'test',
    stage: 'suite',
    command: full
      ? ['vitest', 'run', workers, 'sync-server', 'tests/contracts', 'tests/stories']
      : ['vitest', 'run', workers, 'sync-server/ingest'],
    counts: 'tests',
    env: { BILLMITRA_SPREAD: '1' },
    limitMinutes: full ? 30 : 5,
  },
  // Before the files that show them run side by side: two would build them at once, each over the other's.
  {
    name: 'screens',
    half: 'test',
    stage: 'suite',
    command: ['node', 'tools/build.ts', 'renderer'],
    needs: ['renderer/index.html'],
  },
  // Two files at once, on however many cores: a browser and a till each, and the keys of a person need their pace.
  suite('e2e', {
    command: ['vitest', 'run', '--dir', 'tests/e2e', `--maxWorkers=${Math.min(2, cores)}`],
    browser: true,
    limitMinutes: 15,
  }),
  suite('faults', { limitMinutes: full ? 30 : 15 }),
  // The fault rigs in bounded form, each with the control that must show its losses.
  faults('kill', '--cycles', '10'),
  faults('kill', '--cycles', '6', '--control', 'ack-before-commit'),
  faults('powercut', '--cuts', '200'),
  faults('powercut', '--cuts', '150', '--control', 'normal-sync'),
  simulated('memory', '5000', '1000000'),
  simulated('sqlite', '200', '50000'),
  simulated('postgres', '30', '1000'),
  faults('shapes', '--rounds', '4'),
  faults('shapes', '--rounds', '1', '--control', 'forget-running'),
  { ...faults('mutants', '--schedules', '20000'), name: 'faults mutants' },
  // One at a time: what is timed beside another says nothing.
  suite('bench', {
    command: ['vitest', 'run', '--dir', 'tests/bench', '--no-file-parallelism'],
    browser: true,
    limitMinutes: 15,
  }),
  suite('packing', { needs: ['tests/packing', 'till/assemble.ts', 'renderer/index.html'] }),
];
