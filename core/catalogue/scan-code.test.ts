/** What a scan is read as: GS1 texts, Digital Links, and every other string a scanner can send. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../tests/property-runs.ts';
import { withCheckDigit } from './check-digit.ts';
import { goodsOf } from './gs1-goods.ts';
import { groupSeparator, gs1Date, parseDigitalLink, parseGs1, writeGs1 } from './gs1.ts';
import type { Gs1Element } from './gs1.ts';
import { gs1Shapes } from './gs1-identifiers.ts';
import { defaultMasks } from './in-store-code.ts';
import { readScan } from './scan-code.ts';

const options = { masks: defaultMasks, year: 2026 };
const read = (raw: string) => readScan(raw, options);
const GS = groupSeparator;
const elementsOf = (text: string) => {
  const parsed = parseGs1(text);
  return parsed.ok ? Object.fromEntries(parsed.value.map((e) => [e.ai, e.value])) : parsed.error;
};

describe('GS1 element strings', () => {
  it('reads fixed fields without and variable fields with a separator', () => {
    expect(elementsOf(`0108901030865275172612311012AB${GS}21X9`)).toEqual({
      '01': '08901030865275',
      '17': '261231',
      '10': '12AB',
      '21': 'X9',
    });
    expect(elementsOf('01084316730201253010')).toEqual({ '01': '08431673020125', '30': '10' });
    expect(elementsOf(`${GS}0108901030865275${GS}310300125039221250${GS}`)).toEqual({
      '01': '08901030865275',
      '3103': '001250',
      '3922': '1250',
    });
  });

  it('reads the human form with brackets', () => {
    expect(elementsOf('(01)08901030865275(17)261231(10)A(1)B')).toEqual({
      '01': '08901030865275',
      '17': '261231',
      '10': 'A(1)B',
    });
  });

  it.each([
    ['', 'Empty', null],
    ['0108901030865279', 'BadCheckDigit', '01'],
    ['010890103086527', 'TooShort', '01'],
    ['010890103086527510', 'TooShort', '10'],
    [`0108901030865275${'10'}${'A'.repeat(21)}`, 'TooLong', '10'],
    ['17261331', 'BadDate', '17'],
    ['17260230', 'BadDate', '17'],
    ['1726A231', 'NotDigits', '17'],
    ['10AB^C', 'BadCharacter', '10'],
    ['0511', 'UnknownAi', null],
    [`10A${GS}10B`, 'Repeated', '10'],
    ['7006260500', 'BadDate', '7006'],
    ['(01)123', 'TooShort', '01'],
    ['(05)123', 'UnknownAi', '05'],
  ])('answers "%s" with %s', (text, reason, ai) => {
    expect(parseGs1(text)).toMatchObject({ ok: false, error: { type: 'Gs1Invalid', reason, ai } });
  });

  it('puts dates into the century around the year it is told', () => {
    expect(gs1Date('520300', 2026)).toBe('2052-03-31');
    expect(gs1Date('280200', 2026)).toBe('2028-02-29');
    expect(gs1Date('270200', 2026)).toBe('2027-02-28');
    expect(gs1Date('760101', 2026)).toBe('2076-01-01');
    expect(gs1Date('770101', 2026)).toBe('1977-01-01');
    expect(gs1Date('020101', 2060)).toBe('2102-01-01');
    for (const bad of ['260001', '261301', '260431', '270229', '2605', 'abcdef']) expect(gs1Date(bad, 2026)).toBeNull();
  });

  it('picks what the till needs, each in its unit', () => {
    const parsed = parseGs1(`0108901030865275${'3102'}000125${'3921'}125${GS}${'13'}261101${'15'}261200${'30'}7`);
    expect(parsed.ok && goodsOf(parsed.value, 2026)).toEqual({
      gtin: '8901030865275',
      sscc: null,
      batch: null,
      serial: null,
      expiry: '2026-12-31',
      packedOn: '2026-11-01',
      qtyMilli: 7000,
      weightMilli: 1250,
      pricePaise: 1250,
    });
    const inr = parseGs1('39323561250');
    const usd = parseGs1('39328401250');
    expect(inr.ok && goodsOf(inr.value, 2026).pricePaise).toBe(1250);
    expect(usd.ok && goodsOf(usd.value, 2026).pricePaise).toBeNull();
  });

  const valueOf = (ai: string): fc.Arbitrary<string> => {
    const parts = (gs1Shapes.get(ai)?.parts ?? []).map((part) => {
      if (part.check === 'date' || part.check === 'fullDate') return fc.constantFrom('261231', '300115', '990928');
      const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: part.min, maxLength: part.max });
      if (part.check === 'digit') return digits.map((d) => withCheckDigit(d.slice(0, -1)));
      if (part.digits) return digits;
      return fc.string({ unit: fc.constantFrom(...'AZaz09-/.+_'), minLength: part.min, maxLength: part.max });
    });
    return fc.tuple(...parts).map((pieces) => {
      // An absent optional part ends the value: what follows it would slide into its place.
      const stop = pieces.findIndex((piece, i) => piece.length < (gs1Shapes.get(ai)?.parts[i]?.max ?? 0));
      return (stop < 0 ? pieces : pieces.slice(0, stop + 1)).join('');
    });
  };
  const retail = [
    '00',
    '01',
    '02',
    '10',
    '11',
    '13',
    '15',
    '17',
    '20',
    '21',
    '30',
    '37',
    '3103',
    '3922',
    '422',
    '7003',
  ];

  it('reads back what it writes', () => {
    const fields = fc
      .uniqueArray(fc.constantFrom(...retail, '8005', '8200', '90', '414'), { minLength: 1, maxLength: 6 })
      .chain((ais) => fc.tuple(...ais.map((ai) => valueOf(ai).map((value): Gs1Element => ({ ai, value })))));
    fc.assert(
      fc.property(fields, (elements) => {
        expect(parseGs1(writeGs1(elements))).toEqual({ ok: true, value: elements });
        const human = elements.map((e) => `(${e.ai})${e.value}`).join('');
        expect(parseGs1(human)).toEqual({ ok: true, value: elements });
      }),
      { numRuns: propertyRuns() },
    );
  });
});

describe('GS1 Digital Link', () => {
  it('reads goods from an address', () => {
    const link = 'https://id.gs1.org/shop/01/08901030865275/10/AB%2F1/21/77?17=261231&3103=000500&utm=x#top';
    const parsed = parseDigitalLink(link);
    expect(parsed.ok && Object.fromEntries(parsed.value.map((e) => [e.ai, e.value]))).toEqual({
      '01': '08901030865275',
      '10': 'AB/1',
      '21': '77',
      '17': '261231',
      '3103': '000500',
    });
    expect(read('https://id.gs1.org/01/8901030865275')).toMatchObject({ kind: 'gs1', gtin: '8901030865275' });
  });

  it('leaves other addresses alone', () => {
    for (const link of [
      'https://example.in/offer',
      'http://example.in/01/offer',
      'https://example.in/?01=08901030865275',
    ]) {
      expect(read(link)).toEqual({ kind: 'paymentQr', text: link });
    }
    expect(read('https://id.gs1.org/01/08901030865279').kind).toBe('badCheckDigit');
    expect(read('https://id.gs1.org/01/08901030865275/10/%E0%A4').kind).toBe('paymentQr');
  });
});

describe('readScan', () => {
  it.each([
    ['8901030865275', { kind: 'gtin', gtin: '8901030865275' }],
    [']E08901030865275\r\n', { kind: 'gtin', gtin: '8901030865275' }],
    ['  8901030865275\t', { kind: 'gtin', gtin: '8901030865275' }],
    [']E496385074', { kind: 'gtin', gtin: '96385074', code: '96385074' }],
    ['036000291452', { kind: 'gtin', gtin: '0036000291452', code: '036000291452' }],
    ['04252614', { kind: 'gtin', gtin: '0042100005264' }],
    ['15400141288763', { kind: 'gtin', gtin: '15400141288763' }],
    [makeOwn(), { kind: 'gtin', gtin: makeOwn() }],
    ['8901030865279', { kind: 'badCheckDigit', code: '8901030865279' }],
    ['036000291453', { kind: 'badCheckDigit' }],
    ['15400141288764', { kind: 'badCheckDigit' }],
    ['2305000123452', { kind: 'badCheckDigit' }],
    ['12345678', { kind: 'plain', code: '12345678' }],
    ['0123456789', { kind: 'plain', code: '0123456789' }],
    ['1042', { kind: 'plain', code: '1042' }],
    ['ABC-12', { kind: 'plain', code: 'ABC-12' }],
    [']A0ABC-12', { kind: 'plain', code: 'ABC-12' }],
    ['K3T1/2627/00123', { kind: 'plain', code: 'K3T1/2627/00123' }],
    ['चीनी', { kind: 'plain', code: 'चीनी' }],
    ['2305000123451', { kind: 'inStore', baseCode: '2305000000004', measure: { kind: 'price', pricePaise: 12345 } }],
    ['2100005080002', { kind: 'inStore', baseCode: '2100005000000', measure: { kind: 'weight', weightMilli: 8000 } }],
    ['2100005000000', { kind: 'inStore', measure: { kind: 'weight', weightMilli: 0 } }],
    ['01084316730201253010', { kind: 'gs1', gtin: '8431673020125', qtyMilli: 10000 }],
    [`]d20108901030865275${'17'}520300${'10'}B7`, { kind: 'gs1', batch: 'B7', expiry: '2052-03-31' }],
    [`]C1${GS}0108901030865275`, { kind: 'gs1', gtin: '8901030865275' }],
    [`${GS}10AB7`, { kind: 'gs1', batch: 'AB7' }],
    [']C10108901030865279', { kind: 'badCheckDigit' }],
    [']C105ABC', { kind: 'unreadable', reason: 'badGs1' }],
    [']e08901030865275', { kind: 'gtin', gtin: '8901030865275' }],
    ['00376104250021234569', { kind: 'gs1', gtin: null }],
    ['upi://pay?pa=a@b&pn=A', { kind: 'paymentQr' }],
    [`000201010211${'26'.repeat(30)}`, { kind: 'paymentQr' }],
    ['', { kind: 'unreadable', reason: 'empty' }],
    [' \r\n\u0000', { kind: 'unreadable', reason: 'empty' }],
    [']E0', { kind: 'unreadable', reason: 'empty' }],
    ['A\u0007B', { kind: 'unreadable', reason: 'controlCharacters' }],
    ['A'.repeat(49), { kind: 'unreadable', reason: 'tooLong' }],
    ['9'.repeat(10_000), { kind: 'unreadable', reason: 'tooLong' }],
  ])('%j', (raw, expected) => {
    expect(read(raw)).toMatchObject(expected);
  });

  it('a mask of the shop comes before goods, a broken mask is passed over', () => {
    const masks = [
      { kind: 'weight', pattern: 'rubbish' },
      { kind: 'weight', pattern: '02.....{NNDDD}' },
    ] as const;
    expect(readScan(withCheckDigit('21234501250').padStart(12, '0'), { masks, year: 2026 })).toMatchObject({
      kind: 'inStore',
      measure: { kind: 'weight', weightMilli: 1250 },
    });
    expect(readScan('2100005080002', { masks, year: 2026 }).kind).toBe('gtin');
  });

  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.string({
      unit: fc.constantFrom(...'0123456789', GS, '(', ')', ']', 'C', '1', 'd', '2', ' ', '\r'),
      maxLength: 40,
    }),
    fc.webUrl(),
    fc.string({ minLength: 0, maxLength: 6000 }),
  );

  it('has one reading for every string and never throws', () => {
    fc.assert(
      fc.property(anything, (raw) => {
        const reading = read(raw);
        expect(read(raw)).toEqual(reading);
        if (reading.kind === 'plain') {
          expect(reading.code.length).toBeLessThanOrEqual(48);
          expect(read(reading.code)).toEqual(reading);
        }
        if (reading.kind === 'gtin') expect(read(reading.gtin)).toMatchObject({ kind: 'gtin', gtin: reading.gtin });
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('a digit misread in a 13-digit code never becomes goods', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[1-9]\d{11}$/), fc.nat(12), fc.integer({ min: 1, max: 9 }), (body, place, by) => {
        const code = withCheckDigit(body);
        const wrong = code.slice(0, place) + ((Number(code[place]) + by) % 10) + code.slice(place + 1);
        expect(read(wrong).kind).toBe('badCheckDigit');
      }),
      { numRuns: propertyRuns() },
    );
  });
});

function makeOwn(): string {
  return withCheckDigit('200000000042');
}
