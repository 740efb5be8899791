/**
 * socat: makes pairs of serial ports out of nothing (pseudo terminals), for the tests of serial devices and for an
 * emulator that sits on a port. Rule kept: what needs it says how to get it and never passes without it. On Debian,
 * as root, it is installed; Windows has no such thing and no pty.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, constants, existsSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

type Found = { readonly ok: true; readonly value: string } | { readonly ok: false; readonly error: string };

/** What a person does to get it. */
export const howToGetSocat = 'install socat (Debian: apt-get install socat; macOS: brew install socat)';

/** Path of socat on PATH; null where there is none, and always on Windows. */
export function findSocat(): string | null {
  if (process.platform === 'win32') return null;
  const paths = (process.env['PATH'] ?? '').split(delimiter).map((dir) => join(dir, 'socat'));
  return paths.find((path) => existsSync(path)) ?? null;
}

let attempt: Found | undefined;

/** As findSocat, but installs Debian's where apt and root are at hand. Tried once a process. */
export function ensureSocat(): Found {
  attempt ??= installWhenMissing();
  return attempt;
}

function installWhenMissing(): Found {
  const there = findSocat();
  if (there !== null) return { ok: true, value: there };
  if (process.platform === 'win32') return { ok: false, error: 'no pseudo terminals on Windows' };
  if (process.platform !== 'linux' || !existsSync('/usr/bin/apt-get'))
    return { ok: false, error: `no socat: ${howToGetSocat}` };
  if (process.getuid?.() !== 0) return { ok: false, error: `no socat, and only root may install it: ${howToGetSocat}` };
  console.log("  …installing Debian's socat with apt-get (once)");
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args: readonly string[]) => spawnSync('apt-get', ['-qq', '-y', ...args], { env, encoding: 'utf8' });
  apt('update');
  const done = apt('install', '--no-install-recommends', 'socat');
  const now = findSocat();
  if (now !== null) return { ok: true, value: now };
  return { ok: false, error: `apt-get could not install socat (${done.stderr.trim().slice(-400)}): ${howToGetSocat}` };
}

export type PtyPair = {
  /** Two paths that behave like the two ends of a null-modem cable. No modem lines; at most about 4 KB wait unread. */
  readonly left: string;
  readonly right: string;
  /** Pulls the cable: both ends hang up and both paths are gone. Resolves when it is so. */
  readonly cut: () => Promise<void>;
  /** After a cut: new ports at the same two paths, as an adapter that was plugged in again. */
  readonly replug: () => Promise<void>;
  /** Cuts and tidies. Idempotent. */
  readonly close: () => Promise<void>;
};

/**
 * Two joined pseudo terminals, raw. Each end may be opened and closed any number of times: this process holds both
 * open (it never reads), for socat would end at the first hang-up. Throws where socat is missing: ask first.
 */
export async function openPtyPair(): Promise<PtyPair> {
  const socat = findSocat();
  if (socat === null) throw new Error(`no socat: ${howToGetSocat}`);
  const dir = mkdtempSync(join(tmpdir(), 'billmitra-pty-'));
  const [left, right] = [join(dir, 'left'), join(dir, 'right')];
  let child: ChildProcess | null = null;
  let held: readonly number[] = [];

  const plug = async (): Promise<void> => {
    const run = spawn(socat, [`pty,raw,echo=0,link=${left}`, `pty,raw,echo=0,link=${right}`], { stdio: 'ignore' });
    child = run;
    for (let tries = 0; !(existsSync(left) && existsSync(right)); tries += 1) {
      if (tries > 1_000 || run.exitCode !== null) throw new Error('socat made no pseudo terminals');
      await sleep(5);
    }
    held = [left, right].map((path) => openSync(path, constants.O_RDWR | constants.O_NOCTTY));
  };
  const cut = async (): Promise<void> => {
    const run = child;
    child = null;
    // The names first: a number under /dev/pts is soon somebody else's.
    for (const path of [left, right]) rmSync(path, { force: true });
    for (const fd of held) closeSync(fd);
    held = [];
    if (run === null || run.exitCode !== null || run.signalCode !== null) return;
    const gone = new Promise((resolve) => run.once('exit', resolve));
    run.kill('SIGKILL');
    await gone;
  };
  await plug();
  return {
    left,
    right,
    cut,
    replug: async () => {
      await cut();
      await plug();
    },
    close: async () => {
      await cut();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
