/**
 * The printer rig: the link to the printer is cut after every byte of receipts in turn, its plug is pulled while the
 * head prints, and each bill's paper must come out once, or be asked about and come out again marked DUPLICATE.
 * Rule kept: the cashier answers by what the emulator's paper shows and by nothing else; what counts as lost or
 * doubled is judged on the paper too.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Uuid } from '#core/ids.ts';
import type { PrintJob } from '#db/print-jobs.ts';
import type { Machine } from '#hardware/printer/emulator-machine.ts';
import type { ShopRecord } from '#till/shop-settings.ts';
import { plainBarcodes } from './demo-goods.ts';
import { killWhilePrinting } from './printer-kill.ts';
import { type Control, openPrinterDesk, type PrinterDesk } from './printer-desk.ts';
import { type Cable, openCables } from './printer-cables.ts';
import { type Marks, marksOf, marksOfBytes, timesOnPaper } from './printer-paper.ts';
import { seededRandom } from './seeded-random.ts';

export type PrinterFaultOptions = {
  readonly unplugs: number;
  readonly seed: number;
  readonly control: Control | null;
  readonly say: (line: string) => void;
};
export type PrinterFaults = {
  readonly unplugs: number;
  /** Receipts that are neither whole on paper nor waiting or asked about. */
  readonly lost: number;
  /** Receipts that stand on paper whole twice without the second saying so. */
  readonly doubledUnmarked: number;
  /** How much longer a commit takes to answer while the printer is broken than while it is idle: of the 50th, of the 99th. */
  readonly billDelayedMs: { readonly p50: number; readonly p99: number };
  readonly commitMs: { readonly idleP99: number; readonly brokenP99: number };
  readonly receipts: number;
  readonly duplicates: number;
  readonly asked: number;
  /** Different bytes of different kinds of receipt that were the last to arrive. */
  readonly places: number;
  /** How often each thing was pulled; what this machine can't do says why. */
  readonly pulled: Readonly<Record<string, number | string>>;
};

type Kind = {
  readonly name: string;
  readonly shop: Partial<ShopRecord>;
  readonly goods: number;
  /** The reprint of the bill is cut, not the bill. */
  readonly isReprint: boolean;
};
const kind = (name: string, goods: number, shop: Partial<ShopRecord>, isReprint = false): Kind => ({
  name,
  goods,
  shop: { receiptLanguage: 'en', printerModel: 'generic-80', paperMm: 80, ...shop },
  isReprint,
});
const kinds: readonly [Kind, ...Kind[]] = [
  kind('text', 12, {}),
  kind('short', 1, { printerModel: 'epson-tm-t88' }),
  kind('shaped', 3, { receiptLanguage: 'hi' }),
  kind('narrow', 4, { printerModel: 'generic-58', paperMm: 58 }),
  kind('copy', 2, {}, true),
];
/** DLE EOT 1, 2 and 4 before a job; the same and GS r 1 after it. */
const questionBytes = 9 + 12;
/** Every so many times the printer's own plug is pulled while its head, this fast, prints. */
const powerEvery = 11;
const powerMmPerSecond = 2_000;
/** Every so many times the cable is a serial one; like powerEvery it shares no divisor with the kinds. */
const serialEvery = 7;
/** Tills killed while they print: of so many unplugs one. */
const killEvery = 50;

type Expected = { readonly kind: PrintJob['kind']; readonly documentId: Uuid | null; readonly marks: Marks };
type Paper = { readonly seen: () => Marks; readonly forget: () => void };
type Total = { lost: number; doubledUnmarked: number; receipts: number; duplicates: number; asked: number };

/** The paper since last forgotten, the piece that still hangs there included. */
function paperOf({ emulator }: Machine): Paper {
  let cuts = 0;
  let hanging = 0;
  return {
    seen: () => {
      const fresh = emulator.cuts() - cuts;
      const pieces = fresh === 0 ? [] : emulator.receipts().slice(-fresh);
      return marksOf([...pieces, emulator.current()]).slice(hanging);
    },
    forget: () => {
      cuts = emulator.cuts();
      hanging = marksOf([emulator.current()]).length;
    },
  };
}

