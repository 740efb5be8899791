/**
 * Bad input through the contract: each has its clear domain error or is harmless, none is a fault, and none
 * leaves anything changed.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Uuid } from '#core/ids.ts';
import { maxQty, milli } from '#core/quantity.ts';
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
  refusalOf,
  rupees,
  scan,
  type TillClient,
} from '../fixtures/till-desk.ts';

let desk: Desk;
let rpc: TillClient;
let soap: Uuid;
beforeEach(async () => {
  desk = await openDesk();
  rpc = desk.rpc;
  ({ soap } = await openCounter(desk));
});
afterEach(() => desk.close());

const long = 'क'.repeat(10_000);
const lineId = async (): Promise<Uuid> => (await rpc.cart.get()).lines[0]?.id ?? soap;

describe('a scan', () => {
  const scanned = (code: string) => refusalOf(scan(rpc, code));
  it('of garbage is refused in words or becomes a red line, never a fault', async () => {
    expect(await scanned('8901234567891')).toEqual({ type: 'BadCheckDigit', code: '8901234567891' });
    expect(await scanned('')).toMatchObject({ type: 'ScanUnreadable', reason: 'empty' });
    expect(await scanned('9'.repeat(10_000))).toMatchObject({ type: 'ScanUnreadable', reason: 'tooLong' });
    expect(await scanned('upi://pay?pa=x@y&pn=Z&am=1.00&cu=INR')).toEqual({ type: 'PaymentQrScanned' });
    expect(await scanned('9'.repeat(100_001))).toMatchObject({ type: 'InputInvalid', field: 'code' });
    for (const code of ['\u0000', '\u001d\u001d', '\ud800', '0', '-1', "'; DROP TABLE item; --", '🧂', ']C1', '(01)']) {
      expect((await scanned(code))?.type, JSON.stringify(code)).not.toBe('FAULT');
    }
    expect((await rpc.cart.get()).lines.every((l) => l.kind === 'unknown')).toBe(true);
  });

  it('with a quantity that can’t be', async () => {
    const times = (qty: number, code: string = codes.soap) =>
      refusalOf(rpc.cart.scan({ key: newKey(), code, qtyMilli: milli(qty) }));
    for (const code of [codes.soap, codes.unknown]) {
      expect(await times(0, code)).toEqual({ type: 'QtyNotPositive' });
      expect(await times(-1000, code)).toEqual({ type: 'QtyNotPositive' });
      expect(await times(1_000_000_000_000, code)).toEqual({ type: 'QtyTooLarge', maxQtyMilli: maxQty });
      expect(await times(1_500, code)).toEqual({ type: 'QtyNotWhole' });
    }
    expect((await rpc.cart.get()).lines).toEqual([]);
  });
});

describe('a line', () => {
  beforeEach(() => scan(rpc, codes.soap));
  it('keeps its quantity, price and discount when a bad one is given', async () => {
    const id = await lineId();
    const before = await rpc.cart.get();
    const setQty = (qty: number) => refusalOf(rpc.cart.setQty({ key: newKey(), lineId: id, qtyMilli: milli(qty) }));
    expect(await setQty(0)).toEqual({ type: 'QtyNotPositive' });
    expect(await setQty(-1)).toEqual({ type: 'QtyNotPositive' });
    expect(await setQty(1_000_000_000_000)).toMatchObject({ type: 'QtyTooLarge' });
    expect(await setQty(1_000_000)).toMatchObject({ type: 'ConfirmLarge' });
    const price = (n: number) =>
      refusalOf(rpc.cart.setPrice({ key: newKey(), lineId: id, sellingPricePaise: rupees(n) }));
    expect(await price(50.01)).toMatchObject({ type: 'PriceAboveMrp' });
    expect(await price(-1)).toMatchObject({ type: 'InputInvalid', field: 'sellingPricePaise' });
    const amount = { kind: 'amount' as const, amountPaise: rupees(46) };
    expect(await refusalOf(rpc.cart.setLineDiscount({ key: newKey(), lineId: id, discount: amount }))).toMatchObject({
      type: 'DiscountAbovePrice',
    });
    expect(await refusalOf(rpc.cart.setBillDiscount({ key: newKey(), discount: amount }))).toMatchObject({
      type: 'DiscountAbovePrice',
    });
    const share = { kind: 'percent' as const, rateBp: 10_001 as never };
    expect(await refusalOf(rpc.cart.setBillDiscount({ key: newKey(), discount: share }))).toMatchObject({
      type: 'InputInvalid',
      field: 'discount.rateBp',
    });
    expect(await rpc.cart.get()).toEqual(before);
  });

  it('of the dearest price and the largest number stays reckonable', async () => {
    const dear = { key: newKey(), name: 'Diamond', sellingPricePaise: rupees(100_000_000), qtyMilli: pieces(1) };
    await rpc.cart.addPriceOnly(dear);
    const id = (await rpc.cart.get()).lines[1]?.id ?? soap;
    const setQty = (isConfirmed: boolean) =>
      refusalOf(rpc.cart.setQty({ key: newKey(), lineId: id, qtyMilli: maxQty, isConfirmed }));
    expect(await setQty(false)).toEqual({ type: 'AmountTooLarge' });
    expect(await setQty(true)).toEqual({ type: 'AmountTooLarge' });
  });

  it('many at once are added all or none', async () => {
    const good = { itemId: soap, qtyMilli: pieces(1) };
    const add = (...lines: Parameters<TillClient['cart']['addItems']>[0]['lines']) =>
      refusalOf(rpc.cart.addItems({ key: newKey(), lines }));
    const before = await rpc.cart.get();
    expect(await add(good, { ...good, qtyMilli: pieces(0) })).toEqual({ type: 'QtyNotPositive' });
    expect(await add(good, { ...good, itemId: desk.staff.owner })).toEqual({ type: 'NotFound', what: 'item' });
    expect(await add(good, { ...good, sellingPricePaise: rupees(51) })).toMatchObject({ type: 'PriceAboveMrp' });
    expect(await rpc.cart.get()).toEqual(before);
    expect(await refusalOf(rpc.cart.addItem({ key: newKey(), itemId: soap, worthPaise: rupees(20) }))).toEqual({
      type: 'NotLoose',
    });
  });
});

describe('10,000 characters', () => {
  it('in any field are InputInvalid with its name, or cut short', async () => {
    await scan(rpc, codes.soap);
    const customer = { mobile: null, name: null, gstin: null, address: null, placeOfSupply: null };
    const set = (more: Partial<Record<keyof typeof customer, string>>) =>
      refusalOf(rpc.cart.setCustomer({ key: newKey(), customer: { ...customer, ...more } }));
    for (const field of ['mobile', 'name', 'gstin', 'address', 'placeOfSupply'] as const) {
      expect(await set({ [field]: long })).toMatchObject({ type: 'InputInvalid', field: `customer.${field}` });
    }
    const price = { sellingPricePaise: rupees(1), qtyMilli: pieces(1) };
    const calls: readonly (readonly [string, Promise<unknown>])[] = [
      ['name', rpc.cart.addPriceOnly({ key: newKey(), name: long, ...price })],
      ['key', rpc.cart.undo({ key: long })],
      ['reason', rpc.cart.drop({ key: newKey(), reason: long })],
      ['reference', rpc.cart.addTender({ key: newKey(), kind: 'card', amountPaise: null, reference: long })],
      ['text', rpc.bill.find({ text: long })],
      ['text', rpc.enquiry.record({ key: newKey(), text: long })],
      ['pin', rpc.staff.signIn({ staffId: null, pin: long })],
      ['item.name', rpc.item.add({ key: newKey(), item: goods(long, rupees(1)) })],
    ];
    for (const [field, call] of calls) expect(await refusalOf(call)).toMatchObject({ type: 'InputInvalid', field });
    expect(await rpc.item.search({ text: long })).toEqual([]);
    expect(await refusalOf(rpc.item.byCode({ code: long }))).toEqual({ type: 'NotFound', what: 'item' });
  });
});

describe('a customer', () => {
  it('with a wrong mobile, GSTIN or state is refused by field', async () => {
    const customer = { mobile: null, name: 'Asha', gstin: null, address: null, placeOfSupply: null };
    const set = async (more: Partial<Record<keyof typeof customer, string>>) => {
      const refused = await refusalOf(rpc.cart.setCustomer({ key: newKey(), customer: { ...customer, ...more } }));
      return refused?.type === 'CustomerInvalid' ? `${refused.field}: ${refused.reason}` : refused;
    };
    expect(await set({ mobile: '12345' })).toBe('mobile: notMobile');
    expect(await set({ mobile: '+91 98765-43210' })).toBeNull();
    expect((await rpc.cart.get()).header.customer?.mobile).toBe('9876543210');
    expect(await set({ gstin: '27AAPFU0939F1ZW' })).toBe('gstin: checkDigit');
    expect(await set({ gstin: '99AAPFU0939F1ZV' })).toBe('gstin: state');
    expect(await set({ placeOfSupply: '00' })).toBe('placeOfSupply: unknownState');
    expect(await set({ placeOfSupply: '29' })).toBeNull();
    await scan(rpc, codes.soap);
    const { split } = (await rpc.cart.get()).header.totals;
    expect(split).toMatchObject({ cgstPaise: 0, igstPaise: 214 });
  });

  it('of another state is not for a composition dealer, even by GSTIN alone', async () => {
    await desk.signIn('owner');
    const { name, stateCode, gstin, upiAddress, receiptLanguage, roundStepPaise } = await rpc.shop.get();
    const shop = { name, stateCode, gstin, upiAddress, receiptLanguage, roundStepPaise, series: 'K3T1', fssai: null };
    await rpc.shop.save({ ...shop, address: '', phone: '', isComposition: true });
    const buyer = { mobile: null, name: null, gstin: '29AAGCB7383J1Z4', address: null, placeOfSupply: null };
    const set = (placeOfSupply: string | null) =>
      refusalOf(rpc.cart.setCustomer({ key: newKey(), customer: { ...buyer, placeOfSupply } }));
    expect(await set(null)).toEqual({ type: 'PlaceOfSupplyNotAllowed', reason: 'composition' });
    expect(await set('27')).toBeNull();
    await scan(rpc, codes.soap);
    await cash(rpc);
    const { bill } = await rpc.bill.commit({ cartId: (await rpc.cart.get()).header.cartId });
    expect(bill).toMatchObject({ title: 'billOfSupply', supply: 'intraState' });
    expect(bill.split).toMatchObject({ cgstPaise: 0, igstPaise: 0 });
  });
});

describe('an item', () => {
  it('with a taken or false code, a price above its MRP or an unknown rate is refused where it is typed', async () => {
    const add = (more: Parameters<typeof goods>[2], price = rupees(10)) =>
      refusalOf(rpc.item.add({ key: newKey(), item: goods('New', price, more) }));
    expect(await add({ barcodes: [barcode(codes.soap)] })).toEqual({
      type: 'BarcodeTaken',
      code: codes.soap,
      itemName: 'Soap',
    });
    expect(await add({ barcodes: [barcode('8901234567891')] })).toMatchObject({ type: 'BadCheckDigit' });
    expect(await add({ barcodes: [barcode('AB'), barcode('AB')] })).toMatchObject({ type: 'BarcodeTaken' });
    expect(await add({ mrpPaise: rupees(9) })).toMatchObject({ type: 'PriceAboveMrp' });
    expect(await add({}, rupees(0))).toMatchObject({ type: 'InputInvalid', field: 'sellingPricePaise' });
    expect(await add({ hsn: 'x' })).toMatchObject({ type: 'InputInvalid', field: 'hsn' });
    expect(await add({ taxClassKey: 'gone' })).toMatchObject({ type: 'InputInvalid', field: 'taxClassKey' });
    // A shop's old labels may bear the number that the till would draw next.
    const drawn = (await rpc.item.add({ key: newKey(), item: goods('Own', rupees(1)) })).barcodes[0]?.code ?? '';
    const { makeInStoreCode } = await import('#core/catalogue/in-store-code.ts');
    const numbers = Array.from({ length: 10 }, (_, n) => makeInStoreCode(n + 1));
    const taken = numbers[numbers.indexOf(drawn) + 1] ?? '';
    expect(await add({ barcodes: [barcode(taken)] })).toBeNull();
    expect(await add({})).toBeNull();
    const one = { key: newKey(), item: goods('Once', rupees(10), { code: 'ONCE' }) };
    const made = await rpc.item.add(one);
    expect((await rpc.item.add(one)).id).toBe(made.id);
    expect(await add({ code: 'ONCE' })).toMatchObject({ type: 'CodeTaken', itemName: 'Once' });
    await desk.signIn('supervisor');
    const { openingStockMilli: _, ...item } = goods('Once', rupees(11), { barcodes: [barcode(codes.soap)] });
    expect(await refusalOf(rpc.item.update({ key: newKey(), id: made.id, item }))).toMatchObject({
      type: 'BarcodeTaken',
    });
    const { sellingPricePaise } = await rpc.item.update({
      key: newKey(),
      id: made.id,
      item: { ...item, barcodes: [] },
    });
    expect(sellingPricePaise).toBe(rupees(11));
  });
});

describe('values of the wrong type', () => {
  it('are InputInvalid for every method that takes input, never a fault', async () => {
    const methods: [string, (input: unknown) => Promise<unknown>][] = [];
    for (const [noun, verbs] of Object.entries(rpc)) {
      for (const [verb, call] of Object.entries(verbs)) methods.push([`${noun}.${verb}`, call as never]);
    }
    // A client is a proxy: the names come from the contract.
    const { tillContract } = await import('#contract/till.ts');
    for (const [noun, verbs] of Object.entries(tillContract)) {
      for (const verb of Object.keys(verbs)) {
        if (verb === 'feed' || verb === 'statusFeed') continue;
        const call = (rpc as unknown as Record<string, Record<string, (input: unknown) => Promise<unknown>>>)[noun]?.[
          verb
        ];
        if (call === undefined) throw new Error(`${noun}.${verb} is not answered`);
        methods.push([`${noun}.${verb}`, call]);
      }
    }
    expect(methods.length).toBeGreaterThan(60);
    const wrong: readonly unknown[] = [
      undefined,
      null,
      'text',
      42,
      [],
      {},
      { key: 5, cartId: {}, lineId: 'x', id: [], qtyMilli: '1', lines: 'no', item: null, pin: 1, text: {}, billId: 7 },
      { key: newKey(), qtyMilli: Number.NaN, lineId: soap, amountPaise: Number.POSITIVE_INFINITY, kind: 'gold' },
      { key: newKey(), lineId: soap, qtyMilli: 1.5, sellingPricePaise: 1e300, code: '\u0000', itemId: soap },
    ];
    for (const [name, call] of methods) {
      if (name === 'staff.signOut') continue;
      for (const input of wrong) {
        const refused = await refusalOf(Promise.resolve(call(input)));
        expect(refused?.type, `${name} of ${JSON.stringify(input)}`).not.toBe('FAULT');
      }
    }
  });
});
