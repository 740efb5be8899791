import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { lanHosts, probeNetworkPrinters } from './probe-network.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});
/** A printer at a loopback address; every 127.x.y.z is this machine on Linux. */
async function printerAt(host: string, port = 0): Promise<{ readonly port: number; readonly heard: () => number }> {
  let heard = 0;
  const server = createServer((socket) => {
    socket.on('data', (bytes: Buffer) => {
      heard += bytes.length;
    });
    socket.on('error', () => {});
  });
  servers.push(server);
  await new Promise<void>((resolve) => void server.listen(port, host, () => resolve()));
  return { port: (server.address() as AddressInfo).port, heard: () => heard };
}

it('asks the other addresses of its own private nets only', () => {
  const one = (address: string, more: object = {}) =>
    ({ address, family: 'IPv4', internal: false, netmask: '', mac: '', cidr: null, ...more }) as never;
  const hosts = lanHosts({
    lo: [one('127.0.0.1', { internal: true })],
    eth0: [one('192.168.1.20'), one('fe80::1', { family: 'IPv6' })],
    wan: [one('203.0.113.5')],
  });
  expect(hosts.length).toBe(253);
  expect([hosts[0], hosts.at(-1), hosts.includes('192.168.1.20')]).toEqual(['192.168.1.1', '192.168.1.254', false]);
  expect(lanHosts({ wan: [one('203.0.113.5'), one('172.32.0.1')] })).toEqual([]);
});

it.skipIf(process.platform !== 'linux')('finds who takes a call, sends nothing, and tells how far it is', async () => {
  const { port, heard } = await printerAt('127.0.0.3');
  await printerAt('127.0.0.7', port);
  const hosts = Array.from({ length: 10 }, (_, at) => `127.0.0.${at + 1}`);
  const steps: [number, number][] = [];
  const found = await probeNetworkPrinters(hosts, {
    port,
    ms: 2_000,
    atOnce: 3,
    onProgress: (asked, total) => steps.push([asked, total]),
  });
  expect(found).toEqual(['127.0.0.3', '127.0.0.7']);
  expect(steps).toEqual(hosts.map((_, at) => [at + 1, 10]));
  expect(heard()).toBe(0);
});

it('stops when the person leaves, with what it has', async () => {
  const { port } = await printerAt('127.0.0.1');
  const leave = new AbortController();
  const hosts = Array.from({ length: 500 }, () => '127.0.0.1');
  let asked = 0;
  const found = await probeNetworkPrinters(hosts, {
    port,
    atOnce: 1,
    signal: leave.signal,
    onProgress: (now) => {
      asked = now;
      if (now === 5) leave.abort();
    },
  });
  expect(asked).toBe(5);
  expect(found).toContain('127.0.0.1');
  expect(await probeNetworkPrinters(hosts, { port, signal: leave.signal })).toEqual([]);
});