/** Walks over all places of a thing `total` long, far apart at first; some visits are at its very end or beginning. */
export function placeOf(visit: number, total: number): number {
  const round = Math.floor(visit / 8);
  if (visit % 8 === 3) return total - (round % Math.min(total, 48));
  if (visit % 8 === 7) return 1 + (round % Math.min(total, 24));
  let step = Math.max(1, Math.round(total * 0.618));
  while (step > 1 && commonDivisor(step, total) !== 1) step -= 1;
  return 1 + ((visit * step) % total);
}
const commonDivisor = (a: number, b: number): number => (b === 0 ? a : commonDivisor(b, a % b));

const quantile = (samples: readonly number[], q: number): number =>
  samples.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(q * samples.length) - 1)] ?? 0;
const round = (ms: number): number => Number(ms.toFixed(3));

export async function cutPrinter(options: PrinterFaultOptions): Promise<PrinterFaults> {
  const kills = options.control === null ? Math.floor(options.unplugs / killEvery) : 0;
  const cuts = await cutLinks({ ...options, unplugs: options.unplugs - kills });
  if (kills === 0) return { ...cuts, unplugs: options.unplugs };
  options.say(`${kills} tills are killed while they print`);
  const killed = await killWhilePrinting(kills, options.seed, options.say);
  return {
    ...cuts,
    unplugs: options.unplugs,
    lost: cuts.lost + killed.lost,
    doubledUnmarked: cuts.doubledUnmarked + killed.doubledUnmarked,
    asked: cuts.asked + killed.asked,
    pulled: { ...cuts.pulled, tills: kills },
  };
}

async function cutLinks(options: PrinterFaultOptions): Promise<PrinterFaults> {
  const random = seededRandom(options.seed);
  const made: Expected[] = [];
  const total: Total = { lost: 0, doubledUnmarked: 0, receipts: 0, duplicates: 0, asked: 0 };
  const pulled: Record<string, number | string> = {};
  const places = new Set<string>();
  const idleMs: number[] = [];
  const brokenMs: number[] = [];
  let cable: Cable;
  /** What to pull in the next job of this kind, once its bytes are known. */
  let armed: { readonly kind: Kind; readonly visit: number; readonly isPower: boolean } | null = null;
  let pullAtDots: number | null = null;

  const cables = await openCables(() => {
    if (pullAtDots === null || cable.machine.emulator.travelDots() < pullAtDots) return;
    pullAtDots = null;
    cable.machine.powerOff();
    cable.machine.setSpeed(null);
  });
  cable = cables.network;
  const arm = (bytes: Uint8Array, dots: number): void => {
    if (armed === null) return;
    if (armed.isPower) {
      cable.machine.setSpeed(powerMmPerSecond);
      pullAtDots = cable.machine.emulator.travelDots() + 1 + Math.floor(random.fraction() * (dots - 1));
    } else {
      const place = placeOf(armed.visit, bytes.length + questionBytes);
      places.add(`${armed.kind.name} ${place}`);
      cable.machine.cutAfter(place);
    }
    armed = null;
  };
  const desk = await openPrinterDesk(random, options.control, cable.open, (job, bytes) => {
    const { marks, dots } = marksOfBytes(bytes);
    made.push({ kind: job.kind, documentId: job.documentId, marks });
    if (armed?.kind.isReprint === (job.kind === 'duplicate')) arm(bytes, dots);
  });
  const barcodes = plainBarcodes();

  const unplug = async (n: number): Promise<void> => {
    const next = cables.serial !== null && n % serialEvery === serialEvery - 1 ? cables.serial : cables.network;
    if (next !== cable) {
      cable = next;
      await desk.usePrinter(cable.open);
    }
    const { machine } = cable;
    const paper = paperOf(machine);
    const what = kinds[n % kinds.length] ?? kinds[0];
    const isPower = n % powerEvery === powerEvery - 1;
    const pull = isPower ? 'plugs' : cable.name;
    pulled[pull] = Number(pulled[pull] ?? 0) + 1;
    desk.context.settings.save(what.shop);
    made.length = 0;
    paper.forget();
    armed = { kind: what, visit: Math.floor(n / kinds.length), isPower };
    const goods = Array.from({ length: what.goods }, () => random.pick(barcodes));

    const sold = await desk.sell(goods);
    idleMs.push(sold.commitMs);
    if (what.isReprint) {
      await settled(desk);
      await desk.client.bill.reprint({ key: random.uuid(), id: sold.id });
    }
    await settled(desk);
    if (armed !== null || pullAtDots !== null) throw new Error('nothing was pulled');
    machine.cutAfter(null);
    await cable.mended();

    // No paper, no cover, a printer that hangs: the next customer must not notice.
    const isHung = random.isLikely(0.1);
    machine.hang(isHung);
    if (!isHung) machine.setState(random.pick([{ isOnline: false }, { paper: 'out' }, { isCoverOpen: true }] as const));
    const after = await desk.sell(goods);
    brokenMs.push(after.commitMs);
    machine.hang(false);
    machine.setState({ isOnline: true, paper: 'ok', isCoverOpen: false });
    await settled(desk);
    await answerQuestions(desk, made, paper, total);
    for (const id of [sold.id, after.id]) judge(id, made, paper.seen(), total);
    if (desk.faults().length > 0) throw new Error(desk.faults().join('; '));
  };

  try {
    for (let n = 0; n < options.unplugs; n += 1) {
      await unplug(n).catch((error: unknown) => {
        throw new Error(`unplug ${n}: ${String(error)}`, { cause: error });
      });
      if ((n + 1) % 100 === 0) {
        const { asked, lost, doubledUnmarked } = total;
        options.say(`${n + 1} of ${options.unplugs}: ${asked} asked, ${lost} lost, ${doubledUnmarked} doubled`);
      }
    }
  } finally {
    await desk.close();
    await cables.close();
  }
  const [idleP99, brokenP99] = [quantile(idleMs, 0.99), quantile(brokenMs, 0.99)];
  const p50 = quantile(brokenMs, 0.5) - quantile(idleMs, 0.5);
  return {
    unplugs: options.unplugs,
    lost: total.lost,
    doubledUnmarked: total.doubledUnmarked,
    billDelayedMs: { p50: round(p50), p99: round(brokenP99 - idleP99) },
    commitMs: { idleP99: round(idleP99), brokenP99: round(brokenP99) },
    receipts: total.receipts,
    duplicates: total.duplicates,
    asked: total.asked,
    places: places.size,
    pulled: { ...pulled, ...(cables.whyNoSerial === null ? {} : { serial: cables.whyNoSerial }) },
  };
}

