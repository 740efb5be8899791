import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { listedToFound, listLinuxPorts, portOf, type SerialPortFound } from './serial-ports.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const scale = { vendorId: 0x0403, productId: 0x6001, serial: 'A50285BI' };
const port = (path: string, identity: SerialPortFound['identity'] = null): SerialPortFound => ({
  path,
  identity,
  maker: null,
  product: null,
});

describe.skipIf(process.platform === 'win32')('serial ports of Linux', () => {
  it('reads those with hardware from /sys, USB ones with identity', async () => {
    // A tree of files as the kernel shows it: this machine has no USB.
    const root = mkdtempSync(join(tmpdir(), 'billmitra-sys-'));
    folders.push(root);
    const usb = join(root, 'devices', 'usb1', '1-2');
    const made = (name: string, device: string, files: Readonly<Record<string, string>>): void => {
      mkdirSync(device, { recursive: true });
      mkdirSync(join(root, 'tty', name), { recursive: true });
      symlinkSync(device, join(root, 'tty', name, 'device'));
      for (const [file, text] of Object.entries(files)) writeFileSync(join(root, 'tty', name, file), text);
    };
    made('ttyUSB10', join(usb, '1-2:1.0', 'ttyUSB10'), {});
    made('ttyUSB2', join(root, 'devices', 'bare', 'ttyUSB2'), {});
    made('ttyS0', join(root, 'devices', 'serial8250'), { type: '4\n' });
    made('ttyS1', join(root, 'devices', 'serial8250'), { type: '0\n' });
    made('tty7', join(root, 'devices', 'console'), {});
    for (const [file, text] of Object.entries({
      idVendor: '0403\n',
      idProduct: '6001\n',
      manufacturer: 'FTDI\n',
      product: 'FT232R USB UART\n',
      serial: 'A50285BI\n',
    })) {
      writeFileSync(join(usb, file), text);
    }
    expect(await listLinuxPorts(join(root, 'tty'), '/dev')).toEqual([
      port('/dev/ttyS0'),
      port('/dev/ttyUSB2'),
      { path: '/dev/ttyUSB10', identity: scale, maker: 'FTDI', product: 'FT232R USB UART' },
    ]);
    expect(await listLinuxPorts(join(root, 'nothing'))).toEqual([]);
  });
});

it('reads what serialport lists elsewhere', () => {
  expect(
    listedToFound({
      path: 'COM7',
      manufacturer: 'wch.cn',
      vendorId: '1A86',
      productId: '7523',
      friendlyName: 'USB-SERIAL CH340 (COM7)',
    }),
  ).toEqual({
    path: 'COM7',
    identity: { vendorId: 0x1a86, productId: 0x7523, serial: null },
    maker: 'wch.cn',
    product: 'USB-SERIAL CH340',
  });
  expect(listedToFound({ path: 'COM1' })).toEqual(port('COM1'));
});

describe('where a device hangs now', () => {
  const other = { vendorId: 0x1a86, productId: 0x7523, serial: null };
  it.each<[string, readonly SerialPortFound[], typeof scale | typeof other, string | null]>([
    ['at its place', [port('COM3', scale)], scale, 'COM3'],
    ['moved', [port('COM7', scale), port('COM3', other)], scale, 'COM7'],
    ['not plugged in, its number taken by another', [port('COM3', other)], scale, null],
    ['not plugged in', [port('COM1')], scale, 'COM3'],
    ['not plugged in, another adapter is', [port('COM5', other)], scale, null],
    ['same kind, another serial number', [port('COM3', { ...scale, serial: 'B' })], scale, null],
    ['without serial number, the only one', [port('COM9', other)], other, 'COM9'],
    ['without serial number, two of them, one at its place', [port('COM3', other), port('COM9', other)], other, 'COM3'],
    ['without serial number, two of them elsewhere', [port('COM8', other), port('COM9', other)], other, null],
    ['a port nothing is known of', [port('COM3'), port('COM5', other)], scale, 'COM3'],
    ['no list', [], scale, 'COM3'],
  ])('%s', (_, ports, identity, path) => {
    expect(portOf(ports, 'COM3', identity)).toBe(path);
  });
});
