/**
 * A till with a spool of the rig's making, in this process: the product's spool, encoder, drivers and SQLite, with
 * its retries made quick and its bytes looked at on their way. Rule kept: what it breaks it breaks from outside: the
 * controls stand between the spool and its rows; the product has no switch for them.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRouterClient, type RouterClient } from '@orpc/server';
import type { Uuid } from '#core/ids.ts';
import type { Paise } from '#core/money.ts';
import type { PrintJob, PrintJobs, PrintJobState } from '#db/print-jobs.ts';
import type { Printer } from '#hardware/printer/port.ts';
import { assemble } from '#till/assemble.ts';
import type { TillContext } from '#till/context.ts';
import { seedDemoShop } from '#till/demo-shop.ts';
import { tillRouter } from '#till/router.ts';
import { makeSpool, type Spool } from '#till/spool.ts';
import { ownerPin } from './demo-goods.ts';
import type { Random } from './seeded-random.ts';

export type Control = 'blind-retry' | 'call-it-done';
export type PrinterDesk = {
  readonly client: RouterClient<typeof tillRouter>;
  readonly context: TillContext;
  readonly spool: Spool;
  /** A bill of these goods in cash, and how long its commit took to answer. */
  readonly sell: (codes: readonly string[]) => Promise<{ readonly id: Uuid; readonly commitMs: number }>;
  /** The spool is opened anew on another printer, as the wizard does it. */
  readonly usePrinter: (open: () => Printer) => Promise<void>;
  readonly faults: () => readonly string[];
  readonly close: () => Promise<void>;
};

/** What a till would make of a cut job if it were careless. */
const careless: Readonly<Record<Control, PrintJobState>> = { 'blind-retry': 'waiting', 'call-it-done': 'done' };

export async function openPrinterDesk(
  random: Random,
  control: Control | null,
  open: () => Printer,
  onEncoded: (job: PrintJob, bytes: Uint8Array) => void,
): Promise<PrinterDesk> {
  const dir = mkdtempSync(join(tmpdir(), 'billmitra printer दुकान-'));
  const till = await assemble({ shopDir: dir });
  const own = till.context;
  seedDemoShop(own);
  // Bills add print jobs; the till's own spool was opened on no printer and stays so.
  own.settings.save({ printer: { kind: 'none' } });
  await own.spool.reopen();
  own.settings.save({ printer: { kind: 'tcp', host: '127.0.0.1', port: 9 } });
  const faults: string[] = [];
  const rows = own.tables.printJobs;
  const jobs: PrintJobs =
    control === null
      ? rows
      : {
          ...rows,
          setState: (id, state, atMs) => rows.setState(id, state === 'cut' ? careless[control] : state, atMs),
        };
  let opener = open;
  const spool = makeSpool({
    jobs,
    clock: own.clock,
    open: () => opener(),
    encode: async (job) => {
      const bytes = await own.paper.encode(job);
      if (bytes !== null) onEncoded(job, bytes);
      return bytes;
    },
    onState: () => {},
    onFault: (error) => void faults.push(String(error)),
    retryMs: 20,
    watchMs: 1_500,
  });
  const context: TillContext = { ...own, spool };
  const client = createRouterClient(tillRouter, { context: { till: context, connection: till.connect() } });
  await client.staff.signIn({ staffId: null, pin: ownerPin });
  await client.shift.open({ key: random.uuid(), floatPaise: 50_000 as Paise });
  return {
    client,
    context,
    spool,
    sell: async (codes) => {
      for (const code of codes) await client.cart.scan({ key: random.uuid(), code });
      await client.cart.addTender({ key: random.uuid(), kind: 'cash', amountPaise: null });
      const { header } = await client.cart.get();
      const from = performance.now();
      const { bill } = await client.bill.commit({ cartId: header.cartId });
      return { id: bill.id, commitMs: performance.now() - from };
    },
    usePrinter: async (next) => {
      opener = next;
      await spool.reopen();
    },
    faults: () => faults,
    close: async () => {
      await spool.close();
      await till.close();
      rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
