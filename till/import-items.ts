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
import { makeBreather } from './breathe.ts';

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

type CodeSource = {
  readonly items: {
    readonly existingBarcodes: (codes: readonly string[]) => ReadonlySet<string>;
    readonly existingCodes: (codes: readonly string[]) => ReadonlySet<string>;
    readonly nextInStoreNumber: () => number;
    readonly nextItemCode: () => string;
  };
  readonly newId: NewId;
};

/** "1041" → "1042", "A-009" → "A-010", "A" → "A1". */
export function nextCodeAfter(code: string): string {
  const digits = /\d+$/.exec(code)?.[0] ?? '';
  if (digits === '') return `${code}1`;
  const next = (BigInt(digits) + 1n).toString().padStart(digits.length, '0');
  return code.slice(0, -digits.length) + next;
}

/** Codes one after another: none that is in `taken`, none that the shop has. Asks the shop in blocks. */
function codeStream(
  first: string,
  after: (code: string) => string,
  taken: ReadonlySet<string>,
  existing: (codes: readonly string[]) => ReadonlySet<string>,
): () => string {
  let candidate = first;
  let block: string[] = [];
  return () => {
    while (block.length === 0) {
      const codes: string[] = [];
      while (codes.length < 500) {
        if (!taken.has(candidate)) codes.push(candidate);
        candidate = after(candidate);
      }
      const used = existing(codes);
      block = codes.filter((code) => !used.has(code)).toReversed();
    }
    return block.pop() ?? first;
  };
}

/** Items of the good rows, in their order. `onMade` hears how many are made and may throw to stop. */
export async function makeItems(
  good: readonly GoodRow[],
  source: CodeSource,
  onMade: (done: number) => void,
): Promise<readonly Item[]> {
  const fileCodes = new Set(good.flatMap(({ item }) => (item.code === null ? [] : [item.code])));
  const fileBarcodes = new Set(good.flatMap(({ item }) => item.barcodes));
  const nextCode = codeStream(source.items.nextItemCode(), nextCodeAfter, fileCodes, source.items.existingCodes);
  let inStoreNumber = source.items.nextInStoreNumber();
  const nextBarcode = codeStream(
    makeInStoreCode(inStoreNumber),
    () => {
      inStoreNumber += 1;
      return makeInStoreCode(inStoreNumber);
    },
    fileBarcodes,
    source.items.existingBarcodes,
  );
  const breathe = makeBreather();
  const items: Item[] = [];
  for (const { item } of good) {
    const { openingStockMilli: _, ...rest } = item;
    const codes = item.barcodes.length > 0 ? item.barcodes : [nextBarcode()];
    items.push({
      ...rest,
      id: source.newId(),
      code: item.code ?? nextCode(),
      looseSlot: null,
      isActive: true,
      barcodes: codes.map(onePieceBarcode),
      batches: [],
    });
    const pause = breathe();
    if (pause !== undefined) {
      await pause;
      onMade(items.length);
    }
  }
  return items;
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
  items: readonly Item[],
  importId: Uuid,
  deps: { readonly newId: NewId; readonly clock: Clock; readonly businessDate: () => BusinessDate },
): readonly OpeningStock[] {
  const occurredAtMs = deps.clock.now();
  const businessDate = deps.businessDate();
  return good.flatMap(({ rowNo, item }, i): OpeningStock[] => {
    const itemId = items[i]?.id;
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
