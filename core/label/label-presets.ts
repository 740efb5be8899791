/**
 * The designs that ship: shelf labels, item labels (one and two across), weighed goods, packed goods. Rule kept: a
 * preset is never changed, only copied; every preset fills with ordinary goods and stays on its paper (tested).
 * Packed goods carry what the Legal Metrology (Packaged Commodities) Rules 2011, rule 6, asks of a retail package:
 * name and address of the packer, name of the goods, net quantity, month and year of packing, MRP inclusive of all
 * taxes, unit sale price, consumer care. An inspector or a chartered accountant has to confirm it before a shop
 * relies on it; sizes of the letters (rule 7) are not judged here.
 */
import type {
  LabelBoxItem,
  LabelCodeItem,
  LabelDesign,
  LabelField,
  LabelLineItem,
  LabelPaper,
  LabelTextItem,
} from './label-design.ts';

type TextOptions = Partial<Omit<LabelTextItem, 'kind' | 'field' | 'xMm' | 'yMm' | 'widthMm' | 'sizeMm'>>;

/** A text of `field` at x, y, with that much room and that font size. */
export const textItem = (
  field: LabelField,
  [xMm, yMm, widthMm, sizeMm]: readonly [number, number, number, number],
  options: TextOptions = {},
): LabelTextItem => ({
  kind: 'text',
  field,
  text: '',
  hasCaption: false,
  isRequired: false,
  xMm,
  yMm,
  widthMm,
  sizeMm,
  minSizeMm: Math.min(sizeMm, Math.max(1.6, Math.round(sizeMm * 5) / 10)),
  maxLines: 1,
  align: 'left',
  isBold: false,
  rotate: 0,
  ...options,
});

/** A code with its digits, at x, y, that wide and high. */
export const codeItem = (
  symbology: LabelCodeItem['symbology'],
  [xMm, yMm, widthMm, heightMm]: readonly [number, number, number, number],
  hasText = true,
): LabelCodeItem => ({ kind: 'code', symbology, xMm, yMm, widthMm, heightMm, hasText, rotate: 0 });

const line = (xMm: number, yMm: number, widthMm: number): LabelLineItem => ({
  kind: 'line',
  xMm,
  yMm,
  widthMm,
  heightMm: 0.25,
});
const box = (xMm: number, yMm: number, widthMm: number, heightMm: number): LabelBoxItem => ({
  kind: 'box',
  xMm,
  yMm,
  widthMm,
  heightMm,
  lineMm: 0.25,
});
const paper = (widthMm: number, heightMm: number, across: 1 | 2 = 1): LabelPaper => ({
  widthMm,
  heightMm,
  gapMm: 2,
  across,
  betweenMm: across === 1 ? 0 : 2,
});
const preset = (id: string, on: LabelPaper, items: LabelDesign['items']): LabelDesign => ({
  id,
  name: '',
  paper: on,
  items,
});

const bold = { isBold: true } as const;
const priced = { hasCaption: true, isRequired: true, isBold: true } as const;

/** 38 × 25 mm, the commonest roll: name, MRP and our price, code. Also two across. */
const smallItem = [
  textItem('name', [1, 0.5, 36, 2.7], { ...bold, maxLines: 2 }),
  textItem('mrp', [1, 7.8, 18, 2.6], { hasCaption: true }),
  textItem('sellingPrice', [19, 7.3, 18, 3.4], { ...bold, align: 'right', isRequired: true }),
  textItem('packedMonth', [1, 11.3, 17, 1.9], { hasCaption: true }),
  textItem('expiresOn', [18, 11.3, 19, 1.9], { hasCaption: true, align: 'right' }),
  codeItem('auto', [1, 14, 36, 10.4]),
] as const;

