/**
 * The demo shop's catalogue and people, from assets/demo-shop. Rule kept: items go in through the same
 * tables as any other; a starter list for a real shop brings items only, without stock, staff or past.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import papaparse from 'papaparse';
import { barcodeKey } from '#core/catalogue/ean.ts';
import type { Batch, Item, ItemBarcode } from '#core/catalogue/item.ts';
import { type Paise, parsePaise } from '#core/money.ts';
import { isUnit, milli, onePiece, parseQty } from '#core/quantity.ts';
import { addDays, type BusinessDate } from '#core/time.ts';
import type { Uuid } from '#core/ids.ts';
import { assetsFolder } from './assets-folder.ts';
import type { TillContext } from './context.ts';
import { hashPin } from './pins.ts';
import type { ShopRecord } from './shop-settings.ts';

type Row = Readonly<Record<string, string>>;
export type DemoItem = {
  readonly item: Item;
  readonly openingMilli: number;
  readonly batchStock: readonly (readonly [Uuid, number])[];
};

const need = <T>(value: T | null, what: string): T => {
  if (value === null) throw new Error(`assets/demo-shop: ${what}`);
  return value;
};
const money = (text: string | undefined): Paise | null => (text ? need(parsePaise(text), `amount ${text}`) : null);

type LotsOf = Pick<TillContext, 'newId' | 'today'>;

export function readDemoItems(ctx: LotsOf): readonly DemoItem[] {
  const text = readFileSync(join(assetsFolder(), 'demo-shop', 'items.csv'), 'utf8');
  const rows = papaparse.parse<Row>(text, { header: true, skipEmptyLines: true }).data;
  return rows.map((row) => demoItem(ctx, row));
}

function demoItem(ctx: Pick<TillContext, 'newId' | 'today'>, row: Row): DemoItem {
  const unit = row['unit'] ?? 'pc';
  if (!isUnit(unit)) throw new Error(`assets/demo-shop: unit ${unit}`);
  const mrpPaise = money(row['mrp']);
  const sellingPricePaise = need(money(row['selling_price']), `price of ${row['code']}`);
  const expiryDays = Number(row['expiry_days'] || 0);
  const slot = row['loose_board'] ? looseSlotOf(row['loose_board']) : null;
  const opening = row['opening_stock'] ? need(parseQty(row['opening_stock']), 'stock') : milli(0);
  const extra = (row['extra_mrps'] ?? '').split(';').filter((t) => t !== '');
  const batches = extra.length === 0 ? [] : lotsOf(ctx, extra, mrpPaise, sellingPricePaise, expiryDays, opening);
  const item: Item = {
    id: ctx.newId(),
    code: row['code'] ?? '',
    name: row['name'] ?? '',
    nameHi: row['name_hi'] || null,
    brand: row['brand'] || null,
    category: row['category'] || null,
    unit,
    hsn: row['hsn'] || null,
    taxClassKey: row['gst_class_hint'] || null,
    isInclusive: row['is_inclusive'] === 'yes',
    mrpPaise,
    sellingPricePaise,
    costPricePaise: money(row['cost_price']),
    looseSlot: slot,
    isActive: true,
    barcodes: barcodesOf(row),
    batches: batches.map((b) => b.batch),
  };
  return {
    item,
    openingMilli: batches.length === 0 ? opening : 0,
    batchStock: batches.map((b) => [b.batch.id, b.stock] as const),
  };
}

/** "2/5" = page 2, digit 5 of the board; a plain number is a slot of page 1. */
function looseSlotOf(text: string): number {
  const [a, b] = text.split(/[/:.-]/).map(Number);
  return b === undefined ? (a ?? 1) - 1 : ((a ?? 1) - 1) * 9 + b - 1;
}

function barcodesOf(row: Row): readonly ItemBarcode[] {
  const plain = (code: string): ItemBarcode => ({
    code: barcodeKey(code),
    packQtyMilli: onePiece,
    packName: null,
    sellingPricePaise: null,
    mrpPaise: null,
  });
  const first = row['barcode'] ? [plain(row['barcode'])] : [];
  // "code@pieces@pack name@price@MRP": a case at its own price, or a second code of the same pack.
  const more = (row['extra_barcodes'] ?? '').split(';').filter((t) => t !== '');
  return [
    ...first,
    ...more.map((text): ItemBarcode => {
      const [code = '', pieces = '1', name, price, mrp] = text.trim().split('@');
      const packQtyMilli = need(parseQty(pieces), `pieces of ${code}`);
      const packName = name || null;
      return { ...plain(code), packQtyMilli, packName, sellingPricePaise: money(price), mrpPaise: money(mrp) };
    }),
  ];
}

