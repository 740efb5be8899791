/**
 * Entries that no honest till sends: forged totals, others' ids, numbers drawn before, negative quantities, wrong
 * types, odd text, deep JSON. Rule kept: each is a real bill with one thing changed, and it says which, so that what is
 * believed can be named.
 */
import type { Bill } from '#core/documents.ts';
import { isMeasured, type Unit } from '#core/quantity.ts';
import type { Random } from './seeded-random.ts';

type Fields = Record<string, unknown>;
export type Hostile = {
  readonly what: string;
  readonly content: string;
  readonly id: string;
  /** Left out: bill. */
  readonly kind?: string;
  /** Stored as it is, so that its answer says nothing: it must do nothing. */
  readonly isWord?: boolean;
};

/** Amounts that a bill's arithmetic proves, in its head and in its lines. */
const headAmounts = ['payablePaise', 'discountPaise', 'roundOffPaise'];
const lineAmounts = [
  'grossPaise',
  'netPaise',
  'totalPaise',
  'lineDiscountPaise',
  'billDiscountPaise',
  'sellingPricePaise',
];
const splitAmounts = ['taxableValuePaise', 'cgstPaise', 'sgstPaise', 'igstPaise', 'utgstPaise', 'cessPaise'];
const odd: readonly unknown[] = [
  null,
  -1,
  1.5,
  1e308,
  '1',
  [],
  {},
  true,
  Number.MAX_SAFE_INTEGER,
  '\u0000',
  '2026-13-45',
];

const copyOf = (bill: Bill): Fields => structuredClone(bill) as unknown as Fields;
const lineOf = (fields: Fields, random: Random): Fields => random.pick(fields['lines'] as readonly Fields[]);
const add = (fields: Fields, name: string, by: number): void => {
  fields[name] = Number(fields[name]) + by;
};

/** Every amount and quantity with the other sign, so that its sums still agree with each other. */
function negated(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) return value.map((one) => negated(one, name));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, negated(inner, key)]));
  }
  return typeof value === 'number' && value !== 0 && /(Paise|Milli)$/.test(name) ? -value : value;
}

/** Deep enough for whatever walks it with the stack. */
const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

/** A store and a till that are there, in the same organisation or another. */
export type Sister = { readonly storeId: string; readonly tillId: string };

/** `bill`: one that would be accepted, with a fresh id and number. */
export function hostileEntry(bill: Bill, taken: Bill, sister: Sister, random: Random): Hostile {
  const fields = copyOf(bill);
  const by = random.pick([1, -1, 100, -100, 1_000_000]);
  const said = (what: string): Hostile => ({ what, id: bill.id, content: JSON.stringify(fields) });
  switch (random.below(19)) {
    case 0: {
      const name = random.pick(headAmounts);
      add(fields, name, by);
      return said(`head ${name}`);
    }
    case 1: {
      const name = random.pick(lineAmounts);
      const line = lineOf(fields, random);
      // "₹20 worth": a weight is rounded to the gram, so some paise of its price fit the same amount and are no lie.
      const isRounded = name === 'sellingPricePaise' && isMeasured(line['unit'] as Unit);
      add(line, name, isRounded ? 1_000_000 : by);
      return said(`line ${name}`);
    }
    case 2: {
      const name = random.pick(splitAmounts);
      add(fields['split'] as Fields, name, by);
      return said(`split ${name}`);
    }
    case 3: {
      const name = random.pick(splitAmounts);
      add(lineOf(fields, random)['split'] as Fields, name, by);
      return said(`line split ${name}`);
    }
    case 4: {
      const line = lineOf(fields, random);
      line['qtyMilli'] = -Number(line['qtyMilli']);
      return said('negative quantity');
    }
    case 5:
      fields[random.pick(['storeId', 'tillId'])] = random.uuid();
      return said("another's ids");
    case 6:
      fields['number'] = taken.number;
      fields['sequence'] = taken.sequence;
      return said('number drawn before');
    case 7:
      fields['number'] = random.pick(['', 'X', `${bill.number}0`, 'K3T1/2627/000010000000']);
      return said('number of another form');
    case 8: {
      const names = [
        'payablePaise',
        'lines',
        'tenders',
        'split',
        'seller',
        'businessDate',
        'type',
        'schemaVersion',
        'supply',
      ];
      fields[random.pick(names)] = random.pick(odd);
      return said('head of another type');
    }
    case 9: {
      const names = ['qtyMilli', 'netPaise', 'rate', 'split', 'unit', 'isInclusive', 'sellingPricePaise'];
      lineOf(fields, random)[random.pick(names)] = random.pick(odd.filter((one) => one !== true));
      return said('line of another type');
    }
    case 10:
      return {
        what: 'not JSON',
        id: bill.id,
        content: random.pick(['', '{', 'null', '[]', '"x"', '\u0000', '{"type":"bill"}']),
      };
    case 11:
      return { what: 'deep', id: bill.id, content: deep(10 ** (2 + random.below(4))) };
    case 12:
      fields['tenders'] = [{ kind: 'cash', amountPaise: Number(fields['payablePaise']) - 1, status: 'received' }];
      return said('tenders');
    case 13:
      return { what: 'all of it negative', id: bill.id, content: JSON.stringify(negated(fields)) };
    case 14:
      Object.assign(fields, random.pick([sister, { storeId: sister.storeId }, { tillId: sister.tillId }]));
      return said("a sister's ids");
    case 15: {
      const payable = Number(fields['payablePaise']);
      const tender = { kind: 'cash', status: 'received' };
      fields['tenders'] = [
        { ...tender, amountPaise: payable + 1_000 },
        { ...tender, amountPaise: -1_000 },
      ];
      return said('a negative tender');
    }
    case 17: {
      // Its sums agree with each other; what no line says is called round-off.
      const shift = random.pick([-1_00, 1_00, 10_000, -Number(fields['payablePaise'])]);
      add(fields, 'payablePaise', shift);
      add(fields, 'roundOffPaise', shift);
      fields['tenders'] = [{ kind: 'cash', amountPaise: fields['payablePaise'], status: 'received' }];
      return said('a round-off of rupees');
    }
    case 16: {
      // Stored already, and now it says something else.
      const before = {
        ...copyOf(taken),
        payablePaise: taken.payablePaise + 100,
        roundOffPaise: taken.roundOffPaise + 100,
      };
      return { what: 'changed afterwards', id: taken.id, content: JSON.stringify(before) };
    }
    default:
      (fields['lines'] as Fields[]).push({ ...lineOf(fields, random) });
      return said('a line twice');
  }
}
