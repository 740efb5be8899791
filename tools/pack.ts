/**
 * `npm run pack`: electron-builder's unpacked directory for this platform, in dist/pack. Where Electron's binary
 * was never downloaded a stub stands in for it: then the package proves what it contains and cannot be run,
 * and this program says so. Rule kept: nothing is downloaded here and no package is published.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { buildPart } from './build.ts';
import { electronBinary } from './electron-binary.ts';

const root = resolve(import.meta.dirname, '..');

/** Answers the directory of the packed program. */
export async function pack(): Promise<{ readonly dir: string; readonly isStub: boolean }> {
  await buildPart('renderer');
  await buildPart('electron');
  const binary = electronBinary(root);
  // An Electron.app's program lies three folders deep in its dist.
  const deep = binary?.includes('Electron.app') ? join('..', '..', '..') : '';
  const electronDist = binary === null ? makeStub() : resolve(dirname(binary), deep);
  rmSync(join(root, 'dist', 'pack'), { recursive: true, force: true });
  const platform = process.platform === 'win32' ? '--win' : process.platform === 'darwin' ? '--mac' : '--linux';
  const cli = join(root, 'node_modules', 'electron-builder', 'cli.js');
  const args = [cli, platform, '--dir', '--publish', 'never', `-c.electronDist=${electronDist}`];
  const done = spawnSync(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, CSC_IDENTITY_AUTO_DISCOVERY: 'false' },
  });
  if (done.status !== 0) throw new Error(`electron-builder failed (${done.error?.message ?? done.status})`);
  const arch = process.arch === 'x64' ? '' : `-${process.arch}`;
  const name = { win32: `win${arch}-unpacked`, darwin: `mac${arch}` }[process.platform as string];
  return { dir: join(root, 'dist', 'pack', name ?? `linux${arch}-unpacked`), isStub: binary === null };
}

/**
 * The least that electron-builder takes for an Electron: a program by the right name with a fuse wire in it
 * (sentinel, version 1, eight fuses, all as Electron ships them), so that setting the fuses is tried for real.
 */
function makeStub(): string {
  const dir = join(root, 'dist', 'electron-stub');
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(join(dir, 'resources'), { recursive: true });
  const program =
    '#!/bin/sh\necho "This is a stub: the Electron binary was not there when BillMitra was packed." >&2\nexit 1\n';
  const wire = Buffer.concat([
    Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'),
    Buffer.from([1, 9]),
    Buffer.from('101100010'),
  ]);
  const name = process.platform === 'win32' ? 'electron.exe' : 'electron';
  writeFileSync(join(dir, name), Buffer.concat([Buffer.from(program), wire]), { mode: 0o755 });
  const manifest: { version: string } = JSON.parse(
    readFileSync(join(root, 'node_modules', 'electron', 'package.json'), 'utf8'),
  );
  writeFileSync(join(dir, 'version'), manifest.version);
  writeFileSync(join(dir, 'LICENSE'), 'stub\n');
  writeFileSync(join(dir, 'LICENSES.chromium.html'), 'stub\n');
  return dir;
}

async function main(): Promise<void> {
  const { dir, isStub } = await pack();
  console.log(dir);
  if (isStub) {
    console.error('STUB: the Electron binary is not here, so this package shows what it contains but cannot be run.');
  }
}

if (import.meta.main) await main();
