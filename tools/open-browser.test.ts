/** Each platform's way to open an address, and where Electron's binary is looked for. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { electronBinary } from './electron-binary.ts';
import { openerOf } from './open-browser.ts';

it('keeps an address with & in one piece on Windows', () => {
  expect(openerOf('win32', 'http://x/?a=1&b=2').args).toEqual(['url.dll,FileProtocolHandler', 'http://x/?a=1&b=2']);
  expect(openerOf('darwin', 'http://x/').command).toBe('open');
  expect(openerOf('linux', 'http://x/').command).toBe('xdg-open');
});

it('finds Electron only where its program is', () => {
  vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', undefined);
  const root = mkdtempSync(join(tmpdir(), 'billmitra-electron-'));
  const dist = join(root, 'node_modules', 'electron', 'dist');
  mkdirSync(dist, { recursive: true });
  expect(electronBinary(root)).toBeNull();
  writeFileSync(join(dist, 'electron.exe'), '');
  expect(electronBinary(root)).toBe(join(dist, 'electron.exe'));
  vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', join(root, 'nowhere'));
  expect(electronBinary(root)).toBeNull();
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true });
});
