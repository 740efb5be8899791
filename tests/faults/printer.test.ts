/** A bounded slice of `npm run -s faults -- printer`; more of it in test:full, any count by hand. */
import { describe, expect, it } from 'vitest';
import { cutPrinter, placeOf } from './printer.ts';

const isFull = process.env['BILLMITRA_FULL'] === '1';
const options = { seed: 1, say: () => {} };

describe('a printer whose plug is pulled', () => {
  it('loses no receipt and doubles none unmarked; the next bill does not notice', { timeout: 900_000 }, async () => {
    const outcome = await cutPrinter({ ...options, unplugs: isFull ? 3_000 : 60, control: null });
    expect(outcome).toMatchObject({ lost: 0, doubledUnmarked: 0 });
    expect(outcome.asked).toBeGreaterThan(30);
    expect(outcome.places).toBeGreaterThan(30);
    expect(outcome.pulled).toMatchObject({ sockets: expect.any(Number), plugs: expect.any(Number), tills: 1 });
  });

  it('shows it where a till is careless', { timeout: 60_000 }, async () => {
    const doubled = await cutPrinter({ ...options, unplugs: 40, control: 'blind-retry' });
    expect(doubled.doubledUnmarked).toBeGreaterThan(0);
    const lost = await cutPrinter({ ...options, unplugs: 20, control: 'call-it-done' });
    expect(lost.lost).toBeGreaterThan(0);
  });

  it('is pulled at every place of a receipt in turn', () => {
    const total = 97;
    const places = new Set(Array.from({ length: total * 2 }, (_, visit) => placeOf(visit, total)));
    expect(places.size).toBe(total);
    expect([Math.min(...places), Math.max(...places)]).toEqual([1, total]);
  });
});
