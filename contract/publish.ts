/**
 * What a head-office screen asks of the catalogue: items, price changes, publications and who has
 * them. Rule kept: every amount that a person sees (margin, old, new) is worked out by the server; a line that may
 * not be sold so is refused by itself, with the reason. Called as contract/server.ts says.
 */
import { z } from 'zod';
import type { ItemBarcode } from '#core/catalogue/item.ts';
import type { Uuid } from '#core/ids.ts';
import type { Paise } from '#core/money.ts';
import type { Unit } from '#core/quantity.ts';
import type { ChangeFault, ItemChange } from '#core/sync/item-change.ts';
import * as i from './inputs.ts';
import { officePost } from './server.ts';

export const publishScope = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('all') }),
  z.object({ kind: z.literal('region'), region: i.shortText }),
  z.object({ kind: z.literal('stores'), storeIds: z.array(i.uuid).min(1).max(20_000) }),
]);
export type PublishScope = z.infer<typeof publishScope>;

/** Only what changes; an item that head office does not have yet needs at least name, unit and selling price. */
export const itemChange = z.object({
  code: z.string().trim().min(1).max(24).optional(),
  name: z.string().trim().min(1).max(120).optional(),
  nameHi: i.shortText.nullable().optional(),
  brand: i.shortText.nullable().optional(),
  category: i.shortText.nullable().optional(),
  unit: i.unit.optional(),
  hsn: z.string().trim().max(8).nullable().optional(),
  taxClassKey: z.string().max(80).nullable().optional(),
  isInclusive: z.boolean().optional(),
  mrpPaise: i.price.nullable().optional(),
  sellingPricePaise: i.price.optional(),
  costPricePaise: i.price.nullable().optional(),
  isActive: z.boolean().optional(),
  barcodes: z.array(i.newBarcode).max(20).optional(),
});

export const changeLine = z.object({ itemId: i.uuid, change: itemChange });
export type ChangeLine = { readonly itemId: Uuid; readonly change: ItemChange };

export const itemsQuery = z.object({
  /** Part of a name, a code or a barcode; empty: all, by name. */
  text: z.string().trim().max(120).default(''),
  /** The last id of the page before. */
  after: i.uuid.nullable().default(null),
  limit: z.int().min(1).max(500).default(100),
});
/** Into head office's own catalogue; a store hears of it by a publication. */
export const saveItem = z.object({
  itemId: i.uuid,
  /** What the person had before them; 0 for a new item. Another one by now: `changedMeanwhile`, with both sides. */
  revision: z.int().min(0),
  change: itemChange,
});
export const previewQuery = z.object({ lines: z.array(changeLine).min(1).max(20_000), scope: publishScope });
export const publishRequest = z.object({
  /** Names the command: sent twice it is published once. */
  publicationId: i.uuid,
  lines: z.array(changeLine).min(1).max(20_000),
  scope: publishScope,
  /** In the past or now: as soon as it has arrived. */
  effectiveAtMs: z.int().min(0),
  note: i.shortText.default(''),
});
export const publicationsQuery = z.object({ limit: z.int().min(1).max(200).default(50) });
/** `publicationId` names the command; `of` is what is taken back. */
export const takeBackRequest = z.object({ publicationId: i.uuid, of: i.uuid });
export const publicationQuery = z.object({ publicationId: i.uuid });

export type OfficeItem = {
  readonly id: Uuid;
  readonly revision: number;
  readonly code: string;
  readonly name: string;
  readonly nameHi: string | null;
  readonly brand: string | null;
  readonly category: string | null;
  readonly unit: Unit;
  readonly hsn: string | null;
  readonly taxClassKey: string | null;
  readonly isInclusive: boolean;
  readonly mrpPaise: Paise | null;
  readonly sellingPricePaise: Paise;
  readonly costPricePaise: Paise | null;
  readonly isActive: boolean;
  readonly barcodes: readonly ItemBarcode[];
};
/** `next`: `after` of the next page; null at the end. */
export type ItemsReply = { readonly items: readonly OfficeItem[]; readonly next: Uuid | null };

export type SaveItemReply =
  | { readonly ok: true; readonly item: OfficeItem }
  | { readonly ok: false; readonly reason: 'changedMeanwhile'; readonly theirs: OfficeItem | null }
  | { readonly ok: false; readonly reason: 'refused'; readonly fault: ChangeFault };

