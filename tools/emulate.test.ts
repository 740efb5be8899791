/** The tool as a person starts it: a device, its page, its buttons. The devices themselves are tested in hardware/. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { get, request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import type { DeskView } from './emulate/desk.ts';
import { ensureSocat } from './socat.ts';

let child: ChildProcess | null = null;
afterEach(() => child?.kill());

type Started = { readonly place: string; readonly url: string };
async function start(...words: readonly string[]): Promise<Started> {
  const run = spawn(process.execPath, [join(import.meta.dirname, 'emulate.ts'), ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child = run;
  const said: string[] = [];
  createInterface({ input: run.stdout }).on('line', (line) => void said.push(line));
  await expect.poll(() => said.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(2);
  const [first = '', second = ''] = said;
  return { place: first.slice(first.lastIndexOf(': ') + 2), url: second.slice(second.indexOf('http')) };
}
/** What the page is told first when it is opened. */
const viewOf = (url: string): Promise<DeskView> =>
  new Promise((resolve, reject) => {
    get(`${url}events`, (response) => {
      response.once('data', (chunk: Buffer) => {
        response.destroy();
        resolve(JSON.parse(chunk.toString().slice('data: '.length)) as DeskView);
      });
    }).once('error', reject);
  });
const use = async (url: string, id: string, body = ''): Promise<number> =>
  (await fetch(`${url}use/${id}`, { method: 'POST', body })).status;
const socketTo = (place: string) => connect(Number(place.split(':')[1]), '127.0.0.1');

describe('npm run emulate', { timeout: 15_000 }, () => {
  it('printer: the paper is on the page, a button takes it out', async () => {
    const { place, url } = await start('printer', '--tcp', '0', '--speed', '3000');
    expect(await (await fetch(url)).text()).toContain('Receipt printer, 80 mm');
    const socket = socketTo(place);
    socket.write('\x1b@hello\n\x1dV\x42\x00');
    await expect.poll(async () => (await viewOf(url)).papers.map(({ id }) => id)).toEqual(['1']);
    const png = Buffer.from(await (await fetch(`${url}paper/1`)).arrayBuffer());
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect(await use(url, 'paper')).toBe(204);
    expect(await viewOf(url)).toMatchObject({ isTrouble: true, state: 'paper out · 3000 mm/s' });
    socket.write(Buffer.from([0x10, 0x04, 4]));
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer).toEqual(Buffer.of(0x72));
    socket.destroy();
    expect(await use(url, 'nothing')).toBe(404);
  });

  it('answers no page but its own', async () => {
    const { url } = await start('display', '--tcp', '0');
    const { port } = new URL(url);
    const asked = request({ host: '127.0.0.1', port, headers: { host: 'evil.example' } }).end();
    const [response] = (await once(asked, 'response')) as [{ readonly statusCode: number }];
    expect(response.statusCode).toBe(403);
    const foreign = await fetch(`${url}use/cut`, { method: 'POST', headers: { origin: 'http://evil.example' } });
    expect(foreign.status).toBe(403);
  });

  it('scanner: a code that is sent goes out with its end', async () => {
    const { place, url } = await start('scanner', '--tcp', '0', '--kind', 'crlf');
    const socket = socketTo(place);
    await once(socket, 'connect');
    await expect.poll(async () => (await use(url, 'scan', '8901725181222'), socket.readableLength)).toBeGreaterThan(0);
    expect(String(socket.read())).toMatch(/^8901725181222\r\n/);
    socket.destroy();
  });

  const socat = ensureSocat();
  it.skipIf(!socat.ok)(`scale on a serial port of its own${socat.ok ? '' : ` (${socat.error})`}`, async () => {
    const { place, url } = await start('scale', '--pty');
    expect(place).toContain('right');
    expect(await use(url, 'kg', '1.235')).toBe(204);
    await expect.poll(async () => (await viewOf(url)).face).toContain('1.235 kg');
    expect(await use(url, 'kg', 'much')).toBe(404);
  });

  it('says how it is used', async () => {
    const run = spawn(process.execPath, [join(import.meta.dirname, 'emulate.ts'), 'toaster'], { stdio: 'ignore' });
    expect(await once(run, 'exit')).toEqual([2, null]);
  });
});
