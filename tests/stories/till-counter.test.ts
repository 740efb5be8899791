/** The cart through the contract: scans, questions, red lines, hold and undo, its feed, and what a crash leaves. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CartFeedEvent, ItemLineView, LineView } from '#contract/views.ts';
import type { Uuid } from '#core/ids.ts';
import { milli } from '#core/quantity.ts';
import {
  barcode,
  cash,
  codes,
  type Desk,
  goods,
  newKey,
  openCounter,
  openDesk,
  pieces,
  pins,
  refusalOf,
  rupees,
  scan,
  sell,
  type TillClient,
} from '../fixtures/till-desk.ts';

let desk: Desk;
let rpc: TillClient;
let soap: Uuid;
let salt: Uuid;
beforeEach(async () => {
  desk = await openDesk();
  rpc = desk.rpc;
  ({ soap, salt } = await openCounter(desk));
});
afterEach(() => desk.close());

const lines = async (): Promise<readonly LineView[]> => (await rpc.cart.get()).lines;
const items = async (): Promise<readonly ItemLineView[]> => (await lines()).filter((l) => l.kind === 'item');
const header = async () => (await rpc.cart.get()).header;
const asOwner = async <T>(work: () => Promise<T>): Promise<T> => {
  await desk.signIn('owner');
  const answer = await work();
  await desk.signIn('cashier');
  return answer;
};

describe('a red line', () => {
  it('blocks the bill until it is settled: new item, left out, not in the shop', async () => {
    expect(await scan(rpc, codes.unknown)).toEqual({ outcome: 'unknown' });
    await scan(rpc, codes.soap);
    await cash(rpc);
    const { cartId } = await header();
    expect(await refusalOf(rpc.bill.commit({ cartId }))).toEqual({ type: 'CartUnsettled', lines: 1 });
    const settle = async (as: Parameters<TillClient['cart']['settleUnknown']>[0]['as']) => {
      const red = (await lines()).find((l) => l.kind === 'unknown');
      return refusalOf(rpc.cart.settleUnknown({ key: newKey(), lineId: red?.id ?? cartId, as }));
    };
    const chips = { kind: 'newItem' as const, name: 'Chips', mrpPaise: rupees(20), taxClassKey: null };
    expect(await settle({ ...chips, sellingPricePaise: rupees(21) })).toMatchObject({ type: 'PriceAboveMrp' });
    expect(await refusalOf(rpc.item.byCode({ code: codes.unknown }))).toEqual({ type: 'NotFound', what: 'item' });
    expect(await settle({ ...chips, sellingPricePaise: rupees(20) })).toBeNull();
    expect((await lines()).map((l) => (l.kind === 'item' ? l.name : 'red'))).toEqual(['Chips', 'Soap']);
    expect((await rpc.item.byCode({ code: codes.unknown })).flags).toContain('noHsn');
    expect(await scan(rpc, codes.unknown)).toEqual({ outcome: 'added' });
    await scan(rpc, codes.tea);
    expect(await settle({ kind: 'leaveOut' })).toBeNull();
    await scan(rpc, codes.tea);
    expect(await settle({ kind: 'notInShop' })).toBeNull();
    expect(await settle({ kind: 'leaveOut' })).toEqual({ type: 'NotFound', what: 'line' });
    await cash(rpc);
    expect((await rpc.bill.commit({ cartId })).bill.lines).toHaveLength(2);
  });

  it('a refused price leaves no item behind, and no quantity makes it unsellable', async () => {
    await scan(rpc, codes.unknown);
    const [red] = await lines();
    const lineId = red?.id ?? soap;
    const setQty = (q: number) => refusalOf(rpc.cart.setQty({ key: newKey(), lineId, qtyMilli: milli(q) }));
    expect(await setQty(1_500)).toEqual({ type: 'QtyNotWhole' });
    expect(await setQty(10_000_000_000)).toMatchObject({ type: 'QtyTooLarge' });
    expect(await setQty(900_000_000)).toBeNull();
    const as = { kind: 'newItem', name: 'Gold', sellingPricePaise: rupees(9_000), mrpPaise: null, taxClassKey: null };
    expect(await refusalOf(rpc.cart.settleUnknown({ key: newKey(), lineId, as: { ...as, kind: 'newItem' } }))).toEqual({
      type: 'AmountTooLarge',
    });
    expect(await rpc.item.search({ text: 'Gold' })).toEqual([]);
  });
});

describe('several MRPs', () => {
  const teaItem = async () =>
    asOwner(async () => {
      const tea = await rpc.item.add({
        key: newKey(),
        item: goods('Tea', rupees(90), {
          mrpPaise: rupees(100),
          openingStockMilli: null,
          barcodes: [barcode(codes.tea), barcode('TEACASE', { packQtyMilli: pieces(12), packName: 'case of 12' })],
        }),
      });
      const lot = async (mrp: number) => {
        const { batchId } = await rpc.item.addBatch({
          key: newKey(),
          itemId: tea.id,
          code: null,
          mrpPaise: rupees(mrp),
          sellingPricePaise: rupees(mrp - 10),
          packedOn: null,
          expiresOn: null,
        });
        await rpc.stock.receive({ key: newKey(), lines: [{ itemId: tea.id, batchId, qtyMilli: pieces(24) }] });
        return batchId;
      };
      return { id: tea.id, old: await lot(100), fresh: await lot(110) };
    });
  const choice = async () => {
    const { choice } = await header();
    if (choice === null) throw new Error('nothing asked');
    return choice;
  };
  type Answer = Parameters<TillClient['cart']['answerChoice']>[0]['answer'];
  const answer = async (answer: Answer) =>
    rpc.cart.answerChoice({ key: newKey(), choiceId: (await choice()).id, answer });

  it('are asked; scans queue behind the question and are added in their order after it', async () => {
    const tea = await teaItem();
    expect(await scan(rpc, codes.tea)).toEqual({ outcome: 'choose' });
    expect(await scan(rpc, codes.soap)).toEqual({ outcome: 'queued' });
    expect(await scan(rpc, codes.salt)).toEqual({ outcome: 'queued' });
    const { cartId } = await header();
    expect(await refusalOf(rpc.bill.commit({ cartId }))).toEqual({ type: 'ScansWaiting', waiting: 2 });
    expect(await refusalOf(rpc.cart.addItem({ key: newKey(), itemId: tea.id }))).toMatchObject({
      type: 'ScansWaiting',
    });
    await answer({ kind: 'batch', batchId: tea.fresh });
    expect((await items()).map((l) => [l.name, l.mrpPaise])).toEqual([
      ['Tea', rupees(110)],
      ['Soap', rupees(50)],
      ['Salt', null],
    ]);
    // The MRP chosen once holds for this bill.
    expect(await scan(rpc, codes.tea)).toEqual({ outcome: 'added' });
    expect((await items())[0]?.qtyMilli).toBe(2000);
  });

  it('another printed MRP below the price is refused and the question stays; a good one becomes a lot', async () => {
    await teaItem();
    await scan(rpc, codes.tea);
    expect(
      await refusalOf(answer({ kind: 'otherMrp', mrpPaise: rupees(95), sellingPricePaise: rupees(96) })),
    ).toMatchObject({ type: 'PriceAboveMrp' });
    expect((await choice()).kind).toBe('mrp');
    await answer({ kind: 'otherMrp', mrpPaise: rupees(85), sellingPricePaise: null });
    expect((await items())[0]).toMatchObject({ mrpPaise: rupees(85), sellingPricePaise: rupees(85) });
  });

  it('a rate given by hand survives the question', async () => {
    const tea = await teaItem();
    const given = { key: newKey(), itemId: tea.id, sellingPricePaise: rupees(70) };
    expect(await rpc.cart.addItem(given)).toEqual({ outcome: 'choose' });
    await answer({ kind: 'batch', batchId: tea.old });
    expect((await items())[0]?.sellingPricePaise).toBe(rupees(70));
  });

  it('a case stays a case when its MRP is changed, and leaves stock in base units', async () => {
    const tea = await teaItem();
    await scan(rpc, 'TEACASE');
    await answer({ kind: 'batch', batchId: tea.old });
    expect((await items())[0]).toMatchObject({ packName: 'case of 12', sellingPricePaise: rupees(1080) });
    await rpc.cart.chooseMrp({ key: newKey(), lineId: (await items())[0]?.id ?? soap });
    await answer({ kind: 'batch', batchId: tea.fresh });
    expect((await items())[0]).toMatchObject({ mrpPaise: rupees(1320), sellingPricePaise: rupees(1200) });
    await cash(rpc);
    await rpc.bill.commit({ cartId: (await header()).cartId });
    expect(await rpc.stock.onHand({ itemIds: [tea.id] })).toEqual([{ itemId: tea.id, onHandMilli: 36_000 }]);
    await desk.signIn('owner');
    expect((await rpc.stock.verify()).differing).toBe(0);
  });

  it('a cart held with its question takes its queued scans along, and only once', async () => {
    const tea = await teaItem();
    await scan(rpc, codes.soap);
    await scan(rpc, codes.tea);
    await scan(rpc, codes.salt);
    await rpc.cart.hold({ key: newKey() });
    expect(await header()).toMatchObject({ waitingScans: 0, choice: null, heldCount: 1 });
    expect(await scan(rpc, codes.salt)).toEqual({ outcome: 'added' });
    const [held] = await rpc.cart.held();
    await rpc.cart.recall({ key: newKey(), heldId: held?.id ?? soap });
    await answer({ kind: 'batch', batchId: tea.old });
    expect((await items()).map((l) => l.name)).toEqual(['Soap', 'Tea', 'Salt']);
  });

  it('a dropped cart’s queued scans go with it', async () => {
    await teaItem();
    await scan(rpc, codes.tea);
    await scan(rpc, codes.salt);
    await rpc.cart.drop({ key: newKey(), reason: 'customer left' });
    expect(await header()).toMatchObject({ waitingScans: 0, choice: null });
    expect(await lines()).toEqual([]);
  });
});

describe('labels of the shop’s own scale', () => {
  it('a weight label sells the weight, a price label just its price', async () => {
    await asOwner(async () => {
      const loose = { unit: 'kg' as const, taxClassKey: 'plain-0' };
      const paneer = { ...loose, barcodes: [barcode('2100001000004')] };
      await rpc.item.add({ key: newKey(), item: goods('Paneer', rupees(400), paneer) });
      const cheese = { ...loose, barcodes: [barcode('2300002000007')] };
      await rpc.item.add({ key: newKey(), item: goods('Cheese', rupees(600), cheese) });
    });
    await scan(rpc, '2100001012502');
    await scan(rpc, '2300002075500');
    expect((await items()).map((l) => [l.name, l.qtyMilli, l.amountPaise])).toEqual([
      ['Paneer', 1250, rupees(500)],
      ['Cheese', 126, rupees(75.5)],
    ]);
  });
});

describe('hold, recall, drop, undo', () => {
  it('recall puts the open cart away first; a drop wants a reason; undo walks back', async () => {
    expect(await refusalOf(rpc.cart.hold({ key: newKey() }))).toEqual({ type: 'CartEmpty' });
    await scan(rpc, codes.soap);
    await rpc.cart.hold({ key: newKey() });
    await scan(rpc, codes.salt);
    const [first] = await rpc.cart.held();
    expect(first).toMatchObject({ payablePaise: rupees(45), cashierName: 'Meena' });
    await rpc.cart.recall({ key: newKey(), heldId: first?.id ?? soap });
    expect((await items()).map((l) => l.name)).toEqual(['Soap']);
    const [second] = await rpc.cart.held();
    expect(second?.firstItems).toEqual([{ name: 'Salt', nameHi: null }]);
    const dropHeld = (reason: string) =>
      refusalOf(rpc.cart.dropHeld({ key: newKey(), heldId: second?.id ?? soap, reason }));
    expect(await dropHeld(' ')).toEqual({ type: 'ReasonNeeded' });
    expect(await dropHeld('gone')).toBeNull();
    expect(await rpc.cart.held()).toEqual([]);
    await scan(rpc, codes.salt);
    await rpc.cart.undo({ key: newKey() });
    expect((await items()).map((l) => l.name)).toEqual(['Soap']);
    expect(await refusalOf(rpc.cart.undo({ key: newKey() }))).toEqual({ type: 'NothingToUndo' });
    await cash(rpc);
    expect(await refusalOf(rpc.cart.hold({ key: newKey() }))).toEqual({ type: 'CartHasTenders' });
    expect(await refusalOf(rpc.cart.drop({ key: newKey(), reason: 'x' }))).toEqual({ type: 'CartHasTenders' });
  });
});

describe('a retry with the same key', () => {
  it('changes nothing twice, whatever the command', async () => {
    await scan(rpc, codes.soap);
    const lineId = (await lines())[0]?.id ?? soap;
    const key = newKey;
    const reason = 'mistake';
    const price = { sellingPricePaise: rupees(10), qtyMilli: pieces(1) };
    const customer = { mobile: '9876543210', name: null, gstin: null, address: null, placeOfSupply: null };
    const commands: readonly ((k: string) => Promise<unknown>)[] = [
      (k) => rpc.cart.scan({ key: k, code: codes.soap }),
      (k) => rpc.cart.addItem({ key: k, itemId: salt }),
      (k) => rpc.cart.addItems({ key: k, lines: [{ itemId: salt, qtyMilli: pieces(2) }] }),
      (k) => rpc.cart.addPriceOnly({ key: k, name: 'Rope', ...price }),
      (k) => rpc.cart.setQty({ key: k, lineId, qtyMilli: pieces(5) }),
      (k) => rpc.cart.stepQty({ key: k, lineId, by: 1 }),
      (k) => rpc.cart.setLineDiscount({ key: k, lineId, discount: { kind: 'amount', amountPaise: rupees(1) } }),
      (k) => rpc.cart.setBillDiscount({ key: k, discount: { kind: 'amount', amountPaise: rupees(1) } }),
      (k) => rpc.cart.setPrice({ key: k, lineId, sellingPricePaise: rupees(44) }),
      (k) => rpc.cart.setCustomer({ key: k, customer }),
      (k) => rpc.cart.scan({ key: k, code: codes.unknown }),
      (k) => rpc.cart.undo({ key: k }),
      (k) => rpc.cart.removeLine({ key: k, lineId }),
      (k) => rpc.cart.addTender({ key: k, kind: 'cash', amountPaise: rupees(5) }),
      (k) => rpc.cart.takeBackTender({ key: k }),
      (k) => rpc.cart.hold({ key: k }),
      (k) => rpc.cart.drop({ key: k, reason }),
    ];
    for (const [i, command] of commands.entries()) {
      const k = key();
      const answer = await command(k);
      const after = await rpc.cart.get();
      expect(await command(k), `command ${i}`).toEqual(answer);
      expect(await rpc.cart.get(), `command ${i}`).toEqual(after);
    }
    const other = (await header()).cartId;
    expect(await refusalOf(rpc.cart.stepQty({ key: newKey(), cartId: soap, lineId, by: 1 }))).toEqual({
      type: 'CartChanged',
    });
    const bill = await sell(rpc, codes.soap);
    expect(await refusalOf(rpc.cart.stepQty({ key: newKey(), cartId: other, lineId, by: 1 }))).toEqual({
      type: 'CartBilled',
      number: bill.number,
    });
  });
});

describe('the feed', () => {
  it('its changes, put on one another, are the cart at every step', async () => {
    const stop = new AbortController();
    const model = new Map<Uuid, LineView>();
    let order: readonly Uuid[] = [];
    let seen: CartFeedEvent | null = null;
    const feed = await rpc.cart.feed(undefined, { signal: stop.signal });
    const reading = (async () => {
      for await (const event of feed) {
        if (event.kind === 'all') model.clear();
        for (const line of event.lines) model.set(line.id, line);
        order = event.kind === 'all' ? event.lines.map((l) => l.id) : (event.lineIds ?? order);
        seen = event;
      }
    })().catch((error: unknown) => {
      if (!stop.signal.aborted) throw error;
    });
    const agree = async () => {
      await sleep(5);
      const now = await rpc.cart.get();
      expect(order.map((id) => model.get(id))).toEqual(now.lines);
      expect((seen as CartFeedEvent | null)?.header).toEqual(now.header);
    };
    await agree();
    await scan(rpc, codes.soap);
    await agree();
    await scan(rpc, codes.unknown);
    await scan(rpc, codes.salt);
    await scan(rpc, codes.soap);
    await agree();
    await rpc.cart.setBillDiscount({ key: newKey(), discount: { kind: 'percent', rateBp: 500 as never } });
    await agree();
    await rpc.cart.removeLine({ key: newKey(), lineId: order[1] ?? soap });
    await agree();
    await rpc.cart.undo({ key: newKey() });
    await agree();
    await rpc.cart.hold({ key: newKey() });
    await agree();
    await sell(rpc, codes.salt);
    await agree();
    stop.abort();
    await reading;
  });
});

describe('a reload mid-bill', () => {
  it('finds the cart as it was and goes on with the same login', async () => {
    const { loginToken } = await rpc.staff.signIn({ staffId: desk.staff.cashier, pin: pins.cashier });
    await rpc.till.claim({ windowId: 'page', takeOver: false });
    await scan(rpc, codes.soap);
    await scan(rpc, codes.unknown);
    await rpc.cart.addTender({ key: newKey(), kind: 'cash', amountPaise: rupees(20) });
    const before = await rpc.cart.get();
    desk.till().disconnect(desk.connection());
    const page = desk.other().rpc;
    expect(await page.cart.get()).toEqual(before);
    expect(await page.till.claim({ windowId: 'page after reload', takeOver: false })).toEqual({ isActive: true });
    await page.staff.resume({ loginToken });
    expect(await scan(page, codes.soap)).toEqual({ outcome: 'added' });
    expect((await page.cart.get()).header.tenders).toEqual(before.header.tenders);
  });
});

describe('after a crash', () => {
  it('a cart change older than 250 ms is there; a billed cart is not', async () => {
    await scan(rpc, codes.soap);
    await scan(rpc, codes.unknown);
    await rpc.cart.setBillDiscount({ key: newKey(), discount: { kind: 'amount', amountPaise: rupees(2) } });
    const before = await rpc.cart.get();
    await sleep(250);
    await desk.crash();
    const after = await rpc.cart.get();
    expect(after.lines).toEqual(before.lines);
    expect(after.header).toMatchObject({ cartId: before.header.cartId, version: before.header.version });
    await desk.signIn('cashier');
    await rpc.cart.removeLine({ key: newKey(), lineId: after.lines[1]?.id ?? soap });
    await cash(rpc);
    await sleep(250);
    const { bill } = await rpc.bill.commit({ cartId: before.header.cartId });
    await desk.crash();
    expect((await rpc.cart.get()).lines).toEqual([]);
    await desk.signIn('cashier');
    expect(await rpc.bill.commit({ cartId: bill.id })).toEqual({ bill, isRepeat: true });
  });

  it('a clean stop loses nothing, held carts included', async () => {
    await scan(rpc, codes.soap);
    await rpc.cart.hold({ key: newKey() });
    await scan(rpc, codes.salt);
    await desk.reopen();
    expect((await items()).map((l) => l.name)).toEqual(['Salt']);
    expect((await header()).heldCount).toBe(1);
  });
});
