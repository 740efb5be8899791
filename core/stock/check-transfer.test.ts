/** What a server refuses of a till's word about a transfer; every version ever shipped is read for ever. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byStore, dispatched, pusherOf, received, requested } from '#tests/fixtures/transfer-events.ts';
import { propertyRuns } from '#tests/property-runs.ts';
import type { Paise } from '../money.ts';
import type { Milli } from '../quantity.ts';
import { faultOfTransferEvent, readTransferEvent, valueOfLine } from './check-transfer.ts';
import type { TransferEvent } from './transfer-events.ts';

const send = dispatched(2, [
  [1, 8_000],
  [2, 5_000],
]);
const receipt = received(3, send, [[7_000, 1_000]]);
const faultOf = (event: TransferEvent, pusher = pusherOf(1)) => faultOfTransferEvent(event, pusher);
const firstLine = <T extends { readonly lines: readonly unknown[] }>(event: T, change: object): T => ({
  ...event,
  lines: event.lines.map((line, i) => (i === 0 ? { ...(line as object), ...change } : line)),
});

describe('readTransferEvent', () => {
  it('reads what was written and names the first field that is none', () => {
    for (const event of [requested(1, [[1, 1_000]]), send, receipt]) {
      expect(readTransferEvent(JSON.stringify(event))).toEqual({ ok: true, value: event });
    }
    const badly = (event: unknown) => readTransferEvent(JSON.stringify(event));
    expect(readTransferEvent('{')).toEqual({ ok: false, error: 'json' });
    expect(badly([])).toEqual({ ok: false, error: 'event' });
    expect(badly({ ...send, schemaVersion: 2 })).toEqual({ ok: false, error: 'schemaVersion' });
    expect(badly({ ...send, transferId: 'x' })).toEqual({ ok: false, error: 'transferId' });
    expect(badly({ ...send, lines: [] })).toEqual({ ok: false, error: 'lines' });
    expect(badly(firstLine(send, { qtyMilli: -1_000 }))).toEqual({ ok: false, error: 'lines' });
    expect(badly(firstLine(receipt, { goodMilli: 0.5 }))).toEqual({ ok: false, error: 'lines' });
    expect(badly({ ...send, to: { ...send.to, stateCode: 'RJ' } })).toEqual({ ok: false, error: 'to' });
    expect(badly({ ...send, type: 'transferLost' })).toEqual({ ok: false, error: 'type' });
  });
});

describe('a fact as it was first shipped', () => {
  it.each([
    ['requested', 2],
    ['declined', 2],
    ['cancelled', 2],
    ['dispatched', 1],
    ['received', 2],
  ] as const)('%s is read and believed', (name, by) => {
    const path = join(import.meta.dirname, `../../tests/fixtures/transfers/v1-${name}.json`);
    const read = readTransferEvent(readFileSync(path, 'utf8'));
    expect(read.ok && faultOf(read.value, pusherOf(by))).toBeNull();
  });
});

describe('faultOfTransferEvent', () => {
  it('believes what adds up and comes from whom it concerns', () => {
    expect(faultOf(send)).toBeNull();
    expect(faultOf(receipt, pusherOf(2))).toBeNull();
    expect(faultOf(requested(1, [[1, 1_000]]), pusherOf(2))).toBeNull();
  });

  it("lets only the sending store's till send, only the receiving one's receive, and nobody write for another", () => {
    expect(faultOf(send, pusherOf(2))).toEqual({ kind: 'foreign', field: 'storeId' });
    expect(faultOf({ ...send, by: byStore(2) }, pusherOf(2))).toEqual({ kind: 'foreign', field: 'fromStoreId' });
    expect(faultOf({ ...receipt, by: byStore(1) })).toEqual({ kind: 'foreign', field: 'fromStoreId' });
    expect(faultOf({ ...requested(1, [[1, 1_000]]), by: byStore(3) }, pusherOf(3))).toEqual({
      kind: 'foreign',
      field: 'fromStoreId',
    });
    expect(faultOf(send, { ...pusherOf(1), tillId: pusherOf(2).tillId })).toEqual({ kind: 'foreign', field: 'tillId' });
    expect(faultOf({ ...send, toStoreId: send.fromStoreId })).toEqual({ kind: 'foreign', field: 'toStoreId' });
    const office = { kind: 'office', accountId: send.id, name: 'x' } as const;
    expect(faultOf({ ...requested(1, [[1, 1_000]]), by: office })).toEqual({ kind: 'foreign', field: 'storeId' });
  });

  it('works out values, numbers and variances again', () => {
    const differs = (field: string, lineNo: number | null = null) => ({ kind: 'differs', field, lineNo });
    expect(faultOf(firstLine(send, { valuePaise: 1 }))).toEqual(differs('valuePaise', 1));
    expect(faultOf({ ...send, valuePaise: 1 as Paise })).toEqual(differs('valuePaise'));
    expect(faultOf({ ...send, number: 'K1D/2627/00009' })).toEqual(differs('number'));
    expect(faultOf(firstLine(send, { itemId: send.lines[1]?.itemId }))).toEqual(differs('itemId'));
    expect(faultOf(firstLine(send, { qtyMilli: 0 }))).toEqual(differs('qtyMilli', 1));
    expect(faultOf(firstLine(receipt, { reason: null }), pusherOf(2))).toEqual(differs('reason', 1));
    expect(faultOf(firstLine(receipt, { lineNo: 2 }), pusherOf(2))).toEqual(differs('lineNo'));
  });

  it('asks for a tax invoice between two registered persons', () => {
    const to = { ...send.to, stateCode: '27', gstin: '27ABCDE1234F1Z5' };
    expect(faultOf({ ...send, to })).toEqual({ kind: 'invoiceDue' });
  });

  it('holds at the bounds without leaving the whole numbers', () => {
    const line = { qtyMilli: 1_000_000_000, unitValuePaise: 1_000_000_000, valuePaise: 10_000_000_000_000 };
    const huge = {
      ...send,
      lines: Array.from({ length: 500 }, (_, i) => ({ ...send.lines[0], ...line, lineNo: i + 1 })),
    };
    const read = readTransferEvent(JSON.stringify(huge));
    expect(read.ok && faultOf(read.value)).toMatchObject({ kind: 'differs' });
  });
});

describe('valueOfLine', () => {
  it('is at cost, or at the selling price where none is known', () => {
    const item = { costPricePaise: 1_950 as Paise, sellingPricePaise: 2_500 as Paise };
    expect(valueOfLine(item, 1_500 as Milli)).toMatchObject({ valuePaise: 2_925, valuedAt: 'cost' });
    expect(valueOfLine({ ...item, costPricePaise: null }, 2_000 as Milli)).toMatchObject({
      valuePaise: 5_000,
      valuedAt: 'sellingPrice',
    });
  });
});

/** Where a value stands in an event: all paths to leaves and to what holds them. */
function pathsOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, one]) => pathsOf(one, [...path, key]))];
}
function changedAt(value: unknown, [key, ...rest]: readonly string[], to: unknown): unknown {
  if (key === undefined) return to;
  const copy = structuredClone(value) as Record<string, unknown>;
  copy[key] = changedAt(copy[key], rest, to);
  return copy;
}
/** Words and names that no book reckons with, and what nobody but its writer can know. */
const harmless =
  /^(id|transferId|atMs|note|dispatchId|businessDate|by\.(name|staffId)|(from|to)\.(name|address)|lines\.\d+\.(lineNo|itemId|name|nameHi|hsn|unit|valuedAt|reason|qtyMilli|sentMilli|goodMilli|damagedMilli))$/;

describe('a fact with one thing changed', () => {
  const odd = fc.constantFrom<unknown>(
    null,
    -1,
    1.5,
    1e308,
    '1',
    [],
    {},
    true,
    Number.MAX_SAFE_INTEGER,
    '\u0000',
    'x',
    0,
    7,
  );
  const facts = [
    { fact: requested(1, [[1, 1_000]]), by: 2 },
    { fact: send, by: 1 },
    { fact: receipt, by: 2 },
  ];
  const cases = facts.flatMap(({ fact, by }) => pathsOf(fact).map((path) => ({ fact, by, path })));

  it('never throws, and is believed only where what changed is no amount, no number and nobody else', () => {
    fc.assert(
      fc.property(fc.constantFrom(...cases), odd, ({ fact, by, path }, to) => {
        const text = JSON.stringify(changedAt(fact, path, to)) ?? '';
        const read = readTransferEvent(text);
        const isBelieved = read.ok && faultOf(read.value, pusherOf(by)) === null;
        if (isBelieved && text !== JSON.stringify(fact)) expect(path.join('.')).toMatch(harmless);
      }),
      { numRuns: propertyRuns() },
    );
  });
});
