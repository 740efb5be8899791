/**
 * The scanner rig: scanners of every kind on their good and their bad days, through framing or the keyboard into a
 * real till's cart on real SQLite. Rule kept: a line that nobody scanned is wrong, a clean scan without its line
 * is lost; what a scan must become is known before it is sent, and judged by the cart alone.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Scanned } from '#hardware/scanner/port.ts';
import { newKey, openDesk, refusalOf, rupees } from '#tests/fixtures/till-desk.ts';
import { makeEvents, type RigEvent } from './scanner-events.ts';
import { stockShop } from './scanner-goods.ts';
import { seededRandom } from './seeded-random.ts';

export type ScannerFaultOptions = {
  readonly scans: number;
  readonly seed: number;
  /** Each chunk of bytes cut for itself, without memory or time. */
  readonly isNaive: boolean;
  readonly say: (line: string) => void;
};
export type ScannerFaults = {
  readonly scans: number;
  /** Goods in the cart that nobody scanned, and goods scanned once that are there more than once. */
  readonly wrongLines: number;
  /** Clean scans whose goods are not there. */
  readonly lost: number;
  /** Clean scans that were delivered joined, changed or in another order. */
  readonly changed: number;
  /** Texts left in fields, and keys that acted as a person's. */
  readonly leaked: number;
  readonly clean: number;
  readonly spoiled: number;
  readonly refused: number;
  /** Red lines: unknown codes, garbage that looks like one among them. */
  readonly redLines: number;
  readonly handedOutTwice: number;
  /** Breaks that were not played, as the piece is another item's whole code on a scanner that marks no end. */
  readonly cantBeTold: number;
  readonly kinds: Readonly<Record<string, number>>;
};

/** Scans between two looks at the cart: few, since a cart is priced anew with each. */
const cartScans = 10;
const mostReports = 10;

export async function breakScanners(options: ScannerFaultOptions): Promise<ScannerFaults> {
  const { scans, say } = options;
  const random = seededRandom(options.seed);
  const desk = await openDesk();
  try {
    const { rpc } = desk;
    await desk.signIn('owner');
    const shop = await stockShop(rpc, random);
    await rpc.shift.open({ key: newKey(), floatPaise: rupees(0) });
    const { scanners } = desk.till().context;
    const total = { wrongLines: 0, lost: 0, changed: 0, leaked: 0, clean: 0, spoiled: 0, refused: 0, redLines: 0 };
    let handedOutTwice = 0;
    const kinds: Record<string, number> = {};
    /** What came out of scanners in this event; wedge codes go the page's way, the others through the inbox. */
    let heard: string[] = [];
    let typed: string[] = [];
    const arrive = (scanned: Scanned): void => {
      if (scanned.kind === 'spoiled') total.spoiled += 1;
      else heard.push(scanned.code);
      scanners.arrive(scanned);
    };
    const events = makeEvents(shop, random, arrive, (code) => typed.push(code), options.isNaive);
    const put = async (key: string, code: string): Promise<void> => {
      if ((await refusalOf(rpc.cart.scan({ key, code }))) !== null) total.refused += 1;
    };
    /** What the page does with the feed: each scan under its id; sometimes it is reloaded before it says so. */
    const takeWaiting = async (): Promise<void> => {
      for (const scan of scanners.waiting()) {
        if (scan.kind === 'code') {
          await put(scan.id, scan.code);
          if (random.isLikely(0.03)) {
            handedOutTwice += 1;
            await put(scan.id, scan.code);
          }
        }
        await rpc.scanner.taken({ id: scan.id });
      }
    };
    let reports = 0;
    /** The first troubles in words, so that one can be found again by its seed. */
    const report = (what: string): void => {
      reports += 1;
      if (reports <= mostReports && !options.isNaive) say(what);
    };
    /** What was played since the cart was last looked at. */
    let played: string[] = [];
    const judgeEvent = (event: RigEvent): void => {
      kinds[event.kind] = (kinds[event.kind] ?? 0) + event.scans;
      const came = [...heard, ...typed];
      played.push(`${event.kind} ${JSON.stringify(came).slice(0, 200)}`);
      if (event.codes !== null && JSON.stringify(came) !== JSON.stringify(event.codes)) {
        total.changed += 1;
        report(`changed: ${event.kind} ${JSON.stringify(event.codes).slice(0, 200)} came as ${JSON.stringify(came)}`);
      }
      const leaked = event.leaked();
      total.leaked += leaked;
      if (leaked > 0) report(`leaked: ${event.kind} ${JSON.stringify(came).slice(0, 200)}`);
    };

    let done = 0;
    let wanted = new Map<string, number>();
    let allowed = new Map<string, number>();
    let told = 0;
    while (done < scans) {
      const event = events.next();
      event.play();
      judgeEvent(event);
      done += event.scans;
      total.clean += event.goods.length;
      for (const { name, qtyMilli } of event.goods) wanted.set(name, (wanted.get(name) ?? 0) + qtyMilli);
      for (const { name, qtyMilli } of event.may) allowed.set(name, (allowed.get(name) ?? 0) + qtyMilli);
      await takeWaiting();
      for (const code of typed) await put(newKey(), code);
      heard = [];
      typed = [];
      if ([...wanted.values()].length < cartScans && done < scans) continue;
      const { lines } = await rpc.cart.get();
      const there = new Map<string, number>();
      for (const line of lines) {
        if (line.kind === 'item') there.set(line.name, (there.get(line.name) ?? 0) + line.qtyMilli);
        else total.redLines += 1;
      }
      const wrong = [...there].filter(([name, qty]) => qty > (wanted.get(name) ?? 0) + (allowed.get(name) ?? 0));
      const lost = [...wanted].filter(([name, qty]) => (there.get(name) ?? 0) < qty);
      total.wrongLines += wrong.length;
      total.lost += lost.length;
      if (wrong.length + lost.length > 0) {
        report(`wrong ${JSON.stringify(wrong)} lost ${JSON.stringify(lost)} after:\n  ${played.join('\n  ')}`);
      }
      played = [];
      if (lines.length > 0) await rpc.cart.drop({ key: newKey(), reason: 'rig' });
      wanted = new Map();
      allowed = new Map();
      await nextTurn();
      if (done - told >= 20_000) {
        told = done;
        say(`${done} scans, ${total.wrongLines} wrong lines, ${total.lost} lost`);
      }
    }
    return { scans: done, ...total, handedOutTwice, cantBeTold: events.cantBeTold(), kinds };
  } finally {
    await desk.close();
  }
}
