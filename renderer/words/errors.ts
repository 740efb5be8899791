/**
 * Refusals in words: one exhaustive switch from the till's DomainError to a sentence. Rule kept: a new error
 * without words does not compile; each sentence says what to do next. It never decides anything.
 */
import type { Language } from '#contract/views.ts';
import type { DomainError } from '#core/errors.ts';
import { formatPaise } from '#core/money.ts';
import { formatQty } from '#core/quantity.ts';
import { exhausted } from '#core/result.ts';
import { businessDateOf, instant } from '#core/time.ts';
import { labelErrorWords } from '../labels/label-words.ts';
import type { Refusal } from '../link/till-link.ts';
import { longDate, nameIn } from './formats.ts';
import type { Say, Word } from './words.ts';

const wait = (seconds: number, say: Say): string =>
  seconds < 90 ? say('seconds', { count: seconds }) : say('minutesLong', { count: Math.ceil(seconds / 60) });

const pieces = (milli: number): string => String(milli / 1000);

type Returned = Pick<
  Extract<DomainError, { type: 'ReturnedAlready' }>,
  'soldQtyMilli' | 'returnedQtyMilli' | 'lastReturnedOn'
>;

/** None of it came back yet, some, or all: three things to say. */
export function returnedWords(error: Returned, say: Say, language: Language): string {
  const { soldQtyMilli, returnedQtyMilli, lastReturnedOn } = error;
  const count = pieces(soldQtyMilli);
  if (returnedQtyMilli === 0) return say('eReturnOverBought', { count });
  if (returnedQtyMilli < soldQtyMilli)
    return say('eReturnOverLeft', { count, left: pieces(soldQtyMilli - returnedQtyMilli) });
  return lastReturnedOn === null
    ? say('eReturnedAll', { count })
    : say('eReturnedAlready', { count, date: longDate(lastReturnedOn, language) });
}

/** The sentence for a refusal; '' for a fault, which has its own panel. */
export function refusalWords(refusal: Refusal, say: Say, language: Language): string {
  return refusal.type === 'Fault' ? '' : errorWords(refusal, say, language);
}

const patternWords = {
  syntax: 'ePatternSyntax',
  noWeight: 'ePatternNoWeight',
  tooLong: 'ePatternTooLong',
  tooSlow: 'ePatternTooSlow',
} as const satisfies Readonly<Record<string, Word>>;

const folderWords = {
  notAbsolute: 'eFolderNotAbsolute',
  inShop: 'eFolderInShop',
  notThere: 'eFolderNotThere',
  readOnly: 'eFolderReadOnly',
  notSet: 'eFolderNotSet',
} as const satisfies Readonly<Record<string, Word>>;
const restoreWords = {
  shopThere: 'eReShopThere',
  noBackup: 'eReNoBackup',
  wrongCode: 'eReWrongCode',
  notABackup: 'eReNotABackup',
  newerVersion: 'eReNewerVersion',
  cutShort: 'eReCutShort',
  damaged: 'eReDamaged',
  diskFull: 'baDiskFull',
  noServer: 'eJoinNoServer',
  codeUnknown: 'eJoinCodeUnknown',
  codeUsed: 'eJoinCodeUsed',
  codeExpired: 'eJoinCodeExpired',
  notDone: 'eReNotDone',
} as const satisfies Readonly<Record<string, Word>>;

const joinWords = {
  noServer: 'eJoinNoServer',
  codeUnknown: 'eJoinCodeUnknown',
  codeUsed: 'eJoinCodeUsed',
  codeExpired: 'eJoinCodeExpired',
  otherStore: 'eJoinOtherStore',
} as const satisfies Readonly<Record<string, Word>>;

const lockedWords = {
  name: 'ePinLockedName',
  owner: 'ePinLockedOwner',
  signIn: 'ePinLockedSignIn',
  approval: 'ePinLocked',
} as const satisfies Readonly<Record<string, Word>>;

const logoWords = {
  notPng: 'eLogoNotPng',
  tooLarge: 'eLogoTooLarge',
  unreadable: 'eLogoUnreadable',
  blank: 'eLogoBlank',
  noEngine: 'eLogoNoEngine',
} as const satisfies Readonly<Record<string, Word>>;

