/**
 * Changes to a cart, by a model: whatever commands come in whatever order, no line stands in the cart that may
 * not be sold, the version counts every change, a refusal changes nothing, and it can always be priced.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../tests/property-runs.ts';
import { cartLine, rates, testId } from '../../tests/fixtures/random-carts.ts';
import type { DomainError } from '../errors.ts';
import { basisPoints, paise } from '../money.ts';
import { type Milli, maxQty, milli, onePiece } from '../quantity.ts';
import type { Result } from '../result.ts';
import type { Instant } from '../time.ts';
import { type Cart, type CartLine, type CartTender, emptyCart, isItemLine } from './cart.ts';
import * as edit from './edit-cart.ts';
import { priceCart, settle } from './price-cart.ts';

const empty = emptyCart(testId(1), 0 as Instant, testId(2));
const context = {
  supply: 'intraState' as const,
  chargesTax: true,
  roundStepPaise: paise(100),
  rateOf: (key: string) => rates[key] ?? null,
};

// Quantities and prices of people, and of fingers that stayed on a key.
const qty = fc.oneof(
  fc.integer({ min: -2, max: 40 }).map((n) => n * 1000),
  fc.integer({ min: -10, max: 30_000 }),
  fc.constantFrom(0, 999, maxQty, maxQty + 1, 10_000_000_000_000),
);
const price = fc.oneof(fc.integer({ min: 0, max: 500_000 }), fc.constantFrom(0, 10_000_000_000));
const discount = fc.oneof(
  fc.constant(null),
  price.map((p) => ({ kind: 'amount' as const, amountPaise: paise(p) })),
  fc.integer({ min: 0, max: 12_000 }).map((bp) => ({ kind: 'percent' as const, rateBp: basisPoints(bp) })),
);
const at = fc.nat({ max: 9 });

type Command = (cart: Cart, n: number) => Result<Cart, DomainError> | Cart;
const idAt = (cart: Cart, i: number) => cart.lines[i % Math.max(1, cart.lines.length)]?.id ?? testId(9_999_999);
const tender = (n: number, kind: CartTender['kind'], amount: number): CartTender => ({
  id: testId(n),
  kind,
  amountPaise: paise(amount),
  status: 'waiting',
  reference: null,
});
const due = (cart: Cart) => settle(priceCart(cart, context).payablePaise, cart.tenders).stillToCollectPaise;

const command: fc.Arbitrary<Command> = fc.oneof(
  cartLine.map(
    (line): Command =>
      (cart, n) => {
        const added = edit.addLine(cart, { ...line, id: testId(n) });
        return added.ok ? { ok: true, value: added.value.cart } : added;
      },
  ),
  // The same goods again: they merge.
  at.map(
    (i): Command =>
      (cart, n) => {
        const line = cart.lines[i];
        if (line === undefined || !isItemLine(line)) return cart;
        const added = edit.addLine(cart, { ...line, id: testId(n), discount: null });
        return added.ok ? { ok: true, value: added.value.cart } : added;
      },
  ),
  qty
    .filter((q) => q > 0 && q <= maxQty && q % 1000 === 0)
    .map(
      (q): Command =>
        (cart, n) =>
          edit.addUnknown(cart, testId(n), '8901234567894', milli(q)),
    ),
  fc.tuple(at, qty, fc.boolean()).map(
    ([i, q, sure]): Command =>
      (cart) =>
        edit.setQty(cart, idAt(cart, i), milli(q), sure),
  ),
  fc.tuple(at, fc.constantFrom(1 as const, -1 as const)).map(
    ([i, by]): Command =>
      (cart) =>
        edit.stepQty(cart, idAt(cart, i), by),
  ),
  fc.tuple(at, discount).map(
    ([i, d]): Command =>
      (cart) =>
        edit.setLineDiscount(cart, idAt(cart, i), d),
  ),
  discount.map(
    (d): Command =>
      (cart) =>
        edit.setBillDiscount(cart, d),
  ),
  fc.tuple(at, price).map(
    ([i, p]): Command =>
      (cart) =>
        edit.setPrice(cart, idAt(cart, i), paise(p)),
  ),
  fc.tuple(at, price, price).map(
    ([i, p, m]): Command =>
      (cart) =>
        edit.setLot(cart, idAt(cart, i), {
          batchId: testId(5),
          batchCode: 'B',
          expiresOn: null,
          mrpPaise: paise(m),
          sellingPricePaise: paise(p),
        }),
  ),
  at.map(
    (i): Command =>
      (cart) =>
        edit.removeLine(cart, idAt(cart, i)),
  ),
  fc.tuple(at, cartLine).map(
    ([i, line]): Command =>
      (cart, n) =>
        edit.replaceUnknown(cart, idAt(cart, i), { ...line, id: testId(n) }),
  ),
  fc.tuple(fc.constantFrom('cash' as const, 'upi' as const, 'card' as const), price).map(
    ([kind, p]): Command =>
      (cart, n) =>
        edit.addTender(cart, tender(n, kind, p), due(cart)),
  ),
  at.map(
    (i): Command =>
      (cart) =>
        edit.confirmTender(cart, cart.tenders[i]?.id ?? testId(8_888_888)),
  ),
  fc.constant((cart: Cart) => edit.takeBackTender(cart)),
);

describe('any sequence of commands', () => {
  it('leaves only lines that may be sold, counts versions, and never breaks the pricing', () => {
    fc.assert(
      fc.property(fc.array(command, { minLength: 1, maxLength: 25 }), (commands) => {
        let cart = empty;
        for (const [i, run] of commands.entries()) {
          const before = JSON.stringify(cart);
          const result = run(cart, 10_000 + i);
          if (!('ok' in result)) {
            if (result === cart) continue;
            expect(result.version).toBe(cart.version + 1);
            cart = result;
          } else if (result.ok) {
            expect(result.value.version).toBe(cart.version + 1);
            cart = result.value;
          } else {
            expect(result.error.type).toMatch(/^[A-Z][A-Za-z]+$/);
            expect(JSON.stringify(cart)).toBe(before);
          }
          for (const line of cart.lines) {
            if (isItemLine(line)) expect(edit.refusalOfLine(line)).toBeNull();
            else expect(edit.refusalOfQty(line.qtyMilli, 'pc')).toBeNull();
          }
          expect(new Set(cart.lines.map((l) => l.id)).size).toBe(cart.lines.length);
          const priced = priceCart(cart, context);
          expect(priced.payablePaise).toBeGreaterThanOrEqual(0);
          for (const t of cart.tenders) expect(t.amountPaise).toBeGreaterThan(0);
        }
      }),
      { numRuns: propertyRuns() },
    );
  });
});

// ── the rules one by one ─────────────────────────────────────────────────────────────────────────────

const soap: CartLine = {
  ...(fc.sample(cartLine, { numRuns: 1, seed: 3 })[0] as CartLine),
  id: testId(10),
  unit: 'pc',
  qtyMilli: onePiece,
  packQtyMilli: onePiece,
  packName: null,
  mrpPaise: paise(5_000),
  sellingPricePaise: paise(4_500),
  discount: null,
  fixedAmountPaise: null,
};
const withSoap: Cart = { ...empty, lines: [soap] };
const errorOf = (result: Result<unknown, DomainError>): DomainError | null => (result.ok ? null : result.error);
const setQty = (q: number, sure = false) => errorOf(edit.setQty(withSoap, soap.id, milli(q), sure));

describe('bad input has its own answer', () => {
  it('quantities: negative, zero, half a piece, 10⁹, and large ones that are asked once', () => {
    expect(setQty(0)).toEqual({ type: 'QtyNotPositive' });
    expect(setQty(-1000)).toEqual({ type: 'QtyNotPositive' });
    expect(setQty(1500)).toEqual({ type: 'QtyNotWhole' });
    expect(setQty(1_000_000_000_000)).toEqual({ type: 'QtyTooLarge', maxQtyMilli: maxQty });
    expect(setQty(100_000)).toMatchObject({ type: 'ConfirmLarge', what: 'quantity', amountPaise: 450_000 });
    expect(setQty(100_000, true)).toBeNull();
    expect(setQty(99_000)).toBeNull();
    expect(errorOf(edit.stepQty(withSoap, soap.id, -1))).toEqual({ type: 'QtyNotPositive' });
  });

  it('prices: above the MRP, and amounts that nobody can mean', () => {
    expect(errorOf(edit.setPrice(withSoap, soap.id, paise(5_001)))).toEqual({
      type: 'PriceAboveMrp',
      pricePaise: 5_001,
      mrpPaise: 5_000,
    });
    expect(errorOf(edit.setPrice(withSoap, soap.id, paise(5_000)))).toBeNull();
    expect(
      errorOf(
        edit.setQty(
          { ...empty, lines: [{ ...soap, mrpPaise: null, sellingPricePaise: paise(10_001) }] },
          soap.id,
          maxQty,
          true,
        ),
      ),
    ).toEqual({ type: 'AmountTooLarge' });
    const cheap = { ...soap, mrpPaise: paise(10_000_000_000), sellingPricePaise: paise(1) };
    const cart = { ...empty, lines: [cheap] };
    // The MRP × quantity is reckoned too (savings, Rule 31D): it may not leave the safe integers.
    expect(errorOf(edit.setQty(cart, cheap.id, maxQty, true))).toEqual({ type: 'AmountTooLarge' });
  });

  it('discounts above what they are taken from', () => {
    const amount = (n: number) => ({ kind: 'amount' as const, amountPaise: paise(n) });
    expect(errorOf(edit.setLineDiscount(withSoap, soap.id, amount(4_501)))).toEqual({
      type: 'DiscountAbovePrice',
      discountPaise: 4_501,
      pricePaise: 4_500,
    });
    expect(errorOf(edit.setBillDiscount(withSoap, amount(4_501)))).toMatchObject({ type: 'DiscountAbovePrice' });
    expect(errorOf(edit.setBillDiscount(withSoap, { kind: 'percent', rateBp: basisPoints(10_100) }))).toMatchObject({
      type: 'DiscountAbovePrice',
    });
    const none = edit.setBillDiscount(withSoap, amount(0));
    expect(none.ok && none.value.billDiscount).toBeNull();
  });

  it('money: none, negative, and more by UPI than is due', () => {
    const add = (kind: CartTender['kind'], amount: number) =>
      errorOf(edit.addTender(withSoap, tender(1, kind, amount), paise(4_500)));
    expect(add('cash', 0)).toMatchObject({ type: 'InputInvalid' });
    expect(add('cash', -5)).toMatchObject({ type: 'InputInvalid' });
    expect(add('upi', 4_501)).toEqual({ type: 'TenderAbovePayable', overByPaise: 1 });
    expect(add('card', 4_500)).toBeNull();
    expect(add('cash', 50_000)).toBeNull();
    expect(add('cash', 10_000_000_001)).toEqual({ type: 'AmountTooLarge' });
    expect(errorOf(edit.takeBackTender(empty))).toEqual({ type: 'NoTenderToTakeBack' });
  });

  it('a line that is gone', () => {
    const gone = testId(404);
    for (const result of [
      edit.setQty(withSoap, gone, onePiece, false),
      edit.stepQty(withSoap, gone, 1),
      edit.setPrice(withSoap, gone, paise(1)),
      edit.setLineDiscount(withSoap, gone, null),
      edit.removeLine(withSoap, gone),
    ]) {
      expect(errorOf(result)).toEqual({ type: 'NotFound', what: 'line' });
    }
  });
});

describe('the same goods twice', () => {
  const add = (cart: Cart, line: CartLine) => {
    const added = edit.addLine(cart, line);
    if (!added.ok) throw new Error(added.error.type);
    return added.value;
  };
  it('raise the quantity; another price, lot, pack or a discount starts a new line', () => {
    const again = add(withSoap, { ...soap, id: testId(20) });
    expect(again).toMatchObject({ isSame: true, lineId: soap.id });
    expect(again.cart.lines.map((l) => l.qtyMilli)).toEqual([2000]);
    for (const other of [
      { sellingPricePaise: paise(4_400) },
      { batchId: testId(3) },
      { packQtyMilli: milli(12_000) },
      { mrpPaise: null },
      { discount: { kind: 'amount' as const, amountPaise: paise(1) } },
    ]) {
      expect(add(withSoap, { ...soap, id: testId(20), ...other }).cart.lines).toHaveLength(2);
    }
  });

  it('weighed goods stay apart: each weighing is its own', () => {
    const dal = { ...soap, unit: 'kg' as const, qtyMilli: milli(350) };
    expect(add({ ...empty, lines: [dal] }, { ...dal, id: testId(20) }).cart.lines).toHaveLength(2);
  });
});

describe('qtyForWorth', () => {
  it('₹20 of something at ₹47 a kilo is 426 g; a rate of nothing buys nothing', () => {
    expect(edit.qtyForWorth(paise(2_000), paise(4_700))).toBe(426);
    expect(edit.qtyForWorth(paise(2_000), paise(0))).toBe(0 as Milli);
  });
});
