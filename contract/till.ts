/**
 * The contract between a screen (or a script) and the till: every method, its input, its answer, its
 * feeds. Rule kept: this value is the only place a method is named; hosts and clients are typed by it.
 * Every method can answer the typed error DOMAIN with a DomainError; anything else is a fault with an
 * incident id.
 */
import { z } from 'zod';
import type { Bill, CreditNote } from '#core/documents.ts';
import type { RateRow } from '#core/gst/rates.ts';
import type { Uuid } from '#core/ids.ts';
import type { Milli } from '#core/quantity.ts';
import { cartContract } from './till-cart.ts';
import { backupContract } from './till-backup.ts';
import { syncContract } from './till-sync.ts';
import { transferContract } from './till-transfers.ts';
import { customerContract } from './till-customer.ts';
import { deviceContract } from './till-devices.ts';
import { drawerContract, poleContract } from './till-pole.ts';
import { scaleContract } from './till-scale.ts';
import { scannerContract } from './till-scanner.ts';
import { labelContract } from './till-label.ts';
import { itemCardContract } from './till-item.ts';
import { forecastContract, orderListContract } from './till-forecast.ts';
import * as i from './inputs.ts';
import { feedOf, method, out } from './method.ts';
import { keysInput } from './till-keys.ts';
import type * as iv from './import-views.ts';
import type * as v from './views.ts';