export function errorWords(error: DomainError, say: Say, language: Language): string {
  const date = (day: string | null): string => (day === null ? '' : longDate(day, language));
  switch (error.type) {
    case 'InputInvalid':
      return inputWords(error.field, say);
    case 'NotFound':
      return say('eNotFound');
    case 'BadCheckDigit':
      return say('eBadCheckDigit');
    case 'ScanUnreadable':
      return say(error.reason === 'empty' ? 'eScanEmpty' : 'eBadCheckDigit');
    case 'PaymentQrScanned':
      return say('ePaymentQr');
    case 'QtyNotPositive':
      return say('eQtyNotPositive');
    case 'QtyTooLarge':
      return say('eQtyTooLarge', { max: pieces(error.maxQtyMilli) });
    case 'QtyNotWhole':
      return say('eQtyNotWhole');
    case 'ConfirmLarge':
      return say('large', { qty: pieces(error.qtyMilli) });
    case 'AmountTooLarge':
      return say('eAmountTooLarge');
    case 'PriceAboveMrp':
      return say('ePriceAboveMrp', { price: formatPaise(error.pricePaise), mrp: formatPaise(error.mrpPaise) });
    case 'DiscountAbovePrice':
      return say('eDiscountAbovePrice', {
        discount: formatPaise(error.discountPaise),
        price: formatPaise(error.pricePaise),
      });
    case 'BatchExpired':
      return say('eBatchExpired', { date: date(error.expiredOn) });
    case 'NotLoose':
      return say('eNotLoose');
    case 'CartEmpty':
      return say('eCartEmpty');
    case 'CartUnsettled':
      return say('toSettle', { count: error.lines });
    case 'CartHasTenders':
      return say('eCartHasTenders');
    case 'CartBilled':
      return say('eCartBilled', { number: error.number });
    case 'CartChanged':
      return say('eCartChanged');
    case 'ScansWaiting':
      return say('moreScans', { count: error.waiting });
    case 'NothingToUndo':
      return say('eNothingToUndo');
    case 'TenderShort':
      return say('short', { amount: formatPaise(error.shortByPaise) });
    case 'TenderAbovePayable':
      return say('eTenderAbove', { over: formatPaise(error.overByPaise) });
    case 'NoTenderToTakeBack':
      return say('eNoTender');
    case 'UpiNotSet':
      return say('eUpiNotSet');
    case 'CustomerInvalid':
      return customerWords(error.field, say);
    case 'CustomerDetailsNeeded':
      return say('eCustomerNeeded', { from: formatPaise(error.fromPaise) });
    case 'NoTaxRate':
      return say('eNoTaxRate', { name: error.itemName, date: date(error.onDate) });
    case 'PlaceOfSupplyNotAllowed':
      return say('ePlaceNotAllowed');
    case 'ReturnedAlready':
      return returnedWords(error, say, language);
    case 'ReturnTooLate':
      return say('eReturnTooLate', { days: error.days, date: date(error.soldOn) });
    case 'DiscountAboveLimit':
      return say('eDiscountAboveLimit', { percent: error.limitBp / 100 });
    case 'PinNotSet':
      return say('ePinNotSet');
    case 'ReturnAboveLimit':
      return say('eReturnLimit', { limit: formatPaise(error.limitPaise) });
    case 'RefundNotPossible':
      return say('eRefundNotPossible');
    case 'NoShift':
      return say('eNoShift');
    case 'ShiftOpen':
      return say('eShiftOpen', { name: error.cashierName });
    case 'CartsOpen':
      return say('eCartsOpen');
    case 'UpiUnsettled':
      return say('eUpiUnsettled', { count: error.waiting });
    case 'ReasonNeeded':
      return say('eReasonNeeded');
    case 'SignedOut':
      return say('eSignedOut');
    case 'PinWrong':
      return say('ePinWrong', { count: error.triesLeft });
    case 'PinLocked':
      return say(lockedWords[error.at], { wait: wait(error.waitSeconds, say) });
    case 'RecoveryWrong':
      return say('eRecoveryWrong');
    case 'PinInvalid':
      return say('ePinInvalid');
    case 'ApprovalNeeded':
      return say('eApproval');
    case 'RoleNeeded':
      return say('eRole', { role: say(error.role === 'owner' ? 'roleTheOwner' : 'roleASupervisor') });
    case 'OtherWindow':
      return say('otherWindow');
    case 'ClockWrong':
      return say('eClockWrong', { date: date(businessDateOf(instant(error.nowMs))) });
    case 'DiskFull':
      return say('diskFull');
    case 'DiskReadOnly':
      return say('diskReadOnly');
    case 'BarcodeTaken':
      return say('eBarcodeTaken', { name: error.itemName });
    case 'CodeTaken':
      return say('eCodeTaken', { name: error.itemName });
    case 'FileUnreadable':
      return fileWords(error.reason, say);
    case 'MappingIncomplete':
      return say('eMapping', { fields: error.missing.join(', ') });
    case 'MrpNeeded':
      return say('eMrpNeeded', { name: error.itemName });
    case 'SeriesFull':
      return say('eSeriesFull', { series: error.series });
    case 'BackupFolderInvalid':
      return say(folderWords[error.reason]);
    case 'RestoreRefused':
      return say(restoreWords[error.reason]);
    case 'JoinRefused':
      return say(joinWords[error.reason]);
    case 'NotJoined':
      return say('eNotJoined');
    case 'HeadOfficeSilent':
      return say('eHeadOfficeSilent');
    case 'TransferNeedsInvoice':
      return say('eTransferInvoice', { store: error.storeName });
    case 'TransferOver':
      return say('eTransferOver');
    case 'TransferItemUnknown':
      return say('eTransferItem', { name: error.itemName });
    case 'TransferReasonNeeded':
      return say('eTransferReason', { name: error.itemName });
    case 'LogoInvalid':
      return say(logoWords[error.reason], { kb: error.mostBytes / 1000, side: error.mostSide });
    case 'PrinterNotSet':
      return say('ePrinterNotSet');
    case 'ScaleNotSet':
      return say('eScaleNotSet');
    case 'ScaleTrouble':
      return say('eScaleTrouble');
    case 'ScaleUnstable':
      return say('eScaleUnstable');
    case 'ScaleEmpty':
      return say('scaleNothing');
    case 'ScaleNegative':
      return say('scaleMinus');
    case 'ScaleOverload':
      return say('scaleTooMuch');
    case 'ScaleUnderload':
      return say('scaleTooLittle');
    case 'ScaleCannotZero':
      return say('eScaleCannotZero');
    case 'WeightTaken':
      return say('scaleTaken', { weight: formatQty(error.weightMilli, 'kg'), name: nameIn(error, language) });
    case 'PatternInvalid':
      return say(patternWords[error.reason], { detail: error.detail });
    case 'PoleNotSet':
      return say('ePoleNotSet');
    case 'LabelPrinterNotSet':
    case 'LabelBusy':
    case 'LabelFontsMissing':
    case 'LabelTooMany':
    case 'LabelDesignInvalid':
    case 'LabelNotReady':
      return labelErrorWords(error, say);
    default:
      return exhausted(error);
  }
}

