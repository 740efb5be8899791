/**
 * Where Electron's binary lies, if it was ever downloaded. Rule kept: it only looks; importing the electron
 * package from plain Node would try to download it.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Absolute path of the program, or null. ELECTRON_OVERRIDE_DIST_PATH is Electron's own way to point elsewhere. */
export function electronBinary(root: string): string | null {
  const home = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(root, 'node_modules', 'electron', 'dist');
  const names = ['electron.exe', 'electron', join('Electron.app', 'Contents', 'MacOS', 'Electron')];
  return names.map((name) => join(home, name)).find((path) => existsSync(path)) ?? null;
}
