/**
 * How goods will stand on a receipt at their new price, for whoever publishes it. Rule kept: the receipt's own layout makes the
 * rows (core/billing/receipt-parts.ts), on 58 mm paper and for one of each; nothing here formats an amount.
 */
import type { PrintedLine } from '#contract/publish.ts';
import { lineRows } from '#core/billing/receipt-parts.ts';
import { paperOf } from '#core/billing/receipt-rows.ts';
import { receiptWords } from '#core/billing/receipt-words.ts';
import type { Item } from '#core/catalogue/item.ts';
import type { BillLine } from '#core/documents.ts';
import { zeroSplit } from '#core/gst/tax.ts';
import { basisPoints, zeroPaise } from '#core/money.ts';
import { milli } from '#core/quantity.ts';

const cellDots = 12;
const graphemes = new Intl.Segmenter('hi', { granularity: 'grapheme' });
const paper = paperOf(58, (text, style) => [...graphemes.segment(text)].length * cellDots * style.width);

/** One of it, or one kilogram, without a discount. */
function billLineOf(item: Item): BillLine {
  const gross = item.sellingPricePaise;
  return {
    lineNo: 1,
    itemId: item.id,
    barcode: null,
    name: item.name,
    nameHi: item.nameHi,
    hsn: item.hsn,
    unit: item.unit,
    packName: null,
    qtyMilli: milli(1000),
    packQtyMilli: milli(1000),
    batchId: null,
    batchCode: null,
    expiresOn: null,
    mrpPaise: item.mrpPaise,
    sellingPricePaise: gross,
    isInclusive: item.isInclusive,
    grossPaise: gross,
    lineDiscountPaise: zeroPaise,
    billDiscountPaise: zeroPaise,
    netPaise: gross,
    rate: { rateBp: basisPoints(0), cess: null, treatment: 'exempt', valuation: 'transactionValue' },
    split: zeroSplit,
    totalPaise: gross,
  };
}

export function printedLine(item: Item): PrintedLine {
  const rowsIn = (language: 'en' | 'hi'): PrintedLine['en'] =>
    lineRows({ paper, language, word: receiptWords(language) }, [billLineOf(item)]).flatMap((block) =>
      block.kind === 'row' ? [block.cells.map(({ text, chars, align }) => ({ text, chars, align }))] : [],
    );
  return { itemId: item.id, en: rowsIn('en'), hi: rowsIn('hi') };
}
