import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type FoundWire, listHid, listPrinterFiles, listWires, usualFormat } from './found.ts';
import { guessOf, knownDevices } from './known-devices.ts';
import { listLinuxUsb } from './usb-devices.ts';
import { diffWires, type WireChange, watchWires } from './watch-wires.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
/** A tree of files as the kernel shows one in /sys and /dev: this machine has no USB. */
function tree(files: Readonly<Record<string, string | Uint8Array>>): string {
  const root = mkdtempSync(join(tmpdir(), 'billmitra-found-'));
  folders.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

const epson = { vendorId: 0x04b8, productId: 0x0e15, serial: 'TM1' };
const printerFiles = {
  'usb/1-2/idVendor': '04b8\n',
  'usb/1-2/idProduct': '0e15\n',
  'usb/1-2/serial': 'TM1\n',
  'usb/1-2/bDeviceClass': '00\n',
  'usb/1-2/product': 'TM-T82\n',
  'usb/1-2:1.0/bInterfaceClass': '07\n',
};

describe('what hangs on this PC', () => {
  it('gives a list on any machine and opens nothing', async () => {
    expect(Array.isArray(await listWires())).toBe(true);
  });

  it('reads USB devices with the classes of their interfaces, without hubs', async () => {
    const root = tree({
      ...printerFiles,
      'usb/usb1/idVendor': '1d6b\n',
      'usb/usb1/idProduct': '0002\n',
      'usb/usb1/bDeviceClass': '09\n',
    });
    expect(await listLinuxUsb(join(root, 'usb'))).toEqual([
      { identity: epson, maker: null, product: 'TM-T82', classes: [7] },
    ]);
  });

  it.skipIf(process.platform === 'win32')('reads printer files with the printer behind them', async () => {
    const root = tree({ ...printerFiles, 'dev/lp0': '', 'dev/other': '', 'misc/lp0/x': '' });
    mkdirSync(join(root, 'usb', '1-2', '1-2:1.0'));
    symlinkSync(join(root, 'usb', '1-2', '1-2:1.0'), join(root, 'misc', 'lp0', 'device'));
    const path = join(root, 'dev', 'lp0');
    expect(await listPrinterFiles(join(root, 'misc'), join(root, 'dev'))).toEqual([
      {
        wire: {
          target: { kind: 'deviceFile', path },
          maker: 'Epson',
          product: 'TM-T82',
          guess: 'printer',
          trouble: null,
        },
        identity: epson,
      },
    ]);
    rmSync(path);
    expect(await listPrinterFiles(join(root, 'misc'), join(root, 'nothing'))).toEqual([]);
  });

  it('takes a HID device for a scanner or scale by its usage page, and no keyboard', async () => {
    const descriptor = (page: number) => Uint8Array.of(0x05, page, 0x09, 0x02, 0xa1, 0x01);
    const root = tree({
      'hid/hidraw0/device/report_descriptor': descriptor(0x01),
      'hid/hidraw1/device/report_descriptor': descriptor(0x8c),
      'hid/hidraw1/device/uevent': 'DRIVER=hid-generic\nHID_NAME=Honeywell Voyager\n',
      'hid/hidraw2/device/report_descriptor': descriptor(0x8d),
      'dev/hidraw1': '',
    });
    expect(await listHid(join(root, 'hid'), join(root, 'dev'))).toMatchObject([
      {
        target: { kind: 'deviceFile', path: join(root, 'dev', 'hidraw1') },
        product: 'Honeywell Voyager',
        guess: 'scanner',
      },
      { guess: 'scale' },
    ]);
  });
});

describe('guesses', () => {
  it('go by maker, by product before maker, by class when the maker is unknown; adapters are never guessed', () => {
    const of = (vendorId: number, productId = 1, classes: readonly number[] | null = null) =>
      guessOf({ vendorId, productId, serial: null }, classes);
    expect([of(0x04b8), of(0x0a5f), of(0x0c2e), of(0x05e0)]).toEqual(['printer', 'label', 'scanner', 'scanner']);
    expect([of(0x0922), of(0x0922, 0x8003)]).toEqual(['label', 'scale']);
    expect([of(0x0403), of(0x1a86), of(0x067b), of(0xdead)]).toEqual([null, null, null, null]);
    expect([of(0xdead, 1, [3, 7]), of(0xdead, 1, [8]), guessOf(null, null)]).toEqual(['printer', null, null]);
  });
  it('hold each pair of ids once', () => {
    const ids = knownDevices.map((line) => `${line.vendorId}:${line.productId}`);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('hot-plug', () => {
  const wire = (path: string, more: Partial<FoundWire> = {}): FoundWire => ({
    target: { kind: 'serial', path, format: usualFormat, identity: null },
    maker: null,
    product: null,
    guess: null,
    trouble: null,
    ...more,
  });

  it('tells what came and went, and nothing when nothing did', () => {
    const [one, two] = [wire('COM1'), wire('COM2')];
    expect(diffWires([one], [wire('COM1')])).toBe(null);
    expect(diffWires([one], [two])).toEqual({ wires: [two], came: [two], went: [one] });
    expect(diffWires([one], [wire('COM1', { trouble: 'noPermission' })])?.came.length).toBe(1);
  });

  it('watches: the first list, then changes only; an event hurries; a list that fails is no unplugging', async () => {
    let now: readonly FoundWire[] | null = [wire('COM1')];
    let lists = 0;
    let event: () => void = () => {};
    let isHurried = true;
    const told: WireChange[] = [];
    const stop = watchWires((change) => told.push(change), 5, {
      list: async () => {
        lists += 1;
        if (now === null) throw new Error('no list');
        return now;
      },
      hurry: (changed) => {
        event = changed;
        return () => {
          isHurried = false;
        };
      },
    });
    await expect.poll(() => told.length).toBe(1);
    now = null;
    const before = lists;
    await expect.poll(() => lists).toBeGreaterThan(before + 1);
    now = [wire('COM1'), wire('COM7')];
    event();
    await expect.poll(() => told.length).toBe(2);
    now = [wire('COM7')];
    await expect.poll(() => told.length).toBe(3);
    stop();
    const after = lists;
    event();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(lists).toBeLessThanOrEqual(after + 1);
    expect(isHurried).toBe(false);
    const pathOf = (one: FoundWire) => (one.target.kind === 'serial' ? one.target.path : '');
    expect(told.map(({ came, went }) => [came.map(pathOf), went.map(pathOf)])).toEqual([
      [['COM1'], []],
      [['COM7'], []],
      [[], ['COM1']],
    ]);
  });

  it('tells an empty first list too', async () => {
    const told: WireChange[] = [];
    const stop = watchWires((change) => told.push(change), 5, { list: async () => [], hurry: () => () => {} });
    await expect.poll(() => told).toEqual([{ wires: [], came: [], went: [] }]);
    stop();
  });
});
