/**
 * Scans at twenty a second for hours, half over a serial line at its own pace and half as keystrokes, under a
 * clock that the bench drives, into a real till's cart. Rule kept: a scan counts only when its goods are in the
 * cart and came out as it went in, in its turn; nothing waits for real time, so that 100,000 take half a minute.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { scanBytes } from '#hardware/scanner/emulator.ts';
import type { Framing } from '#hardware/scanner/port.ts';
import { openRigKeyboard, openRigWire, virtualClock } from '#tests/faults/scanner-wires.ts';
import { seededRandom } from '#tests/faults/seeded-random.ts';
import { barcode, goods, newKey, openDesk, rupees } from '#tests/fixtures/till-desk.ts';
import { withCheckDigit } from '#core/catalogue/check-digit.ts';
import type { Figure } from '../till/figures.ts';

const framing: Framing = { by: 'end', tabEnds: true, silenceMs: 150, prefixes: [], suffix: '', encoding: 'utf8' };
/** 20 a second (reliability.md, "Scan → line painted"). */
const everyMs = 50;
/** 9600 baud, 10 bits a byte; a driver hands over what came in 8 ms. */
const pieceBytes = 8;
const pieceMs = 8;
const keyMs = 2;
const cartScans = 20;

/** 100,000 scans; a quick run takes 1,000. */
export async function scanBurstLost(isQuick: boolean): Promise<Figure> {
  const scans = isQuick ? 1_000 : 100_000;
  const random = seededRandom(1);
  const desk = await openDesk();
  try {
    const { rpc } = desk;
    await desk.signIn('owner');
    const codes = Array.from({ length: 200 }, (_, n) => withCheckDigit(`890${String(n * 4_999_993).padStart(9, '0')}`));
    for (const [n, code] of codes.entries()) {
      await rpc.item.add({ key: newKey(), item: goods(`G${n}`, rupees(20), { barcodes: [barcode(code)] }) });
    }
    await rpc.shift.open({ key: newKey(), floatPaise: rupees(0) });
    const { scanners } = desk.till().context;
    const clock = virtualClock();
    let typed: string[] = [];
    const wire = openRigWire(framing, clock, scanners.arrive, false);
    const keyboard = openRigKeyboard(null, clock, (code) => typed.push(code));
    let [lost, changed] = [0, 0];
    let wanted = new Map<string, number>();

    const sendOnWire = (code: string): void => {
      const bytes = scanBytes(code, 'crlf');
      for (let at = 0; at < bytes.length; at += pieceBytes) {
        wire.send(bytes.subarray(at, at + pieceBytes));
        clock.pass(pieceMs);
      }
    };
    const sendAsKeys = (code: string): void => {
      for (const text of code) {
        keyboard.press({ text, isEnd: false, isCommand: false });
        clock.pass(keyMs);
      }
      keyboard.press({ text: null, isEnd: true, isCommand: true });
    };
    const put = async (key: string, code: string, sent: string): Promise<void> => {
      if (code !== sent) changed += 1;
      await rpc.cart.scan({ key, code });
    };
    for (let n = 1; n <= scans; n += 1) {
      const at = random.below(codes.length);
      const code = codes[at] ?? '';
      const startMs = clock.nowMs();
      if (n % 2 === 0) sendOnWire(code);
      else sendAsKeys(code);
      clock.pass(Math.max(0, startMs + everyMs - clock.nowMs()));
      wanted.set(`G${at}`, (wanted.get(`G${at}`) ?? 0) + 1_000);
      const waiting = scanners.waiting();
      if (waiting.length + typed.length !== 1) changed += 1;
      for (const scan of waiting) {
        if (scan.kind === 'code') await put(scan.id, scan.code, code);
        await rpc.scanner.taken({ id: scan.id });
      }
      for (const one of typed) await put(newKey(), one, code);
      typed = [];
      if (n % cartScans !== 0 && n < scans) continue;
      const { lines } = await rpc.cart.get();
      const there = new Map<string, number>();
      for (const line of lines) {
        if (line.kind === 'item') there.set(line.name, (there.get(line.name) ?? 0) + line.qtyMilli);
        else changed += 1;
      }
      for (const name of new Set([...wanted.keys(), ...there.keys()])) {
        lost += Math.abs((wanted.get(name) ?? 0) - (there.get(name) ?? 0)) / 1_000;
      }
      wanted = new Map();
      if (lines.length > 0) await rpc.cart.drop({ key: newKey(), reason: 'bench' });
      await nextTurn();
    }
    return {
      name: 'scan_burst_lost',
      value: lost + changed,
      unit: 'scans',
      n: scans,
      bar: { atMost: 0 },
      beside: {
        lost,
        mergedOrSwapped: changed,
        perSecond: 1_000 / everyMs,
        virtualMinutes: Math.round((scans * everyMs) / 60_000),
      },
    };
  } finally {
    await desk.close();
  }
}
