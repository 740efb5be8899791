/** The packed program, made here and read back: what is in, what is not, what lies unpacked, which fuses are set. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { fontFiles } from '#hardware/text/fonts.ts';
import { pack } from '#tools/pack.ts';
import { findForeign, findUnwanted } from './contents.ts';

const root = resolve(import.meta.dirname, '..', '..');
const run = (file: string, ...args: readonly string[]) =>
  spawnSync(process.execPath, [join(root, 'node_modules', ...file.split('/')), ...args], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });

let dir = '';
let resources = '';
let files: readonly string[] = [];
let unpacked: ReadonlySet<string> = new Set();

beforeAll(async () => {
  dir = (await pack()).dir;
  resources =
    process.platform === 'darwin' ? join(dir, 'BillMitra.app', 'Contents', 'Resources') : join(dir, 'resources');
  const listed = run('@electron/asar/bin/asar.js', 'list', '--is-pack', join(resources, 'app.asar'));
  const rows = listed.stdout.split('\n').flatMap((row) => {
    const match = /^(unpack|pack)\s*:\s*[\\/](.+)$/.exec(row);
    return match ? [{ isUnpacked: match[1] === 'unpack', path: (match[2] ?? '').replaceAll('\\', '/') }] : [];
  });
  const folders = new Set(rows.map((row) => row.path.slice(0, row.path.lastIndexOf('/'))));
  const isFile = (path: string) => !folders.has(path);
  files = rows.map((row) => row.path).filter(isFile);
  unpacked = new Set(rows.filter((row) => row.isUnpacked).map((row) => row.path));
}, 120_000);

describe('the package', () => {
  it.each([
    'package.json',
    'dist/electron/main.mjs',
    'dist/electron/preload.cjs',
    'dist/electron/till-process.mjs',
    'dist/renderer/index.html',
    'node_modules/better-sqlite3/lib/index.js',
    'node_modules/@napi-rs/canvas/package.json',
    'node_modules/exceljs/package.json',
  ])('holds %s', (file) => {
    expect(files).toContain(file);
  });
  it('holds every font file that a receipt may need, and no other weight', () => {
    const wanted = fontFiles().map(({ packageName, file }) => `node_modules/${packageName}/${file}`);
    expect(wanted.length).toBeGreaterThan(10);
    expect(wanted.filter((file) => !files.includes(file))).toEqual([]);
    expect(files.filter((file) => /-(400|italic)[-.].*woff/.test(file))).toEqual([]);
  });
  it('holds every asset of the checkout', () => {
    const walk = (folder: string): string[] =>
      existsSync(join(root, folder))
        ? readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
            .filter((entry) => entry.isFile())
            .map((entry) =>
              join(entry.parentPath, entry.name)
                .slice(root.length + 1)
                .replaceAll('\\', '/'),
            )
        : [];
    const wanted = walk('assets').filter((file) => !/\.(md|ts|map)$/.test(file));
    expect(wanted).toContain('assets/gst/rates.csv');
    expect(wanted.filter((file) => !files.includes(file))).toEqual([]);
  });
  it('starts at the main process', () => {
    // extract-file writes into the folder it is run in.
    const scratch = mkdtempSync(join(tmpdir(), 'billmitra-pack-'));
    const asar = join(root, 'node_modules', '@electron', 'asar', 'bin', 'asar.js');
    spawnSync(process.execPath, [asar, 'extract-file', join(resources, 'app.asar'), 'package.json'], { cwd: scratch });
    const packed: Record<string, unknown> = JSON.parse(readFileSync(join(scratch, 'package.json'), 'utf8'));
    rmSync(scratch, { recursive: true, force: true });
    expect(packed).toMatchObject({ main: 'dist/electron/main.mjs', type: 'module' });
    expect(packed).not.toHaveProperty('devDependencies');
  });
  it('holds no test, no data, no source, no tool, no other Node', () => {
    expect(findUnwanted(files)).toEqual([]);
  });
  it('holds nothing of another platform', () => {
    expect(findForeign(files, process)).toEqual([]);
  });
  it('is small enough to be sent over a village line: under 150 MB beside Electron', () => {
    const sizeOf = (path: string): number =>
      statSync(path).isDirectory()
        ? readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0)
        : statSync(path).size;
    expect(sizeOf(resources) / 1e6).toBeLessThan(150);
  });
});

describe('native modules', () => {
  it('lie unpacked, each of them', () => {
    const native = files.filter((file) => file.endsWith('.node'));
    expect(native.length).toBeGreaterThanOrEqual(2);
    for (const file of native) {
      expect(unpacked.has(file), file).toBe(true);
      expect(existsSync(join(resources, 'app.asar.unpacked', ...file.split('/'))), file).toBe(true);
    }
  });
  it('are never handed the path of a packed file, which only Node can open', () => {
    const bundle = readFileSync(join(root, 'dist', 'electron', 'till-process.mjs'), 'utf8');
    expect(bundle).not.toContain('registerFromPath');
  });
  it('load from where they lie', () => {
    const home = join(resources, 'app.asar.unpacked', 'node_modules');
    const sqlite = join(home, 'better-sqlite3', 'prebuilds', `${process.platform}-${process.arch}.node`);
    const canvas = readdirSync(join(home, '@napi-rs'), { recursive: true, withFileTypes: true }).find((entry) =>
      entry.name.endsWith('.node'),
    );
    if (canvas === undefined) throw new Error('no canvas');
    const load = `for (const path of process.argv.slice(1)) console.log(typeof require(path))`;
    const done = spawnSync(process.execPath, ['-e', load, sqlite, join(canvas.parentPath, canvas.name)], {
      encoding: 'utf8',
    });
    expect(done.stdout).toBe('object\nobject\n');
  });
});

describe('the shell', () => {
  it('has its seven fuses set', () => {
    const program = process.platform === 'win32' ? join(dir, 'BillMitra.exe') : join(dir, 'billmitra');
    const target = process.platform === 'darwin' ? join(dir, 'BillMitra.app') : program;
    const { stdout } = run('@electron/fuses/dist/bin.js', 'read', '--app', target);
    for (const off of [
      'RunAsNode',
      'EnableNodeOptionsEnvironmentVariable',
      'EnableNodeCliInspectArguments',
      'GrantFileProtocolExtraPrivileges',
    ]) {
      expect(stdout).toContain(`${off} is Disabled`);
    }
    for (const on of ['EnableCookieEncryption', 'EnableEmbeddedAsarIntegrityValidation', 'OnlyLoadAppFromAsar']) {
      expect(stdout).toContain(`${on} is Enabled`);
    }
  });
  it('serves a page without inline script or style, its nonce left to the host', () => {
    const page = readFileSync(join(root, 'dist', 'renderer', 'index.html'), 'utf8');
    expect(page).toContain('nonce="__CSP_NONCE__"');
    expect(page).not.toMatch(/<script(?![^>]*\ssrc=)[^>]*>|<style|\son\w+=|\sstyle=/);
  });
});
