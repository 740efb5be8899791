/**
 * From the start of the process to the first scan answered: 100,000 items, 1,000,000 lines, warm cache. Rule
 * kept: the scan is a real one, by a cashier who signed in after this start; the sign-in's slow hash (it guards
 * the PIN) is part of the value and is shown beside it.
 */
import { randomUUID } from 'node:crypto';
import { type Figure, median, quantile, round, worst } from './figures.ts';
import { barcodeOf } from './goods.ts';
import type { Scale } from './scale.ts';
import { linkTo, signInOwner, startTillProcess } from './till-process.ts';

const warmUp = 2;

export async function measureStarts(shopDir: string, scale: Scale): Promise<readonly Figure[]> {
  const all: number[] = [];
  const toAddress: number[] = [];
  const signIns: number[] = [];
  for (let i = 0; i < warmUp + scale.opens; i += 1) {
    const till = await startTillProcess(shopDir);
    const addressMs = performance.now() - till.startedAtMs;
    const link = await linkTo(till);
    const before = performance.now();
    await signInOwner(link.client);
    const signInMs = performance.now() - before;
    const { outcome } = await link.client.cart.scan({ key: randomUUID(), code: barcodeOf(i) });
    const tookMs = performance.now() - till.startedAtMs;
    if (outcome !== 'added') throw new Error(`the first scan was ${outcome}`);
    if (i >= warmUp) {
      all.push(tookMs);
      toAddress.push(addressMs);
      signIns.push(signInMs);
    }
    await link.client.cart.drop({ key: randomUUID(), reason: 'bench' });
    link.close();
    await till.stop();
  }
  return [
    {
      name: 'open_100k_ms',
      value: median(all),
      unit: 'ms',
      n: all.length,
      bar: { atMost: 300 },
      beside: {
        p90: round(quantile(all, 0.9)),
        worst: round(worst(all)),
        listening: round(median(toAddress)),
        sign_in: round(median(signIns)),
      },
    },
  ];
}
