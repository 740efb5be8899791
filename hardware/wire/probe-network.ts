/**
 * Looks for printers on the shop's own network: who takes a call on port 9100. Rule kept: only when a person asks, only
 * addresses of this PC's own /24, a few at a time, nothing is ever sent; it stops at once when the person leaves.
 */
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';

/** Raw printing (JetDirect). */
export const rawPort = 9_100;

export type ProbeOptions = {
  readonly port?: number;
  /** How long one address may take. On a LAN an answer comes within a few ms. */
  readonly ms?: number;
  readonly atOnce?: number;
  readonly signal?: AbortSignal | undefined;
  /** Called after each address. */
  readonly onProgress?: (asked: number, total: number, found: readonly string[]) => void;
};

/** Private IPv4 ranges (RFC 1918) and link-local (RFC 3927): a shop's own network. */
const isPrivate = (address: string): boolean => /^(10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.)/.test(address);

/** The other 253 addresses beside each of this PC's own private ones; `own` as os.networkInterfaces gives it. */
export function lanHosts(own: ReturnType<typeof networkInterfaces> = networkInterfaces()): readonly string[] {
  const mine = Object.values(own)
    .flatMap((addresses) => addresses ?? [])
    .filter((one) => one.family === 'IPv4' && !one.internal && isPrivate(one.address))
    .map((one) => one.address);
  const nets = new Set(mine.map((address) => address.slice(0, address.lastIndexOf('.'))));
  return [...nets]
    .flatMap((net) => Array.from({ length: 254 }, (_, at) => `${net}.${at + 1}`))
    .filter((host) => !mine.includes(host));
}

function answers(host: string, port: number, ms: number, signal: AbortSignal | undefined): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (isThere: boolean): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      // A reset frees the printer's one connection at once.
      if (isThere) socket.resetAndDestroy();
      else socket.destroy();
      resolve(isThere);
    };
    const onAbort = (): void => end(false);
    const timer = setTimeout(() => end(false), ms);
    signal?.addEventListener('abort', onAbort, { once: true });
    socket.once('connect', () => end(true));
    socket.on('error', () => end(false));
  });
}

/** Hosts that take a call, in the order asked. Resolves early with what was found when the signal aborts. */
export async function probeNetworkPrinters(
  hosts: readonly string[],
  { port = rawPort, ms = 400, atOnce = 32, signal, onProgress }: ProbeOptions = {},
): Promise<readonly string[]> {
  const found = new Set<string>();
  let next = 0;
  let asked = 0;
  const inOrder = (): readonly string[] => hosts.filter((host) => found.has(host));
  const isOver = (): boolean => signal?.aborted === true;
  const worker = async (): Promise<void> => {
    for (let host = hosts[next]; host !== undefined && !isOver(); host = hosts[next]) {
      next += 1;
      if (await answers(host, port, ms, signal)) found.add(host);
      if (isOver()) return;
      asked += 1;
      onProgress?.(asked, hosts.length, inOrder());
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, hosts.length) }, worker));
  return inOrder();
}
