/**
 * What the till tells a screen: snapshots ready to draw, all amounts computed by the till. Rule kept: a
 * view is plain data that survives structured clone and JSON; a screen never does arithmetic on it.
 */
import type { CartCustomer, CartTender, Discount, TenderKind } from '#core/billing/cart.ts';
import type { Bill, CreditNote, CreditNoteLine, ReturnReason } from '#core/documents.ts';
import type { DomainError } from '#core/errors.ts';
import type { TaxSplit } from '#core/gst/tax.ts';
import type { Uuid } from '#core/ids.ts';
import type { Paise } from '#core/money.ts';
import type { Milli, Unit } from '#core/quantity.ts';
import type { BusinessDate, Instant } from '#core/time.ts';
import type { Item, ItemFlag } from '#core/catalogue/item.ts';
import type { ReceiptLayout } from '#core/billing/receipt-layout.ts';
import type { DeviceView, PrinterState } from './device-views.ts';
import type { KeysView } from './till-keys.ts';

export type Language = 'en' | 'hi';
export type Role = 'cashier' | 'supervisor' | 'owner';
export type Theme = 'light' | 'dark' | 'system';

export type StaffTile = {
  readonly id: Uuid;
  readonly name: string;
  readonly role: Role;
  readonly language: Language;
  /** Head office sent them; a PIN is chosen at this till before they can sign in. */
  readonly needsPin?: boolean | undefined;
};
export type SignedIn = StaffTile & { readonly loginToken: string };

export type ShopView = {
  readonly name: string;
  readonly tillName: string;
  readonly stateCode: string;
  readonly gstin: string | null;
  readonly isComposition: boolean;
  readonly upiAddress: string | null;
  readonly isDemo: boolean;
  /** Shown on the sign-in screen of the demo shop only. */
  readonly demoPins: readonly { readonly name: string; readonly pin: string }[];
  readonly isSetUp: boolean;
  readonly roundStepPaise: Paise;
  readonly receiptLanguage: Language;
  readonly scanGapMs: number;
  readonly keys: KeysView;
};

// ── the counter ──────────────────────────────────────────────────────────────────────────────────────

export type ItemLineView = {
  readonly kind: 'item';
  readonly id: Uuid;
  readonly itemId: Uuid | null;
  readonly name: string;
  readonly nameHi: string | null;
  readonly packName: string | null;
  readonly unit: Unit;
  readonly qtyMilli: Milli;
  readonly mrpPaise: Paise | null;
  readonly sellingPricePaise: Paise;
  readonly isPriceChanged: boolean;
  readonly discount: Discount | null;
  /** Line discount and its part of the bill's discount, positive. */
  readonly offPaise: Paise;
  /** Amount in the adding column: net in the price's own mode. */
  readonly amountPaise: Paise;
  readonly measuredBy: 'count' | 'label' | 'scale' | 'worth' | 'typed';
  /** Stock after this cart, when it went below zero; null otherwise. */
  readonly stockBelowZeroMilli: Milli | null;
  readonly hasRate: boolean;
  readonly batchCode: string | null;
  readonly hasOtherMrps: boolean;
};
export type UnknownLineView = {
  readonly kind: 'unknown';
  readonly id: Uuid;
  readonly code: string;
  readonly qtyMilli: Milli;
};
export type LineView = ItemLineView | UnknownLineView;

export type TotalsView = {
  readonly itemsPaise: Paise;
  readonly discountPaise: Paise;
  readonly addedTaxPaise: Paise;
  readonly split: TaxSplit;
  readonly roundOffPaise: Paise;
  readonly payablePaise: Paise;
  readonly savedPaise: Paise;
  readonly tenderedPaise: Paise;
  readonly stillToCollectPaise: Paise;
  readonly changePaise: Paise;
  /** Pieces count one each, a weighed line counts one: "9 items". */
  readonly itemCount: number;
  readonly unsettledCount: number;
};

/** A question the till waits on; further scans queue behind it (screens.md §5.7, §5.2). */
export type ChoiceView =
  | {
      readonly kind: 'mrp';
      readonly id: Uuid;
      readonly itemId: Uuid;
      readonly name: string;
      readonly nameHi: string | null;
      readonly cards: readonly {
        readonly batchId: Uuid;
        readonly mrpPaise: Paise;
        readonly sellingPricePaise: Paise;
        readonly stockMilli: Milli;
        readonly unit: Unit;
        readonly packedOn: BusinessDate | null;
        readonly expiresOn: BusinessDate | null;
        readonly isLastTime: boolean;
        readonly isSellFirst: boolean;
      }[];
    }
  | {
      readonly kind: 'large';
      readonly id: Uuid;
      readonly name: string;
      readonly nameHi: string | null;
      readonly unit: Unit;
      readonly qtyMilli: Milli;
      readonly amountPaise: Paise;
    };

