/**
 * What the scanner rig sells, and every way in which its goods say who they are: GTINs of all lengths, GS1 symbols
 * and links, weight labels, the shop's own short codes, Hindi codes. Rule kept: the goods are made so that
 * pieces of codes are codes of other goods (4711 and 5237 beside 47115237): a rig that can't go wrong proves nothing.
 */
import { withCheckDigit } from '#core/catalogue/check-digit.ts';
import type { Milli } from '#core/quantity.ts';
import { barcode, goods, newKey, rupees, type TillClient } from '#tests/fixtures/till-desk.ts';
import type { Random } from './seeded-random.ts';

/** `printed`: what the symbol holds; a scan of it adds `qtyMilli` of the goods. */
export type RigSymbol = {
  readonly name: string;
  readonly printed: string;
  readonly qtyMilli: number;
  readonly isGtin: boolean;
};
export type RigGoods = {
  readonly symbols: readonly RigSymbol[];
  readonly gtins: readonly RigSymbol[];
  /** GTINs that no goods have. */
  readonly strangers: readonly string[];
};

const gs = '\u001d';
const digits = (n: number, width: number): string => String(n).padStart(width, '0');

export async function stockShop(rpc: TillClient, random: Random): Promise<RigGoods> {
  const symbols: RigSymbol[] = [];
  const seen = new Set<string>();
  const add = async (name: string, code: string | null, codes: readonly string[], isLoose = false): Promise<void> => {
    const item = goods(name, rupees(10 + random.below(90)), {
      code,
      barcodes: codes.map((one) => barcode(one)),
      ...(isLoose ? { unit: 'kg' as const } : {}),
    });
    await rpc.item.add({ key: newKey(), item: { ...item, openingStockMilli: 100_000_000 as Milli } });
  };
  const fresh = (make: () => string): string => {
    for (;;) {
      const code = make();
      if (seen.has(code)) continue;
      seen.add(code);
      return code;
    }
  };
  const gtin = (prefix: string, width: number): string =>
    fresh(() =>
      withCheckDigit(prefix + digits(random.below(10 ** (width - 1 - prefix.length)), width - 1 - prefix.length)),
    );

  for (let n = 0; n < 120; n += 1) {
    const code = gtin('890', 13);
    const name = `E${n}`;
    await add(name, null, [code]);
    const one = { name, qtyMilli: 1_000 } as const;
    symbols.push({ ...one, printed: code, isGtin: true }, { ...one, printed: `]E0${code}`, isGtin: true });
    if (n % 3 === 0) symbols.push(...gs1Symbols(one, code, random));
  }
  for (let n = 0; n < 20; n += 1) {
    const code = gtin('6', 12);
    await add(`U${n}`, null, [code]);
    symbols.push({ name: `U${n}`, printed: code, qtyMilli: 1_000, isGtin: true });
  }
  for (let n = 0; n < 30; n += 1) {
    const code = gtin('963', 8);
    await add(`S${n}`, null, [code]);
    symbols.push({ name: `S${n}`, printed: code, qtyMilli: 1_000, isGtin: true });
  }
  const own: string[] = [];
  for (let n = 0; n < 200; n += 1) {
    const code = fresh(() => digits(1_000 + random.below(7_000), 4));
    own.push(code);
    await add(`O${n}`, code, []);
    symbols.push({ name: `O${n}`, printed: code, qtyMilli: 1_000, isGtin: false });
  }
  for (let n = 0; n < 40; n += 1) {
    // Eight digits with a wrong check digit are a shop's own code; its halves are two others.
    const code = fresh(() => `${random.pick(own)}${random.pick(own)}`);
    if (withCheckDigit(code.slice(0, 7)) === code) continue;
    await add(`W${n}`, code, []);
    symbols.push({ name: `W${n}`, printed: code, qtyMilli: 1_000, isGtin: false });
  }
  for (const [n, code] of ['दाल-12', 'चीनी-5', 'ghee-É7'].entries()) {
    await add(`H${n}`, code, []);
    symbols.push({ name: `H${n}`, printed: code, qtyMilli: 1_000, isGtin: false });
  }
  for (let n = 0; n < 8; n += 1) {
    const item = `21${digits(10_000 + n * 7, 5)}`;
    await add(`L${n}`, null, [withCheckDigit(`${item}00000`)], true);
    for (const grams of [125, 480, 1_250]) {
      const printed = withCheckDigit(`${item}${digits(grams, 5)}`);
      symbols.push({ name: `L${n}`, printed, qtyMilli: grams, isGtin: true });
    }
  }
  return {
    symbols,
    gtins: symbols.filter((symbol) => symbol.isGtin),
    strangers: Array.from({ length: 50 }, () => gtin('8', 13)),
  };
}

/** A GTIN in its longer dresses; none of them is a bare GTIN. */
function gs1Symbols(one: Pick<RigSymbol, 'name' | 'qtyMilli'>, code: string, random: Random): readonly RigSymbol[] {
  const batch = `B${random.below(10_000)}`;
  const whole = `010${code}17301231`;
  return [
    `]C1${whole}10${batch}${gs}21${random.below(1_000)}`,
    `]d2${gs}${whole}10${batch}`,
    `]Q301${`0${code}`}10${batch}${gs}17301231`,
    `]e0${whole}`,
    `(01)0${code}(17)301231(10)${batch}`,
    `https://id.example.com/01/0${code}/10/${batch}?17=301231`,
  ].map((printed) => ({ ...one, printed, isGtin: false }));
}
