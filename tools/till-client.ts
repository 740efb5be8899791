/**
 * How a command line reaches a till: it joins the one that runs on the folder (its till.json), else hosts
 * one itself for as long as it needs it. Rule kept: it speaks only the contract, signed in by PIN like a
 * person; it never opens the database beside a running till.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { WebSocket } from 'ws';
import type { Clock } from '#core/time.ts';
import type { TillContract } from '#contract/till.ts';
import { startTill } from '#till/node.ts';

export type TillClient = ContractRouterClient<TillContract>;
export type Connected = {
  readonly client: TillClient;
  /** false: this process hosts the till. */
  readonly hasJoined: boolean;
  readonly close: () => Promise<void>;
};

export type ConnectOptions = {
  /** Six digits of whoever the tool acts for; the demo shop's owner and a shop without an owner need none. */
  readonly pin?: string | undefined;
  /** Only for a till this process hosts; a running one keeps its own clock. */
  readonly clock?: Clock | undefined;
};

type Address = { readonly port: number; readonly token: string };

function runningTill(shopDir: string): Address | null {
  try {
    return JSON.parse(readFileSync(join(shopDir, 'till.json'), 'utf8')) as Address;
  } catch (error) {
    // Where a file stands in the folder's place there is no till either; opening the shop says so.
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null;
    throw error;
  }
}

export async function openLink({ port, token }: Address): Promise<{ client: TillClient; socket: WebSocket } | null> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/rpc?token=${token}`);
  socket.binaryType = 'arraybuffer';
  const isOpen = await new Promise<boolean>((resolve) => {
    socket.once('open', () => resolve(true));
    socket.once('error', () => resolve(false));
  });
  if (!isOpen) return null;
  const link = new RPCLink({ websocket: socket as unknown as globalThis.WebSocket });
  return { client: createORPCClient<TillClient>(link), socket };
}

/** Joins or hosts, and signs in where somebody can. Throws an Error with a sentence. */
export async function connectTill(shopDir: string, options: ConnectOptions = {}): Promise<Connected> {
  const address = runningTill(shopDir);
  const joined = address === null ? null : await openLink(address);
  const connected =
    joined === null ? await host(shopDir, options) : { ...joined, hasJoined: true, stop: async () => undefined };
  await signIn(connected.client, options.pin ?? process.env['BILLMITRA_PIN']);
  return {
    client: connected.client,
    hasJoined: connected.hasJoined,
    close: async () => {
      connected.socket.close();
      await connected.stop();
    },
  };
}

async function host(shopDir: string, options: ConnectOptions) {
  const server = createServer();
  await new Promise<void>((done) => server.listen({ host: '127.0.0.1', port: 0 }, done));
  const started = await startTill({ shopDir, server, rendererDir: null, demo: false, clock: options.clock }).catch(
    (error: unknown) => {
      server.close();
      throw error;
    },
  );
  const { port } = server.address() as { port: number };
  const link = await openLink({ port, token: started.token });
  if (link === null) throw new Error('the till was started but does not answer');
  return { ...link, hasJoined: false, stop: started.close };
}

async function signIn(client: TillClient, pin: string | undefined): Promise<void> {
  const people = await client.staff.list();
  if (people.length === 0) return;
  const shop = await client.shop.get();
  const owner = people.find((p) => p.role === 'owner');
  const demoPin = shop.demoPins.find((p) => p.name === owner?.name)?.pin;
  const used = pin ?? demoPin;
  if (used === undefined) return;
  await client.staff.signIn({ staffId: null, pin: used });
}
