/**
 * A printer behind a Windows print queue, written raw: how most shops' receipt printer hangs on its PC. Rule kept: one
 * open wire is one document, ended by closing and taken back when it broke, so a half receipt never waits in the
 * queue to be printed later; a queue that is off or paused is not written to, for it would print by surprise. It
 * can't be read: onData never calls. UNTRIED ON WINDOWS: tested against a fake spooler.
 */
import { err, ok, type Result } from '#core/result.ts';
import { type Link, makeWire } from './make-wire.ts';
import { loadWinspool, type QueueHandle, type QueueInfo, type QueueState, type Winspool } from './winspool.ts';
import type { Wire, WireTrouble } from './wire.ts';

const chunkBytes = 4_096;
/** Shown in Windows' list of jobs. */
const title = 'BillMitra';

/** PRINTER_STATUS_* (winspool.h). */
const statusBit = {
  paused: 0x0000_0001,
  error: 0x0000_0002,
  paperJam: 0x0000_0008,
  paperOut: 0x0000_0010,
  paperProblem: 0x0000_0040,
  offline: 0x0000_0080,
  notAvailable: 0x0000_1000,
  userIntervention: 0x0010_0000,
  doorOpen: 0x0040_0000,
} as const;
/** PRINTER_ATTRIBUTE_WORK_OFFLINE: "Use printer offline", which Windows also sets itself when USB is pulled. */
const workOffline = 0x0000_0400;

export type QueueCondition = 'ready' | 'offline' | 'paused' | 'paperOut' | 'coverOpen' | 'error';

/** As far as the driver tells the queue; many raw drivers tell nothing and are always ready. */
export function queueCondition({ status, attributes }: QueueState): QueueCondition {
  const has = (bits: number): boolean => (status & bits) !== 0;
  if (has(statusBit.offline | statusBit.notAvailable) || (attributes & workOffline) !== 0) return 'offline';
  if (has(statusBit.paused)) return 'paused';
  if (has(statusBit.paperOut)) return 'paperOut';
  if (has(statusBit.doorOpen)) return 'coverOpen';
  if (has(statusBit.error | statusBit.paperJam | statusBit.paperProblem | statusBit.userIntervention)) return 'error';
  return 'ready';
}

/** Codes of winerror.h. */
export function queueTrouble(code: number): WireTrouble {
  switch (code) {
    case 5: // ERROR_ACCESS_DENIED
      return 'noPermission';
    case 1_722: // RPC_S_SERVER_UNAVAILABLE: the spooler service is stopped
    case 1_723: // RPC_S_SERVER_TOO_BUSY
      return 'refused';
    case 1_797: // ERROR_UNKNOWN_PRINTER_DRIVER
    case 1_804: // ERROR_INVALID_DATATYPE: a driver (v4) that takes no RAW
      return 'unsupported';
    default:
      // 1801 ERROR_INVALID_PRINTER_NAME, 1905 ERROR_PRINTER_DELETED.
      return 'absent';
  }
}

function linkOf(spooler: Winspool, queue: QueueHandle): Link {
  let document: 'none' | 'open' | 'ended' = 'none';
  const send = async (chunk: Uint8Array): Promise<WireTrouble | null> => {
    if (document === 'none') {
      const started = await spooler.startDocument(queue, title);
      if (!started.ok) return queueTrouble(started.error);
      document = 'open';
    }
    for (let at = 0; at < chunk.length; ) {
      const took = await spooler.writeBytes(queue, chunk.subarray(at));
      if (took <= 0) return 'broken';
      at += took;
    }
    return null;
  };
  return {
    chunkBytes,
    send,
    drain: async () => {
      if (document === 'open' && (await spooler.endDocument(queue))) document = 'ended';
    },
    free: async () => {
      if (document === 'open') await spooler.abortDocument(queue);
      await spooler.closePrinter(queue);
    },
  };
}

const withQueue = async <T>(
  name: string,
  load: () => Promise<Winspool | null>,
  use: (spooler: Winspool, queue: QueueHandle) => Promise<Result<T, WireTrouble>>,
): Promise<Result<T, WireTrouble>> => {
  const spooler = await load();
  if (spooler === null) return err('unsupported');
  const queue = await spooler.openPrinter(name);
  return queue.ok ? use(spooler, queue.value) : err(queueTrouble(queue.error));
};

/** `load`: the spooler, so that a test can bring a fake one. */
export function openQueueWire(
  name: string,
  load: () => Promise<Winspool | null> = loadWinspool,
): Promise<Result<Wire, WireTrouble>> {
  return withQueue(name, load, async (spooler, queue) => {
    const state = await spooler.readState(queue);
    const condition = state === null ? 'ready' : queueCondition(state);
    if (condition === 'offline' || condition === 'paused') {
      await spooler.closePrinter(queue);
      return err(condition === 'offline' ? 'absent' : 'busy');
    }
    return ok(makeWire(() => linkOf(spooler, queue)));
  });
}

/** What the queue says of its printer, and how many jobs wait; asked without printing. */
export function readQueue(
  name: string,
  load: () => Promise<Winspool | null> = loadWinspool,
): Promise<Result<{ readonly condition: QueueCondition; readonly jobs: number }, WireTrouble>> {
  return withQueue(name, load, async (spooler, queue) => {
    const state = await spooler.readState(queue);
    await spooler.closePrinter(queue);
    return ok({ condition: state === null ? 'ready' : queueCondition(state), jobs: state?.jobs ?? 0 });
  });
}

/** Queues that could be a receipt or label printer: those that print to a file or a service are left out. */
export async function listWindowsQueues(
  load: () => Promise<Winspool | null> = loadWinspool,
): Promise<readonly QueueInfo[]> {
  const queues = await (await load())?.listQueues();
  return (queues ?? []).filter(
    ({ port }) => !/^(portprompt|nul|file|xpsport|shrfax|onenote|print to pdf)/i.test(port ?? ''),
  );
}
