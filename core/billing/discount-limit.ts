/**
 * How much a cashier may give away by themselves, where head office has said so. Rule kept: the limit is a share of what
 * the discount is taken from (the line, or the bill after its lines' discounts); it says yes or no and changes nothing.
 */
import type { Uuid } from '../ids.ts';
import { addPaise, subtractPaise } from '../money.ts';
import { type Cart, type Discount, isItemLine } from './cart.ts';
import { discountOn, grossOf } from './price-cart.ts';

/** `lineId` null: on the bill. `limitBp`: hundredths of a percent. */
export function isAboveDiscountLimit(
  cart: Pick<Cart, 'lines'>,
  lineId: Uuid | null,
  discount: Discount | null,
  limitBp: number,
): boolean {
  if (discount === null) return false;
  if (discount.kind === 'percent') return discount.rateBp > limitBp;
  const lines = cart.lines.filter(isItemLine).filter((line) => lineId === null || line.id === lineId);
  const gross = addPaise(
    ...lines.map((line) => {
      const whole = grossOf(line);
      return lineId === null ? subtractPaise(whole, discountOn(line.discount, whole)) : whole;
    }),
  );
  return BigInt(discount.amountPaise) * 10_000n > BigInt(gross) * BigInt(limitBp);
}
