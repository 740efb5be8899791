/**
 * Writes a believable past into a blank demo shop: customers, deliveries, prices, returns, shifts, all through
 * the till's own commands. Rule kept: the dice are seeded and stock is counted along, so the same seed gives
 * the same shop; it is for demos and screens, and no accuracy is ever measured on it.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ORPCError } from '@orpc/server';
import type { Item } from '#core/catalogue/item.ts';
import type { Uuid } from '#core/ids.ts';
import { type Paise, paise } from '#core/money.ts';
import { isMeasured, milli } from '#core/quantity.ts';
import { addDays, type BusinessDate, daysBetween, istOffsetMinutes } from '#core/time.ts';
import type { Till } from './assemble.ts';
import { leaveCart, type LocalClient, localClient, type SetClock } from './local-client.ts';
import { crowdOn, isPayday, payingTime } from './past-calendar.ts';
import { type Goods, goodsOf, quantityOf, usualMilli, wishFor } from './past-goods.ts';
import { regulars } from './past-people.ts';
import { type Dice, makeDice } from './seeded-dice.ts';

export type PastOptions = {
  /** The last day of the past: usually yesterday. */
  readonly lastDate: BusinessDate;
  readonly days: number;
  /** On an ordinary day. */
  readonly billsPerDay: number;
  readonly seed: number;
  /** A cart was refused, and why. */
  readonly onRefused?: ((why: string) => void) | undefined;
  readonly onDay?: ((day: number, days: number) => void) | undefined;
};
export type PastSummary = {
  readonly bills: number;
  readonly creditNotes: number;
  readonly enquiries: number;
  readonly receipts: number;
  readonly priceChanges: number;
  readonly stockOuts: number;
  /** Carts that the till refused; 0 unless something is wrong. */
  readonly refused: number;
  readonly payablePaise: number;
};
type Counts = { -readonly [K in keyof PastSummary]: PastSummary[K] };

const usualLines = 5.2;
const hour = 3_600_000;
/** UTC milliseconds of a day's midnight at the shop. */
export const midnightOf = (date: BusinessDate): number => Date.parse(`${date}T00:00:00Z`) - istOffsetMinutes * 60_000;

/** Goods with several MRPs are sold and bought from the newest lot, so that the older ones are still there to ask about. */
const lotOnSale = (item: Item): Uuid | null =>
  item.batches.toSorted((a, b) => (b.packedOn ?? '').localeCompare(a.packedOn ?? ''))[0]?.id ?? null;

type SoldBill = {
  readonly id: Uuid;
  readonly day: number;
  readonly lines: readonly { no: number; goods: Goods; qtyMilli: number }[];
};
type Past = {
  readonly till: Till;
  readonly clock: SetClock;
  readonly dice: Dice;
  readonly options: PastOptions;
  readonly cashiers: readonly LocalClient[];
  readonly owner: LocalClient;
  readonly goods: readonly Goods[];
  readonly counts: Counts;
  readonly recent: SoldBill[];
  /** Names commands; counts up. */
  readonly key: () => string;
};

/** The till must be a demo shop with its catalogue, on this clock, without bills. */
export async function writePast(till: Till, clock: SetClock, options: PastOptions): Promise<PastSummary> {
  const { settings } = till.context;
  const { printer, demoPins } = settings.get();
  // Nobody keeps the paper of a past that never was.
  settings.save({ printer: { kind: 'none' } });
  const past = await openPast(till, clock, options, demoPins);
  for (let day = 0; day < options.days; day++) {
    await liveDay(past, day);
    options.onDay?.(day + 1, options.days);
  }
  settings.save({ printer });
  return past.counts;
}

