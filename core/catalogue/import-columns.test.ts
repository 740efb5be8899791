import { describe, expect, it } from 'vitest';
import { countHeadings, guessMapping, headingKey, missingFields } from './import-columns.ts';

describe('guessing columns', () => {
  it('reads headings as people write them', () => {
    expect(headingKey('Item name*')).toBe('item name');
    expect(headingKey('discountedSellingPrice')).toBe('discounted selling price');
    expect(headingKey('HSN/SAC')).toBe('hsn sac');
    expect(headingKey('Sale Price (₹)')).toBe('sale price');
    expect(headingKey('GST %')).toBe('gst percent');
  });

  it('knows a web shop’s headings', () => {
    const columns = 'index,product,category,sub_category,brand,sale_price,market_price,type,rating'.split(',');
    expect(guessMapping(columns, [])).toEqual({
      name: 'product',
      brand: 'brand',
      category: 'category',
      mrp: 'market_price',
      sellingPrice: 'sale_price',
    });
  });

  it('knows a counter program’s headings, and that its item codes are trade item numbers', () => {
    const columns =
      'Item name*,Item code,Description,Category,HSN,Sale price,Purchase price,opening stock quantity,Tax Rate,Inclusive Of Tax,Base Unit (x),Secondary Unit (y),Conversion Rate (n) (x = ny)'.split(
        ',',
      );
    const expected = {
      name: 'Item name*',
      category: 'Category',
      hsn: 'HSN',
      sellingPrice: 'Sale price',
      costPrice: 'Purchase price',
      openingStock: 'opening stock quantity',
      rate: 'Tax Rate',
      isInclusive: 'Inclusive Of Tax',
      unit: 'Base Unit (x)',
    };
    expect(guessMapping(columns, [['Biscuit', '8901719100017']])).toEqual({ ...expected, barcode: 'Item code' });
    expect(guessMapping(columns, [['Biscuit', 'B-17']])).toEqual({ ...expected, code: 'Item code' });
  });

  it('finds barcodes by what stands in a column when no heading says so', () => {
    const rows = [
      ['Biscuit', '8901719100017', '9876543210'],
      ['Butter', '8901262010016', ''],
    ];
    expect(guessMapping(['Item', 'Number', 'Phone'], rows)).toEqual({ name: 'Item', barcode: 'Number' });
  });

  it('knows Hindi headings', () => {
    expect(guessMapping(['वस्तु का नाम', 'बारकोड', 'एमआरपी', 'बिक्री मूल्य', 'जीएसटी दर', 'इकाई', 'स्टॉक'], [])).toEqual({
      name: 'वस्तु का नाम',
      barcode: 'बारकोड',
      mrp: 'एमआरपी',
      sellingPrice: 'बिक्री मूल्य',
      rate: 'जीएसटी दर',
      unit: 'इकाई',
      openingStock: 'स्टॉक',
    });
  });

  it('knows wholesale and accounting headings', () => {
    const columns = [
      'Particulars',
      'HSN/SAC Code',
      'GST %',
      'M.R.P.',
      'P.Rate',
      'S.Rate',
      'Closing Qty',
      'UOM',
      'EAN13',
    ];
    expect(guessMapping(columns, [])).toEqual({
      name: 'Particulars',
      hsn: 'HSN/SAC Code',
      rate: 'GST %',
      mrp: 'M.R.P.',
      costPrice: 'P.Rate',
      sellingPrice: 'S.Rate',
      openingStock: 'Closing Qty',
      unit: 'UOM',
      barcode: 'EAN13',
    });
  });

  it('keeps the Hindi name apart and passes over the till’s own reason columns and things that only sound alike', () => {
    const columns = [
      'BillMitra: reason',
      'Item Name (Hindi)',
      'Item Name',
      'Discount Price',
      'Selling Price',
      'Tax Amount',
    ];
    expect(guessMapping(columns, [])).toEqual({
      name: 'Item Name',
      nameHi: 'Item Name (Hindi)',
      sellingPrice: 'Selling Price',
    });
  });

  it('gives every column to one field at most', () => {
    const guess = guessMapping(['Rate', 'rate', 'Price', 'MRP', 'mrp'], []);
    const used = Object.values(guess);
    expect(new Set(used).size).toBe(used.length);
  });

  it('tells a heading from goods, and what is missing', () => {
    expect(countHeadings(['Item', 'MRP', 'Rate'])).toBe(3);
    expect(countHeadings(['Tata Salt 1 kg', '28', '27'])).toBe(0);
    expect(missingFields({ mrp: 'MRP' })).toEqual(['name']);
    expect(missingFields({ name: 'Item' })).toEqual(['sellingPrice']);
    expect(missingFields({ name: 'Item', mrp: 'MRP' })).toEqual([]);
  });
});
