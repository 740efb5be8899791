import { describe, expect, it } from 'vitest';
import { layoutBill } from '#core/billing/receipt.ts';
import { billOf, monthly, shop } from '#tests/fixtures/receipt-documents.ts';
import { encodeReceipt, measureFor } from './escpos-encode.ts';
import { findModel } from './models.ts';

const generic = findModel('generic-80');
const layout = layoutBill(billOf({ goods: monthly, cash: 2000, billOff: 20 }), {
  widthMm: 80,
  language: 'en',
  shop,
  isDuplicate: false,
  measure: measureFor(generic, null),
});

describe('an English receipt of 12 lines', () => {
  const bytes = encodeReceipt(layout, generic, null);
  const text = Buffer.from(bytes).toString('latin1');

  it('is text, within 4 KB, and has no picture and no question mark in it', () => {
    expect(bytes.length).toBeLessThanOrEqual(4096);
    expect(text).not.toContain('\x1dv0');
    expect(text).not.toContain('?');
  });

  it('starts with ESC @ and ESC t, ends with the cut, the drawer just before it', () => {
    expect([...bytes.subarray(0, 5)]).toEqual([0x1b, 0x40, 0x1b, 0x74, 0]);
    expect([...bytes.subarray(-9)]).toEqual([0x1b, 0x70, 0, 60, 120, 0x1d, 0x56, 66, 16]);
  });

  it('kicks the drawer after the cut where the model wants it so', () => {
    const after = encodeReceipt(layout, findModel('epson-tm-t88'), null);
    expect([...after.subarray(-9)]).toEqual([0x1d, 0x56, 66, 16, 0x1b, 0x70, 0, 60, 120]);
  });

  it('writes é in the page of the model', () => {
    expect(text).toContain('Nescaf\x82');
    expect(Buffer.from(encodeReceipt(layout, findModel('epson-tm-t82'), null)).toString('latin1')).toContain(
      'Nescaf\xe9',
    );
  });
});
