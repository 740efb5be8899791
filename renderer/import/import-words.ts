/** Names of the import's fields and reasons. Rule kept: each has its word in every language, by type. */
import type { ImportField, ImportRefusal } from '#contract/import-views.ts';
import type { Word } from '../words/words.ts';

export const fieldWords: Readonly<Record<ImportField, Word>> = {
  name: 'fName',
  nameHi: 'fNameHi',
  code: 'fCode',
  barcode: 'fBarcode',
  brand: 'fBrand',
  category: 'fCategory',
  unit: 'fUnit',
  hsn: 'fHsn',
  rate: 'fRate',
  taxClass: 'fTaxClass',
  isInclusive: 'fIsInclusive',
  mrp: 'fMrp',
  sellingPrice: 'fSellingPrice',
  costPrice: 'fCostPrice',
  openingStock: 'fOpeningStock',
};
export const importFields = Object.keys(fieldWords) as readonly ImportField[];
export const refusalWord = (refusal: ImportRefusal): Word => `x${refusal}`;