/** Nothing waits and nothing prints; what is left is asked about. */
async function settled(desk: PrinterDesk): Promise<void> {
  const until = performance.now() + 30_000;
  for (;;) {
    await desk.spool.idle();
    if (desk.spool.waiting() === 0) return;
    if (performance.now() > until) {
      const facts = { ...desk.spool.status(), on: desk.spool.name(), waiting: desk.spool.waiting() };
      throw new Error(`the spool stands still: ${JSON.stringify(facts)}`);
    }
    await sleep(5);
  }
}

/** At the next empty counter: did it come out whole? The cashier looks at the paper. */
async function answerQuestions(
  desk: PrinterDesk,
  made: readonly Expected[],
  paper: Paper,
  total: Total,
): Promise<void> {
  for (;;) {
    const { cutJob } = await desk.client.device.state();
    if (cutJob === null) return;
    total.asked += 1;
    const job = desk.context.tables.printJobs.get(cutJob.jobId);
    const asked = made.findLast((one) => one.kind === job?.kind && one.documentId === job.documentId);
    const cameOutWhole = asked !== undefined && timesOnPaper(paper.seen(), asked.marks) > 0;
    await desk.client.device.answerCut({ jobId: cutJob.jobId, cameOutWhole });
    await settled(desk);
  }
}

function judge(id: Uuid, made: readonly Expected[], seen: Marks, total: Total): void {
  const times = (of: PrintJob['kind']): number => {
    const ours = made.filter((one) => one.kind === of && one.documentId === id);
    const different = new Map(ours.map(({ marks }) => [marks.join('\n'), marks]));
    return [...different.values()].reduce((sum, marks) => sum + timesOnPaper(seen, marks), 0);
  };
  const [plain, marked] = [times('bill'), times('duplicate')];
  total.receipts += plain;
  total.duplicates += marked;
  if (plain + marked === 0) total.lost += 1;
  if (plain > 1) total.doubledUnmarked += 1;
}
