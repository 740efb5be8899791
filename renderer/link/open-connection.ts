/**
 * One connection to the till: a WebSocket to the page's own host, or the MessagePort that the Electron
 * preload hands over. Rule kept: the same contract on both; it never retries, that is till-link's work.
 */
import { createORPCClient } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import type { TillContract } from '#contract/till.ts';

export type TillClient = ContractRouterClient<TillContract>;
export type Connection = {
  readonly client: TillClient;
  readonly isOpen: () => boolean;
  /** Settles when the connection is lost. */
  readonly closed: Promise<void>;
};

declare global {
  interface Window {
    /** Set by the Electron preload: the port itself can't cross its bridge, so it is asked for. */
    readonly billmitra?: { readonly requestTillPort: () => void } | undefined;
  }
}

const tokenOf = (page: Document): string =>
  page.querySelector<HTMLMetaElement>('meta[name="billmitra-token"]')?.content ?? '';
const programOf = (page: Document): string =>
  page.querySelector('script[type="module"][src]')?.getAttribute('src') ?? '';

let token = tokenOf(document);

/**
 * A till that was started anew knows the old page's token no more: the page it serves now says the new one. Where it
 * serves another version of the screens, this one gives way to it.
 */
async function readTokenAgain(): Promise<void> {
  const answer = await fetch(window.location.href, { cache: 'no-store' });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const [now, here] = [programOf(page), programOf(document)];
  if (tokenOf(page) === '') return;
  if (now !== here) window.location.reload();
  token = tokenOf(page);
}

/** The shell answers with a message event of this very window that carries the port. */
function portFromShell(request: () => void): Promise<MessagePort> {
  return new Promise((resolve) => {
    const take = (event: MessageEvent): void => {
      const port = event.ports[0];
      if (event.source !== window || event.data !== 'billmitra:till-port' || port === undefined) return;
      window.removeEventListener('message', take);
      resolve(port);
    };
    window.addEventListener('message', take);
    request();
  });
}

async function openPort(waiting: Promise<MessagePort>): Promise<Connection> {
  const port = await waiting;
  let open = true;
  const closed = new Promise<void>((resolve) => {
    port.addEventListener('close', () => {
      open = false;
      resolve();
    });
  });
  const client = createORPCClient<TillClient>(new PortLink({ port }));
  port.start();
  return { client, isOpen: () => open, closed };
}

function openSocket(): Promise<Connection> {
  const url = new URL('rpc', window.location.href);
  url.protocol = url.protocol.replace('http', 'ws');
  url.search = new URLSearchParams({ token }).toString();
  const socket = new WebSocket(url);
  socket.binaryType = 'arraybuffer';
  return new Promise((resolve, reject) => {
    const closed = new Promise<void>((lost) => {
      socket.addEventListener('close', () => {
        lost();
        // Refused or not there: the next try comes with the token of whoever answers by then.
        readTokenAgain()
          .catch(() => undefined)
          .finally(() => reject(new Error('the till does not answer')));
      });
    });
    socket.addEventListener('open', () => {
      const client = createORPCClient<TillClient>(new SocketLink({ websocket: socket }));
      resolve({ client, isOpen: () => socket.readyState === WebSocket.OPEN, closed });
    });
  });
}

export const openConnection = (): Promise<Connection> =>
  window.billmitra === undefined ? openSocket() : openPort(portFromShell(window.billmitra.requestTillPort));
