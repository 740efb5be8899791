/**
 * A whole replay: sets a blank shop up, sends the file, closes the till, opens it again and checks what is on
 * the disk. Rule kept: the folder must be empty and free, because the clock moves to the file's dates, which a
 * till that serves a counter must never do (docs/decisions/0040). Answers numbers; printing is replay.ts.
 */
import { existsSync } from 'node:fs';
import { creditNoteSeries } from '#core/billing/bill-number.ts';
import { gstinCheckDigit } from '#core/gst/gstin.ts';
import { paise } from '#core/money.ts';
import type { FinancialYear } from '#core/time.ts';
import { type Till, tryAssemble } from '#till/assemble.ts';
import { localClient, makeSetClock } from '#till/local-client.ts';
import { openWords } from '#till/open-words.ts';
import { type Checked, checkReplay } from './check.ts';
import { readInvoices, type SkippedRow } from './read-invoices.ts';
import { sendInvoices } from './send.ts';

export type ReplayOptions = {
  readonly shopDir: string;
  readonly file: string;
  /** Only the first so many documents of the file, by time. */
  readonly limit?: number | undefined;
  readonly isControl?: boolean | undefined;
  readonly say: (text: string) => void;
};
export type Replayed = Checked & {
  /** Rows of the file that are in a document; lines + skipped are all rows of the part that was sent. */
  readonly lines: number;
  readonly skipped: readonly SkippedRow[];
};

/** What stops a replay before it starts; the message is the sentence to show. */
export class ReplayRefused extends Error {}

const series = 'T1';
const ownerPin = '246810';
const stateCode = '27';

export async function runReplay(options: ReplayOptions): Promise<Replayed> {
  const { shopDir, say } = options;
  if (!existsSync(options.file)) throw new ReplayRefused(`There is no file ${options.file}.`);
  const file = readInvoices(options.file);
  const invoices = file.invoices.slice(0, options.limit);
  const last = invoices.at(-1);
  const first = invoices[0];
  if (first === undefined || last === undefined) throw new ReplayRefused(`${options.file} holds nothing to sell.`);
  const sellable = file.invoices.filter((i) => !i.isCancellation).length;
  say(`${file.rows} rows: ${file.invoicesInFile} invoices, ${file.cancellationsInFile} cancellations`);
  say(`with a row that a till can sell or take back: ${sellable} and ${file.invoices.length - sellable}`);

  const clock = makeSetClock(first.atMs - 3_600_000);
  const open = async (): Promise<Till> => {
    const opened = await tryAssemble({ shopDir, clock });
    if (opened.ok) return opened.value;
    throw new ReplayRefused(
      opened.error.type === 'FolderInUse'
        ? `A till is open on ${shopDir}. A replay moves the clock to the dates of its file, which a till that serves a counter can't do: close it, or replay into a folder of its own.`
        : openWords(opened.error).en,
    );
  };

  const till = await open();
  let sent: Awaited<ReturnType<typeof sendInvoices>>;
  try {
    refuseUsed(till, shopDir);
    const client = localClient(till);
    await setUp(till, client);
    sent = await sendInvoices(
      {
        client,
        setClock: clock.set,
        supervisorPin: ownerPin,
        afterDay: () => void till.context.tables.stock.fold(1_000_000),
        say,
      },
      invoices,
    );
  } finally {
    await till.close();
  }

  say('reading every document back…');
  const again = await open();
  try {
    const client = localClient(again);
    await client.staff.signIn({ staffId: null, pin: ownerPin });
    const checked = await checkReplay({
      client,
      documents: sent.documents,
      stock: sent.stock,
      firstGap: (suffix, year) =>
        again.context.tables.bills.firstGap(suffix === '' ? series : creditNoteSeries(series), year as FinancialYear),
      isControl: options.isControl ?? false,
    });
    const isWhole = options.limit === undefined;
    const skipped = [...(isWhole ? file.skipped : []), ...sent.skipped].toSorted((a, b) => a.rowNo - b.rowNo);
    return { ...checked, lines: sent.rows, skipped };
  } finally {
    await again.close();
  }
}

function refuseUsed(till: Till, shopDir: string): void {
  const { tables, settings } = till.context;
  if (tables.bills.last() !== null)
    throw new ReplayRefused(`${shopDir} has bills already. A replay needs an empty folder: name another one.`);
  if (settings.get().isSetUp || tables.staff.list().length > 0 || tables.items.count() > 0)
    throw new ReplayRefused(`${shopDir} holds a shop already. A replay needs an empty folder: name another one.`);
}

async function setUp(till: Till, client: ReturnType<typeof localClient>): Promise<void> {
  const gstin = `${stateCode}ZZZPR0000Z1Z`;
  await client.shop.save({
    name: 'Replay',
    address: 'Mumbai',
    phone: '',
    stateCode,
    gstin: `${gstin}${gstinCheckDigit(gstin)}`,
    isComposition: false,
    fssai: null,
    upiAddress: null,
    series,
    receiptLanguage: 'en',
    roundStepPaise: paise(100),
  });
  await client.device.setPrinter({ target: { kind: 'none' }, widthMm: 80 });
  await client.shop.saveOwner({ name: 'Replay', pin: ownerPin, language: 'en' });
  await client.shop.finishSetUp();
  // The file takes single pallets back; a shop's own limit would send them to the owner's desk.
  till.context.settings.save({ returnLimitPaise: paise(10_00_00_000_00) });
}