const fieldNames: Readonly<Record<string, Word>> = {
  name: 'name',
  text: 'name',
  upiAddress: 'upi',
  series: 'suSeries',
  pin: 'pin',
  newPin: 'pin',
  qtyMilli: 'quantity',
  sellingPricePaise: 'sellingPrice',
  mrpPaise: 'colMrp',
  amountPaise: 'amount',
  reason: 'reason',
  stateCode: 'shopState',
};
const inputWords = (field: string, say: Say): string => {
  if (field === 'gstin') return say('eCustomerGstin');
  const named = fieldNames[field.split('.').at(-1) ?? ''];
  return named === undefined ? say('eInputBad') : say('eInputInvalid', { field: say(named) });
};

const customerWords = (field: 'mobile' | 'gstin' | 'name' | 'placeOfSupply', say: Say): string =>
  say(
    (
      {
        mobile: 'eCustomerMobile',
        gstin: 'eCustomerGstin',
        name: 'eCustomerName',
        placeOfSupply: 'eCustomerPlace',
      } as const
    )[field],
  );

const fileWords = (reason: 'empty' | 'notTable' | 'tooLarge' | 'encoding' | 'password', say: Say): string =>
  say(
    (
      {
        empty: 'eFileEmpty',
        notTable: 'eFileNotTable',
        tooLarge: 'eFileTooLarge',
        encoding: 'eFileEncoding',
        password: 'eFilePassword',
      } as const
    )[reason],
  );
