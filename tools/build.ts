/**
 * Builds what runs: the till as one file (it starts in a third of the time and a third of the memory of the
 * loose sources), the screens, and the Electron shell. Rule kept: unchanged sources are not built again, and a
 * build appears in dist/ whole or not at all. It packs nothing (pack.ts).
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { build, type InlineConfig, type Plugin } from 'vite';

const root = resolve(import.meta.dirname, '..');
const dist = join(root, 'dist');

export type Part = 'till' | 'renderer' | 'electron';
const parts: readonly Part[] = ['till', 'renderer', 'electron'];

const programSources = ['core', 'contract', 'db', 'hardware', 'ml', 'till', 'assets'] as const;
const sourcesOf: Readonly<Record<Part, readonly string[]>> = {
  till: programSources,
  renderer: ['core', 'contract', 'renderer', 'assets'],
  electron: [...programSources, 'electron'],
};

/** Stay packages at run time: native code, and what is loaded only when a file is imported. */
const outside = [
  'better-sqlite3',
  'onnxruntime-node',
  '@napi-rs/canvas',
  'serialport',
  'usb',
  'koffi',
  'bwip-js',
  'exceljs',
  '@electric-sql/client',
  'electron',
] as const;

/** Builds a part unless dist/ holds it for these very sources. Answers whether anything was built. */
export async function buildPart(part: Part): Promise<boolean> {
  const hash = hashSources(sourcesOf[part]);
  const home = join(dist, part);
  const stamp = join(home, '.stamp');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return false;
  const making = join(dist, `.making-${part}-${process.pid}`);
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { recursive: true });
  // A test runner sets NODE_ENV to its own; what is built is always what ships, never React's slow checking build.
  const runner = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  try {
    if (part === 'renderer') {
      // The page's host puts a nonce of each load in the placeholder's place: no inline style goes without.
      const html = { cspNonce: '__CSP_NONCE__' };
      const configFile = join(root, 'renderer', 'vite.config.ts');
      await build({ configFile, logLevel: 'warn', html, build: { outDir: making } });
    } else {
      for (const config of part === 'till' ? tillConfigs(making) : electronConfigs(making)) await build(config);
    }
    writeFileSync(join(making, '.stamp'), hash);
    rmSync(home, { recursive: true, force: true });
    renameSync(making, home);
  } finally {
    if (runner === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = runner;
    rmSync(making, { recursive: true, force: true });
  }
  return true;
}

/** Worker threads are files of their own beside the program that starts them. */
const workerConfigs = (outDir: string, part: Part): readonly InlineConfig[] => [
  nodeConfig('db/checkpoint-worker.ts', 'checkpoint-worker.mjs', outDir, part),
  nodeConfig('db/quick-check-worker.ts', 'quick-check-worker.mjs', outDir, part),
  nodeConfig('db/backup-worker.ts', 'backup-worker.mjs', outDir, part),
  nodeConfig('till/forecast/job-worker.ts', 'forecast-worker.mjs', outDir, part),
  nodeConfig('ml/onnx/run-worker.ts', 'run-worker.mjs', outDir, part),
  nodeConfig('ml/gbdt/train-worker.ts', 'train-worker.mjs', outDir, part),
];

const tillConfigs = (outDir: string): readonly InlineConfig[] => [
  nodeConfig('till/node.ts', 'till.mjs', outDir, 'till'),
  ...workerConfigs(outDir, 'till'),
];

const electronConfigs = (outDir: string): readonly InlineConfig[] => [
  nodeConfig('electron/main.ts', 'main.mjs', outDir, 'electron'),
  nodeConfig('electron/till-process.ts', 'till-process.mjs', outDir, 'electron'),
  // A sandboxed preload can't be a module.
  nodeConfig('electron/preload.ts', 'preload.cjs', outDir, 'electron', 'cjs'),
  ...workerConfigs(outDir, 'electron'),
];

function nodeConfig(
  entry: string,
  file: string,
  outDir: string,
  part: Part,
  format: 'es' | 'cjs' = 'es',
): InlineConfig {
  return {
    root,
    configFile: false,
    logLevel: 'warn',
    plugins: [keepDirname(part)],
    ssr: { noExternal: true, external: [...outside] },
    build: {
      ssr: join(root, entry),
      outDir,
      emptyOutDir: false,
      target: 'node24',
      minify: false,
      copyPublicDir: false,
      rolldownOptions: { output: { format, entryFileNames: file, codeSplitting: false } },
    },
  };
}

/**
 * A source that reads a file beside it by import.meta.dirname still finds it from inside the one-file bundle:
 * the folder is written relative to dist/PART, and the package keeps the same layout.
 */
function keepDirname(part: Part): Plugin {
  return {
    name: 'keep-dirname',
    transform(code, id) {
      if (!code.includes('import.meta.dirname') || id.includes('node_modules')) return null;
      const path = relative(join(dist, part), dirname(id)).split(sep).join('/');
      const folder = `new URL(${JSON.stringify(`${path}/`)}, import.meta.url)`;
      const call = `__fileURLToPath(${folder}).replace(/[\\\\/]$/, '')`;
      const body = code.replaceAll('import.meta.dirname', `(${call})`);
      return { code: `import { fileURLToPath as __fileURLToPath } from 'node:url';\n${body}`, map: null };
    },
  };
}

/** One number for all that a part is made of: names and contents of its sources, the lockfile, this file. */
function hashSources(folders: readonly string[]): string {
  const hash = createHash('sha256');
  const add = (path: string): void => {
    hash
      .update(`${relative(root, path)}\0`)
      .update(readFileSync(path))
      .update('\0');
  };
  const walk = (path: string): void => {
    if (!existsSync(path)) return;
    const entries = readdirSync(path, { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (/\.test\.tsx?$/.test(entry.name)) continue;
      if (entry.isDirectory()) walk(join(path, entry.name));
      else add(join(path, entry.name));
    }
  };
  for (const folder of folders) walk(join(root, folder));
  for (const file of ['package.json', 'package-lock.json', 'tools/build.ts']) add(join(root, file));
  return hash.digest('hex');
}

async function main(): Promise<void> {
  const asked = process.argv.slice(2);
  const unknown = asked.find((name) => !parts.some((part) => part === name));
  if (unknown !== undefined) {
    console.error(`no such part: ${unknown} (there are ${parts.join(', ')})`);
    process.exitCode = 2;
    return;
  }
  for (const part of parts) {
    if (asked.length > 0 && !asked.includes(part)) continue;
    const from = performance.now();
    const built = await buildPart(part);
    console.error(`${part}: ${built ? `built in ${Math.round(performance.now() - from)} ms` : 'unchanged'}`);
  }
}

if (import.meta.main) await main();
