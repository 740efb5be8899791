import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { testWire } from '#tests/contracts/wire-promises.ts';
import { type FakeUsbOptions, makeFakeUsb } from '#tests/fixtures/fake-usb.ts';
import { openWire } from './open-wire.ts';
import { findUsbHost, listLinuxUsb, printerInterface } from './usb-devices.ts';
import { openUsbWire } from './usb-wire.ts';

const identity = { vendorId: 0x04b8, productId: 0x0e15, serial: 'TM1' };

/** Through a FAKE device: see tests/fixtures/fake-usb.ts. */
async function fakePair(options: FakeUsbOptions = {}) {
  const fake = makeFakeUsb(options);
  const opened = await openUsbWire(identity, 500, async () => fake.host);
  if (!opened.ok) throw new Error(opened.error);
  return { wire: opened.value, far: { ...fake, cut: fake.unplug }, tidy: () => {}, fake };
}
testWire('USB (fake device)', () => fakePair(), { reads: true, feelsCut: true, flood: 20_000 });
testWire('USB, one way (fake device)', () => fakePair({ canRead: false, mostOut: 100 }), {
  reads: false,
  feelsCut: false,
  flood: 20_000,
});

describe('USB (fake device)', () => {
  it('opens, claims, and in the end releases and closes', async () => {
    const { wire, fake } = await fakePair();
    await wire.write(Uint8Array.of(1), 100);
    await wire.close();
    expect(fake.calls).toEqual(['open', 'claim 0', 'release 0', 'close']);
  });

  it.each<[FakeUsbOptions, string]>([
    [{ openError: 'open error: permission denied (errno 13)' }, 'noPermission'],
    [{ claimError: 'claimInterface error: interface is busy' }, 'busy'],
    [{ claimError: 'claimInterface error: incompatible driver is installed for this interface' }, 'busy'],
    [{ openError: 'open error: device disconnected' }, 'absent'],
    [{ interfaceClass: 3 }, 'unsupported'],
    [{ serial: 'another' }, 'absent'],
  ])('%j is %s', async (options, trouble) => {
    const fake = makeFakeUsb(options);
    expect(await openUsbWire(identity, 500, async () => fake.host)).toEqual({ ok: false, error: trouble });
    if (fake.calls.includes('claim 0') || options.interfaceClass === 3) expect(fake.calls.at(-1)).toBe('close');
  });

  it('is unsupported where there is no USB, absent where it is not plugged in', async () => {
    expect(await openUsbWire(identity, 500, async () => null)).toEqual({ ok: false, error: 'unsupported' });
    const { fake } = await fakePair();
    fake.unplug();
    expect(await openUsbWire(identity, 500, async () => fake.host)).toEqual({ ok: false, error: 'absent' });
  });

  it.skipIf(process.platform !== 'linux' || existsSync('/sys/bus/usb'))(
    'says "no USB on this machine" on a real machine without (runs only on one)',
    async () => {
      expect(await findUsbHost()).toBe(null);
      expect(await openWire({ kind: 'usb', identity })).toEqual({ ok: false, error: 'unsupported' });
      expect(await listLinuxUsb()).toEqual([]);
    },
  );
});

describe('which interface prints', () => {
  const point = (direction: 'in' | 'out', endpointNumber: number) => ({
    endpointNumber,
    direction,
    type: 'bulk',
    packetSize: 64,
  });
  const alternate = (
    alternateSetting: number,
    interfaceClass: number,
    interfaceProtocol: number,
    isTwoWay: boolean,
  ) => ({
    alternateSetting,
    interfaceClass,
    interfaceProtocol,
    endpoints: isTwoWay ? [point('in', 1), point('out', 2)] : [point('out', 2)],
  });
  it('takes the two-way one, never IPP, a maker’s own only when there is no other', () => {
    const oneWay = alternate(0, 7, 1, false);
    const twoWay = alternate(1, 7, 2, true);
    const ipp = alternate(2, 7, 4, true);
    const own = alternate(0, 0xff, 0, true);
    const of = (...alternates: readonly (typeof oneWay)[]) =>
      printerInterface([{ interfaceNumber: 3, alternates }])?.alternateSetting ?? null;
    expect(of(ipp, oneWay, twoWay)).toBe(1);
    expect(of(oneWay, ipp)).toBe(0);
    expect(of(ipp)).toBe(null);
    expect(
      printerInterface([
        { interfaceNumber: 0, alternates: [own] },
        { interfaceNumber: 1, alternates: [oneWay] },
      ]),
    ).toEqual({
      interfaceNumber: 1,
      alternateSetting: 0,
      out: 2,
      in: null,
      inPacket: 64,
    });
    expect(of(own)).toBe(0);
  });
});
