/**
 * The way in, in a made-up checkout without node_modules: packages are installed once, stdout stays the tool's,
 * exit code and signals pass through. It uses the real npm, with a lockfile that names no package.
 */
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'billmitra-install-'));
  mkdirSync(join(root, 'tools'));
  mkdirSync(join(root, 'home'));
  for (const file of ['install.mjs', 'run.mjs'])
    copyFileSync(join(import.meta.dirname, file), join(root, 'tools', file));
  writeFileSync(
    join(root, 'tools', 'hello.ts'),
    "const x: string = process.argv.slice(2).join('+');\nconsole.log(x);\n",
  );
  writeFileSync(join(root, 'tools', 'seven.ts'), 'process.exit(7 as number);\n');
  writeFileSync(join(root, 'tools', 'wait.ts'), "console.log('up');\nsetInterval(() => {}, 1000);\n");
  writeLock('1.0.0');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function writeLock(version: string, more: object = {}): void {
  const own = { name: 'made-up', version };
  writeFileSync(join(root, 'package.json'), JSON.stringify({ ...own, private: true, type: 'module' }));
  writeFileSync(
    join(root, 'package-lock.json'),
    JSON.stringify({ ...own, lockfileVersion: 3, packages: { '': own, ...more } }),
  );
}

const env = () => ({ ...process.env, HOME: join(root, 'home'), npm_config_offline: 'true' });
const run = (...args: readonly string[]) =>
  spawnSync(process.execPath, [join(root, 'tools', 'run.mjs'), ...args], { encoding: 'utf8', env: env() });

describe('a fresh clone', () => {
  it('installs once, to stderr; stdout belongs to the tool', () => {
    const first = run('tools/hello.ts', 'a b', 'ü₹');
    expect(first.stdout).toBe('a b+ü₹\n');
    expect(first.stderr).toContain('packages installed');
    const second = run('tools/hello.ts', 'again');
    expect([second.stdout, second.stderr, second.status]).toEqual(['again\n', '', 0]);
  });
  it('installs anew when the lockfile has changed', () => {
    run('tools/hello.ts');
    writeLock('1.0.1');
    expect(run('tools/hello.ts').stderr).toContain('packages installed');
  });
  it("believes npm's own record when somebody ran npm by hand, another platform's packages apart", () => {
    const entry = (more: object) => ({ version: '1.0.0', ...more });
    const wanted = {
      'node_modules/a': entry({}),
      'node_modules/elsewhere': entry({ optional: true, os: ['nowhere'] }),
      'node_modules/behind-it': entry({ optional: true }),
    };
    writeLock('1.0.0', wanted);
    mkdirSync(join(root, 'node_modules'));
    const record = (packages: object) =>
      writeFileSync(join(root, 'node_modules', '.package-lock.json'), JSON.stringify({ packages }));
    record({ 'node_modules/a': entry({}) });
    expect(run('tools/hello.ts').stderr).toBe('');
    rmSync(join(root, 'node_modules', '.billmitra-installed'));
    record({ 'node_modules/a': { version: '0.9.0' } });
    expect(run('tools/hello.ts').stderr).toContain('installing packages');
  });
  it('says so when npm fails, and does not go on', () => {
    writeFileSync(
      join(root, 'package.json'),
      JSON.stringify({ name: 'made-up', dependencies: { 'left-out': '1.0.0' } }),
    );
    const refused = run('tools/hello.ts');
    expect([refused.status, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toContain('npm ci failed');
    expect(existsSync(join(root, '.installing'))).toBe(false);
  });
  it('lets two commands at once install one after the other', async () => {
    const both = [0, 1].map(
      () =>
        new Promise<string>((done) => {
          const child = spawn(process.execPath, [join(root, 'tools', 'run.mjs'), 'tools/hello.ts'], { env: env() });
          let text = '';
          child.stderr.on('data', (chunk: Buffer) => {
            text += chunk.toString();
          });
          child.once('exit', () => done(text));
        }),
    );
    const installed = (await Promise.all(both)).filter((text) => text.includes('packages installed'));
    expect(installed).toHaveLength(1);
  });
});

describe('a tool', () => {
  it('passes its exit code on', () => {
    expect(run('tools/seven.ts').status).toBe(7);
  });
  it('must be named', () => {
    expect(run()).toMatchObject({ status: 2, stdout: '' });
  });
  it.skipIf(process.platform === 'win32')(
    'is ended by a signal to its parent (Windows has no signals: skipped there)',
    async () => {
      const child = spawn(process.execPath, [join(root, 'tools', 'run.mjs'), 'tools/wait.ts'], { env: env() });
      await new Promise((done) => child.stdout.once('data', done));
      child.kill('SIGTERM');
      const ended = await new Promise((done) => child.once('exit', (code, signal) => done({ code, signal })));
      expect(ended).toEqual({ code: null, signal: 'SIGTERM' });
    },
  );
  it.skipIf(process.platform === 'win32')(
    'ends when npm is ended (Windows has no signals: skipped there)',
    async () => {
      // As npm does it: a shell that does not hand its signal on to what it runs.
      const line = `"${process.execPath}" "${join(root, 'tools', 'run.mjs')}" tools/wait.ts; true`;
      const shell = spawn('sh', ['-c', line], { env: { ...env(), npm_lifecycle_event: 'start' } });
      const closed = new Promise((done) => shell.stdout.once('close', done));
      await new Promise((done) => shell.stdout.once('data', done));
      shell.kill('SIGTERM');
      // The pipe closes when the last process that holds it has ended.
      await closed;
    },
  );
});
