/**
 * Says on the local network that head office is here, by its shop's name (multicast DNS, RFC 6762; service discovery,
 * RFC 6763). Rule kept: it names itself and its addresses, nothing of the shop's business; a network that allows no
 * multicast costs nothing but this: the address is typed then.
 */
import { createSocket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import { readServiceQuestion, serviceAnswer } from '#core/lan/dns-message.ts';
import { logEvent } from '../http/log.ts';

const group = '224.0.0.251';
const mdnsPort = 5_353;
const ttlSeconds = 120;

export type AnnounceOptions = {
  readonly name: string;
  /** Where head office answers HTTP. */
  readonly port: number;
  /** Tests: another port, on loopback alone, without multicast. */
  readonly listen?: { readonly host: string; readonly port: number } | undefined;
};
export type Announcement = { readonly port: number; readonly stop: () => Promise<void> };

export const ownAddresses = (): readonly string[] =>
  Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .filter((one) => one.family === 'IPv4' && !one.internal)
    .map((one) => one.address);

/** null: the network does not let us. */
export async function announce({ name, port, listen }: AnnounceOptions): Promise<Announcement | null> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  const addresses = listen === undefined ? ownAddresses() : [listen.host];
  const say = (to: { port: number; address: string }, ttl: number, asked: { readonly id: number } | null): void =>
    socket.send(serviceAnswer({ name, port, addresses }, ttl, asked), to.port, to.address, () => undefined);
  const toAll = (ttl: number): void => {
    if (listen === undefined) say({ port: mdnsPort, address: group }, ttl, null);
  };
  socket.on('message', (bytes, from) => {
    const asked = readServiceQuestion(bytes);
    if (asked === null) return;
    // Whoever asks from a port of its own is answered there (RFC 6762 §6.7).
    if (from.port === mdnsPort) toAll(ttlSeconds);
    else say(from, ttlSeconds, asked);
  });
  try {
    await new Promise<void>((done, fail) => {
      socket.once('error', fail);
      socket.bind(listen?.port ?? mdnsPort, listen?.host ?? '0.0.0.0', () => {
        socket.off('error', fail);
        done();
      });
    });
    if (listen === undefined) for (const address of addresses) socket.addMembership(group, address);
  } catch (error) {
    logEvent('notAnnounced', { message: error instanceof Error ? error.message : String(error) });
    socket.close();
    return null;
  }
  socket.on('error', () => undefined);
  toAll(ttlSeconds);
  const again = setTimeout(() => toAll(ttlSeconds), 1_000);
  return {
    port: socket.address().port,
    stop: async () => {
      clearTimeout(again);
      toAll(0);
      await new Promise<void>((done) => socket.close(() => done()));
    },
  };
}