export type PreviewLine = {
  readonly itemId: Uuid;
  readonly name: string;
  readonly nameHi: string | null;
  readonly oldPaise: Paise | null;
  readonly newPaise: Paise;
  readonly mrpPaise: Paise | null;
  readonly costPaise: Paise | null;
  /** Selling price less cost price, both as they are written (tax included or not); null without a cost. */
  readonly marginPaise: Paise | null;
  /** Of the new selling price. */
  readonly marginBp: number | null;
  /** Stores that get it. */
  readonly stores: number;
  /** Of them: those that now sell it at another price than head office's own. */
  readonly storesWithOtherPrice: number;
  /** Not null: this line is not published; the others are. */
  readonly fault: ChangeFault | null;
};
/** A row of a receipt: texts in their columns, in character cells (core/billing/receipt-layout.ts). */
export type PrintedRow = readonly {
  readonly text: string;
  readonly chars: number;
  readonly align: 'left' | 'center' | 'right';
}[];
export type PrintedLine = {
  readonly itemId: Uuid;
  readonly en: readonly PrintedRow[];
  readonly hi: readonly PrintedRow[];
};
export type PreviewReply = {
  readonly lines: readonly PreviewLine[];
  readonly stores: number;
  readonly tills: number;
  /** Of the lines that may be sold so: dearer, cheaper, the same as now. */
  readonly up: number;
  readonly down: number;
  readonly same: number;
  /** The greatest rise and the greatest fall among them, of the price as it is now; 0: there is none. */
  readonly mostUpBp: number;
  readonly mostDownBp: number;
  /** The first few as they will stand on a receipt of 58 mm. */
  readonly printed: readonly PrintedLine[];
};

export type PublicationView = {
  readonly id: Uuid;
  readonly scope: PublishScope;
  readonly note: string;
  readonly publishedAtMs: number;
  readonly publishedBy: string;
  readonly effectiveAtMs: number;
  readonly lines: number;
  readonly stores: number;
  /** Tills of those stores that are not revoked. */
  readonly tills: number;
  /** Have all of it; from `effectiveAtMs` on they sell by it. */
  readonly tillsWithIt: number;
  /** Sell by it. */
  readonly tillsSelling: number;
  /** Sell by it but for goods in it that their store was never sent. */
  readonly tillsWithoutSome: number;
  /** Puts back the prices that this other one changed. */
  readonly takesBack: Uuid | null;
  /** Another one put them back. */
  readonly isTakenBack: boolean;
};
/** `unknown`: there is none, or it is another person's. */
export type TakeBackReply =
  | { readonly ok: true; readonly publication: PublicationView | null }
  | { readonly ok: false; readonly reason: 'unknown' | 'notOnlyPrices' };
export type MissingTill = {
  readonly storeId: Uuid;
  readonly storeName: string;
  readonly tillId: Uuid;
  readonly tillName: string;
  /** Null: never heard. */
  readonly lastSeenMs: number | null;
};
export type RefusedLine = { readonly itemId: Uuid; readonly name: string; readonly fault: ChangeFault };
/** `publication` is null when every line was refused. */
export type PublishReply = {
  readonly publication: PublicationView | null;
  readonly refused: readonly RefusedLine[];
};
export type PublicationsReply = { readonly publications: readonly PublicationView[] };
export type PublicationReply = {
  readonly publication: PublicationView;
  readonly lines: readonly PreviewLine[];
  readonly missing: readonly MissingTill[];
};

const everybody = ['chain', 'region', 'store'] as const;
const managers = ['chain', 'region'] as const;

/** A region's people publish to their region and its stores only. */
export const publishApi = {
  items: officePost<ItemsReply>()('/v1/office/catalogue/items', everybody, itemsQuery),
  saveItem: officePost<SaveItemReply>()('/v1/office/catalogue/save', ['chain'], saveItem),
  preview: officePost<PreviewReply>()('/v1/office/publish/preview', managers, previewQuery),
  publish: officePost<PublishReply>()('/v1/office/publish/send', managers, publishRequest),
  /** Prices only; whoever published it, or head office. */
  takeBack: officePost<TakeBackReply>()('/v1/office/publish/take-back', managers, takeBackRequest),
  publications: officePost<PublicationsReply>()('/v1/office/publish/list', everybody, publicationsQuery),
  publication: officePost<PublicationReply | null>()('/v1/office/publish/one', everybody, publicationQuery),
} as const;
