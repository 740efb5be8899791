/**
 * The UPI request of the open cart: the link in the QR carries the amount still to collect. Rule kept: the
 * till cannot see the bank, so this only asks; a person confirms. No bill number before the commit: the
 * reference is the cart's own.
 */
import type { Cart } from '#core/billing/cart.ts';
import { upiLink, upiReference } from '#core/billing/upi.ts';
import { addPaise, type Paise } from '#core/money.ts';
import type { CartHeader } from '#contract/views.ts';
import type { ShopRecord } from './shop-settings.ts';

/** null when the shop has no UPI address or nothing is left to ask for. */
export function upiRequest(shop: ShopRecord, cart: Cart, stillToCollectPaise: Paise): CartHeader['upi'] {
  if (shop.upiAddress === null) return null;
  const waiting = cart.tenders.filter((t) => t.kind === 'upi' && t.status === 'waiting').map((t) => t.amountPaise);
  const amountPaise = waiting.length > 0 ? addPaise(...waiting) : stillToCollectPaise;
  if (amountPaise <= 0) return null;
  const link = upiLink({
    payeeAddress: shop.upiAddress,
    payeeName: shop.name,
    amountPaise,
    reference: upiReference(cart.id),
  });
  return link.ok ? { link: link.value, payeeAddress: shop.upiAddress, amountPaise } : null;
}
