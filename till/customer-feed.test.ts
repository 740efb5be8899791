/** The customer's feed of a real till: what it shows in each phase, what it keeps back, what it costs unheard. */
import { createRouterClient } from '@orpc/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CustomerView } from '#contract/till-customer.ts';
import {
  barcode,
  cash,
  codes,
  type Desk,
  goods,
  newKey,
  openCounter,
  openDesk,
  refusalOf,
  rupees,
  scan,
  sell,
} from '#tests/fixtures/till-desk.ts';
import { customerRouter } from './customer-routes.ts';

let desk: Desk;
const open: AbortController[] = [];

/** A customer's screen: the last view it was told. */
function openScreen() {
  const stop = new AbortController();
  open.push(stop);
  let last: CustomerView | null = null;
  let count = 0;
  const run = async (): Promise<void> => {
    for await (const view of desk.till().context.customer.subscribe(stop.signal)) {
      last = view;
      count += 1;
    }
  };
  const ended = run();
  return {
    view: async (): Promise<CustomerView> => {
      await new Promise((done) => setImmediate(done));
      if (last === null) throw new Error('the screen was told nothing');
      return last;
    },
    count: () => count,
    close: async () => {
      stop.abort();
      await ended;
    },
  };
}

beforeEach(async () => {
  desk = await openDesk();
  await openCounter(desk);
});
afterEach(async () => {
  for (const stop of open.splice(0)) stop.abort();
  await desk.close();
});

describe('the phases', () => {
  it('idle says the shop and nothing else', async () => {
    const view = await openScreen().view();
    expect(view).toMatchObject({ phase: 'idle', lines: [], payablePaise: 0, upi: null, newestId: null });
    expect(view.shop).toEqual({ name: 'Sharma Kirana', nameHi: null });
  });
  it('selling: line, amount, saving on MRP, GST inside', async () => {
    const screen = openScreen();
    await scan(desk.rpc, codes.soap);
    const view = await screen.view();
    expect(view.phase).toBe('selling');
    expect(view.lines).toMatchObject([{ kind: 'item', name: 'Soap', qtyMilli: 1000, amountPaise: 4500 }]);
    expect(view.newestId).toBe(view.lines[0]?.id);
    // 45.00 at 5 %, CGST and SGST each 1.07 (half-up per head).
    expect([view.payablePaise, view.savedPaise, view.gstPaise]).toEqual([4500, 500, 214]);
  });
  it('paying: the QR only while the cashier is on UPI, with what is still to collect', async () => {
    const screen = openScreen();
    await scan(desk.rpc, codes.soap);
    await desk.rpc.customer.showPay({ tender: 'cash' });
    expect(await screen.view()).toMatchObject({ phase: 'paying', upi: null });
    await cash(desk.rpc, rupees(20));
    await desk.rpc.cart.addTender({ key: newKey(), kind: 'upi', amountPaise: null, status: 'waiting' });
    expect(await screen.view()).toMatchObject({ phase: 'paying', upi: null, cashReceivedPaise: 2000 });
    await desk.rpc.customer.showPay({ tender: 'upi' });
    const { header } = await desk.rpc.cart.get();
    const { upi } = await screen.view();
    expect(upi).toEqual({ link: header.upi?.link, amountPaise: 2500 });
    expect(upi?.link).toContain('am=25.00');
    await desk.rpc.customer.showPay({ tender: null });
    expect((await screen.view()).upi).toBeNull();
  });
  it('paid: change and thanks for fifteen seconds, or until the next item', async () => {
    const screen = openScreen();
    await scan(desk.rpc, codes.soap);
    await cash(desk.rpc, rupees(100));
    const { header } = await desk.rpc.cart.get();
    await desk.rpc.bill.commit({ cartId: header.cartId });
    expect(await screen.view()).toMatchObject({ phase: 'paid', payablePaise: 4500, changePaise: 5500, lines: [] });
    desk.pass(14_000);
    expect(await openScreen().view()).toMatchObject({ phase: 'paid' });
    desk.pass(2_000);
    expect(await openScreen().view()).toMatchObject({ phase: 'idle', changePaise: 0 });
    await scan(desk.rpc, codes.soap);
    expect(await screen.view()).toMatchObject({ phase: 'selling', changePaise: 0 });
  });
  it('a bill made before its UPI money was seen is thanked for, not called paid', async () => {
    const screen = openScreen();
    await sell(desk.rpc, codes.soap);
    expect(await screen.view()).toMatchObject({ phase: 'paid', isMoneyAwaited: false });
    await scan(desk.rpc, codes.soap);
    await desk.rpc.cart.addTender({ key: newKey(), kind: 'upi', amountPaise: null, status: 'waiting' });
    await screen.view();
    const { header } = await desk.rpc.cart.get();
    await desk.rpc.bill.commit({ cartId: header.cartId });
    expect(await screen.view()).toMatchObject({ phase: 'paid', isMoneyAwaited: true });
    await sell(desk.rpc, codes.salt);
    expect(await screen.view()).toMatchObject({ phase: 'paid', isMoneyAwaited: false });
  });
  it("the tender shown belongs to its cart: the next customer's bill starts without a QR", async () => {
    const screen = openScreen();
    await scan(desk.rpc, codes.soap);
    await desk.rpc.customer.showPay({ tender: 'upi' });
    expect((await screen.view()).upi).not.toBeNull();
    await desk.rpc.cart.hold({ key: newKey() });
    await scan(desk.rpc, codes.salt);
    expect(await screen.view()).toMatchObject({ phase: 'selling', upi: null });
  });
});

