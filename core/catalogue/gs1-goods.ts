/**
 * What a till takes from a GS1 symbol: which goods, which batch, until when, how much, for how much. Rule kept:
 * each figure in the till's own unit, and null where the symbol says nothing. Never takes a price in another
 * currency, and never chooses a batch of the shop by itself.
 */
import { paise } from '../money.ts';
import type { Paise } from '../money.ts';
import { milli } from '../quantity.ts';
import type { Milli } from '../quantity.ts';
import type { BusinessDate } from '../time.ts';
import { gtinOf } from './ean.ts';
import type { Gtin } from './ean.ts';
import { gs1Date } from './gs1.ts';
import type { Gs1Element } from './gs1.ts';

/** What a till needs of a goods symbol. Amounts in paise, weight in milli-kg, counts in milli-units. */
export type Gs1Goods = {
  readonly gtin: Gtin | null;
  readonly sscc: string | null;
  readonly batch: string | null;
  readonly serial: string | null;
  readonly expiry: BusinessDate | null;
  readonly packedOn: BusinessDate | null;
  readonly qtyMilli: Milli | null;
  readonly weightMilli: Milli | null;
  readonly pricePaise: Paise | null;
};

/** value × 10^(places − decimals), half up; null past the safe integers. */
function scaledTo(value: string, decimals: number, places: number): number | null {
  const shift = places - decimals;
  const n = shift >= 0 ? Number(value) * 10 ** shift : Math.floor(Number(value) / 10 ** -shift + 0.5);
  return Number.isSafeInteger(n) ? n : null;
}

/**
 * Picks the till's fields. Expiry is 17, 7003's date, else 15, else 16. Price is 392n, or 393n when its
 * currency is 356 (INR); 390n is what a coupon or pay slip owes, 8005 a price per unit without decimals said: left
 * to the caller in the elements. Content (02, with its count 37) stands for goods when 01 is not there.
 */
export function goodsOf(elements: readonly Gs1Element[], year: number): Gs1Goods {
  const values = new Map(elements.map((element) => [element.ai, element.value]));
  const startingWith = (prefix: string) => elements.find((element) => element.ai.startsWith(prefix));
  const dateOf = (...ais: readonly string[]): BusinessDate | null => {
    for (const ai of ais) {
      const value = values.get(ai);
      const date = value === undefined ? null : gs1Date(value.slice(0, 6), year);
      if (date !== null) return date;
    }
    return null;
  };
  const count = values.get('30') ?? values.get('37');
  const weight = startingWith('310');
  const price = startingWith('392');
  const inCurrency = startingWith('393');
  const rupees = inCurrency?.value.startsWith('356') === true ? inCurrency : undefined;
  const grams = weight ? scaledTo(weight.value, Number(weight.ai.slice(3)), 3) : null;
  const amount = price
    ? scaledTo(price.value, Number(price.ai.slice(3)), 2)
    : rupees
      ? scaledTo(rupees.value.slice(3), Number(rupees.ai.slice(3)), 2)
      : null;
  return {
    gtin: gtinOf(values.get('01') ?? values.get('02') ?? ''),
    sscc: values.get('00') ?? null,
    batch: values.get('10') ?? null,
    serial: values.get('21') ?? null,
    expiry: dateOf('17', '7003', '15', '16'),
    packedOn: dateOf('13', '11'),
    qtyMilli: count === undefined ? null : milli(Number(count) * 1000),
    weightMilli: grams === null ? null : milli(grams),
    pricePaise: amount === null ? null : paise(amount),
  };
}
