/**
 * Hold, recall, drop. Rule kept: a held cart is on disk before the counter is empty; recalling holds
 * what is open, so no customer's goods are ever thrown out by a key.
 */
import { priceCart } from '#core/billing/price-cart.ts';
import type { Uuid } from '#core/ids.ts';
import { instant } from '#core/time.ts';
import { isItemLine } from '#core/billing/cart.ts';
import type { HeldCart } from '#contract/views.ts';
import { itemCount, lineViewsOf } from '../cart-view.ts';
import type { StoredCartBody } from '../cart-host.ts';
import type { Login, TillContext } from '../context.ts';
import { pricingOf } from '../pricing.ts';
import { found, refuse } from '../refusal.ts';

type Done = { readonly done: true };

export function hold(ctx: TillContext, login: Login): Done {
  if (ctx.cart.current().lines.length === 0) refuse({ type: 'CartEmpty' });
  if (ctx.cart.current().tenders.length > 0) refuse({ type: 'CartHasTenders' });
  ctx.cart.hold(login.name);
  return { done: true };
}

function heldBodies(ctx: TillContext): readonly StoredCartBody[] {
  return ctx.tables.carts
    .load()
    .filter((row) => row.state === 'held')
    .map((row) => JSON.parse(row.json) as StoredCartBody);
}

export const heldCarts = (ctx: TillContext): readonly HeldCart[] =>
  heldBodies(ctx)
    .map((body): HeldCart => {
      const priced = priceCart(body.cart, pricingOf(ctx, body.cart));
      const items = body.cart.lines.filter(isItemLine);
      return {
        id: body.cart.id,
        heldAtMs: body.heldAtMs ?? instant(0),
        cashierName: body.heldBy ?? '',
        itemCount: itemCount(body.cart.lines),
        payablePaise: priced.payablePaise,
        firstItems: items.slice(0, 3).map((l) => ({ name: l.name, nameHi: l.nameHi })),
        lines: lineViewsOf(body.cart, priced, new Map(), ctx.tables.stock.onHand),
      };
    })
    .toSorted((a, b) => b.heldAtMs - a.heldAtMs);

export function recall(ctx: TillContext, heldId: Uuid, login: Login): Done {
  const body = found(
    heldBodies(ctx).find((b) => b.cart.id === heldId),
    'cart',
  );
  if (ctx.cart.current().tenders.length > 0) refuse({ type: 'CartHasTenders' });
  // A question or a queued scan is goods too.
  const isAtWork = ctx.cart.choice() !== null || ctx.cart.waiting().length > 0;
  if (isAtWork || ctx.cart.current().lines.length > 0) ctx.cart.hold(login.name);
  ctx.tables.carts.save({
    id: body.cart.id,
    state: 'open',
    json: JSON.stringify({ ...body, heldBy: null, heldAtMs: null }),
    savedAtMs: ctx.clock.now(),
  });
  ctx.heldChanged();
  ctx.cart.take(body, { kind: 'recalled' });
  return { done: true };
}

/** A dropped cart leaves a trace in the journal: what it was worth, who dropped it, why. */
export function dropHeld(ctx: TillContext, heldId: Uuid, reason: string, login: Login): Done {
  const body = found(
    heldBodies(ctx).find((b) => b.cart.id === heldId),
    'cart',
  );
  recordDrop(ctx, body.cart, reason, login);
  ctx.tables.carts.remove(heldId);
  ctx.heldChanged();
  ctx.cart.refresh();
  return { done: true };
}

export function drop(ctx: TillContext, reason: string, login: Login): Done {
  const cart = ctx.cart.current();
  if (cart.tenders.length > 0) refuse({ type: 'CartHasTenders' });
  if (cart.lines.length > 0) recordDrop(ctx, cart, reason, login);
  ctx.cart.drop();
  return { done: true };
}

function recordDrop(ctx: TillContext, cart: StoredCartBody['cart'], reason: string, login: Login): void {
  if (reason.trim() === '') refuse({ type: 'ReasonNeeded' });
  const payablePaise = priceCart(cart, pricingOf(ctx, cart)).payablePaise;
  const detail = { lines: cart.lines.length, payablePaise, reason, by: login.id };
  ctx.tables.transact(() => ctx.tables.journal.append('cartDropped', cart.id, ctx.clock.now(), JSON.stringify(detail)));
}
