/**
 * The line to the till: keeps a connection, repeats what was under way when it broke, keeps feeds running.
 * Rule kept: a command carries its own key, so a repeat changes nothing twice; a refusal comes back as
 * data, a fault goes to the one fault panel. It never swallows an answer.
 */
import { ORPCError } from '@orpc/client';
import type { Fault } from '#contract/method.ts';
import type { DomainError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import { makeStore } from '../state/store.ts';
import { type Connection, openConnection, type TillClient } from './open-connection.ts';

export type Refusal = DomainError | { readonly type: 'Fault'; readonly incidentId: string };
export type Answer<T> = Result<T, Refusal>;

export const connectionStore = makeStore<{ readonly state: 'connecting' | 'open' | 'lost' }>({ state: 'connecting' });
export const faultStore = makeStore<{ readonly incidentId: string } | null>(null);

let current: Promise<Connection> | null = null;
let greet: (till: TillClient) => Promise<void> = () => Promise.resolve();
/** What each new connection says first (the login goes on, the window is claimed), before any other call. */
export const setGreeting = (greeting: (till: TillClient) => Promise<void>): void => {
  greet = greeting;
};
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function connect(): Promise<Connection> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      const connection = await openConnection();
      await greet(connection.client);
      connectionStore.set({ state: 'open' });
      void connection.closed.then(() => {
        current = null;
        connectionStore.set({ state: 'lost' });
        void connected();
      });
      return connection;
    } catch (error) {
      if (attempt > 0) connectionStore.set({ state: 'lost' });
      if (attempt === 20) console.warn('the till does not answer yet', error);
      await pause(Math.min(2_000, 60 * 1.6 ** attempt));
    }
  }
}

function connected(): Promise<Connection> {
  current ??= connect();
  return current;
}

export const newKey = (): string => crypto.randomUUID();

const refusalOf = (error: unknown): Refusal => {
  if (error instanceof ORPCError) {
    if (error.code === 'DOMAIN') return error.data as DomainError;
    if (error.code === 'FAULT') return { type: 'Fault', incidentId: (error.data as Fault).incidentId };
    if (error.code === 'BAD_REQUEST') return { type: 'InputInvalid', field: '', reason: error.message };
  }
  console.error(error);
  return { type: 'Fault', incidentId: '····' };
};

/** Asks the till; waits for the line where it is down, and repeats the same call when it breaks under way. */
export async function ask<T>(call: (till: TillClient) => Promise<T>): Promise<Answer<T>> {
  for (;;) {
    const connection = await connected();
    try {
      return ok(await call(connection.client));
    } catch (error) {
      const isTold = error instanceof ORPCError;
      if (!isTold) {
        await pause(20);
        if (!connection.isOpen()) continue;
      }
      const refusal = refusalOf(error);
      if (refusal.type === 'Fault') faultStore.set({ incidentId: refusal.incidentId });
      return err(refusal);
    }
  }
}

/** Follows a feed for as long as the page lives; starts it again, from its whole, after a break. */
export function follow<T>(
  open: (till: TillClient) => Promise<AsyncIterable<T>>,
  take: (event: T) => void,
): { readonly stop: () => void } {
  let isStopped = false;
  const run = async (): Promise<void> => {
    while (!isStopped) {
      const connection = await connected();
      try {
        for await (const event of await open(connection.client)) {
          if (isStopped) return;
          take(event);
        }
      } catch (error) {
        if (!isStopped && connection.isOpen()) console.warn('a feed broke and is opened again', error);
      }
      await pause(connection.isOpen() ? 250 : 20);
    }
  };
  void run();
  return {
    stop: () => {
      isStopped = true;
    },
  };
}
