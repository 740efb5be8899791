/**
 * Goods between the two stores of the simulator: challans and what arrives of them, as facts that core judges. Rule
 * kept: a till receives what head office has told, so only what is there; what two tills of a store both receive, or one
 * twice after its disk came back, is played too.
 */
import { documentNumber } from '#core/billing/bill-number.ts';
import type { Uuid } from '#core/ids.ts';
import { amountOf, paise } from '#core/money.ts';
import { milli } from '#core/quantity.ts';
import { isVariance } from '#core/stock/transfer.ts';
import type { ArrivedLine, TransferDispatched, TransferEvent, TransferReceived } from '#core/stock/transfer-events.ts';
import { businessDateOf, financialYearOf, instant } from '#core/time.ts';
import { commit } from './actions.ts';
import type { Move } from './disk.ts';
import { goods } from './sim-bill.ts';
import { simId } from './sim-goods.ts';
import type { SimTill, Steps, World } from './world.ts';

const unitValuePaise = paise(700);

function headOf(world: World, till: SimTill) {
  const atMs = instant(world.nowMs + till.clockOffMs);
  const by = {
    kind: 'store',
    storeId: till.storeId,
    tillId: till.tillId,
    staffId: simId('c', 2),
    name: 'Sim',
  } as const;
  return { schemaVersion: 1, id: simId('8', world.nextId++), atMs, by } as const;
}
const factsOf = (storeId: Uuid) => ({ storeId, name: 'S', address: '', stateCode: '08', gstin: '08ABCPS1234F1Z5' });

/** Of a transfer that goes: one challan, of one or two of the shop's goods. */
export function dispatch(world: World, till: SimTill): void {
  const toStoreId = [0, 1].map((n) => simId('5', n)).find((id) => id !== till.storeId);
  if (toStoreId === undefined) return;
  const head = headOf(world, till);
  const businessDate = businessDateOf(head.atMs);
  const financialYear = financialYearOf(businessDate);
  const [series, sequence] = [`X${till.no + 1}`, world.nextId++];
  const number = documentNumber(series, financialYear, sequence);
  if (!number.ok) throw new Error(`no number ${series} ${sequence}`);
  // Now and then a second challan of a transfer that has one.
  const before = world.challans.findLast((one) => one.fromStoreId === till.storeId);
  const transferId = before !== undefined && world.random(4) === 0 ? before.transferId : simId('6', world.nextId++);
  const lines = goods.slice(0, 1 + world.random(2)).map((itemId, i) => {
    const qtyMilli = milli(1000 * (1 + world.random(9)));
    return {
      lineNo: i + 1,
      itemId,
      name: 'Soap',
      nameHi: null,
      unit: 'pc',
      hsn: null,
      qtyMilli,
      unitValuePaise,
      valuedAt: 'cost',
      valuePaise: amountOf(unitValuePaise, qtyMilli),
    } as const;
  });
  const challan: TransferDispatched = {
    ...head,
    type: 'transferDispatched',
    transferId,
    fromStoreId: till.storeId,
    toStoreId,
    number: number.value,
    series,
    financialYear,
    sequence,
    businessDate,
    from: factsOf(till.storeId),
    to: factsOf(toStoreId),
    lines,
    valuePaise: paise(lines.reduce((sum, line) => sum + line.valuePaise, 0)),
    note: '',
  };
  const moves = lines.map(({ itemId, qtyMilli }): Move => ({ itemId, qtyMilli: milli(-qtyMilli) }));
  if (write(world, till, challan, moves)) world.challans.push(challan);
}

/** Some of it short, damaged, or more than was sent. */
export function* receive(world: World, till: SimTill): Steps<void> {
  const mine = world.challans.filter((one) => one.toStoreId === till.storeId);
  const challan = mine[world.random(2) === 0 ? 0 : world.random(Math.max(1, mine.length))];
  if (challan === undefined) return;
  const key = world.wires.get(challan.id) ?? '';
  const isTold = (yield () =>
    world.server.knows({ storeId: challan.fromStoreId, tillId: till.tillId }, [key])) as number;
  // A till does not take the same one twice; another of its store may.
  if (isTold === 0 || till.disk.everything().includes(till.received.get(challan.id) ?? '')) return;
  const lines = challan.lines.map(({ lineNo, itemId, qtyMilli }): ArrivedLine => {
    const off = 1000 * ([0, 0, -1, 1, 2][world.random(5)] ?? 0);
    const line = { lineNo, itemId, sentMilli: qtyMilli, goodMilli: milli(qtyMilli + off), damagedMilli: milli(0) };
    return { ...line, reason: isVariance(line) ? 'other' : null };
  });
  const receipt: TransferReceived = {
    ...headOf(world, till),
    type: 'transferReceived',
    transferId: challan.transferId,
    fromStoreId: challan.fromStoreId,
    toStoreId: challan.toStoreId,
    dispatchId: challan.id,
    businessDate: challan.businessDate,
    lines,
    note: '',
  };
  const moves = lines.map(({ itemId, goodMilli }): Move => ({ itemId, qtyMilli: goodMilli }));
  if (write(world, till, receipt, moves)) till.received.set(challan.id, world.wires.get(receipt.id) ?? '');
}

function write(world: World, till: SimTill, event: TransferEvent, moves: readonly Move[]): boolean {
  const { id, type: kind, atMs } = event;
  const fact = { kind, id, refId: id, atMs, document: null, payload: JSON.stringify(event), moves, settles: null };
  return commit(world, till, fact, false, [], event) !== null;
}
