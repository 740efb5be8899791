/**
 * Makes a demo shop out of an empty folder: catalogue, people, a past. Rule kept: it opens a till of its own
 * on a clock that it moves, and closes it again before anybody serves a customer (docs/decisions/0040). A past
 * that would begin before the rates of 22 September 2025 begins there.
 */
import { milli, onePiece } from '#core/quantity.ts';
import { paise } from '#core/money.ts';
import { addDays, type BusinessDate, daysBetween } from '#core/time.ts';
import { assemble } from './assemble.ts';
import { midnightOf, type PastSummary, writePast } from './demo-past.ts';
import { seedDemoShop } from './demo-shop.ts';
import { type LocalClient, localClient, makeSetClock } from './local-client.ts';
import type { TillContext } from './context.ts';
import { makeDice } from './seeded-dice.ts';

export type DemoOptions = {
  readonly shopDir: string;
  readonly days: number;
  readonly billsPerDay: number;
  readonly seed: number;
  readonly lastDate: BusinessDate;
  /** Fewer than the demo's catalogue, or more: the rest are larger packs of the same goods. */
  readonly items?: number | undefined;
  readonly say?: ((text: string) => void) | undefined;
};
export type DemoSummary = PastSummary & { readonly days: number; readonly items: number };

/** The demo's goods are classed by the schedule in force since then. */
const earliest = '2025-09-22' as BusinessDate;

/** Throws an Error with a sentence when the folder can't be opened or holds a shop. */
export async function makeDemo(options: DemoOptions): Promise<DemoSummary> {
  const { shopDir, lastDate, items, seed } = options;
  const days = Math.min(options.days, daysBetween(earliest, lastDate) + 1);
  const clock = makeSetClock(midnightOf(addDays(lastDate, 1 - Math.max(1, days))) + 6 * 3_600_000);
  const till = await assemble({ shopDir, clock });
  try {
    const { context } = till;
    if (context.tables.staff.list().length > 0 || context.tables.items.count() > 0 || context.settings.get().isSetUp)
      throw new Error(`${shopDir} holds a shop already: name an empty folder.`);
    options.say?.('Filling the shelves of the demo shop…');
    seedDemoShop(context, { lotsAsOf: addDays(lastDate, 1), atMost: items });
    const client = localClient(till);
    const owner = context.settings.get().demoPins.at(-1);
    await client.staff.signIn({ staffId: null, pin: owner?.pin ?? '' });
    if (items !== undefined) await addLargerPacks(context, client, items, seed);
    const none = { bills: 0, creditNotes: 0, enquiries: 0, receipts: 0, priceChanges: 0, stockOuts: 0 };
    if (days <= 0) return { ...none, refused: 0, payablePaise: 0, days: 0, items: context.tables.items.count() };
    const step = Math.max(1, Math.floor(days / 10));
    const past = await writePast(till, clock, {
      ...options,
      days,
      onRefused: (why) => options.say?.(`a cart was refused: ${why}`),
      onDay: (day) => {
        if (day % step === 0) options.say?.(`The demo shop lives its past: day ${day} of ${days}…`);
      },
    });
    // A shop that has sold for a while finds its best sellers first.
    context.tables.search.rerank();
    return { ...past, days, items: context.tables.items.count() };
  } finally {
    await till.close();
  }
}

const packs = [
  { pieces: 2, en: 'Pack of 2', hi: '2 का पैक', priceShare: 0.97 },
  { pieces: 3, en: 'Pack of 3', hi: '3 का पैक', priceShare: 0.95 },
  { pieces: 6, en: 'Saver Pack of 6', hi: '6 का बचत पैक', priceShare: 0.92 },
] as const;

/** Beyond the catalogue: the same goods in larger packs, through item.add. */
async function addLargerPacks(ctx: TillContext, client: LocalClient, items: number, seed: number): Promise<void> {
  const dice = makeDice(seed + 1);
  const bases: string[] = [];
  ctx.tables.items.each((item) => {
    if (item.unit === 'pc' && item.batches.length === 0 && item.mrpPaise !== null) bases.push(item.id);
  });
  const first = ctx.tables.items.count();
  for (let n = first; n < items && n - first < bases.length * packs.length; n++) {
    const pack = packs[Math.floor((n - first) / bases.length)];
    const item = ctx.tables.items.byId(
      bases[(n - first) % bases.length] as Parameters<typeof ctx.tables.items.byId>[0],
    );
    if (pack === undefined || item === null) return;
    const mrpPaise = paise((item.mrpPaise ?? item.sellingPricePaise) * pack.pieces);
    const rupees = Math.max(1, Math.round((item.sellingPricePaise * pack.pieces * pack.priceShare) / 100));
    const { brand, category, unit, hsn, taxClassKey, isInclusive } = item;
    await client.item.add({
      key: `larger-pack-${n}`,
      item: {
        ...{ brand, category, unit, hsn, taxClassKey, isInclusive, mrpPaise },
        code: null,
        name: `${item.name}, ${pack.en}`,
        nameHi: item.nameHi === null ? null : `${item.nameHi}, ${pack.hi}`,
        sellingPricePaise: paise(Math.min(mrpPaise, rupees * 100)),
        costPricePaise: item.costPricePaise === null ? null : paise(item.costPricePaise * pack.pieces),
        looseSlot: null,
        barcodes: [],
        openingStockMilli: milli(onePiece * (6 + dice.below(20))),
      },
    });
  }
}