type Lot = { readonly batch: Batch; readonly stock: number };

function lotsOf(
  ctx: Pick<TillContext, 'newId' | 'today'>,
  extra: readonly string[],
  mrpPaise: Paise | null,
  sellingPricePaise: Paise,
  expiryDays: number,
  opening: number,
): readonly Lot[] {
  const today = ctx.today();
  const lot = (age: number, mrp: Paise | null, price: Paise, stock: number): Lot => {
    const packedOn: BusinessDate = addDays(today, -age);
    const expiresOn = expiryDays > 0 ? addDays(packedOn, Math.max(expiryDays, age + 30)) : null;
    return {
      batch: { id: ctx.newId(), code: null, mrpPaise: mrp, sellingPricePaise: price, packedOn, expiresOn },
      stock,
    };
  };
  const others = extra.map((text, i) => {
    const [mrp, price, stock] = text.split('@');
    const paid = need(money(price), `price in ${text}`);
    return lot(150 + 40 * i, money(mrp), paid, need(parseQty(stock ?? '0'), 'stock'));
  });
  return [lot(45, mrpPaise, sellingPricePaise, opening), ...others];
}

export type DemoGoods = {
  /** The day that lots' ages are counted from: today, also where the shop's past begins earlier. */
  readonly lotsAsOf?: BusinessDate | undefined;
  /** Only the first so many of the catalogue. */
  readonly atMost?: number | undefined;
};

/** Items and, for the demo, their opening stock; one transaction. Answers how many were added. */
export function addDemoItems(ctx: TillContext, withStock: boolean, goods: DemoGoods = {}): number {
  const today = () => goods.lotsAsOf ?? ctx.today();
  const demo = readDemoItems({ newId: ctx.newId, today }).slice(0, goods.atMost);
  const taken = ctx.tables.items.existingCodes(demo.map((d) => d.item.code));
  const added = demo.filter((d) => !taken.has(d.item.code));
  const businessDate = ctx.today();
  const occurredAtMs = ctx.clock.now();
  ctx.tables.transact(() => {
    ctx.tables.items.insertMany(added.map((d) => d.item));
    if (!withStock) return;
    ctx.tables.stock.append(
      added.flatMap(({ item, openingMilli, batchStock }) => {
        const all: readonly (readonly [Uuid | null, number])[] =
          batchStock.length > 0 ? batchStock : [[null, openingMilli]];
        return all
          .filter(([, qty]) => qty > 0)
          .map(([batchId, qty]) => ({
            id: ctx.newId(),
            itemId: item.id,
            batchId,
            qtyMilli: milli(qty),
            kind: 'opening' as const,
            refId: null,
            refLineNo: null,
            businessDate,
            occurredAtMs,
            costPricePaise: item.costPricePaise,
            note: null,
          }));
      }),
    );
  });
  return added.length;
}

type Person = {
  readonly name: string;
  readonly role: 'cashier' | 'supervisor' | 'owner';
  readonly language: 'en' | 'hi';
  readonly pin: string;
};
type DemoShop = Pick<
  ShopRecord,
  'name' | 'nameHi' | 'address' | 'phone' | 'stateCode' | 'gstin' | 'fssai' | 'upiAddress' | 'series' | 'tillName'
> & {
  readonly staff: readonly Person[];
};

/** The demo's identity and people; their PINs are shown on its own sign-in screen and nowhere else. */
export function seedDemoShop(ctx: TillContext, goods: DemoGoods = {}): void {
  const demo = JSON.parse(readFileSync(join(assetsFolder(), 'demo-shop', 'shop.json'), 'utf8')) as DemoShop;
  const { name, nameHi, address, phone, stateCode, gstin, fssai, upiAddress, series, tillName } = demo;
  ctx.settings.save({
    ...{ name, nameHi, address, phone, stateCode, gstin, fssai, upiAddress, series, tillName },
    isDemo: true,
    isSetUp: true,
    demoPins: demo.staff.map(({ name, pin }) => ({ name, pin })),
  });
  ctx.tables.transact(() => {
    for (const person of demo.staff) {
      const { hash, salt } = hashPin(person.pin, ctx.randomBytes);
      ctx.tables.staff.insert({
        id: ctx.newId(),
        name: person.name,
        role: person.role,
        language: person.language,
        pinHash: hash,
        pinSalt: salt,
        isActive: true,
      });
    }
  });
  addDemoItems(ctx, true, goods);
}
