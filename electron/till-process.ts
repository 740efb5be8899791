/**
 * The till inside Electron: the same program as in plain Node, in a utility process, reached over ports. Rule
 * kept: it only assembles the till and hands it each port; what is said over a port is the contract's business.
 */
import { parseArgs } from 'node:util';
import type { MessageEvent as PortEvent } from 'electron';
import { assemble } from '#till/assemble.ts';

const { values } = parseArgs({ options: { shop: { type: 'string' } }, strict: false });
const till = await assemble({ shopDir: typeof values.shop === 'string' ? values.shop : undefined });

process.parentPort.on('message', (event: PortEvent) => {
  const message: unknown = event.data;
  const type = typeof message === 'object' && message !== null && 'type' in message ? message.type : undefined;
  const port = event.ports[0];
  if ((type === 'port' || type === 'customerPort') && port !== undefined) {
    if (type === 'port') till.upgrade(port);
    else till.upgradeCustomer(port);
    port.start();
  } else if (type === 'close') {
    void till.close().finally(() => process.exit(0));
  }
});