export const labelPresets: readonly LabelDesign[] = [
  preset('shelf-38x25', paper(38, 25), [
    textItem('name', [1, 0.6, 36, 3], { ...bold, maxLines: 2 }),
    textItem('sellingPrice', [1, 8.4, 36, 7.5], { ...bold, align: 'center', isRequired: true }),
    textItem('mrp', [1, 18.4, 17, 2.5], { hasCaption: true }),
    textItem('unitPrice', [18, 18.4, 19, 2.3], { align: 'right' }),
    line(1, 21.4, 36),
    textItem('itemCode', [1, 21.7, 16, 2]),
    textItem('shopName', [17, 21.7, 20, 2], { align: 'right' }),
  ]),
  preset('shelf-50x25', paper(50, 25), [
    textItem('name', [1.5, 0.6, 47, 3.2], { ...bold, maxLines: 2 }),
    textItem('sellingPrice', [1.5, 9, 27, 7.5], { ...bold, isRequired: true }),
    textItem('mrp', [29, 9.4, 19.5, 2.8], { hasCaption: true, align: 'right' }),
    textItem('unitPrice', [29, 13.4, 19.5, 2.3], { align: 'right' }),
    textItem('saving', [1.5, 19.6, 17, 2.4], { hasCaption: true }),
    textItem('itemCode', [1.5, 22, 17, 1.9]),
    codeItem('auto', [19, 17.4, 30, 7]),
  ]),
  preset('shelf-100x50', paper(100, 50), [
    textItem('name', [3, 1.5, 94, 6], { ...bold, maxLines: 2 }),
    textItem('sellingPrice', [3, 18, 62, 16], { ...bold, isRequired: true }),
    textItem('mrp', [66, 19.5, 31, 5], { hasCaption: true, align: 'right' }),
    textItem('saving', [66, 26, 31, 4.4], { hasCaption: true, align: 'right', isBold: true }),
    textItem('unitPrice', [66, 32, 31, 3.6], { align: 'right' }),
    line(3, 38.4, 94),
    textItem('brand', [3, 39.4, 45, 3.2]),
    textItem('shopName', [3, 43.8, 45, 3.2]),
    codeItem('auto', [52, 39.4, 45, 9.6]),
  ]),
  preset('item-50x25', paper(50, 25), [
    textItem('name', [1.5, 0.5, 47, 2.8], { ...bold, maxLines: 2 }),
    textItem('mrp', [1.5, 8.1, 23, 2.8], { hasCaption: true }),
    textItem('sellingPrice', [25, 7.6, 23.5, 3.8], { ...bold, align: 'right', isRequired: true }),
    textItem('packedMonth', [1.5, 12.2, 23, 2.1], { hasCaption: true }),
    textItem('expiresOn', [25, 12.2, 23.5, 2.1], { hasCaption: true, align: 'right' }),
    codeItem('auto', [4, 15.2, 42, 9.2]),
  ]),
  preset('item-38x25', paper(38, 25), smallItem),
  preset('item-38x25-two', paper(38, 25, 2), smallItem),
  preset('item-33x15', paper(33, 15), [
    textItem('name', [0.8, 0.4, 31.4, 2.1], bold),
    textItem('mrp', [0.8, 3.2, 15.5, 2], { hasCaption: true }),
    textItem('sellingPrice', [16.5, 3, 15.7, 2.5], { ...bold, align: 'right', isRequired: true }),
    codeItem('auto', [0.8, 6.4, 31.4, 8.2]),
  ]),
  preset('matrix-50x25', paper(50, 25), [
    textItem('name', [1.5, 0.6, 47, 3], { ...bold, maxLines: 2 }),
    codeItem('gs1-datamatrix', [1.5, 8.4, 15, 15], false),
    textItem('mrp', [18, 8.2, 30.5, 3], priced),
    textItem('batchCode', [18, 12.6, 30.5, 2.4], { hasCaption: true }),
    textItem('expiresOn', [18, 16, 30.5, 2.4], { hasCaption: true, isRequired: true }),
    textItem('codeText', [18, 20.4, 30.5, 2.2]),
  ]),
  preset('weighed-50x40', paper(50, 40), [
    textItem('shopName', [1.5, 0.6, 47, 2.8], { align: 'center' }),
    line(1.5, 4.6, 47),
    textItem('name', [1.5, 5, 47, 3.6], { ...bold, maxLines: 2 }),
    textItem('weight', [1.5, 14.4, 18, 3], { hasCaption: true, isRequired: true }),
    textItem('unitPrice', [1.5, 18.6, 18, 2.4]),
    textItem('weightPrice', [19, 14, 29.5, 6.4], { ...bold, align: 'right', isRequired: true }),
    textItem('packedOn', [1.5, 22.8, 23, 2.2], { hasCaption: true }),
    textItem('expiresOn', [25, 22.8, 23.5, 2.2], { hasCaption: true, align: 'right' }),
    codeItem('weighed', [5, 26.4, 40, 12.8]),
  ]),
  preset('packed-60x40', paper(60, 40), [
    box(0.5, 0.5, 59, 39),
    textItem('name', [1.5, 0.9, 57, 3.2], { ...bold, isRequired: true, maxLines: 2 }),
    textItem('netQty', [1.5, 9.2, 28, 2.6], { hasCaption: true, isRequired: true }),
    textItem('mrp', [30, 9, 28.5, 3], { ...priced, align: 'right' }),
    textItem('inclusiveOfTaxes', [30, 12.9, 28.5, 2], { align: 'right' }),
    textItem('packedMonth', [1.5, 12.9, 28, 2.2], { hasCaption: true, isRequired: true }),
    textItem('expiresOn', [1.5, 16, 28, 2.2], { hasCaption: true }),
    textItem('unitSalePrice', [30, 15.8, 28.5, 2.2], { hasCaption: true, align: 'right' }),
    textItem('batchCode', [1.5, 19.1, 28, 2.2], { hasCaption: true }),
    textItem('shopName', [1.5, 22.3, 57, 2.2], { hasCaption: true, isRequired: true }),
    textItem('shopAddress', [1.5, 25.3, 57, 1.8], { isRequired: true, minSizeMm: 1.4, maxLines: 2 }),
    textItem('shopPhone', [1.5, 30.4, 21, 1.8], { hasCaption: true, isRequired: true, maxLines: 2, minSizeMm: 1.4 }),
    textItem('fssai', [1.5, 35.6, 21, 1.8], { hasCaption: true, minSizeMm: 1.4 }),
    codeItem('auto', [23, 30.4, 35.5, 8.6]),
  ]),
];

export const findPreset = (id: string): LabelDesign | null => labelPresets.find((one) => one.id === id) ?? null;