export type LastBillView = {
  readonly id: Uuid;
  readonly number: string;
  readonly payablePaise: Paise;
  readonly changePaise: Paise;
  readonly committedAtMs: Instant;
};

/** What the last change did, for the eye, the ear and the screen reader. */
export type CartNotice =
  | {
      readonly kind: 'added';
      readonly lineId: Uuid;
      readonly isSame: boolean;
      readonly how: 'scan' | 'label' | 'pick' | 'typed';
    }
  | { readonly kind: 'unknown'; readonly lineId: Uuid; readonly code: string }
  | { readonly kind: 'removed'; readonly name: string; readonly nameHi: string | null }
  | { readonly kind: 'changed'; readonly lineId: Uuid }
  /** `lineId`: the line that is back as it was; null where a line only went. */
  | { readonly kind: 'undone'; readonly lineId: Uuid | null }
  | { readonly kind: 'held' }
  | { readonly kind: 'recalled' }
  | { readonly kind: 'committed'; readonly number: string }
  | { readonly kind: 'refused'; readonly error: DomainError };

export type CartHeader = {
  readonly cartId: Uuid;
  readonly version: number;
  readonly customer: CartCustomer | null;
  readonly billDiscount: Discount | null;
  readonly tenders: readonly CartTender[];
  readonly totals: TotalsView;
  readonly choice: ChoiceView | null;
  readonly waitingScans: number;
  readonly canUndo: boolean;
  readonly notice: (CartNotice & { readonly seq: number }) | null;
  readonly heldCount: number;
  readonly lastBill: LastBillView | null;
  readonly upi: { readonly link: string; readonly payeeAddress: string; readonly amountPaise: Paise } | null;
  /** Likely ways to pay what is still to collect in cash, exact first, then notes; [] when nothing is to collect. */
  readonly likelyCash: readonly CashPreview[];
};

/** What handing over `amountPaise` in cash would leave; nothing is recorded. */
export type CashPreview = {
  readonly amountPaise: Paise;
  readonly stillToCollectPaise: Paise;
  readonly changePaise: Paise;
};

/**
 * The cart's feed. `all` first and after a gap; then `change` with the lines that differ, so that a long
 * cart costs no more per scan than a short one. `lineIds` gives the order when lines came or went.
 */
export type CartFeedEvent =
  | { readonly kind: 'all'; readonly header: CartHeader; readonly lines: readonly LineView[] }
  | {
      readonly kind: 'change';
      readonly header: CartHeader;
      readonly lines: readonly LineView[];
      readonly lineIds: readonly Uuid[] | null;
    };

export type ScanOutcome = 'added' | 'unknown' | 'choose' | 'queued' | 'waitsForSignIn' | 'itemShown';

export type HeldCart = {
  readonly id: Uuid;
  readonly heldAtMs: Instant;
  readonly cashierName: string;
  readonly itemCount: number;
  readonly payablePaise: Paise;
  readonly firstItems: readonly { readonly name: string; readonly nameHi: string | null }[];
  readonly lines: readonly LineView[];
};

export type FoundItem = {
  readonly id: Uuid;
  readonly code: string;
  readonly name: string;
  readonly nameHi: string | null;
  readonly unit: Unit;
  readonly sellingPricePaise: Paise;
  readonly mrpPaise: Paise | null;
  readonly stockMilli: Milli;
  readonly hasSeveralMrps: boolean;
  /** What the asked worth ("₹20 worth") buys of it; null when no worth was asked or it is sold by piece. */
  readonly buysMilli: Milli | null;
  /** Where this shop has none: the store of the organisation that has most, and when it was last heard. */
  readonly elsewhere?: { readonly storeName: string; readonly qtyMilli: Milli; readonly heardAtMs: number | null };
};

export type ItemView = Omit<Item, 'looseSlot' | 'isActive' | 'batches'> & {
  readonly stockMilli: Milli;
  readonly flags: readonly ItemFlag[];
};

// ── shift ────────────────────────────────────────────────────────────────────────────────────────────

export type WaitingUpi = {
  readonly billId: Uuid;
  readonly tenderNo: number;
  readonly number: string;
  readonly amountPaise: Paise;
  readonly reference: string | null;
  readonly occurredAtMs: Instant;
};

