/**
 * The shop's own settings, read once and kept: who sells, how bills look, how scans read. Rule kept: one
 * typed object with defaults; a missing or old key never stops the till.
 */
import type { ReceiptPicture } from '#core/billing/receipt-layout.ts';
import { defaultMasks, type InStoreMask } from '#core/catalogue/in-store-code.ts';
import type { Seller } from '#core/documents.ts';
import type { Uuid } from '#core/ids.ts';
import type { Paise } from '#core/money.ts';
import { type DayRule, indianDay } from '#core/time.ts';
import type { LabelSetting } from '#contract/till-label.ts';
import type { DrawerSetting, PoleSetting } from '#contract/till-pole.ts';
import type { ScaleSetting } from '#contract/till-scale.ts';
import type { SerialScanner, WedgeSetting } from '#contract/till-scanner.ts';
import type { KeysView } from '#contract/till-keys.ts';
import type { Language } from '#contract/views.ts';
import type { WrappedKey } from '#db/backup-file.ts';
import type { WireTarget } from '#hardware/wire/wire.ts';

export type PrinterTarget =
  | { readonly kind: 'none' }
  /** A folder gets a file for each receipt; relative to the shop's own folder. */
  | { readonly kind: 'file'; readonly path: string }
  | WireTarget;

export type BackupSetting = {
  /** A stick or a second disk; null: none chosen. */
  readonly folder: string | null;
  /** How many of this till's are kept there. */
  readonly keep: number;
};
/** `key` in base64, as it must be for backups that nobody attends to; it lies in the books that it protects. */
export type BackupKeyRecord = { readonly id: string; readonly key: string; readonly wraps: readonly WrappedKey[] };
export type Replaced = {
  readonly url: string;
  /** A code of head office that was typed when the shop was brought back; null: one is still to be typed. */
  readonly code: string | null;
  readonly tillId: string;
  readonly storeName: string;
  /** The journal's last entry of the lost till that was in the backup. */
  readonly throughSeq: number;
  /** Head office has taken the new till for the old one; what only it has is still to be fetched. */
  readonly isKnown: boolean;
};

export type ShopRecord = {
  readonly storeId: Uuid;
  readonly tillId: Uuid;
  readonly name: string;
  /** As the customer's screen says it beside the name; null when nobody has written it. */
  readonly nameHi: string | null;
  readonly address: string;
  readonly phone: string;
  readonly stateCode: string;
  readonly gstin: string | null;
  readonly isComposition: boolean;
  readonly fssai: string | null;
  readonly upiAddress: string | null;
  readonly series: string;
  readonly tillName: string;
  readonly receiptLanguage: Language;
  readonly receiptFooter: string | null;
  /** In dots, as it prints; null prints none. */
  readonly logo: ReceiptPicture | null;
  readonly roundStepPaise: Paise;
  readonly defaultTaxClassKey: string;
  readonly masks: readonly InStoreMask[];
  readonly day: DayRule;
  readonly scanGapMs: number;
  readonly keys: KeysView;
  readonly scanner: { readonly wedge: WedgeSetting | null; readonly serial: SerialScanner | null };
  /** Above it a return without a bill is refused whoever approves. */
  readonly returnLimitPaise: Paise;
  readonly printer: PrinterTarget;
  readonly printerModel: string;
  readonly paperMm: 58 | 80;
  /** null: a shop by itself. The key to it lies in a row of its own (till/sync/kept-key.ts). */
  readonly headOffice: { readonly url: string; readonly tillId: string; readonly storeName: string } | null;
  readonly scale: ScaleSetting | null;
  readonly pole: PoleSetting | null;
  readonly drawer: DrawerSetting;
  readonly label: LabelSetting | null;
  readonly isDemo: boolean;
  readonly demoPins: readonly { readonly name: string; readonly pin: string }[];
  readonly isSetUp: boolean;
  readonly recovery: { readonly hash: string; readonly salt: string } | null;
  readonly backup: BackupSetting;
  /** Closes every backup of this shop's till; null until a recovery code was made by a version that knows of it. */
  readonly backupKey: BackupKeyRecord | null;
  /** Brought back from a backup, and not yet one with head office. */
  readonly replaces: Replaced | null;
};

export const freshShop = (storeId: Uuid, tillId: Uuid): ShopRecord => ({
  storeId,
  tillId,
  name: '',
  nameHi: null,
  address: '',
  phone: '',
  stateCode: '27',
  gstin: null,
  isComposition: false,
  fssai: null,
  upiAddress: null,
  series: 'T1',
  tillName: 'Till 1',
  receiptLanguage: 'en',
  receiptFooter: null,
  logo: null,
  roundStepPaise: 100 as Paise,
  // Schedule II S.No 639: goods named nowhere bear 18 %; the item stays flagged until someone chooses.
  defaultTaxClassKey: 'plain-1800',
  masks: defaultMasks,
  day: indianDay,
  scanGapMs: 35,
  keys: { preset: 'billmitra', own: {} },
  scanner: { wedge: null, serial: null },
  returnLimitPaise: 50_000_00 as Paise,
  printer: { kind: 'file', path: 'receipts' },
  printerModel: 'generic-80',
  paperMm: 80,
  headOffice: null,
  scale: null,
  pole: null,
  drawer: { via: 'printer' },
  label: null,
  isDemo: false,
  demoPins: [],
  isSetUp: false,
  recovery: null,
  backup: { folder: null, keep: 14 },
  backupKey: null,
  replaces: null,
});

export type ShopSettings = {
  readonly get: () => ShopRecord;
  readonly save: (change: Partial<ShopRecord>) => ShopRecord;
};

/** `store` is the settings table: key → JSON text. */
export function makeShopSettings(
  store: { readonly get: (key: string) => string | null; readonly set: (key: string, json: string) => void },
  fresh: () => ShopRecord,
): ShopSettings {
  const read = (): ShopRecord => {
    const stored = store.get('shop');
    if (stored !== null) return { ...fresh(), ...(JSON.parse(stored) as Partial<ShopRecord>) };
    const made = fresh();
    store.set('shop', JSON.stringify(made));
    return made;
  };
  let current = read();
  return {
    get: () => current,
    save: (change) => {
      current = { ...current, ...change };
      store.set('shop', JSON.stringify(current));
      return current;
    },
  };
}

/** What the bill says of the seller; tax is charged only by a registered shop outside composition. */
export const sellerOf = (shop: ShopRecord): Seller => ({
  name: shop.name,
  address: shop.address,
  stateCode: shop.stateCode,
  gstin: shop.gstin,
  isComposition: shop.isComposition,
});

export const chargesTax = (shop: Pick<ShopRecord, 'gstin' | 'isComposition'>): boolean =>
  shop.gstin !== null && !shop.isComposition;
