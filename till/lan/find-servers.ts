/**
 * Looks for a head office on the local network, by name (one-shot multicast DNS, RFC 6762 §5.1). Rule kept: it asks only
 * when a person wants to join, for a moment, from a port of its own; an answer is a place to ask, never a proof of who
 * is there: the code decides.
 */
import { createSocket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import type { FoundServer } from '#contract/till-sync.ts';
import { readServiceAnswer, serviceQuestion } from '#core/lan/dns-message.ts';

type Target = { readonly address: string; readonly port: number };
const mdns: Target = { address: '224.0.0.251', port: 5_353 };

/** This PC's own networks: on each of them is asked. */
const ownNetworks = (): readonly string[] =>
  Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .filter((one) => one.family === 'IPv4' && !one.internal)
    .map((one) => one.address);

/** Never throws; no network and nobody there are the same: none. */
export async function findServers(waitMs = 1_500, target: Target = mdns): Promise<readonly FoundServer[]> {
  const found = new Map<string, FoundServer>();
  const from = target === mdns ? ownNetworks() : ['127.0.0.1'];
  const sockets = from.map((address) => {
    const socket = createSocket('udp4');
    socket.on('error', () => undefined);
    socket.on('message', (bytes, sender) => {
      const service = readServiceAnswer(bytes);
      if (service === null) return;
      // Of several addresses the one that answered is reached for certain.
      const host = service.addresses.includes(sender.address)
        ? sender.address
        : (service.addresses[0] ?? sender.address);
      const url = `http://${host}:${service.port}`;
      if (!found.has(service.name)) found.set(service.name, { name: service.name, url });
    });
    socket.bind(0, address, () => {
      try {
        if (target === mdns) socket.setMulticastInterface(address);
        const question = serviceQuestion(1);
        const ask = (): void => socket.send(question, target.port, target.address, () => undefined);
        ask();
        // Lost in the air now and then: asked twice.
        setTimeout(ask, waitMs / 3).unref();
      } catch {
        // A network that went meanwhile answers nothing.
        return;
      }
    });
    return socket;
  });
  await new Promise<void>((done) => setTimeout(done, waitMs));
  for (const socket of sockets) socket.close();
  return [...found.values()].toSorted((a, b) => a.name.localeCompare(b.name));
}
