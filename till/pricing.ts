/**
 * What of the shop and the day decides a cart's amounts. Rule kept: the rate is the one in force on the
 * business date; rates are read once per class and day.
 */
import { placeOfSupplyOf } from '#core/billing/make-bill.ts';
import type { Cart } from '#core/billing/cart.ts';
import type { PricingContext } from '#core/billing/price-cart.ts';
import { supplyOf } from '#core/gst/place.ts';
import { plainRateRows, rateOn } from '#core/gst/rates.ts';
import type { TaxRate } from '#core/gst/tax.ts';
import type { BusinessDate } from '#core/time.ts';
import { chargesTax, type ShopSettings } from './shop-settings.ts';
import type { Tables } from './tables.ts';

export type RateLookup = (taxClassKey: string, date: BusinessDate) => TaxRate | null;

/** Remembers one day's rates; a new day starts anew, so a dated change needs no restart. */
export function makeRateLookup(taxRates: Tables['taxRates']): RateLookup {
  const plain = Map.groupBy(plainRateRows(), (row) => row.classKey);
  let day: BusinessDate | null = null;
  let known = new Map<string, TaxRate | null>();
  return (key, date) => {
    if (day !== date) {
      day = date;
      known = new Map();
    }
    const hit = known.get(key);
    if (hit !== undefined) return hit;
    const rows = plain.get(key) ?? taxRates.rowsOf(key);
    const rate = rateOn(rows, date);
    known.set(key, rate);
    return rate;
  };
}

export type PricingParts = {
  readonly settings: ShopSettings;
  readonly rates: RateLookup;
  readonly today: () => BusinessDate;
};

export function pricingOf(parts: PricingParts, cart: Pick<Cart, 'customer'>): PricingContext {
  const shop = parts.settings.get();
  const date = parts.today();
  return {
    supply: supplyOf(shop.stateCode, placeOfSupplyOf(cart, shop)),
    chargesTax: chargesTax(shop),
    roundStepPaise: shop.roundStepPaise,
    rateOf: (key) => parts.rates(key, date),
  };
}
