/**
 * Where a shop's folder lies when nobody says: each platform's own place for a program's data. Rule kept: only
 * a path is answered, from values handed in; nothing is made or read here.
 */
import { posix, win32 } from 'node:path';

export type Machine = {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
};

/** Absolute path: %LOCALAPPDATA%\BillMitra, ~/Library/Application Support/BillMitra, $XDG_DATA_HOME/billmitra. */
export function defaultShopDir({ platform, env, home }: Machine): string {
  if (platform === 'win32') return win32.join(env['LOCALAPPDATA'] || win32.join(home, 'AppData', 'Local'), 'BillMitra');
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', 'BillMitra');
  // XDG base directory specification: a relative path there is to be ignored.
  const xdg = env['XDG_DATA_HOME'];
  return posix.join(xdg?.startsWith('/') ? xdg : posix.join(home, '.local', 'share'), 'billmitra');
}
