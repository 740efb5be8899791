/**
 * Finds a Chromium for the tests that need a real screen; on Debian, as root, it installs one. Rule kept: it
 * downloads no browser of its own and never passes for found what is not there. Tests read `findChromium()`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

type Found = { readonly ok: true; readonly value: string } | { readonly ok: false; readonly error: string };

/** Flags that every headless run here shares; the sandbox needs rights that CI as root does not give. */
export const chromiumFlags: readonly string[] = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Path of a Chromium or Chrome: CHROME_PATH, then PATH, then where each platform keeps it; null if none. */
export function findChromium(): string | null {
  const env = process.env;
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome.exe'];
  const onPath = (env['PATH'] ?? '').split(delimiter).flatMap((dir) => names.map((name) => join(dir, name)));
  const windows = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap((name) => {
    const dir = env[name];
    return dir === undefined
      ? []
      : [
          join(dir, 'Google', 'Chrome', 'Application', 'chrome.exe'),
          join(dir, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
        ];
  });
  const mac = [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ];
  const asked = env['CHROME_PATH'];
  return (
    [...(asked === undefined ? [] : [asked]), ...onPath, ...windows, ...mac].find((path) => existsSync(path)) ?? null
  );
}

let attempt: Promise<Found> | undefined;

/** As findChromium, but installs Debian's where apt and root are at hand. Tried once a process. */
export function ensureChromium(): Promise<Found> {
  attempt ??= Promise.resolve().then(installWhenMissing);
  return attempt;
}

function installWhenMissing(): Found {
  const there = findChromium();
  if (there !== null) return { ok: true, value: there };
  const how = 'install Chromium or Chrome (Debian: apt-get install chromium), or set CHROME_PATH to its program';
  if (process.platform !== 'linux' || !existsSync('/usr/bin/apt-get'))
    return { ok: false, error: `no browser: ${how}` };
  if (process.getuid?.() !== 0) return { ok: false, error: `no browser, and only root may install one: ${how}` };
  console.log("  …installing Debian's chromium with apt-get (once)");
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args: readonly string[]) => spawnSync('apt-get', ['-qq', '-y', ...args], { env, encoding: 'utf8' });
  apt('update');
  const done = apt('install', '--no-install-recommends', 'chromium');
  const now = findChromium();
  if (now !== null) return { ok: true, value: now };
  return { ok: false, error: `apt-get could not install chromium (${done.stderr.trim().slice(-400)}): ${how}` };
}