export const tillContract = {
  till: {
    status: method.output(out<v.TillStatus>()),
    statusFeed: method.output(feedOf<v.TillStatus>()),
    /** This window draws the counter from now on; another one is told and stops. */
    claim: method
      .input(z.object({ windowId: i.shortText, takeOver: z.boolean() }))
      .output(out<{ readonly isActive: boolean }>()),
    /** The owner vouches for the PC's date although an earlier bill is dated later. */
    acceptClock: method.input(z.object({ ownerPin: i.pin })).output(out<{ readonly done: true }>()),
  },
  shop: {
    get: method.output(out<v.ShopView>()),
    save: method
      .input(
        z.object({
          name: i.shortText.min(1),
          /** For the customer's screen; left out: as it was. */
          nameHi: i.shortText.nullable().optional(),
          address: i.longText,
          phone: i.shortText,
          stateCode: z.string().length(2),
          gstin: z.string().trim().max(20).nullable(),
          isComposition: z.boolean(),
          fssai: i.shortText.nullable(),
          upiAddress: i.shortText.nullable(),
          series: z.string().trim().max(6),
          receiptLanguage: i.language,
          roundStepPaise: i.price,
        }),
      )
      .output(out<v.ShopView>()),
    saveOwner: method
      .input(z.object({ name: i.shortText.min(1), pin: i.pin, language: i.language }))
      .output(out<{ readonly recoveryCode: string }>()),
    /** The keyboard's map; the screens take it over at once. */
    setKeys: method.input(keysInput).output(out<v.ShopView>()),
    /** The logo as it prints; null: none. */
    logo: method.output(out<v.LogoView | null>()),
    /** A PNG; null takes it away. Refuses with LogoInvalid. */
    setLogo: method
      .input(z.object({ pngBase64: z.base64().max(1_400_000).nullable() }))
      .output(out<v.LogoView | null>()),
    addStarterItems: method.output(out<{ readonly added: number }>()),
    finishSetUp: method.output(out<v.ShopView>()),
  },
  staff: {
    list: method.output(out<readonly v.StaffTile[]>()),
    signIn: method.input(z.object({ staffId: i.uuid.nullable(), pin: i.pin })).output(out<v.SignedIn>()),
    /** After a reload: the login goes on without a PIN while the till runs. */
    resume: method.input(z.object({ loginToken: z.string().max(100) })).output(out<v.SignedIn>()),
    signOut: method.output(out<{ readonly done: true }>()),
    recover: method.input(z.object({ recoveryCode: z.string().max(40), newPin: i.pin })).output(out<v.SignedIn>()),
    add: method
      .input(
        z.object({
          name: i.shortText.min(1),
          role: z.enum(['cashier', 'supervisor', 'owner']),
          pin: i.pin,
          language: i.language,
        }),
      )
      .output(out<v.StaffTile>()),
    /** The first PIN of a person whom head office sent, beside a supervisor's (an owner's for an owner). */
    choosePin: method.input(z.object({ staffId: i.uuid, pin: i.pin, supervisorPin: i.pin })).output(out<v.StaffTile>()),
    setLanguage: method.input(z.object({ language: i.language })).output(out<v.StaffTile>()),
  },
  shift: {
    state: method.output(out<v.ShiftState>()),
    feed: method.output(feedOf<v.ShiftState>()),
    open: method.input(z.object({ key: i.key, floatPaise: i.price })).output(out<v.ShiftView>()),
    report: method.output(out<v.ShiftReport>()),
    /** The X report of the open shift on paper; a Z prints by itself when the shift closes. */
    printReport: method.output(out<{ readonly done: true }>()),
    /** A waiting UPI tender is settled by a person: money seen, or it never came. */
    settleUpi: method
      .input(z.object({ billId: i.uuid, tenderNo: z.int(), outcome: z.enum(['received', 'notReceived']) }))
      .output(out<v.ShiftState>()),
    /** Multiplies and adds a count of notes and coins; changes nothing. */
    countCash: method
      .input(
        z.object({ rows: z.array(z.object({ valuePaise: i.price, pieces: z.int().min(0).max(100_000) })).max(40) }),
      )
      .output(out<v.CashCount>()),
    /** The blind count beside what should be there; changes nothing. */
    compare: method.input(z.object({ countedCashPaise: i.price })).output(out<v.CashComparison>()),
    close: method
      .input(
        z.object({
          key: i.key,
          countedCashPaise: i.price,
          firstCountPaise: i.price.nullable(),
          reason: i.longText.nullable(),
        }),
      )
      .output(out<v.ShiftReport>()),
  },
  cart: cartContract,
  scanner: scannerContract,
  customer: customerContract,
  label: labelContract,
  scale: scaleContract,
  pole: poleContract,
  drawer: drawerContract,
  bill: {
    /** Commits the open cart. The cart's id is the idempotency key: a second call answers the same bill. */
    commit: method.input(z.object({ cartId: i.uuid })).output(out<v.Committed>()),
    get: method.input(z.object({ id: i.uuid })).output(out<Bill>()),
    find: method
      .input(
        z.object({
          text: i.shortText,
          businessDate: i.businessDate.nullable().default(null),
          limit: z.int().min(1).max(500).default(50),
        }),
      )
      .output(out<readonly v.BillRow[]>()),
    forReturn: method.input(z.object({ text: i.shortText })).output(out<v.BillForReturn>()),
    receipt: method
      .input(z.object({ id: i.uuid, kind: z.enum(['bill', 'creditNote']).default('bill') }))
      .output(out<v.ReceiptPreview>()),
    reprint: method.input(z.object({ key: i.key, id: i.uuid.nullable() })).output(out<{ readonly number: string }>()),
  },
  creditNote: {
    preview: method
      .input(
        z.object({
          billId: i.uuid,
          lines: z
            .array(z.object({ billLineNo: z.int(), qtyMilli: i.qty, isRestocked: z.boolean().default(true) }))
            .max(5_000),
        }),
      )
      .output(out<v.ReturnPreview>()),
    commitForBill: method
      .input(
        z.object({
          key: i.uuid,
          billId: i.uuid,
          lines: z
            .array(z.object({ billLineNo: z.int(), qtyMilli: i.qty, isRestocked: z.boolean().default(true) }))
            .max(5_000),
          reason: z.enum(['damaged', 'expired', 'wrongItem', 'notWanted', 'priceDispute', 'other']),
          refundKind: z.enum(['cash', 'creditNote', 'card']),
        }),
      )
      .output(out<v.CreditNoteCommitted>()),
    previewWithoutBill: method
      .input(
        z.object({
          lines: z
            .array(z.object({ itemId: i.uuid, qtyMilli: i.qty, sellingPricePaise: i.price.nullable().default(null) }))
            .max(5_000),
        }),
      )
      .output(out<v.ReturnPreview>()),
    commitWithoutBill: method
      .input(
        z.object({
          key: i.uuid,
          lines: z
            .array(
              z.object({
                itemId: i.uuid,
                qtyMilli: i.qty,
                sellingPricePaise: i.price.nullable().default(null),
                isRestocked: z.boolean().default(true),
              }),
            )
            .max(5_000),
          reason: z.enum(['damaged', 'expired', 'wrongItem', 'notWanted', 'priceDispute', 'other']),
          refundKind: z.enum(['cash', 'creditNote']),
          customer: i.customer.nullable().default(null),
          supervisorPin: i.pin,
        }),
      )
      .output(out<v.CreditNoteCommitted>()),
    get: method.input(z.object({ id: i.uuid })).output(out<CreditNote>()),
  },
  item: {
    ...itemCardContract,
    search: method
      .input(
        z.object({
          text: i.rawCode,
          limit: z.int().min(1).max(50).default(5),
          /** "₹20 worth": each result also says what that buys. */
          worthPaise: i.price.nullable().default(null),
        }),
      )
      .output(out<readonly v.FoundItem[]>()),
    get: method.input(z.object({ id: i.uuid })).output(out<v.ItemView>()),
    byCode: method.input(z.object({ code: i.rawCode })).output(out<v.ItemView>()),
    looseBoard: method.output(out<readonly (v.FoundItem & { readonly slot: number })[]>()),
    add: method.input(z.object({ key: i.key, item: i.newItem })).output(out<v.ItemView>()),
    update: method
      .input(z.object({ key: i.key, id: i.uuid, item: i.newItem.omit({ openingStockMilli: true }) }))
      .output(out<v.ItemView>()),
    /** Adds a lot with an MRP of its own. */
    addBatch: method
      .input(
        z.object({
          key: i.key,
          itemId: i.uuid,
          code: i.shortText.nullable(),
          mrpPaise: i.price.nullable(),
          sellingPricePaise: i.price,
          packedOn: i.businessDate.nullable(),
          expiresOn: i.businessDate.nullable(),
        }),
      )
      .output(out<{ readonly batchId: Uuid }>()),
    /** The dated tax classes a person may choose for a HSN code (several: never chosen silently). */
    taxClasses: method.input(z.object({ hsn: z.string().max(8).nullable() })).output(out<readonly RateRow[]>()),
  },
  stock: {
    receive: method
      .input(
        z.object({
          key: i.key,
          lines: z
            .array(
              z.object({
                itemId: i.uuid,
                batchId: i.uuid.nullable().default(null),
                qtyMilli: i.qty,
                costPricePaise: i.price.nullable().default(null),
              }),
            )
            .min(1)
            .max(1_000),
          note: i.longText.nullable().default(null),
        }),
      )
      .output(out<{ readonly movements: number }>()),
    adjust: method
      .input(
        z.object({
          key: i.key,
          itemId: i.uuid,
          batchId: i.uuid.nullable().default(null),
          countedMilli: i.qty,
          reason: z.enum(['count', 'wastage', 'theft', 'opening', 'other']),
          note: i.longText.nullable().default(null),
        }),
      )
      .output(out<{ readonly changeMilli: Milli; readonly onHandMilli: Milli }>()),
    onHand: method
      .input(z.object({ itemIds: z.array(i.uuid).max(1_000) }))
      .output(out<readonly { readonly itemId: Uuid; readonly onHandMilli: Milli }[]>()),
    /** Proof for scripts: every item's on-hand beside the plain sum of its ledger. */
    verify: method.output(out<{ readonly items: number; readonly movements: number; readonly differing: number }>()),
  },
  enquiry: {
    /** F11: the customer asked for it and the shop had none. */
    record: method
      .input(z.object({ key: i.key, text: i.shortText.min(1), itemId: i.uuid.nullable().default(null) }))
      .output(out<{ readonly done: true }>()),
  },
  device: deviceContract,
  sync: syncContract,
  transfer: transferContract,
  backup: backupContract,
  forecast: forecastContract,
  orderList: orderListContract,
  import: {
    /** Reads a CSV or XLSX file, sent as base64, and guesses its columns. Nothing is written. */
    read: method
      .input(z.object({ fileName: i.longText, base64: z.string().max(200_000_000) }))
      .output(out<iv.ImportDraft>()),
    check: method
      .input(
        z.object({
          importId: i.uuid,
          mapping: z.record(z.string(), z.string()),
          defaults: z.object({
            unit: i.unit,
            isInclusive: z.boolean(),
            taxClassKey: z.string().max(80).nullable(),
            taxClassByCategory: z.record(z.string(), z.string()),
          }),
        }),
      )
      .output(out<iv.ImportReport>()),
    /** Mends one refused row in place; answers the report anew. */
    mend: method
      .input(z.object({ importId: i.uuid, rowNo: z.int(), field: z.string().max(40), value: i.longText }))
      .output(out<iv.ImportReport>()),
    accept: method.input(z.object({ importId: i.uuid })).output(out<iv.ImportDone>()),
    cancel: method.input(z.object({ importId: i.uuid })).output(out<{ readonly done: true }>()),
    /** The refused rows as a CSV file that can be mended and imported again. */
    refusedFile: method
      .input(z.object({ importId: i.uuid }))
      .output(out<{ readonly fileName: string; readonly base64: string }>()),
    feed: method.input(z.object({ importId: i.uuid })).output(feedOf<iv.ImportProgress>()),
  },
} as const;

export type TillContract = typeof tillContract;
