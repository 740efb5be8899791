/**
 * Discount on a whole bill, shared over its lines before tax (CGST Act s. 15(3)(a): a discount shown on the
 * invoice lowers the taxable value). The one rule: shares go by line value, their sum is the discount to the
 * paisa, and no line is given more than it is worth. It never touches a tax.
 */
import { allocate, type BasisPoints, multiplyDivide, type Paise, paise, shareOf, subtractPaise } from '../money.ts';

export type BillDiscount =
  | { readonly kind: 'percent'; readonly rateBp: BasisPoints }
  | { readonly kind: 'amount'; readonly amountPaise: Paise };

/** What the discount comes to on lines of that value; never more than the value. */
export function billDiscountAmount(discount: BillDiscount, valuePaise: Paise): Paise {
  const amount = discount.kind === 'percent' ? shareOf(valuePaise, discount.rateBp) : discount.amountPaise;
  return paise(Math.min(amount, valuePaise));
}

/**
 * Each line's share of `discount`, by value, residual paisa to the largest line. Line values are what the
 * customer sees (inclusive or exclusive as each line is), ≥ 0, after line discounts and before tax. Where
 * rounding many tiny lines would take more than a line is worth, or less than nothing, the odd paise go to
 * lines with room. Throws
 * RangeError on a discount below 0 or above the lines' value: the cart refuses that first.
 */
export function apportionBillDiscount(discount: Paise, lineValues: readonly Paise[]): readonly Paise[] {
  const value = lineValues.reduce<number>((sum, v) => sum + v, 0);
  if (discount < 0 || discount > value) throw new RangeError(`discount ${discount} of ${value}`);
  const shares = allocate(discount, lineValues);
  const within = (amount: number, i: number): number => Math.max(0, Math.min(amount, lineValues[i] ?? 0));
  const kept = shares.map(within);
  let left = discount - kept.reduce((sum, share) => sum + share, 0);
  return kept.map((share, i) => {
    const final = within(share + left, i);
    left -= final - share;
    return paise(final);
  });
}

/** Line values after the shares are taken off. */
export const discountedValues = (lineValues: readonly Paise[], shares: readonly Paise[]): readonly Paise[] =>
  lineValues.map((value, i) => subtractPaise(value, shares[i] ?? (0 as Paise)));

/** The percentage, in basis points half up, that an amount is of a value; 0 for a value of 0. */
export const discountRateBp = (discount: Paise, value: Paise): BasisPoints =>
  (value === 0 ? 0 : multiplyDivide(discount, 10_000, value)) as BasisPoints;
