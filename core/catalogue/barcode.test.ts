/**
 * Barcode numbers: check digits, GTIN forms and in-store masks. Codes here are worked by hand or come from
 * the GS1 General Specifications' own examples.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../tests/property-runs.ts';
import { checkDigit, hasCheckDigit, withCheckDigit } from './check-digit.ts';
import { expandUpcE, gtin14Of, gtinOf, isGtin } from './ean.ts';
import { defaultMasks, makeInStoreCode, matchMask, matchPattern, parseMask } from './in-store-code.ts';
import type { InStoreMask, Mask } from './in-store-code.ts';

const maskOf = (pattern: string): Mask => {
  const parsed = parseMask(pattern);
  if (!parsed.ok) throw new Error(`${pattern}: ${parsed.error.reason}`);
  return parsed.value;
};
const digitsOf = (length: number) => fc.stringMatching(new RegExp(`^[0-9]{${length}}$`));

describe('check digit', () => {
  it.each([
    ['629104150021', '3'],
    ['890103086527', '5'],
    ['9638507', '4'],
    ['03600029145', '2'],
    ['1540014128876', '3'],
    ['37610425002123456', '9'],
  ])('%s → %s', (digits, check) => {
    expect(checkDigit(digits)).toBe(check);
    expect(hasCheckDigit(digits + check)).toBe(true);
  });

  it('answers null to what is not digits', () => {
    for (const text of ['', '12a', '१२३', ' 12', '-1']) expect(checkDigit(text)).toBeNull();
  });

  it('finds every single wrong digit', () => {
    fc.assert(
      fc.property(digitsOf(12), fc.nat(12), fc.integer({ min: 1, max: 9 }), (body, place, by) => {
        const code = withCheckDigit(body);
        const wrong = (Number(code[place]) + by) % 10;
        expect(hasCheckDigit(code.slice(0, place) + wrong + code.slice(place + 1))).toBe(false);
      }),
      { numRuns: propertyRuns() },
    );
  });
});

describe('GTIN', () => {
  it('writes one number one way', () => {
    expect(gtinOf('036000291452')).toBe('0036000291452');
    expect(gtinOf('0036000291452')).toBe('0036000291452');
    expect(gtinOf('00036000291452')).toBe('0036000291452');
    expect(gtinOf('96385074')).toBe('96385074');
    expect(gtinOf('00000096385074')).toBe('96385074');
    expect(gtinOf('15400141288763')).toBe('15400141288763');
    expect(gtin14Of(gtinOf('96385074') ?? ('' as never))).toBe('00000096385074');
  });

  it('refuses wrong lengths, wrong digits and zeros alone', () => {
    for (const text of [
      '',
      '0',
      '9638507',
      '96385075',
      '036000291453',
      '0000000000000',
      '8901030865275x',
      '123456789',
    ]) {
      expect(gtinOf(text), text).toBeNull();
      expect(isGtin(text), text).toBe(false);
    }
  });

  it('is idempotent and keeps the value', () => {
    fc.assert(
      fc.property(fc.constantFrom(7, 11, 12, 13).chain(digitsOf), (body) => {
        const code = withCheckDigit(body);
        const gtin = gtinOf(code);
        if (/^0+$/.test(code)) return;
        expect(gtin).not.toBeNull();
        expect(gtinOf(gtin ?? '')).toBe(gtin);
        expect(BigInt(gtin ?? '')).toBe(BigInt(code));
      }),
      { numRuns: propertyRuns() },
    );
  });

  it.each([
    ['04252614', '042100005264'],
    ['01234133', '012300000413'],
    ['01234145', '012340000015'],
    ['01234558', '012345000058'],
  ])('UPC-E %s is UPC-A %s', (short, long) => {
    expect(hasCheckDigit(long)).toBe(true);
    expect(expandUpcE(short)).toBe(long);
  });

  it('refuses UPC-E of another number system or with a wrong check digit', () => {
    expect(expandUpcE('24252614')).toBeNull();
    expect(expandUpcE('04252615')).toBeNull();
    expect(expandUpcE('0425261')).toBeNull();
  });
});

describe('in-store masks', () => {
  it('reads price and weight of the shipped masks', () => {
    expect(matchMask(maskOf('23.....{NNNDD}'), 'price', '2305000123451')).toEqual({
      baseCode: '2305000000004',
      measure: { kind: 'price', pricePaise: 12345 },
    });
    expect(matchMask(maskOf('21.....{NNDDD}'), 'weight', '2100005080002')).toEqual({
      baseCode: '2100005000000',
      measure: { kind: 'weight', weightMilli: 8000 },
    });
    expect(matchMask(maskOf('22{NN}'), 'discount', withCheckDigit('221500000000'))?.measure).toEqual({
      kind: 'discount',
      discountBp: 1500,
    });
  });

  it('reads counts, verifier digits and shapes of other scales', () => {
    expect(matchMask(maskOf('27.....{NNNNN}'), 'quantity', withCheckDigit('271234500012'))).toEqual({
      baseCode: withCheckDigit('271234500000'),
      measure: { kind: 'quantity', qtyMilli: 12000 },
    });
    expect(matchMask(maskOf('29....V{NNNDD}'), 'price', withCheckDigit('291234712345'))).toEqual({
      baseCode: withCheckDigit('291234000000'),
      measure: { kind: 'price', pricePaise: 12345 },
    });
    expect(matchMask(maskOf('28{NNDD}'), 'discount', withCheckDigit('281250000000'))?.measure).toEqual({
      kind: 'discount',
      discountBp: 1250,
    });
  });

  it('never matches another prefix, a wrong check digit or another length', () => {
    const weight = maskOf('21.....{NNDDD}');
    for (const code of ['2200005080001', '2100005080003', '210000508000', '', '21000050800020']) {
      expect(matchMask(weight, 'weight', code), code).toBeNull();
    }
    expect(matchMask(maskOf('22{NNN}'), 'discount', withCheckDigit('221010000000'))).toBeNull();
  });

  it.each([
    ['', 'Empty'],
    ['   ', 'Empty'],
    ['21.....', 'NoValue'],
    ['21.....{}', 'EmptyValue'],
    ['21..{NN}.{DD}', 'TwoValues'],
    ['21..{DDNN}..', 'BadCharacter'],
    ['21..{NN', 'BadCharacter'],
    ['21..*{NN}', 'BadCharacter'],
    ['(21)+{NN}', 'BadCharacter'],
    ['22{NN}..........', 'TooLong'],
    ['{NNDDD}', 'NoFixedDigit'],
    ['.....{NNDDD}', 'NoFixedDigit'],
    ['9'.repeat(10_000), 'TooLong'],
  ])('refuses the mask "%.20s" as %s', (pattern, reason) => {
    expect(parseMask(pattern)).toEqual({ ok: false, error: { type: 'MaskInvalid', reason } });
  });

  it('an item keeps one base code whatever it weighs', () => {
    fc.assert(
      fc.property(digitsOf(5), digitsOf(5), digitsOf(5), (item, a, b) => {
        const mask = maskOf('21.....{NNDDD}');
        const first = matchMask(mask, 'weight', withCheckDigit(`21${item}${a}`));
        const second = matchMask(mask, 'weight', withCheckDigit(`21${item}${b}`));
        expect(first?.baseCode).toBe(second?.baseCode);
        expect(first?.measure).toEqual({ kind: 'weight', weightMilli: Number(a) });
        expect(matchPattern(mask, first?.baseCode ?? '')).toEqual({ baseCode: first?.baseCode, digits: 0 });
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('gives items without a barcode their own code, away from the masks', () => {
    expect(makeInStoreCode(1)).toBe('2000000000015');
    const seen = new Set<string>();
    for (let n = 1; n <= 500; n += 1) {
      const code = makeInStoreCode(n);
      expect(isGtin(code)).toBe(true);
      expect(gtinOf(code)).toBe(code);
      seen.add(code);
      for (const mask of defaultMasks as readonly InStoreMask[]) {
        expect(matchMask(maskOf(mask.pattern), mask.kind, code)).toBeNull();
      }
    }
    expect(seen.size).toBe(500);
    expect(() => makeInStoreCode(0)).toThrow(RangeError);
  });
});
