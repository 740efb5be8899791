import { describe, expect, it } from 'vitest';
import { hasPty, noPty, openPtyPair } from '#tests/fixtures/pty-pair.ts';
import { openDeviceEnd } from '../wire/emulator-end.ts';
import type { SerialFormat, WireTarget } from '../wire/wire.ts';
import { type ScannerEnds, startScannerEmulator } from './emulator.ts';
import { openScanLink } from './open-scanner.ts';
import type { Framing, Scanned, Scanner } from './port.ts';
import { type ScanClock, scannerOver, type ScanLink } from './serial-scanner.ts';

const byEnd: Framing = { by: 'end', tabEnds: true, silenceMs: 150, prefixes: [], suffix: '', encoding: 'utf8' };
const format: SerialFormat = { baud: 9_600, dataBits: 8, parity: 'none', stopBits: 1, flow: 'none' };
const serial = (path: string): WireTarget => ({ kind: 'serial', path, format, identity: null });

const until = async (test: () => boolean): Promise<void> => {
  for (let i = 0; i < 2_000 && !test(); i += 1) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(test()).toBe(true);
};
function hear(scanner: Scanner) {
  const codes: string[] = [];
  scanner.onScan((scan: Scanned) => codes.push(scan.kind === 'code' ? scan.code : `!${scan.why}`));
  return codes;
}
const numbered = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `8901234${String(i).padStart(6, '0')}`);

it.skipIf(hasPty)(`over a serial port: ${noPty}`, () => {});

describe.skipIf(!hasPty)('a scanner on a serial port', () => {
  const onPair = async (
    framing: Framing,
    ends: ScannerEnds,
    work: (parts: {
      readonly scanner: Scanner;
      readonly codes: readonly string[];
      readonly emulator: ReturnType<typeof startScannerEmulator>;
      readonly pair: Awaited<ReturnType<typeof openPtyPair>>;
    }) => Promise<void>,
    baud: number | null = null,
  ): Promise<void> => {
    const pair = await openPtyPair();
    const device = await openDeviceEnd(serial(pair.right));
    if (!device.ok) throw new Error(device.error);
    const scanner = scannerOver(await openScanLink(serial(pair.left)), framing);
    try {
      const codes = hear(scanner);
      await until(() => scanner.state().isOpen);
      await work({ scanner, codes, emulator: startScannerEmulator({ wire: device.value.end, ends, baud }), pair });
    } finally {
      await scanner.close();
      await device.value.close();
      await pair.close();
    }
  };

  it('delivers 20 scans a second at 9600 baud, one by one', async () => {
    const sent = numbered(30);
    await onPair(
      byEnd,
      'cr',
      async ({ codes, emulator }) => {
        for (const code of sent) {
          void emulator.scan(code);
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
        await until(() => codes.length >= sent.length);
        expect(codes).toEqual(sent);
      },
      9_600,
    );
  }, 20_000);
  it('ends codes between STX and ETX and keeps their line breaks', async () => {
    await onPair({ ...byEnd, by: 'stxEtx' }, 'stxEtx', async ({ codes, emulator }) => {
      await emulator.scan('one\r\ntwo');
      await emulator.scan('8901');
      await until(() => codes.length === 2);
      expect(codes).toEqual(['one\r\ntwo', '8901']);
    });
  });
  it('ends codes by silence', async () => {
    await onPair({ ...byEnd, by: 'silence', silenceMs: 60 }, 'none', async ({ codes, emulator }) => {
      await emulator.scan('8901');
      await until(() => codes.length === 1);
      await emulator.scan('8902');
      await until(() => codes.length === 2);
      expect(codes).toEqual(['8901', '8902']);
    });
  });
});

describe('silence', () => {
  /** A clock that the test drives; nothing here waits. */
  function virtual() {
    let now = 0;
    let due: { readonly atMs: number; readonly work: () => void } | null = null;
    const clock: ScanClock = {
      nowMs: () => now,
      later: (work, ms) => {
        due = { atMs: now + ms, work };
        return () => {
          due = null;
        };
      },
    };
    let tell: (bytes: Uint8Array) => void = () => {};
    const link: ScanLink = {
      layout: () => null,
      onData: (listener) => {
        tell = listener;
        return () => {};
      },
      onState: () => () => {},
      state: () => ({ isOpen: true, trouble: null }),
      close: () => Promise.resolve(),
    };
    const pass = (ms: number): void => {
      now += ms;
      const ripe = due;
      if (ripe !== null && ripe.atMs <= now) {
        due = null;
        ripe.work();
      }
    };
    return {
      clock,
      link,
      pass,
      send: (text: string) => tell(new TextEncoder().encode(text)),
      hasTimer: () => due !== null,
    };
  }
  it('is judged once, and no timer is left when nothing is open', () => {
    const { clock, link, pass, send, hasTimer } = virtual();
    const codes = hear(scannerOver(link, byEnd, clock));
    send('8901\r');
    expect(hasTimer()).toBe(false);
    send('89');
    pass(149);
    expect(codes).toEqual(['8901']);
    pass(1);
    expect(codes).toEqual(['8901', '!partial']);
    expect(hasTimer()).toBe(false);
  });
  it('what came before anybody listened is handed over first', () => {
    const { clock, link, send } = virtual();
    const scanner = scannerOver(link, byEnd, clock);
    send('1\r2\r');
    expect(hear(scanner)).toEqual(['1', '2']);
  });
});
