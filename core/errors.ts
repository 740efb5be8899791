/**
 * Every refusal the till can answer, as plain data: the closed union behind the contract's typed errors.
 * Rule kept: an error says what a screen needs to name the next step (amounts, dates, names), never a
 * sentence; words come from the renderer's one translated table.
 */
import type { LabelNoticeKind } from './label/fill-label.ts';
import type { LabelField } from './label/label-design.ts';
import type { Paise } from './money.ts';
import type { Milli } from './quantity.ts';
import type { BusinessDate } from './time.ts';

export type DomainError =
  // input
  | { readonly type: 'InputInvalid'; readonly field: string; readonly reason: string }
  | {
      readonly type: 'NotFound';
      readonly what:
        | 'item'
        | 'bill'
        | 'cart'
        | 'line'
        | 'staff'
        | 'batch'
        | 'job'
        | 'import'
        | 'choice'
        | 'creditNote'
        | 'design'
        | 'store'
        | 'transfer';
    }
  | { readonly type: 'BadCheckDigit'; readonly code: string }
  | { readonly type: 'ScanUnreadable'; readonly reason: 'empty' | 'tooLong' | 'controlCharacters' }
  | { readonly type: 'PaymentQrScanned' }
  // quantities, prices
  | { readonly type: 'QtyNotPositive' }
  | { readonly type: 'QtyTooLarge'; readonly maxQtyMilli: Milli }
  | { readonly type: 'QtyNotWhole' }
  | {
      readonly type: 'ConfirmLarge';
      readonly what: 'quantity' | 'amount';
      readonly qtyMilli: Milli;
      readonly amountPaise: Paise;
    }
  | { readonly type: 'AmountTooLarge' }
  | { readonly type: 'PriceAboveMrp'; readonly pricePaise: Paise; readonly mrpPaise: Paise }
  | { readonly type: 'DiscountAbovePrice'; readonly discountPaise: Paise; readonly pricePaise: Paise }
  | { readonly type: 'DiscountAboveLimit'; readonly limitBp: number }
  | { readonly type: 'BatchExpired'; readonly expiredOn: BusinessDate }
  | { readonly type: 'NotLoose' }
  // cart and bill
  | { readonly type: 'CartEmpty' }
  | { readonly type: 'CartUnsettled'; readonly lines: number }
  | { readonly type: 'CartHasTenders' }
  | { readonly type: 'CartBilled'; readonly number: string }
  | { readonly type: 'CartChanged' }
  | { readonly type: 'ScansWaiting'; readonly waiting: number }
  | { readonly type: 'NothingToUndo' }
  | { readonly type: 'TenderShort'; readonly shortByPaise: Paise }
  | { readonly type: 'TenderAbovePayable'; readonly overByPaise: Paise }
  | { readonly type: 'NoTenderToTakeBack' }
  | { readonly type: 'UpiNotSet' }
  | {
      readonly type: 'CustomerInvalid';
      readonly field: 'mobile' | 'gstin' | 'name' | 'placeOfSupply';
      readonly reason: string;
    }
  | { readonly type: 'CustomerDetailsNeeded'; readonly fromPaise: Paise }
  | { readonly type: 'NoTaxRate'; readonly itemName: string; readonly onDate: BusinessDate }
  | { readonly type: 'MrpNeeded'; readonly itemName: string }
  | { readonly type: 'SeriesFull'; readonly series: string }
  | { readonly type: 'PlaceOfSupplyNotAllowed'; readonly reason: 'composition' }
  // returns
  | {
      /** More than is left of it: none, some, or (where nothing came back yet) more than was bought. */
      readonly type: 'ReturnedAlready';
      readonly soldQtyMilli: Milli;
      readonly returnedQtyMilli: Milli;
      readonly lastReturnedOn: BusinessDate | null;
    }
  | { readonly type: 'ReturnAboveLimit'; readonly limitPaise: Paise }
  | { readonly type: 'ReturnTooLate'; readonly days: number; readonly soldOn: BusinessDate }
  | { readonly type: 'RefundNotPossible'; readonly tender: 'upi' | 'card' }
  // shift, staff
  | { readonly type: 'NoShift' }
  | { readonly type: 'ShiftOpen'; readonly cashierName: string }
  | { readonly type: 'CartsOpen'; readonly carts: number }
  | { readonly type: 'UpiUnsettled'; readonly waiting: number }
  | { readonly type: 'ReasonNeeded' }
  | { readonly type: 'SignedOut' }
  | { readonly type: 'PinWrong'; readonly triesLeft: number }
  /** By wrong PINs under this name (or the owner's), or without a name at the sign-in or an approval. */
  | {
      readonly type: 'PinLocked';
      readonly at: 'name' | 'owner' | 'signIn' | 'approval';
      readonly waitSeconds: number;
    }
  | { readonly type: 'RecoveryWrong' }
  | { readonly type: 'PinInvalid' }
  | { readonly type: 'PinNotSet' }
  | {
      readonly type: 'ApprovalNeeded';
      readonly forWhat: 'returnWithoutBill' | 'largeDiscount' | 'priceChange' | 'dropBill';
    }
  | { readonly type: 'RoleNeeded'; readonly role: 'supervisor' | 'owner' }
  | { readonly type: 'OtherWindow' }
  // clock, disk, database
  | { readonly type: 'ClockWrong'; readonly nowMs: number; readonly lastBillMs: number | null }
  | { readonly type: 'DiskFull' }
  | { readonly type: 'DiskReadOnly' }
  // catalogue, import
  | { readonly type: 'BarcodeTaken'; readonly code: string; readonly itemName: string }
  | { readonly type: 'CodeTaken'; readonly code: string; readonly itemName: string }
  | { readonly type: 'FileUnreadable'; readonly reason: 'empty' | 'notTable' | 'tooLarge' | 'encoding' | 'password' }
  | { readonly type: 'MappingIncomplete'; readonly missing: readonly string[] }
  // head office
  | {
      readonly type: 'JoinRefused';
      readonly reason: 'noServer' | 'codeUnknown' | 'codeUsed' | 'codeExpired' | 'otherStore';
    }
  | { readonly type: 'NotJoined' }
  /** It was asked something that only it can answer, and did not. */
  | { readonly type: 'HeadOfficeSilent' }
  // goods between stores
  /** Another GSTIN or State: a tax invoice is due, a challan is not enough. */
  | { readonly type: 'TransferNeedsInvoice'; readonly storeName: string }
  /** It went, came or was called off meanwhile. */
  | { readonly type: 'TransferOver' }
  | { readonly type: 'TransferItemUnknown'; readonly itemName: string }
  | { readonly type: 'TransferReasonNeeded'; readonly itemName: string }
  // backup
  | {
      readonly type: 'BackupFolderInvalid';
      readonly reason: 'notAbsolute' | 'inShop' | 'notThere' | 'readOnly' | 'notSet';
    }
  | { readonly type: 'RestoreRefused'; readonly reason: RestoreRefusedReason }
  // printing
  | { readonly type: 'PrinterNotSet' }
  // weighing
  | { readonly type: 'ScaleNotSet' }
  | { readonly type: 'ScaleTrouble'; readonly trouble: ScaleTroubleWord }
  | { readonly type: 'ScaleUnstable' }
  | { readonly type: 'ScaleEmpty' }
  | { readonly type: 'ScaleNegative' }
  | { readonly type: 'ScaleOverload' }
  | { readonly type: 'ScaleUnderload' }
  | { readonly type: 'ScaleCannotZero' }
  /** This pan's weight is in a bill already; `name` is the item it went to. */
  | { readonly type: 'WeightTaken'; readonly name: string; readonly nameHi: string | null; readonly weightMilli: Milli }
  | {
      readonly type: 'PatternInvalid';
      readonly reason: 'syntax' | 'noWeight' | 'tooLong' | 'tooSlow';
      readonly detail: string;
    }
  // labels
  | { readonly type: 'LabelPrinterNotSet' }
  | { readonly type: 'LabelBusy' }
  | { readonly type: 'LabelFontsMissing' }
  | { readonly type: 'LabelTooMany'; readonly asked: number; readonly max: number }
  | {
      readonly type: 'LabelDesignInvalid';
      readonly reason: 'paper' | 'tooWideTogether' | 'tooManyItems' | 'item' | 'tooManyDesigns';
      readonly itemIndex: number | null;
    }
  /** One label of a print is not right: `why` and `field` are core/label's. Nothing was printed. */
  | {
      readonly type: 'LabelNotReady';
      readonly itemName: string;
      readonly why: LabelNoticeKind;
      readonly field: LabelField | null;
    }
  // receipts
  | {
      readonly type: 'LogoInvalid';
      readonly reason: 'notPng' | 'tooLarge' | 'unreadable' | 'blank' | 'noEngine';
      readonly mostBytes: number;
      readonly mostSide: number;
    }
  // pole display
  | { readonly type: 'PoleNotSet' };

/** Why a PC did not become the till that was lost; nothing was changed. */
export type RestoreRefusedReason =
  | 'shopThere'
  | 'noBackup'
  | 'wrongCode'
  | 'notABackup'
  | 'newerVersion'
  | 'cutShort'
  | 'damaged'
  | 'diskFull'
  | 'noServer'
  | 'codeUnknown'
  | 'codeUsed'
  | 'codeExpired'
  | 'notDone';

/** Why nothing is to be had from a scale, in the field's terms. */
type ScaleTroubleWord =
  | 'absent'
  | 'noPermission'
  | 'busy'
  | 'refused'
  | 'timeout'
  | 'unsupported'
  | 'broken'
  | 'garbled'
  | 'silent';

export type DomainErrorType = DomainError['type'];
