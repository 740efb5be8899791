/**
 * A link to a till in the same process, for what drives it without a screen: replaying a file, writing a
 * believable past. Rule kept: it goes through the router, so roles, input bounds and idempotency hold as for
 * any window. The clock it comes with stands still until it is moved; a till with a real clock never gets one.
 */
import type { ContractRouterClient } from '@orpc/contract';
import { createRouterClient } from '@orpc/server';
import { type Clock, type Instant, instant } from '#core/time.ts';
import type { TillContract } from '#contract/till.ts';
import type { Till } from './assemble.ts';
import { tillRouter } from './router.ts';

export type LocalClient = ContractRouterClient<TillContract>;

/** A link of its own: signed out, without a window. */
export const localClient = (till: Till): LocalClient =>
  createRouterClient(tillRouter, { context: { till: till.context, connection: till.connect() } });

export type SetClock = Clock & { readonly set: (ms: number) => void };

/** A clock that says what it was last told. */
export function makeSetClock(startMs: number): SetClock {
  let now: Instant = instant(startMs);
  return {
    now: () => now,
    set: (ms) => {
      now = instant(ms);
    },
  };
}

/** Leaves a cart that was refused: money is given back first, as the till asks. */
export async function leaveCart(client: LocalClient, key: string, reason: string): Promise<void> {
  for (let n = (await client.cart.get()).header.tenders.length; n > 0; n--)
    await client.cart.takeBackTender({ key: `${key}-back-${n}` });
  await client.cart.drop({ key: `${key}-drop`, reason });
}
