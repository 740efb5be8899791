/**
 * What must hold when the network works again: safety, then liveness. Rule kept: it looks at what was sold and at
 * what the server has, never at how it came there.
 */
import { entryKey } from '#sync-server/ingest/decide-batch.ts';
import { deliver, giveUp, send, type World } from './world.ts';

export type Findings = { lost: number; doubled: number; stuck: number; diverged: number };

/** Everything arrives from here on. False when the queues don't empty in as many rounds as there could be need of. */
export function heal(world: World): boolean {
  world.packets = [];
  for (let round = 0; round < 200; round += 1) {
    for (const till of world.tills) {
      giveUp(world, till);
      send(world, till);
    }
    if (world.packets.length === 0) return true;
    while (world.packets.length > 0) deliver(world, 0);
  }
  return false;
}

export function check(world: World): Findings {
  const found: Findings = { lost: 0, doubled: 0, stuck: 0, diverged: 0 };
  if (!heal(world)) found.stuck += 1;
  const expected = new Map<string, { bills: number; paise: number }>();
  for (const [id, sold] of world.sold) {
    const stored = world.server.stored.get(entryKey('bill', id));
    const isGone = world.gone.has(id);
    if (stored === undefined) {
      if (!isGone) found.lost += 1;
      continue;
    }
    if ((stored.rejection !== null) !== sold.isForged && !isGone) found.lost += 1;
    if (sold.isForged && !isGone && !world.tills[sold.till]?.refused.has(id)) found.diverged += 1;
    if (stored.rejection !== null) continue;
    const key = `${world.tills[sold.till]?.storeId} 2026-11-${String(sold.day).padStart(2, '0')}`;
    const day = expected.get(key) ?? { bills: 0, paise: 0 };
    expected.set(key, { bills: day.bills + 1, paise: day.paise + sold.amountPaise });
  }
  for (const key of new Set([...expected.keys(), ...world.server.days.keys()])) {
    const should = expected.get(key) ?? { bills: 0, paise: 0 };
    const is = world.server.days.get(key) ?? { bills: 0, paise: 0 };
    if (is.bills > should.bills) found.doubled += is.bills - should.bills;
    else if (is.bills !== should.bills || is.paise !== should.paise) found.diverged += 1;
  }
  return found;
}
