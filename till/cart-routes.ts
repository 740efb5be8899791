/**
 * The cart's methods, each tied to its use case. Rule kept: a command goes through inCart (signed in, the
 * window that has the counter, once per key); only a scan may come while nobody is signed in, and waits.
 */
import type { ScanOutcome } from '#contract/views.ts';
import type { WaitingScan } from './cart-host.ts';
import { isAtLeast } from './check-pin.ts';
import type { CallContext } from './context.ts';
import { inCart, os } from './edge.ts';
import { refuse } from './refusal.ts';
import { takeScan, unknownCodes } from './take-scan.ts';
import * as cart from './use-cases/edit-cart.ts';
import * as hold from './use-cases/hold-cart.ts';
import * as settle from './use-cases/settle-line.ts';
import * as window from './use-cases/window.ts';

type ScanInput = WaitingScan & Parameters<typeof inCart>[1];

function scan(context: CallContext, input: ScanInput): { outcome: ScanOutcome } {
  const { till, connection } = context;
  const again = till.cart.outcomeOf(input.key);
  if (again !== null) return again as { outcome: ScanOutcome };
  const scan = { code: input.code.slice(0, 8_192), qtyMilli: input.qtyMilli, worthPaise: input.worthPaise };
  const isLocked = connection.login === null;
  if (!isLocked) window.mustBeActive(context);
  if (isLocked || till.cart.choice() !== null) {
    till.cart.queueScan(scan);
    const queued = { outcome: isLocked ? ('waitsForSignIn' as const) : ('queued' as const) };
    till.cart.rememberKey(input.key, queued);
    return queued;
  }
  return inCart(context, input, () => {
    const taken = takeScan(till, scan);
    if (!taken.ok) refuse(taken.error);
    return { outcome: taken.value };
  });
}

export const cartRoutes = {
  get: os.cart.get.handler(({ context }) => context.till.cart.all()),
  feed: os.cart.feed.handler(({ context, signal }) =>
    context.till.cart.feed.subscribe(() => context.till.cart.all(), signal),
  ),
  scan: os.cart.scan.handler(({ context, input }) => {
    const { till } = context;
    // A new till's catalogue may be on its way: the item is asked for first.
    const waits = till.sync.items.ask(() => unknownCodes(till, input.code.slice(0, 8_192)));
    return waits === null ? scan(context, input) : waits.then(() => scan(context, input));
  }),
  addItem: os.cart.addItem.handler(({ context, input }) =>
    inCart(context, input, () => ({ outcome: cart.addItem(context.till, input) })),
  ),
  addItems: os.cart.addItems.handler(({ context, input }) =>
    inCart(context, input, () => cart.addItems(context.till, input.lines)),
  ),
  addPriceOnly: os.cart.addPriceOnly.handler(({ context, input }) =>
    inCart(context, input, () => ({ outcome: cart.addPriceOnly(context.till, input) })),
  ),
  answerChoice: os.cart.answerChoice.handler(({ context, input }) =>
    inCart(context, input, () => ({ outcome: settle.answerChoice(context.till, input.choiceId, input.answer) })),
  ),
  setQty: os.cart.setQty.handler(({ context, input }) =>
    inCart(context, input, () => cart.setQty(context.till, input.lineId, input.qtyMilli, input.isConfirmed)),
  ),
  stepQty: os.cart.stepQty.handler(({ context, input }) =>
    inCart(context, input, () => cart.stepQty(context.till, input.lineId, input.by)),
  ),
  setLineDiscount: os.cart.setLineDiscount.handler(({ context, input }) =>
    inCart(context, input, (login) => {
      if (!isAtLeast(login.role, 'supervisor')) cart.mustBeWithinLimit(context.till, input.lineId, input.discount);
      return cart.setLineDiscount(context.till, input.lineId, input.discount);
    }),
  ),
  setBillDiscount: os.cart.setBillDiscount.handler(({ context, input }) =>
    inCart(context, input, (login) => {
      if (!isAtLeast(login.role, 'supervisor')) cart.mustBeWithinLimit(context.till, null, input.discount);
      return cart.setBillDiscount(context.till, input.discount);
    }),
  ),
  setPrice: os.cart.setPrice.handler(({ context, input }) =>
    inCart(context, input, () => cart.setPrice(context.till, input.lineId, input.sellingPricePaise)),
  ),
  chooseMrp: os.cart.chooseMrp.handler(({ context, input }) =>
    inCart(context, input, () => ({ outcome: cart.chooseMrp(context.till, input.lineId) })),
  ),
  removeLine: os.cart.removeLine.handler(({ context, input }) =>
    inCart(context, input, () => cart.removeLine(context.till, input.lineId)),
  ),
  settleUnknown: os.cart.settleUnknown.handler(({ context, input }) =>
    inCart(context, input, (login) => settle.settleUnknown(context.till, input.lineId, input.as, login.id)),
  ),
  setCustomer: os.cart.setCustomer.handler(({ context, input }) =>
    inCart(context, input, () => cart.setCustomer(context.till, input.customer)),
  ),
  undo: os.cart.undo.handler(({ context, input }) => inCart(context, input, () => cart.undo(context.till))),
  hold: os.cart.hold.handler(({ context, input }) => inCart(context, input, (login) => hold.hold(context.till, login))),
  held: os.cart.held.handler(({ context }) => hold.heldCarts(context.till)),
  recall: os.cart.recall.handler(({ context, input }) =>
    inCart(context, { key: input.key, cartId: null }, (login) => hold.recall(context.till, input.heldId, login)),
  ),
  dropHeld: os.cart.dropHeld.handler(({ context, input }) =>
    inCart(context, { key: input.key, cartId: null }, (login) =>
      hold.dropHeld(context.till, input.heldId, input.reason, login),
    ),
  ),
  drop: os.cart.drop.handler(({ context, input }) =>
    inCart(context, input, (login) => hold.drop(context.till, input.reason, login)),
  ),
  previewCash: os.cart.previewCash.handler(({ context, input }) => cart.previewCash(context.till, input.amountPaise)),
  addTender: os.cart.addTender.handler(({ context, input }) =>
    inCart(context, input, () => cart.addTender(context.till, input)),
  ),
  confirmTender: os.cart.confirmTender.handler(({ context, input }) =>
    inCart(context, input, () => cart.confirmTender(context.till, input.tenderId)),
  ),
  takeBackTender: os.cart.takeBackTender.handler(({ context, input }) =>
    inCart(context, input, () => cart.takeBackTender(context.till)),
  ),
};