describe('the lines', () => {
  it('are the last seven, and the rest is counted', async () => {
    const { rpc } = desk;
    const screen = openScreen();
    const items = [];
    await desk.signIn('owner');
    for (let n = 1; n <= 9; n += 1) {
      const item = goods(`Item ${n}`, rupees(10), { barcodes: [barcode(`AB${n}${n}${n}${n}`)] });
      items.push(await rpc.item.add({ key: newKey(), item }));
    }
    await desk.signIn('cashier');
    for (const item of items) await rpc.cart.addItem({ key: newKey(), itemId: item.id });
    const view = await screen.view();
    expect(view.lines.map((line) => (line.kind === 'item' ? line.name : ''))).toEqual(
      [3, 4, 5, 6, 7, 8, 9].map((n) => `Item ${n}`),
    );
    expect([view.itemsAbove, view.itemsInAll]).toEqual([2, 9]);
    // The first one again: it is far up, and the buyer still sees it change.
    await rpc.cart.addItem({ key: newKey(), itemId: items[0]?.id ?? ('' as never) });
    const again = await screen.view();
    expect(again.lines[0]).toMatchObject({ name: 'Item 1', qtyMilli: 2000 });
    expect(again.newestId).toBe(again.lines[0]?.id);
    expect([again.lines.length, again.itemsAbove, again.itemsInAll]).toEqual([7, 2, 10]);
  });
  it('say "one moment" for a code nobody knows, and never the code', async () => {
    const screen = openScreen();
    await scan(desk.rpc, codes.soap);
    await scan(desk.rpc, codes.unknown);
    const view = await screen.view();
    expect(view.lines[1]).toEqual({ kind: 'moment', id: view.newestId });
    expect(JSON.stringify(view)).not.toContain(codes.unknown);
  });
});

describe('what a customer never sees', () => {
  it('no cost, stock, staff, customer, or bill number, in any phase', async () => {
    const { rpc } = desk;
    await desk.signIn('owner');
    const item = goods('Ghee', rupees(600), {
      costPricePaise: rupees(512.34),
      barcodes: [barcode('8906002480029')],
      openingStockMilli: 7_654_000 as never,
    });
    await rpc.item.add({ key: newKey(), item });
    await desk.signIn('cashier');
    const screen = openScreen();
    const texts = [JSON.stringify(await screen.view())];
    await scan(rpc, '8906002480029');
    await rpc.cart.setCustomer({
      key: newKey(),
      customer: { mobile: '9876543210', name: 'Asha Patil', gstin: null, address: null, placeOfSupply: null },
    });
    texts.push(JSON.stringify(await screen.view()));
    await rpc.customer.showPay({ tender: 'upi' });
    texts.push(JSON.stringify(await screen.view()));
    await cash(rpc);
    const { header } = await rpc.cart.get();
    const { bill } = await rpc.bill.commit({ cartId: header.cartId });
    texts.push(JSON.stringify(await screen.view()));
    for (const secret of ['51234', '7654', 'Meena', 'Asha', '9876543210', 'cost', 'stock', bill.number])
      expect(texts.join('\n'), secret).not.toContain(secret);
  });
});

describe('the link of a customer screen', () => {
  it('knows its feed and no other method', async () => {
    const connection = { login: null, windowId: null };
    const context = { till: desk.till().context, connection };
    const client = createRouterClient(customerRouter, { context });
    const stop = new AbortController();
    const feed = await client.customer.feed(undefined, { signal: stop.signal });
    expect((await feed.next()).value).toMatchObject({ phase: 'idle' });
    stop.abort();
    const wide = client as unknown as typeof desk.rpc;
    const call = async (ask: () => Promise<unknown>): Promise<string> => {
      try {
        await ask();
        return 'answered';
      } catch (error) {
        return String(error);
      }
    };
    expect(await call(() => wide.cart.get())).not.toBe('answered');
    expect(await call(() => wide.customer.showPay({ tender: 'upi' }))).not.toBe('answered');
  });
  it('the tender is told by the window that has the counter, signed in', async () => {
    const { rpc } = desk.other();
    expect(await refusalOf(rpc.customer.showPay({ tender: 'upi' }))).toEqual({ type: 'SignedOut' });
    await desk.rpc.till.claim({ windowId: 'one', takeOver: false });
    await rpc.till.claim({ windowId: 'two', takeOver: false });
    await rpc.staff.signIn({ staffId: desk.staff.cashier, pin: '333333' });
    expect(await refusalOf(rpc.customer.showPay({ tender: 'upi' }))).toEqual({ type: 'OtherWindow' });
  });
});

describe('the cost', () => {
  it('with no screen the cart is heard by nobody; with one, by one listener however many screens', async () => {
    const { context } = desk.till();
    expect([context.customer.windows(), context.cart.feed.subscribers()]).toEqual([0, 0]);
    const [one, two] = [openScreen(), openScreen()];
    await one.view();
    expect([context.customer.windows(), context.cart.feed.subscribers()]).toEqual([2, 1]);
    expect(await desk.rpc.device.state()).toMatchObject({ customerWindows: 2 });
    await one.close();
    await sell(desk.rpc, codes.soap);
    expect(await two.view()).toMatchObject({ phase: 'paid' });
    await two.close();
    await new Promise((done) => setImmediate(done));
    expect([context.customer.windows(), context.cart.feed.subscribers()]).toEqual([0, 0]);
    const told = two.count();
    await scan(desk.rpc, codes.soap);
    expect(two.count()).toBe(told);
  });
  it('is one entry of the devices, in use while a screen is connected', async () => {
    const display = async () => (await desk.rpc.device.state()).all.find((device) => device.kind === 'display');
    expect(await display()).toMatchObject({ state: 'notSet' });
    const screen = openScreen();
    await screen.view();
    expect(await display()).toMatchObject({ state: 'works', trouble: null });
    await screen.close();
    expect(await display()).toMatchObject({ state: 'notSet' });
  });
});