async function openPast(
  till: Till,
  clock: SetClock,
  options: PastOptions,
  pins: readonly { readonly name: string; readonly pin: string }[],
): Promise<Past> {
  const dice = makeDice(options.seed);
  const people = till.context.tables.staff.list();
  const signedIn = async (role: string): Promise<LocalClient[]> => {
    const clients: LocalClient[] = [];
    for (const person of people.filter((p) => p.role === role)) {
      const client = localClient(till);
      await client.staff.signIn({ staffId: person.id, pin: pins.find((p) => p.name === person.name)?.pin ?? '' });
      clients.push(client);
    }
    return clients;
  };
  const [owner] = await signedIn('owner');
  if (owner === undefined) throw new Error('the demo shop has no owner');
  const cashiers = await signedIn('cashier');
  const firstDate = addDays(options.lastDate, 1 - options.days);
  const items: Item[] = [];
  till.context.tables.items.each((item) => void items.push(item));
  const { stock } = till.context.tables;
  const onSale = (item: Item): number => {
    const lot = lotOnSale(item);
    return lot === null ? stock.onHand(item.id) : (stock.onHandByBatch(item.id).get(lot) ?? 0);
  };
  const goods = items.map((item) => {
    const packed = item.batches.map((b) => (b.packedOn === null ? 0 : daysBetween(firstDate, b.packedOn)));
    return goodsOf(item, onSale(item), Math.max(0, ...packed), options.days, dice);
  });
  let keys = 0;
  return {
    till,
    clock,
    dice,
    options,
    cashiers: cashiers.length > 0 ? cashiers : [owner],
    owner,
    goods,
    counts: {
      bills: 0,
      creditNotes: 0,
      enquiries: 0,
      receipts: 0,
      priceChanges: 0,
      stockOuts: 0,
      refused: 0,
      payablePaise: 0,
    },
    recent: [],
    key: () => `past-${options.seed}-${(keys += 1)}`,
  };
}

async function liveDay(past: Past, day: number): Promise<void> {
  const { dice, clock, options } = past;
  const date = addDays(options.lastDate, day + 1 - options.days);
  const midnight = midnightOf(date);
  clock.set(midnight + 7.5 * hour);
  await changePrices(past, day);
  await receiveGoods(past, day);

  const cashier = past.cashiers[day % past.cashiers.length] ?? past.owner;
  clock.set(midnight + 8 * hour);
  await cashier.shift.open({ key: past.key(), floatPaise: paise(2_000_00) });
  const draw = makeDraw(past, day, date);
  const crowd = options.billsPerDay * crowdOn(date) * (0.85 + 0.3 * dice.next());
  const times = Array.from({ length: Math.max(1, Math.round(crowd)) }, () =>
    payingTime(dice.next(), dice.next(), dice.next()),
  ).toSorted((a, b) => a - b);
  for (const time of times) {
    clock.set(midnight + time);
    await serve(past, cashier, draw, day, isPayday(date));
    if (past.recent.length > 0 && dice.chance(0.009)) await takeBack(past, cashier, day);
    await nextTurn();
  }
  clock.set(midnight + 21.75 * hour);
  await closeShift(past, cashier);
  past.till.context.tables.stock.fold(100_000);
  if (day === options.days - 1) {
    clock.set(midnight + 22 * hour);
    await fillShelves(past);
  }
}

/** Picks goods by how much they are wanted today. */
function makeDraw({ goods, till }: Past, day: number, date: BusinessDate): (dice: Dice) => Goods {
  const { rates, settings } = till.context;
  // Some classes of the schedule began later than the past does: no rate yet, so not on sale yet.
  const isLawful = ({ item }: Goods): boolean =>
    rates(item.taxClassKey ?? settings.get().defaultTaxClassKey, date) !== null;
  const sums: number[] = [];
  let sum = 0;
  for (const g of goods) {
    sum += isLawful(g) ? wishFor(g, day, date) : 0;
    sums.push(sum);
  }
  return (dice) => {
    const wanted = dice.next() * sum;
    let low = 0;
    let high = sums.length - 1;
    while (low < high) {
      const mid = (low + high) >> 1;
      if ((sums[mid] ?? 0) > wanted) high = mid;
      else low = mid + 1;
    }
    return goods[low] as Goods;
  };
}

/** A few things on the way home, the week's shopping, or the month's. */
function basketSize(dice: Dice, isMonthly: boolean): number {
  const kind = dice.next();
  if (kind < (isMonthly ? 0.12 : 0.05)) return 11 + dice.below(12);
  return kind < 0.5 ? 4 + dice.below(6) : 1 + dice.below(3);
}

