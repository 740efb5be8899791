import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plainFraming } from '#contract/plain-scanner.ts';
import type { ScanTrial } from '#contract/till-scanner.ts';
import { startScannerEmulator } from '#hardware/scanner/emulator.ts';
import { listenAsDevice } from '#hardware/wire/emulator-end.ts';
import { type Desk, openCounter, openDesk } from '#tests/fixtures/till-desk.ts';
import { readable } from './scan-trial.ts';

let desk: Desk;
let device: Awaited<ReturnType<typeof listenAsDevice>>;
beforeEach(async () => {
  [desk, device] = await Promise.all([openDesk(), listenAsDevice(0)]);
  await openCounter(desk);
  await desk.signIn('owner');
});
afterEach(async () => {
  await desk.close();
  await device.close();
});

const target = () => ({ kind: 'tcp', host: '127.0.0.1', port: device.port }) as const;
/** Follows a trial until what is wanted is told; then stops, as a page that is left. */
async function tryUntil(
  isIt: (trial: ScanTrial) => boolean,
  meanwhile: (trial: ScanTrial) => void,
): Promise<ScanTrial> {
  for await (const trial of await desk.rpc.scanner.tryFeed({ target: target(), framing: null })) {
    meanwhile(trial);
    if (isIt(trial)) return trial;
  }
  throw new Error('the trial ended');
}
const view = () => desk.till().context.scanners.desk.view();
const until = async (test: () => boolean): Promise<void> => {
  for (let i = 0; i < 800 && !test(); i += 1) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(test()).toBe(true);
};

describe('“scan this”', () => {
  it('tells what came, what it means and how it is framed; nothing reaches the cart', async () => {
    let isSent = false;
    const trial = await tryUntil(
      ({ suggested }) => suggested !== null,
      ({ state }) => {
        if (state !== 'open' || isSent) return;
        isSent = true;
        void startScannerEmulator({ wire: device.end, ends: 'crlf', prefix: 'A' }).scan('8901234567890');
      },
    );
    expect(trial.raw.join('')).toBe('A8901234567890<CR><LF>');
    expect(trial.scans).toEqual([{ kind: 'code', code: '8901234567890' }]);
    expect(trial.suggested).toMatchObject({ by: 'end' });
    expect(desk.till().context.scanners.waiting()).toEqual([]);
  });
  it('says why a scanner can’t be reached', async () => {
    await device.close();
    const trial = await tryUntil(
      ({ trouble }) => trouble !== null,
      () => {},
    );
    expect(trial).toMatchObject({ state: 'trouble', trouble: 'refused' });
  });
  it('lets the scanner that is set rest, and gives it its port back', async () => {
    await desk.rpc.scanner.set({ serial: { target: target(), framing: plainFraming } });
    await until(() => view().state === 'works');
    await tryUntil(
      ({ state }) => state === 'open',
      () => {},
    );
    await until(() => view().state === 'works');
    await startScannerEmulator({ wire: device.end }).scan('8901');
    await until(() => desk.till().context.scanners.waiting().length === 1);
    expect(desk.till().context.scanners.lastHeard()).toBe('8901');
  });
});

describe('a scanner that is set', () => {
  it('is in trouble as garbled while what it sends is none, and works again with the next code', async () => {
    await desk.rpc.scanner.set({ serial: { target: target(), framing: plainFraming } });
    await until(() => view().state === 'works');
    expect(view().place).toBe(`127.0.0.1:${device.port}`);
    device.end.write(Uint8Array.of(0xff, 0xfe, 0x81, 0x0d));
    await until(() => view().trouble === 'garbled');
    await startScannerEmulator({ wire: device.end }).scan('8901');
    await until(() => view().state === 'works');
    await desk.rpc.scanner.set({ serial: null });
    expect(view()).toEqual({ kind: 'scanner', state: 'notSet', trouble: null, place: null });
  });
  it('is opened again when the till starts', async () => {
    await desk.rpc.scanner.set({ serial: { target: target(), framing: plainFraming } });
    await desk.reopen();
    await until(() => view().state === 'works');
  });
});

describe('readable', () => {
  it('shows control characters by name and cuts what is long', () => {
    expect(readable(Uint8Array.of(0x02, 0x41, 0xe9, 0x1d, 0x03))).toBe('<STX>A<e9><GS><ETX>');
    expect(readable(new Uint8Array(200).fill(0x41))).toBe(`${'A'.repeat(120)}…`);
  });
});
