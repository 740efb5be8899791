/**
 * Good rows become items with ids, item codes and in-store barcodes. Rule kept: no code is given that another
 * row of the file brings itself or the shop already uses. Writes nothing.
 */
import { makeInStoreCode } from '#core/catalogue/in-store-code.ts';
import type { DraftItem } from '#core/catalogue/import-types.ts';
import type { Item, ItemBarcode } from '#core/catalogue/item.ts';
import type { NewId, Uuid } from '#core/ids.ts';
import type { Paise } from '#core/money.ts';
import { type Milli, onePiece } from '#core/quantity.ts';
import type { BusinessDate, Clock, Instant } from '#core/time.ts';

export type GoodRow = { readonly rowNo: number; readonly item: DraftItem };

/** The movement by which opening stock enters the ledger. */
export type OpeningStock = {
  readonly id: Uuid;
  readonly itemId: Uuid;
  readonly batchId: null;
  readonly qtyMilli: Milli;
  readonly kind: 'opening';
  readonly refId: Uuid;
  readonly refLineNo: number;
  readonly businessDate: BusinessDate;
  readonly occurredAtMs: Instant;
  readonly costPricePaise: Paise | null;
  readonly note: null;
};

/** Where codes come from; all of it inside the transaction that writes the items. */
export type CodeSource = {
  readonly existingBarcodes: (codes: readonly string[]) => ReadonlySet<string>;
  readonly existingCodes: (codes: readonly string[]) => ReadonlySet<string>;
  /** Draws so many numbers in a row and answers the first. */
  readonly drawInStoreNumbers: (count: number) => number;
  readonly drawItemCodes: (count: number) => number;
};

/** `count` codes that neither the file brings (`taken`) nor the shop has. */
function drawCodes(
  count: number,
  taken: ReadonlySet<string>,
  draw: (count: number) => number,
  existing: (codes: readonly string[]) => ReadonlySet<string>,
  write: (n: number) => string,
): readonly string[] {
  const codes: string[] = [];
  while (codes.length < count) {
    const wanted = count - codes.length;
    const first = draw(wanted);
    const drawn = Array.from({ length: wanted }, (_, i) => write(first + i));
    const used = existing(drawn);
    codes.push(...drawn.filter((code) => !taken.has(code) && !used.has(code)));
  }
  return codes;
}

/**
 * Items of the good rows, in their order; `ids` are theirs. Null when a code of the file has been taken in the
 * shop since it was checked. Draws numbers, so call it in the transaction.
 */
export function makeItems(good: readonly GoodRow[], ids: readonly Uuid[], source: CodeSource): readonly Item[] | null {
  const ownCodes = good.flatMap(({ item }) => (item.code === null ? [] : [item.code]));
  const ownBarcodes = good.flatMap(({ item }) => item.barcodes);
  if (source.existingCodes(ownCodes).size > 0 || source.existingBarcodes(ownBarcodes).size > 0) return null;
  const codes = drawCodes(
    good.length - ownCodes.length,
    new Set(ownCodes),
    source.drawItemCodes,
    source.existingCodes,
    String,
  );
  const bare = good.filter(({ item }) => item.barcodes.length === 0).length;
  const { drawInStoreNumbers, existingBarcodes } = source;
  const barcodes = drawCodes(bare, new Set(ownBarcodes), drawInStoreNumbers, existingBarcodes, makeInStoreCode);
  let nextCode = 0;
  let nextBarcode = 0;
  const take = (drawn: readonly string[], at: number): string => {
    const code = drawn[at];
    if (code === undefined) throw new RangeError('fewer codes drawn than needed');
    return code;
  };
  return good.map(({ item }, i): Item => {
    const { openingStockMilli: _, code, barcodes: own, ...rest } = item;
    const id = ids[i];
    if (id === undefined) throw new RangeError('fewer ids than rows');
    return {
      ...rest,
      id,
      code: code ?? take(codes, nextCode++),
      looseSlot: null,
      isActive: true,
      barcodes: (own.length > 0 ? own : [take(barcodes, nextBarcode++)]).map(onePieceBarcode),
      batches: [],
    };
  });
}

const onePieceBarcode = (code: string): ItemBarcode => ({
  code,
  packQtyMilli: onePiece,
  packName: null,
  sellingPricePaise: null,
  mrpPaise: null,
});

/** One movement per row that brought stock; `refId` is the import, `refLineNo` the row of the file. */
export function openingStockOf(
  good: readonly GoodRow[],
  ids: readonly Uuid[],
  importId: Uuid,
  deps: { readonly newId: NewId; readonly clock: Clock; readonly businessDate: () => BusinessDate },
): readonly OpeningStock[] {
  const occurredAtMs = deps.clock.now();
  const businessDate = deps.businessDate();
  return good.flatMap(({ rowNo, item }, i): OpeningStock[] => {
    const itemId = ids[i];
    if (itemId === undefined || item.openingStockMilli === null) return [];
    return [
      {
        id: deps.newId(),
        itemId,
        batchId: null,
        qtyMilli: item.openingStockMilli,
        kind: 'opening',
        refId: importId,
        refLineNo: rowNo,
        businessDate,
        occurredAtMs,
        costPricePaise: item.costPricePaise,
        note: null,
      },
    ];
  });
}