async function serve(
  past: Past,
  cashier: LocalClient,
  draw: (dice: Dice) => Goods,
  day: number,
  isMonthly: boolean,
): Promise<void> {
  const { dice, counts } = past;
  const basket = new Map<Goods, number>();
  for (let left = basketSize(dice, isMonthly); left > 0; left--) {
    const goods = draw(dice);
    const qty = (basket.get(goods) ?? 0) + quantityOf(goods, dice);
    if (qty <= goods.onHandMilli) basket.set(goods, qty);
    else await missed(past, cashier, goods);
  }
  if (basket.size === 0) return;
  const lines = [...basket];
  try {
    if (dice.chance(0.16)) {
      const { name, mobile } = dice.pick(regulars);
      const customer = { name, mobile, gstin: null, address: null, placeOfSupply: null };
      await cashier.cart.setCustomer({ key: past.key(), customer });
    }
    const plain = lines.filter(([goods]) => lotOnSale(goods.item) === null);
    const asked = plain.map(([goods, qty]) => ({ itemId: goods.id, qtyMilli: milli(qty) }));
    if (asked.length > 0) await cashier.cart.addItems({ key: past.key(), lines: asked });
    for (const [goods, qty] of lines) {
      const batchId = lotOnSale(goods.item);
      if (batchId === null) continue;
      await cashier.cart.addItem({ key: past.key(), itemId: goods.id, qtyMilli: milli(qty), batchId });
    }
    const { header } = await cashier.cart.get();
    await pay(past, cashier, header.totals.payablePaise);
    const { bill } = await cashier.bill.commit({ cartId: header.cartId });
    counts.bills += 1;
    counts.payablePaise += bill.payablePaise;
    const sold = bill.lines.flatMap((line) => {
      const goods = lines.find(([g]) => g.id === line.itemId)?.[0];
      return goods === undefined ? [] : [{ no: line.lineNo, goods, qtyMilli: line.qtyMilli }];
    });
    past.recent.push({ id: bill.id, day, lines: sold });
    if (past.recent.length > 150) past.recent.shift();
  } catch (error) {
    if (!(error instanceof ORPCError) || error.code !== 'DOMAIN') throw error;
    counts.refused += 1;
    past.options.onRefused?.(JSON.stringify(error.data));
    await leaveCart(cashier, past.key(), 'refused');
    return;
  }
  for (const [goods, qty] of lines) goods.onHandMilli -= qty;
}

/** Half pay by UPI, some with a note larger than due, a few with two ways at once. */
async function pay(past: Past, cashier: LocalClient, payablePaise: Paise): Promise<void> {
  const { dice } = past;
  if (payablePaise <= 0) return;
  const way = dice.next();
  const tender = (kind: 'cash' | 'upi' | 'card', amountPaise: Paise | null, reference: string | null = null) =>
    cashier.cart.addTender({ key: past.key(), kind, amountPaise, reference });
  if (way < 0.004 && payablePaise > 300_00) {
    await tender('cash', paise(100_00));
    await tender('upi', null);
  } else if (way < 0.5) {
    await tender('upi', null);
  } else if (way < 0.56 && payablePaise > 250_00) {
    await tender('card', null, String(1000 + dice.below(9000)));
  } else {
    const note = dice.pick([1_00, 1_00, 10_00, 50_00, 100_00, 500_00]);
    await tender('cash', paise(Math.ceil(payablePaise / note) * note));
  }
}

/** It was not there: sometimes the customer says so and the cashier presses F11. */
async function missed(past: Past, cashier: LocalClient, goods: Goods): Promise<void> {
  past.counts.stockOuts += 1;
  if (!past.dice.chance(0.3)) return;
  await cashier.enquiry.record({ key: past.key(), text: goods.item.name, itemId: goods.id });
  past.counts.enquiries += 1;
}

async function takeBack(past: Past, cashier: LocalClient, day: number): Promise<void> {
  const { dice, till } = past;
  const at = dice.below(past.recent.length);
  const bill = past.recent[at];
  if (bill === undefined || day - bill.day > 7) return;
  const line = dice.pick(bill.lines);
  if (line === undefined || isMeasured(line.goods.item.unit)) return;
  past.recent.splice(at, 1);
  const isRestocked = dice.chance(0.7);
  await cashier.creditNote.commitForBill({
    key: till.context.newId(),
    billId: bill.id,
    lines: [{ billLineNo: line.no, qtyMilli: milli(1000), isRestocked }],
    reason: isRestocked ? dice.pick(['wrongItem', 'notWanted'] as const) : dice.pick(['damaged', 'expired'] as const),
    refundKind: 'cash',
  });
  if (isRestocked) line.goods.onHandMilli += 1000;
  past.counts.creditNotes += 1;
}

