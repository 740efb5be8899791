/** What openPrinter makes of a target: places in words, and a Windows queue that is believed only so far. */
import { describe, expect, it } from 'vitest';
import { ok } from '#core/result.ts';
import { makeFakeSpooler } from '#tests/fixtures/fake-winspool.ts';
import { openQueueWire } from '../wire/windows-queue-wire.ts';
import { findModel } from './models.ts';
import { openPrinter, placeOf } from './open-printer.ts';
import type { StatusReading } from './status.ts';

const job = Buffer.from('\x1b@x\n\x1dV\0', 'latin1');

describe('a Windows queue (the spooler is a fake)', () => {
  const open = (says: StatusReading['state'], startError?: number) => {
    const fake = makeFakeSpooler(startError === undefined ? {} : { startError });
    const printer = openPrinter(
      { kind: 'windowsQueue', name: 'TM-T82' },
      findModel('epson-tm-t82'),
      {},
      () => openQueueWire('TM-T82', () => Promise.resolve(fake.spooler)),
      () => Promise.resolve(ok(says)),
    );
    return { fake, printer };
  };

  it('takes a job as one whole document, asked nothing', async () => {
    const { fake, printer } = open('ready');
    expect(await printer.write(job)).toEqual({ kind: 'done' });
    expect(Buffer.from(fake.received()).equals(job)).toBe(true);
    expect([fake.documents(), fake.openHandles()]).toEqual([['ended'], 0]);
    expect(await printer.look()).toMatchObject({ state: 'ready' });
    expect(printer.canTell()).toBe(false);
  });

  it('that says its paper is out gets nothing', async () => {
    const { fake, printer } = open('paperOut');
    expect(await printer.write(job)).toEqual({ kind: 'notStarted', reason: 'paperOut' });
    expect(fake.documents()).toEqual([]);
    expect([await printer.status(), printer.canTell()]).toEqual(['paperOut', true]);
  });

  it('whose driver takes no raw bytes: nothing is called done', async () => {
    const { printer } = open('ready', 1_804);
    expect(await printer.write(job)).toMatchObject({ kind: 'cut', sentBytes: 0 });
  });

  it.skipIf(process.platform === 'win32')('on a PC that is not Windows is offline, and says why', async () => {
    const printer = openPrinter({ kind: 'windowsQueue', name: 'x' }, findModel(''));
    expect(await printer.look()).toMatchObject({ state: 'offline', wire: 'unsupported' });
  });
});

describe('places', () => {
  const identity = { vendorId: 0x4b8, productId: 0x202, serial: null };
  it.each([
    [{ kind: 'tcp', host: '192.168.1.50', port: 9100 }, '192.168.1.50:9100'],
    [
      {
        kind: 'serial',
        path: 'COM3',
        format: { baud: 9600, dataBits: 8, parity: 'none', stopBits: 1, flow: 'none' },
        identity: null,
      },
      'COM3, 9600 baud',
    ],
    [{ kind: 'usb', identity }, 'USB 04b8:0202'],
    [{ kind: 'deviceFile', path: '/dev/usb/lp0' }, '/dev/usb/lp0'],
    [{ kind: 'windowsQueue', name: 'TM-T82' }, 'TM-T82'],
  ] as const)('%o', (target, place) => {
    expect(placeOf(target)).toBe(place);
  });
});
