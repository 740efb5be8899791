/** What an item still lacks is listed for the owner; it is sold all the same. */
import { describe, expect, it } from 'vitest';
import { paise } from '../money.ts';
import { itemFlags } from './item.ts';

describe('itemFlags', () => {
  it('names each missing thing once, in order', () => {
    expect(itemFlags({ hsn: null, taxClassKey: null, costPricePaise: null })).toEqual([
      'noHsn',
      'noTaxClass',
      'noCost',
    ]);
    expect(itemFlags({ hsn: '1905', taxClassKey: null, costPricePaise: paise(1) })).toEqual(['noTaxClass']);
    expect(itemFlags({ hsn: '1905', taxClassKey: 'plain-500', costPricePaise: paise(0) })).toEqual([]);
  });
});
