/**
 * The words that stand on paper, English and Hindi side by side. Rule kept: one table, every key in both
 * languages, and labels never carry ₹ in English, so that an English receipt stays text and not picture.
 * Shop Hindi as it is spoken; what the law fixes in English stays English too. It formats no number.
 */
import type { Unit } from '../quantity.ts';
import type { ReturnReason } from '../documents.ts';
import type { TenderKind } from './cart.ts';

export type ReceiptLanguage = 'en' | 'hi';

const table = {
  taxInvoice: ['TAX INVOICE', 'टैक्स इनवॉइस'],
  billOfSupply: ['BILL OF SUPPLY', 'बिल ऑफ़ सप्लाई'],
  invoiceCumBillOfSupply: ['INVOICE-CUM-BILL OF SUPPLY', 'इनवॉइस-कम-बिल ऑफ़ सप्लाई'],
  creditNote: ['CREDIT NOTE', 'क्रेडिट नोट'],
  challan: ['DELIVERY CHALLAN', 'DELIVERY CHALLAN डिलीवरी चालान'],
  number: ['No.', 'नंबर'],
  goesTo: ['To', 'किसको'],
  ownGoods: [
    'Own goods to a store of the same GSTIN; not a sale, no tax. Value at cost.',
    'अपना ही सामान, उसी GSTIN की दूसरी दुकान को; बिक्री नहीं, टैक्स नहीं। लागत पर मूल्य।',
  ],
  signature: ['Signature', 'हस्ताक्षर'],
  duplicate: ['** DUPLICATE **', '** DUPLICATE दूसरी प्रति **'],
  phone: ['Ph', 'फ़ोन'],
  gstin: ['GSTIN', 'GSTIN'],
  fssai: ['FSSAI', 'FSSAI'],
  bill: ['Bill', 'बिल'],
  note: ['Note', 'नोट'],
  againstBill: ['Against bill', 'मूल बिल'],
  withoutBill: ['Without a bill', 'बिना बिल'],
  reason: ['Reason', 'कारण'],
  cashier: ['Cashier', 'कैशियर'],
  customer: ['Customer', 'ग्राहक'],
  placeOfSupply: ['Place of supply', 'सप्लाई का राज्य'],
  reverseCharge: ['Reverse charge: No', 'रिवर्स चार्ज: नहीं'],
  item: ['Item', 'सामान'],
  qty: ['Qty', 'मात्रा'],
  rate: ['Rate', 'भाव'],
  mrp: ['MRP', 'MRP'],
  off: ['Off', 'छूट'],
  amount: ['Amount', 'रकम'],
  items: ['Items', 'सामान'],
  itemsTotal: ['Items total', 'सामान का जोड़'],
  billDiscount: ['Discount on bill', 'बिल पर छूट'],
  taxAdded: ['GST added', 'GST जोड़ा'],
  roundOff: ['Round off', 'राउंड ऑफ़'],
  total: ['TOTAL', 'कुल'],
  refund: ['REFUND', 'वापसी'],
  saved: ['You saved', 'आपकी बचत'],
  change: ['Change', 'वापस दिए'],
  received: ['received', 'मिले'],
  waiting: ['not yet confirmed', 'अभी पक्का नहीं'],
  payHere: ['Scan to pay', 'स्कैन करके भुगतान करें'],
  rateColumn: ['GST', 'GST'],
  hsn: ['HSN', 'HSN'],
  taxable: ['Taxable', 'टैक्स योग्य'],
  value: ['Value', 'मूल्य'],
  cgst: ['CGST', 'CGST'],
  sgst: ['SGST', 'SGST'],
  utgst: ['UTGST', 'UTGST'],
  igst: ['IGST', 'IGST'],
  cess: ['Cess', 'सेस'],
  taxTotal: ['Total', 'जोड़'],
  nilRated: ['Nil', 'शून्य'],
  exempt: ['Exm', 'मुक्त'],
  nonGst: ['Non', 'बाहर'],
  inclusiveNote: ['Prices include GST', 'भाव में GST शामिल है'],
  thanks: ['Thank you. Please come again.', 'धन्यवाद। फिर पधारें।'],
  rupees: ['Rs ', '₹'],
  xReport: ['SHIFT REPORT (X)', 'शिफ़्ट रिपोर्ट (X)'],
  zReport: ['SHIFT CLOSED (Z)', 'शिफ़्ट बंद (Z)'],
  opened: ['Opened', 'खुली'],
  closed: ['Closed', 'बंद'],
  bills: ['Bills', 'बिल'],
  numbers: ['Numbers', 'नंबर'],
  creditNotes: ['Credit notes', 'क्रेडिट नोट'],
  sales: ['Sales', 'बिक्री'],
  refunds: ['Refunds', 'वापसी'],
  discounts: ['Discounts', 'छूट'],
  net: ['Net', 'शुद्ध'],
  float: ['Opening float', 'शुरू का गल्ला'],
  expectedCash: ['Cash expected', 'गल्ले में होना चाहिए'],
  countedCash: ['Cash counted', 'गिना हुआ गल्ला'],
  difference: ['Difference', 'अंतर'],
  waitingUpi: ['UPI not confirmed', 'UPI पक्का नहीं'],
  businessDate: ['Date', 'तारीख़'],
  printedAt: ['Printed', 'छपा'],
  orderList: ['ORDER LIST', 'ऑर्डर की सूची'],
  testTitle: ['PRINTER TEST', 'प्रिंटर टेस्ट'],
  testEdge: ['Both edges of this line must be seen', 'इस लाइन के दोनों सिरे दिखने चाहिए'],
} as const satisfies Readonly<Record<string, readonly [en: string, hi: string]>>;

