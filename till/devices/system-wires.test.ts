import { describe, expect, it } from 'vitest';
import { nameOf, systemWires } from './system-wires.ts';

describe('the wires of this machine', () => {
  it('are listed without a fault, whatever hangs on it', async () => {
    const found = await systemWires().list();
    for (const wire of found) expect(wire.target.kind).toMatch(/^(serial|usb|deviceFile|windowsQueue)$/);
  });
  it('are watched while somebody looks, and listed to a second one at once', async () => {
    const wires = systemWires();
    let rings = 0;
    const told = new Promise<void>((resolve) => {
      const stop = wires.watch(() => {
        rings += 1;
        stop();
        resolve();
      });
    });
    await told;
    expect(rings).toBe(1);
    expect(Array.isArray(await wires.list())).toBe(true);
  });
});

describe('a name of maker and product', () => {
  it.each([
    ['Zebra', 'DS2208', 'Zebra DS2208'],
    ['EPSON', 'Epson TM-T82', 'Epson TM-T82'],
    [null, 'POS-80', 'POS-80'],
    ['Prolific', null, 'Prolific'],
    [null, null, null],
  ])('%s and %s: %s', (maker, product, name) => {
    expect(nameOf(maker, product)).toBe(name);
  });
});
