/**
 * Words for what the till says of labels: fields, codes, presets, notices, troubles, a finished print. Rule kept:
 * every id of the contract has its word here or the types don't hold; no sentence is made up of pieces.
 */
import type { LabelJob } from '#contract/till-label.ts';
import type { DomainError } from '#core/errors.ts';
import type { LabelNotice, LabelNoticeKind } from '#core/label/fill-label.ts';
import type { LabelDesign, LabelField, LabelItem, LabelSymbology } from '#core/label/label-design.ts';
import type { Say, Word } from '../words/words.ts';

export const fieldWords: Readonly<Record<LabelField, Word>> = {
  name: 'lf_name',
  nameEn: 'lf_nameEn',
  nameHi: 'lf_nameHi',
  brand: 'lf_brand',
  mrp: 'lf_mrp',
  sellingPrice: 'lf_sellingPrice',
  unitPrice: 'lf_unitPrice',
  unitSalePrice: 'lf_unitSalePrice',
  saving: 'lf_saving',
  netQty: 'lf_netQty',
  weight: 'lf_weight',
  weightPrice: 'lf_weightPrice',
  packedOn: 'lf_packedOn',
  packedMonth: 'lf_packedMonth',
  expiresOn: 'lf_expiresOn',
  batchCode: 'lf_batchCode',
  itemCode: 'lf_itemCode',
  codeText: 'lf_codeText',
  inclusiveOfTaxes: 'lf_inclusiveOfTaxes',
  shopName: 'lf_shopName',
  shopAddress: 'lf_shopAddress',
  shopPhone: 'lf_shopPhone',
  fssai: 'lf_fssai',
  free: 'lf_free',
};
export const codeWords: Readonly<Record<LabelSymbology, Word>> = {
  auto: 'lc_auto',
  code128: 'lc_code128',
  'gs1-128': 'lc_gs1_128',
  'gs1-datamatrix': 'lc_gs1_datamatrix',
  weighed: 'lc_weighed',
};

const presetWords: Readonly<Record<string, Word>> = {
  'shelf-38x25': 'lbP_shelf_38x25',
  'shelf-50x25': 'lbP_shelf_50x25',
  'shelf-100x50': 'lbP_shelf_100x50',
  'item-50x25': 'lbP_item_50x25',
  'item-38x25': 'lbP_item_38x25',
  'item-38x25-two': 'lbP_item_38x25_two',
  'item-33x15': 'lbP_item_33x15',
  'matrix-50x25': 'lbP_matrix_50x25',
  'weighed-50x40': 'lbP_weighed_50x40',
  'packed-60x40': 'lbP_packed_60x40',
};
export function designName(design: LabelDesign, say: Say): string {
  const word = presetWords[design.id];
  return word === undefined ? design.name : say(word);
}

export const sizeWords = ({ paper }: LabelDesign, say: Say): string =>
  paper.across === 1
    ? say('lbSize', { width: paper.widthMm, height: paper.heightMm })
    : say('lbSizeAcross', { width: paper.widthMm, height: paper.heightMm, across: paper.across });

/** What a thing on the label is called in a list; a free text by its own first words. */
export function itemWords(item: LabelItem, say: Say): string {
  switch (item.kind) {
    case 'text':
      return item.field === 'free' && item.text !== '' ? item.text : say(fieldWords[item.field]);
    case 'code':
      return say(codeWords[item.symbology]);
    case 'box':
      return say('ldBox');
    case 'line':
      return say('ldLine');
  }
}

const noticeWord = (kind: LabelNoticeKind): Word => `lbN_${kind}`;
/** "Price does not fit. …", the field by name, or the thing of the design where the label's own design is at hand. */
export function noticeWords(
  notice: Pick<LabelNotice, 'kind' | 'field' | 'itemIndex'>,
  design: LabelDesign | null,
  say: Say,
): string {
  const item = notice.itemIndex === null ? undefined : design?.items[notice.itemIndex];
  const field =
    item !== undefined
      ? itemWords(item, say)
      : notice.field === null
        ? say('ldAddCode')
        : say(fieldWords[notice.field]);
  return say(noticeWord(notice.kind), { field });
}

export const troubleWords = (trouble: NonNullable<LabelJob['trouble']>, say: Say): string => say(`lbT_${trouble}`);

/** How a print stands, in one sentence. */
export function jobWords(job: LabelJob, say: Say): string {
  const { printed, total, sent, maybe } = job;
  const trouble = job.trouble === null ? '' : troubleWords(job.trouble, say);
  switch (job.state) {
    case 'running':
      return printed > 0 || sent === 0 ? say('lbPrinting', { printed, total }) : say('lbSending', { sent, total });
    case 'printed':
      return say('lbDone', { count: printed });
    case 'sent':
      return say('lbSent', { count: sent });
    case 'stopped':
      return maybe > 0
        ? say('lbStoppedMaybe', { printed, total, maybe, trouble })
        : say('lbStopped', { printed, total, trouble });
    case 'cancelled':
      return maybe > 0 ? say('lbCancelledMaybe', { printed, total, maybe }) : say('lbCancelled', { printed, total });
  }
}

type LabelError = Extract<DomainError, { readonly type: `Label${string}` }>;
const designReasons = {
  paper: 'eLabelPaper',
  tooWideTogether: 'eLabelTooWide',
  tooManyItems: 'eLabelManyItems',
  item: 'eLabelItem',
  tooManyDesigns: 'eLabelManyDesigns',
} as const;
/** The refusals of labels, for words/errors.ts. */
export function labelErrorWords(error: LabelError, say: Say): string {
  switch (error.type) {
    case 'LabelPrinterNotSet':
      return say('eLabelPrinterNotSet');
    case 'LabelBusy':
      return say('eLabelBusy');
    case 'LabelFontsMissing':
      return say('eLabelFonts');
    case 'LabelTooMany':
      return say('lbTooMany', { asked: error.asked, max: error.max });
    case 'LabelDesignInvalid':
      return say(designReasons[error.reason]);
    case 'LabelNotReady':
      return say('lbNotReady', {
        name: error.itemName,
        why: noticeWords({ kind: error.why, field: error.field, itemIndex: null }, null, say),
      });
  }
}