/** Mostly the count is right; now and then a few rupees are not. */
async function closeShift(past: Past, cashier: LocalClient): Promise<void> {
  const { dice } = past;
  const { expectedCashPaise } = await cashier.shift.report();
  const off = dice.chance(0.15) ? (dice.below(31) - 20) * 1_00 : 0;
  const countedCashPaise = paise(Math.max(0, expectedCashPaise + off));
  const reason = countedCashPaise === expectedCashPaise ? null : dice.pick(['Small change', 'Miscounted change']);
  await cashier.shift.close({ key: past.key(), countedCashPaise, firstCountPaise: null, reason });
}

async function changePrices(past: Past, day: number): Promise<void> {
  const { till, dice, owner } = past;
  for (const goods of past.goods) {
    if (!goods.priceDays.includes(day)) continue;
    const item = till.context.tables.items.byId(goods.id);
    if (item === null) continue;
    const { code, name, nameHi, brand, category, unit, hsn, taxClassKey, isInclusive, mrpPaise, costPricePaise } = item;
    const factor = 0.93 + 0.16 * dice.next();
    const wholeRupees = Math.max(1_00, Math.round((item.sellingPricePaise * factor) / 1_00) * 1_00);
    const sellingPricePaise = paise(mrpPaise === null ? wholeRupees : Math.min(mrpPaise, wholeRupees));
    if (sellingPricePaise === item.sellingPricePaise) continue;
    const same = { code, name, nameHi, brand, category, unit, hsn, taxClassKey, isInclusive, mrpPaise, costPricePaise };
    await owner.item.update({
      key: past.key(),
      id: goods.id,
      item: { ...same, sellingPricePaise, looseSlot: item.looseSlot, barcodes: [...item.barcodes] },
    });
    past.counts.priceChanges += 1;
  }
}

/** What one day takes of it on average, thousandths. */
function dailyMilli(past: Past, goods: Goods, sum: number): number {
  return (goods.weight / sum) * past.options.billsPerDay * usualLines * usualMilli(goods);
}

/** The distributor comes when little is left, after a day or two, sometimes late; that is how shelves run empty. */
async function receiveGoods(past: Past, day: number): Promise<void> {
  const { dice } = past;
  const sum = past.goods.reduce((s, g) => s + g.weight, 0);
  const arrived: Goods[] = [];
  for (const goods of past.goods) {
    if (goods.dueDay !== null && goods.dueDay <= day) arrived.push(goods);
    else if (goods.dueDay === null && goods.onHandMilli < Math.max(2_000, dailyMilli(past, goods, sum) * 4))
      goods.dueDay = day + 1 + dice.below(3) + (dice.chance(0.08) ? 4 + dice.below(8) : 0);
  }
  await receive(past, arrived, sum);
}

async function receive(past: Past, arrived: readonly Goods[], sum: number): Promise<void> {
  if (arrived.length === 0) return;
  const lines = arrived.map((goods) => {
    goods.dueDay = null;
    const wanted = Math.max(6_000, dailyMilli(past, goods, sum) * 18);
    const qtyMilli = milli(Math.ceil(wanted / 6_000) * 6_000);
    goods.onHandMilli += qtyMilli;
    const batchId = lotOnSale(goods.item);
    return { itemId: goods.id, batchId, qtyMilli, costPricePaise: goods.item.costPricePaise };
  });
  await past.owner.stock.receive({ key: past.key(), lines });
  past.counts.receipts += lines.length;
}

/** The evening before today: nearly every shelf is full, a few are not. */
async function fillShelves(past: Past): Promise<void> {
  const sum = past.goods.reduce((s, g) => s + g.weight, 0);
  const low = past.goods.filter((g) => g.onHandMilli < 3_000);
  await receive(
    past,
    low.filter(() => !past.dice.chance(0.1)),
    sum,
  );
}