export type ShiftView = {
  readonly id: Uuid;
  readonly cashierId: Uuid;
  readonly cashierName: string;
  readonly openedAtMs: Instant;
  readonly businessDate: BusinessDate;
  readonly floatPaise: Paise;
};

export type ShiftReport = {
  readonly shift: ShiftView;
  readonly closedAtMs: Instant | null;
  readonly bills: number;
  readonly creditNotes: number;
  readonly salesPaise: Paise;
  readonly refundsPaise: Paise;
  readonly discountPaise: Paise;
  readonly split: TaxSplit;
  readonly roundOffPaise: Paise;
  readonly byTender: readonly {
    readonly kind: TenderKind;
    readonly salesPaise: Paise;
    readonly refundsPaise: Paise;
    readonly waitingPaise: Paise;
  }[];
  readonly expectedCashPaise: Paise;
  readonly countedCashPaise: Paise | null;
  readonly differencePaise: Paise | null;
  readonly firstNumber: string | null;
  readonly lastNumber: string | null;
  readonly waitingUpi: readonly WaitingUpi[];
};

/** Notes and coins counted: each row's amount and the sum, reckoned by the till. */
export type CashCount = {
  readonly rows: readonly { readonly valuePaise: Paise; readonly pieces: number; readonly amountPaise: Paise }[];
  readonly totalPaise: Paise;
};
/** The count beside what should be there, before anything is closed. */
export type CashComparison = {
  readonly report: ShiftReport;
  /** counted − expected: negative when cash is short. */
  readonly differencePaise: Paise;
  readonly isReasonNeeded: boolean;
};

export type ShiftState = {
  readonly shift: ShiftView | null;
  readonly lastClosePaise: Paise | null;
  readonly heldCount: number;
  readonly waitingUpi: readonly WaitingUpi[];
};

// ── devices ──────────────────────────────────────────────────────────────────────────────────────────

export type DevicesView = {
  readonly printer: PrinterState;
  readonly printerName: string | null;
  readonly waitingJobs: number;
  /** Receipts that could not be made and wait for a person to ask for them again. */
  readonly asideJobs: number;
  /** The roll is near its end: a warning, it stops nothing. */
  readonly isPaperLow: boolean;
  /** A receipt whose cable was cut while it printed: asked at the next empty counter (screens.md §5.11). */
  /** `number` null: no bill but a shift's report. */
  readonly cutJob: { readonly jobId: Uuid; readonly number: string | null } | null;
  readonly isScalePresent: boolean;
  readonly scaleMilli: Milli | null;
  /** Customer screens that are connected at this moment. */
  readonly customerWindows: number;
  /** The wizard's list, in its order; the printer's state is above too. */
  readonly all: readonly DeviceView[];
};

/** A logo as the dots that print, in a PNG of one bit. */
export type LogoView = { readonly widthDots: number; readonly heightDots: number; readonly pngBase64: string };

export type TillStatus = {
  readonly isReady: boolean;
  readonly progress: {
    readonly doing: 'opening' | 'migrating' | 'seeding' | 'checking';
    readonly done: number;
    readonly total: number;
  } | null;
  readonly toSend: number;
  readonly trouble: 'none' | 'diskFull' | 'diskReadOnly' | 'damaged' | 'clockWrong';
  readonly activeWindowId: string | null;
};

// ── bills ────────────────────────────────────────────────────────────────────────────────────────────

export type Committed = { readonly bill: Bill; readonly isRepeat: boolean };
export type BillRow = {
  readonly id: Uuid;
  readonly kind: 'bill' | 'creditNote';
  readonly number: string;
  readonly occurredAtMs: Instant;
  readonly cashierName: string;
  readonly customerMobile: string | null;
  readonly lineCount: number;
  readonly payablePaise: Paise;
};
export type BillForReturn = {
  readonly bill: Bill;
  readonly returned: readonly { readonly billLineNo: number; readonly qtyMilli: Milli }[];
  readonly lastReturnedOn: BusinessDate | null;
  readonly refundedPaise: Paise;
};
export type ReturnPreview = {
  readonly payablePaise: Paise;
  readonly roundOffPaise: Paise;
  readonly lines: readonly CreditNoteLine[];
};
export type CreditNoteCommitted = { readonly creditNote: CreditNote; readonly isRepeat: boolean };
export type ReceiptPreview = {
  readonly layout: ReceiptLayout;
  readonly pngBase64: string | null;
  readonly widthDots: number;
};
export type { ReturnReason };