export type ReceiptWord = keyof typeof table;
export type ReceiptWords = (key: ReceiptWord) => string;

/** The paper's words in one language. */
export const receiptWords =
  (language: ReceiptLanguage): ReceiptWords =>
  (key) =>
    table[key][language === 'hi' ? 1 : 0];

/** CGST (Composition) Rule 5(1)(f): these very words, at the top of the bill of supply, whatever the language. */
export const compositionWords = 'Composition taxable person, not eligible to collect tax on supplies';

const unitWords: Readonly<Record<Unit, readonly [en: string, hi: string]>> = {
  // The same in Hindi: most lines are pieces, and their figures then print as text.
  pc: ['pc', 'pc'],
  kg: ['kg', 'किलो'],
  g: ['g', 'ग्राम'],
  l: ['l', 'ली'],
  ml: ['ml', 'मिली'],
  m: ['m', 'मी'],
  pack: ['pack', 'पैक'],
  box: ['box', 'डिब्बा'],
  dozen: ['doz', 'दर्जन'],
};
/** Sale unit behind a quantity (Rule 46(i) asks for one). */
export const unitWord = (unit: Unit, language: ReceiptLanguage): string => unitWords[unit][language === 'hi' ? 1 : 0];

const tenderWords: Readonly<Record<TenderKind, readonly [en: string, hi: string]>> = {
  cash: ['Cash', 'नकद'],
  upi: ['UPI', 'UPI'],
  card: ['Card', 'कार्ड'],
  creditNote: ['Credit note', 'क्रेडिट नोट'],
};
export const tenderWord = (kind: TenderKind, language: ReceiptLanguage): string =>
  tenderWords[kind][language === 'hi' ? 1 : 0];

const reasonWords: Readonly<Record<ReturnReason, readonly [en: string, hi: string]>> = {
  damaged: ['Damaged', 'टूटा या ख़राब'],
  expired: ['Expired', 'तारीख़ निकली'],
  wrongItem: ['Wrong item', 'ग़लत सामान'],
  notWanted: ['Not wanted', 'नहीं चाहिए'],
  priceDispute: ['Price', 'भाव'],
  other: ['Other', 'अन्य'],
};
export const reasonWord = (reason: ReturnReason, language: ReceiptLanguage): string =>
  reasonWords[reason][language === 'hi' ? 1 : 0];
