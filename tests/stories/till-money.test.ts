/** Money through the contract: tenders, the commit and its retries, returns, the shift from float to count. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Bill } from '#core/documents.ts';
import type { Uuid } from '#core/ids.ts';
import { milli } from '#core/quantity.ts';
import {
  cash,
  codes,
  type Desk,
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
  uuidKey,
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

const header = async () => (await rpc.cart.get()).header;
const commit = async () => rpc.bill.commit({ cartId: (await header()).cartId });
const onHand = async (itemId: Uuid) => (await rpc.stock.onHand({ itemIds: [itemId] }))[0]?.onHandMilli;

describe('a bill', () => {
  it('is committed once and read back whole; a second commit answers the same one', async () => {
    await scan(rpc, codes.soap);
    await scan(rpc, codes.soap);
    await scan(rpc, codes.salt);
    await cash(rpc, rupees(200));
    const { cartId } = await header();
    const { bill, isRepeat } = await rpc.bill.commit({ cartId });
    expect(isRepeat).toBe(false);
    expect(bill).toMatchObject({
      id: cartId,
      number: 'K3T1/2627/00001',
      title: 'invoiceCumBillOfSupply',
      payablePaise: rupees(118),
      changePaise: rupees(82),
      businessDate: '2026-11-20',
    });
    expect(bill.lines[0]?.split).toMatchObject({ taxableValuePaise: 8572, cgstPaise: 214, sgstPaise: 214 });
    expect(await rpc.bill.get({ id: cartId })).toEqual(bill);
    expect(await rpc.bill.commit({ cartId })).toEqual({ bill, isRepeat: true });
    expect((await header()).lastBill).toMatchObject({ number: bill.number, changePaise: rupees(82) });
    expect(await onHand(soap)).toBe(98_000);
    expect((await sell(rpc, codes.salt)).number).toBe('K3T1/2627/00002');
    expect((await rpc.bill.find({ text: '' })).map((b) => b.number)).toEqual(['K3T1/2627/00002', 'K3T1/2627/00001']);
  });

  it('not without a shift, goods or enough money', async () => {
    const { cartId } = await header();
    expect(await refusalOf(rpc.bill.commit({ cartId }))).toEqual({ type: 'CartEmpty' });
    await scan(rpc, codes.soap);
    expect(await refusalOf(commit())).toEqual({ type: 'TenderShort', shortByPaise: rupees(45) });
    await cash(rpc, rupees(44));
    expect(await refusalOf(commit())).toEqual({ type: 'TenderShort', shortByPaise: rupees(1) });
    expect(await refusalOf(rpc.bill.commit({ cartId: soap }))).toEqual({ type: 'NotFound', what: 'cart' });
    await rpc.cart.takeBackTender({ key: newKey() });
    await rpc.cart.drop({ key: newKey(), reason: 'x' });
    await rpc.shift.close({ key: newKey(), countedCashPaise: rupees(500), firstCountPaise: null, reason: null });
    await scan(rpc, codes.soap);
    await cash(rpc);
    expect(await refusalOf(commit())).toEqual({ type: 'NoShift' });
  });

  it('a clock set back stops billing with its own word, until the owner vouches; minutes are forgiven', async () => {
    const first = await sell(rpc, codes.soap);
    desk.moveClock(-5 * 60_000);
    expect((await sell(rpc, codes.soap)).occurredAtMs).toBe(first.occurredAtMs);
    desk.moveClock(-86_400_000);
    await scan(rpc, codes.soap);
    await cash(rpc);
    expect(await refusalOf(commit())).toMatchObject({ type: 'ClockWrong', lastBillMs: first.occurredAtMs });
    expect(await refusalOf(rpc.till.acceptClock({ ownerPin: pins.cashier }))).toMatchObject({ type: 'PinWrong' });
    await rpc.till.acceptClock({ ownerPin: pins.owner });
    expect((await commit()).bill.businessDate).toBe('2026-11-19');
  });

  it('a cart left open over midnight is taxed at the rates of the day it is committed', async () => {
    await scan(rpc, codes.soap);
    await cash(rpc);
    const { split } = (await header()).totals;
    desk.pass(86_400_000);
    const { bill } = await commit();
    expect(bill.businessDate).toBe('2026-11-21');
    expect(bill.split).toEqual(split);
    const seen: string[] = [];
    const { context } = desk.till();
    const rates = context.rates;
    Object.assign(context, {
      rates: (key: string, date: string) => {
        seen.push(date);
        return rates(key, date as Bill['businessDate']);
      },
    });
    await sell(rpc, codes.soap);
    expect(seen).toContain('2026-11-21');
  });
});

describe('tenders', () => {
  it('UPI above what is due is refused; change is given from cash alone', async () => {
    await scan(rpc, codes.soap);
    const upi = (amountPaise: ReturnType<typeof rupees> | null, status: 'received' | 'waiting' = 'received') =>
      refusalOf(rpc.cart.addTender({ key: newKey(), kind: 'upi', amountPaise, status }));
    expect(await upi(rupees(46))).toEqual({ type: 'TenderAbovePayable', overByPaise: rupees(1) });
    expect(await upi(rupees(0))).toMatchObject({ type: 'InputInvalid' });
    expect(await upi(rupees(40))).toBeNull();
    await cash(rpc, rupees(10));
    const { bill } = await commit();
    expect(bill.changePaise).toBe(rupees(5));
    expect(bill.tenders.map((t) => [t.kind, t.amountPaise, t.receivedPaise])).toEqual([
      ['upi', rupees(40), rupees(40)],
      ['cash', rupees(5), rupees(10)],
    ]);
    expect(await refusalOf(rpc.cart.takeBackTender({ key: newKey() }))).toEqual({ type: 'NoTenderToTakeBack' });
  });

  it('the QR carries the amount and the cart’s own reference; a waiting one stops the shift’s close until settled', async () => {
    await scan(rpc, codes.soap);
    const { upi } = await header();
    expect(upi?.link).toMatch(/^upi:\/\/pay\?/);
    const link = new URLSearchParams(upi?.link.split('?')[1]);
    expect([link.get('am'), link.get('pa'), link.get('cu')]).toEqual(['45.00', 'shop@upi', 'INR']);
    await rpc.cart.addTender({ key: newKey(), kind: 'upi', amountPaise: null, status: 'waiting' });
    const { bill } = await commit();
    expect(bill.tenders[0]).toMatchObject({ status: 'waiting', reference: link.get('tr') });
    const close = () =>
      rpc.shift.close({ key: newKey(), countedCashPaise: rupees(500), firstCountPaise: null, reason: null });
    expect(await refusalOf(close())).toEqual({ type: 'UpiUnsettled', waiting: 1 });
    const [waiting] = (await rpc.shift.state()).waitingUpi;
    const settle = { billId: bill.id, tenderNo: waiting?.tenderNo ?? 0, outcome: 'received' as const };
    expect((await rpc.shift.settleUpi(settle)).waitingUpi).toEqual([]);
    expect(await refusalOf(rpc.shift.settleUpi(settle))).toEqual({ type: 'NotFound', what: 'bill' });
    expect(await close()).toMatchObject({ differencePaise: 0, salesPaise: rupees(45) });
    expect(await rpc.bill.get({ id: bill.id })).toEqual(bill);
  });
});

describe('returns', () => {
  const back = (bill: Bill, qty: number, key = uuidKey(), isRestocked = true) => ({
    key,
    billId: bill.id,
    lines: [{ billLineNo: 1, qtyMilli: pieces(qty), isRestocked }],
    reason: 'damaged' as const,
    refundKind: 'cash' as const,
  });

  it('in parts up to what was sold, then ReturnedAlready; goods go back to stock, waste does not', async () => {
    const bill = await sell(rpc, codes.soap, codes.soap, codes.soap);
    const key = uuidKey();
    const first = await rpc.creditNote.commitForBill(back(bill, 1, key));
    expect(first.creditNote).toMatchObject({ number: 'K3T1C/2627/00001', payablePaise: rupees(45), billId: bill.id });
    expect(await rpc.creditNote.commitForBill(back(bill, 1, key))).toEqual({ ...first, isRepeat: true });
    expect(await onHand(soap)).toBe(98_000);
    await rpc.creditNote.commitForBill(back(bill, 1, uuidKey(), false));
    expect(await onHand(soap)).toBe(98_000);
    expect(await refusalOf(rpc.creditNote.commitForBill(back(bill, 2)))).toEqual({
      type: 'ReturnedAlready',
      soldQtyMilli: 3000,
      returnedQtyMilli: 2000,
      lastReturnedOn: '2026-11-20',
    });
    const found = await rpc.bill.forReturn({ text: bill.number.toLowerCase() });
    expect(found).toMatchObject({ refundedPaise: rupees(90), returned: [{ billLineNo: 1, qtyMilli: 2000 }] });
    expect(await refusalOf(rpc.creditNote.commitForBill({ ...back(bill, 1), lines: [] }))).toEqual({
      type: 'CartEmpty',
    });
    const preview = await rpc.creditNote.preview({ billId: bill.id, lines: back(bill, 1).lines });
    const last = await rpc.creditNote.commitForBill(back(bill, 1));
    expect(preview.payablePaise).toBe(last.creditNote.payablePaise);
    expect(await rpc.creditNote.get({ id: last.creditNote.id })).toEqual(last.creditNote);
    expect((await rpc.shift.report()).expectedCashPaise).toBe(rupees(500));
    await desk.signIn('owner');
    expect((await rpc.stock.verify()).differing).toBe(0);
  });

  it('without a bill only with a supervisor’s PIN and under the limit, each line to shelf or waste', async () => {
    const without = (supervisorPin: string, qty = 1, price = rupees(45)) =>
      rpc.creditNote.commitWithoutBill({
        key: uuidKey(),
        lines: [
          { itemId: soap, qtyMilli: pieces(qty), sellingPricePaise: price },
          { itemId: soap, qtyMilli: pieces(qty), sellingPricePaise: price, isRestocked: false },
        ],
        reason: 'wrongItem',
        refundKind: 'cash',
        supervisorPin,
      });
    expect(await refusalOf(without(pins.cashier))).toMatchObject({ type: 'PinWrong' });
    const { creditNote } = await without(pins.supervisor);
    expect(creditNote).toMatchObject({ payablePaise: rupees(90), approvedBy: desk.staff.supervisor, billId: null });
    expect(creditNote.lines.map((l) => l.isRestocked)).toEqual([true, false]);
    expect(await onHand(soap)).toBe(101_000);
    expect(await refusalOf(without(pins.supervisor, 1, rupees(51)))).toMatchObject({ type: 'PriceAboveMrp' });
    expect(await refusalOf(without(pins.owner, 600))).toEqual({ type: 'ReturnAboveLimit', limitPaise: rupees(50_000) });
    for (let i = 0; i < 4; i += 1) await refusalOf(without('999999'));
    expect(await refusalOf(without('999999'))).toMatchObject({ type: 'PinLocked' });
  });
});

describe('a shift', () => {
  const close = (countedCashPaise: ReturnType<typeof rupees>, reason: string | null = null, key = newKey()) =>
    rpc.shift.close({ key, countedCashPaise, firstCountPaise: null, reason });

  it('opens once, closes with no sale, and a retry of either answers the same', async () => {
    expect(await refusalOf(rpc.shift.open({ key: newKey(), floatPaise: rupees(1) }))).toEqual({
      type: 'ShiftOpen',
      cashierName: 'Meena',
    });
    const key = newKey();
    const report = await close(rupees(500), null, key);
    expect(report).toMatchObject({ bills: 0, creditNotes: 0, differencePaise: 0, firstNumber: null });
    expect(await close(rupees(1), null, key)).toEqual(report);
    expect(await refusalOf(close(rupees(500)))).toEqual({ type: 'NoShift' });
    expect(await refusalOf(rpc.shift.report())).toEqual({ type: 'NoShift' });
    const open = { key: newKey(), floatPaise: rupees(500) };
    expect(await rpc.shift.open(open)).toEqual(await rpc.shift.open(open));
  });

  it('a difference wants a reason, an open cart is put away first', async () => {
    await sell(rpc, codes.soap);
    await scan(rpc, codes.salt);
    expect(await refusalOf(close(rupees(545)))).toEqual({ type: 'CartsOpen', carts: 1 });
    await rpc.cart.hold({ key: newKey() });
    expect(await rpc.shift.compare({ countedCashPaise: rupees(540) })).toMatchObject({
      differencePaise: rupees(-5),
      isReasonNeeded: true,
    });
    expect(await refusalOf(close(rupees(540)))).toEqual({ type: 'ReasonNeeded' });
    expect(await refusalOf(close(rupees(540), '  '))).toEqual({ type: 'ReasonNeeded' });
    const report = await close(rupees(540), 'gave ₹5 too much');
    expect(report).toMatchObject({ expectedCashPaise: rupees(545), differencePaise: rupees(-5), bills: 1 });
    expect((await rpc.shift.state()).lastClosePaise).toBe(rupees(540));
  });

  it('counts notes and coins', async () => {
    const rows = [
      { valuePaise: rupees(500), pieces: 3 },
      { valuePaise: rupees(0.5), pieces: 7 },
    ];
    expect(await rpc.shift.countCash({ rows })).toMatchObject({ totalPaise: rupees(1503.5) });
  });
});

describe('stock and the catalogue', () => {
  it('receives, counts and proves its sums; once per key', async () => {
    await desk.signIn('supervisor');
    const receive = { key: newKey(), lines: [{ itemId: salt, qtyMilli: pieces(12), costPricePaise: rupees(20) }] };
    expect(await rpc.stock.receive(receive)).toEqual({ movements: 1 });
    expect(await rpc.stock.receive(receive)).toEqual({ movements: 1 });
    expect(await onHand(salt)).toBe(112_000);
    const count = { key: newKey(), itemId: salt, countedMilli: pieces(110), reason: 'count' as const };
    expect(await rpc.stock.adjust(count)).toEqual({ changeMilli: -2_000, onHandMilli: 110_000 });
    const bad = (qtyMilli: number) =>
      refusalOf(rpc.stock.receive({ key: newKey(), lines: [{ itemId: salt, qtyMilli: milli(qtyMilli) }] }));
    expect(await bad(0)).toEqual({ type: 'QtyNotPositive' });
    expect(await bad(-1)).toEqual({ type: 'QtyNotPositive' });
    expect(await bad(10_000_000_000)).toMatchObject({ type: 'QtyTooLarge' });
    expect(await refusalOf(rpc.stock.adjust({ ...count, key: newKey(), countedMilli: milli(-1) }))).toEqual({
      type: 'QtyNotPositive',
    });
    expect(await rpc.stock.verify()).toMatchObject({ items: 2, differing: 0 });
  });

  it('writes down what the customer asked for and the shop had none of, once per key', async () => {
    const asked = { key: newKey(), text: 'saffron' };
    await rpc.enquiry.record(asked);
    await rpc.enquiry.record(asked);
    expect(await refusalOf(rpc.enquiry.record({ key: newKey(), text: '   ' }))).toMatchObject({
      type: 'InputInvalid',
      field: 'text',
    });
  });
});
