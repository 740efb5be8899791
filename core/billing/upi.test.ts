/** The UPI link: its words in order, its refusals, and that an app decodes what was meant. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../tests/property-runs.ts';
import { paise } from '../money.ts';
import { isVpa, upiLink, upiReference } from './upi.ts';
import type { UpiRequest } from './upi.ts';

const good: UpiRequest = {
  payeeAddress: 'sharmakirana@upi',
  payeeName: 'Sharma Kirana',
  amountPaise: paise(1000),
  reference: '0198c3a07b7d7000a1b2c3d4e5f60718',
};

describe('upiLink', () => {
  it('carries payee, reference, amount with two decimals, and rupees', () => {
    expect(upiLink(good)).toEqual({
      ok: true,
      value: 'upi://pay?pa=sharmakirana@upi&pn=Sharma%20Kirana&tr=0198c3a07b7d7000a1b2c3d4e5f60718&am=10.00&cu=INR',
    });
    expect(upiLink({ ...good, note: 'Bill & thanks', merchantCode: '5411', amountPaise: paise(123456789) })).toEqual({
      ok: true,
      value:
        'upi://pay?pa=sharmakirana@upi&pn=Sharma%20Kirana&mc=5411&tr=0198c3a07b7d7000a1b2c3d4e5f60718' +
        '&tn=Bill%20%26%20thanks&am=1234567.89&cu=INR',
    });
  });

  it.each([
    [{ payeeAddress: 'sharma kirana@upi' }, 'BadAddress'],
    [{ payeeAddress: 'a@upi&am=1' }, 'BadAddress'],
    [{ payeeName: '  ' }, 'NoName'],
    [{ amountPaise: paise(0) }, 'BadAmount'],
    [{ amountPaise: paise(-100) }, 'BadAmount'],
    [{ reference: '' }, 'BadReference'],
    [{ reference: 'A'.repeat(36) }, 'BadReference'],
    [{ reference: '0198c3a0-7b7d-7000-a1b2-c3d4e5f60718' }, 'BadReference'],
    [{ reference: 'x&am=1' }, 'BadReference'],
    [{ merchantCode: '54' }, 'BadMerchantCode'],
  ] as const)('refuses %j as %s', (change, reason) => {
    expect(upiLink({ ...good, ...change })).toEqual({ ok: false, error: { type: 'UpiInvalid', reason } });
  });

  it('any name and note decode to themselves, cut, and never add a word of their own', () => {
    const text = fc.string({ unit: 'binary', maxLength: 120 });
    fc.assert(
      fc.property(text, text, fc.integer({ min: 1, max: 10_000_000 }), (payeeName, note, amount) => {
        const link = upiLink({ ...good, payeeName, note, amountPaise: paise(amount) });
        if (!link.ok) {
          expect(link.error.reason).toBe('NoName');
          return;
        }
        const words = new URLSearchParams(link.value.slice('upi://pay?'.length));
        expect([...words.keys()].filter((k) => k !== 'tn')).toEqual(['pa', 'pn', 'tr', 'am', 'cu']);
        expect([...(words.get('tn') ?? '')].length).toBeLessThanOrEqual(50);
        expect(Math.round(Number(words.get('am')) * 100)).toBe(amount);
        expect(words.get('pn')).toBe(words.get('pn')?.trim());
        expect(link.value).toMatch(/^[\x21-\x7e]+$/);
      }),
      { numRuns: propertyRuns() },
    );
  });
});

describe('isVpa', () => {
  it.each([
    'sharmakirana@upi',
    '9876543210@ybl',
    'a.b-c_d@okhdfcbank',
    'shop@kotak811',
    '1234567890@HDFC0000001.ifsc.npci',
  ])('%s is one', (text) => expect(isVpa(text)).toBe(true));
  it.each([
    '',
    '@upi',
    'a@upi',
    'shop@',
    'shop',
    'sh op@upi',
    'shop@@upi',
    'shop@1',
    '.shop@upi',
    'shop@upi.',
    'दुकान@upi',
  ])('"%s" is none', (text) => expect(isVpa(text)).toBe(false));
});

describe('upiReference', () => {
  it('makes an id fit', () => {
    expect(upiReference('0198c3a0-7b7d-7000-a1b2-c3d4e5f60718')).toBe('0198c3a07b7d7000a1b2c3d4e5f60718');
    expect(upiReference(`${'x'.repeat(50)}-1`)).toHaveLength(35);
  });
});
