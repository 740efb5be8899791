/**
 * Facts of transfers and words about wishes that no honest till sends, and honest ones of two stores between them. Rule
 * kept: each forgery names goods of its own, so that what was believed shows on a shelf or on the way, whatever the
 * answer was; a receipt may come before its challan, so one of nothing is taken and must move nothing.
 */
import type { Pool } from 'pg';
import type { PushEntry } from '#contract/sync.ts';
import type { Uuid } from '#core/ids.ts';
import type { TransferDispatched, TransferEvent, TransferParty } from '#core/stock/transfer-events.ts';
import { dispatched, idOf, received, requested } from '../fixtures/transfer-events.ts';
import type { Hostile, Sister } from './push-fuzz-entries.ts';
import { besideTillId } from './push-fuzz-tills.ts';
import type { Random } from './seeded-random.ts';

type Fields = Record<string, unknown>;
type Entry = Omit<PushEntry, 'seq'>;
type Deps = {
  readonly random: Random;
  readonly own: Sister & { readonly tenantId: string };
  /** Of the same organisation. */
  readonly sister: Sister;
  /** Of the same organisation; no part of any transfer. */
  readonly third: Sister;
  readonly stranger: Sister;
  /** By its own till. Answers the reply's text. */
  readonly pushAsSister: (entries: readonly PushEntry[]) => Promise<string>;
};

export type FuzzFacts = {
  readonly hostile: () => Hostile;
  /** For the till's next batch; the sister does its part meanwhile. */
  readonly honest: () => Promise<readonly Entry[]>;
  /** What forgeries did, and where honest facts did not move what they say. */
  readonly look: () => Promise<readonly string[]>;
};

const honestItem = idOf('cc', 1);
/** Sent by the sister, received by forgers alone. */
const unreceived = idOf('cc', 2);
/** Told as received, in another's name: it is the till's own store that has it. */
const counted = idOf('cc', 3);
const wish = '01935000-0000-7000-8000-0000000000d1';
const itemId = '01935000-0000-7000-8000-0000000000d2';
const strangeItemId = '01935000-0000-7000-8000-0000000000d3';
/** Another till's of our store. */
const sisterSeries = 'K3T9';
const sentMilli = 5_000;

export async function startFacts(pool: Pool, deps: Deps): Promise<FuzzFacts> {
  const { random, own, sister, third, stranger } = deps;
  let n = 0;
  let sisterSeq = 0;
  let rounds = 0;
  const by = (who: Sister): TransferParty => ({
    kind: 'store',
    storeId: who.storeId as Uuid,
    tillId: who.tillId as Uuid,
    staffId: idOf('dd', 1),
    name: 'Meena',
  });
  /** From one store to another, as its own till writes it. */
  const between = <T extends TransferEvent>(event: T, from: Sister, to: Sister, writer: Sister): T => ({
    ...event,
    id: random.uuid() as Uuid,
    fromStoreId: from.storeId as Uuid,
    toStoreId: to.storeId as Uuid,
    by: by(writer),
  });
  const entryOf = (event: TransferEvent): Entry => ({
    kind: event.type,
    id: random.uuid() as Uuid,
    atMs: event.atMs,
    content: JSON.stringify(event),
  });
  function challan(from: Sister, to: Sister, goods: Uuid, series: string): TransferDispatched {
    n += 1;
    const made = between(dispatched(n, [[1, sentMilli]]), from, to, from);
    return {
      ...made,
      transferId: random.uuid() as Uuid,
      series,
      number: made.number.replace(/^[^/]+/, series),
      from: { ...made.from, storeId: from.storeId as Uuid },
      to: { ...made.to, storeId: to.storeId as Uuid },
      lines: made.lines.map((line) => ({ ...line, itemId: goods })),
    };
  }
  const arrived = (send: TransferDispatched, from: Sister, to: Sister) => ({
    ...between(received(n, send), from, to, to),
    dispatchId: send.id,
  });
  const asSister = async (events: readonly Entry[]): Promise<string> => {
    const entries = events.map((entry) => ({ ...entry, seq: (sisterSeq += 1) }));
    const text = await deps.pushAsSister(entries);
    if (text.split('"accepted"').length - 1 !== events.length) throw new Error(`the sister's own was refused: ${text}`);
    return text;
  };

  // What is there before: a challan of ours, goods that the sister sent us, and a wish of hers.
  await pool.query("INSERT INTO catalogue_item VALUES ($1, $2, 1, 'Soap', '{}', 1)", [own.tenantId, itemId]);
  const wished = { id: wish, itemId, change: { name: 'Soap 2' }, base: { name: 'Soap' }, byName: 'Meena' };
  await asSister([{ kind: 'itemProposed', id: random.uuid() as Uuid, atMs: 1, content: JSON.stringify(wished) }]);
  await pool.query(`INSERT INTO catalogue_item SELECT tenant_id, $2, 1, 'Soap', '{}', 1 FROM till WHERE till_id = $1`, [
    stranger.tillId,
    strangeItemId,
  ]);
  await pool.query('INSERT INTO bill_series (tenant_id, store_id, series, till_id) VALUES ($1, $2, $3, $4)', [
    own.tenantId,
    own.storeId,
    sisterSeries,
    besideTillId,
  ]);
  let taken: TransferDispatched | null = null;
  let fromSister: TransferDispatched | null = null;

  /** A challan of ours that would be believed. */
  const forged = (): Fields => structuredClone(challan(own, sister, random.uuid() as Uuid, 'K3D')) as unknown as Fields;
  const forgedReceipt = (): Fields =>
    structuredClone(arrived(challan(sister, own, random.uuid() as Uuid, 'S3D'), sister, own)) as unknown as Fields;
  const lineOf = (fields: Fields): Fields => (fields['lines'] as Fields[])[0] ?? {};

  const forms: readonly (readonly [what: string, make: () => Fields])[] = [
    ["a dispatch of the sister's goods", () => ({ ...challan(sister, own, random.uuid() as Uuid, 'S3D') })],
    ["the same in our till's name", () => ({ ...challan(sister, own, random.uuid() as Uuid, 'S3D'), by: by(own) })],
    ["our goods in the sister's name", () => ({ ...forged(), by: by(sister) })],
    ['a receipt for the sister', () => ({ ...forgedReceipt(), toStoreId: sister.storeId, fromStoreId: own.storeId })],
    ['a negative quantity', () => changeLine(forged(), { qtyMilli: -sentMilli })],
    ['no quantity', () => changeLine(forged(), { qtyMilli: 0 })],
    ['a quantity of another type', () => changeLine(forged(), { qtyMilli: random.pick([1.5, '1', null, 1e308]) })],
    ['a value that is not price × quantity', () => changeLine(forged(), { valuePaise: 1 })],
    ['a total that is not the lines', () => ({ ...forged(), valuePaise: 1 })],
    ['a line twice', () => ({ ...twice(forged()) })],
    ['a challan number drawn before', () => ({ ...forged(), number: taken?.number, sequence: taken?.sequence })],
    ['a challan number of another form', () => ({ ...forged(), number: random.pick(['', 'X', 'K3D/2627/1']) })],
    ["a number of the sister till's series", () => numbered(forged(), sisterSeries)],
    ['a store of another organisation', () => ({ ...aimed(forged(), stranger.storeId) })],
    ['a store that is not there', () => ({ ...aimed(forged(), random.uuid()) })],
    ["goods of another organisation's", () => ({ ...forgedReceipt(), fromStoreId: stranger.storeId })],
    ['to itself', () => ({ ...aimed(forged(), own.storeId) })],
    ['as head office', () => ({ ...forged(), by: { kind: 'office', accountId: random.uuid(), name: 'Owner' } })],
    ['a difference without a reason', () => changeLine(forgedReceipt(), { goodMilli: 1_000, reason: null })],
    ['a reason without a difference', () => changeLine(forgedReceipt(), { reason: 'short' })],
    ['a negative arrival', () => changeLine(forgedReceipt(), { goodMilli: -1_000, reason: 'short' })],
    ['another fact under its id', () => ({ ...forged(), id: taken?.id, transferId: taken?.transferId })],
    ['into the transfer of two others', () => ({ ...aimed(forged(), third.storeId), transferId: taken?.transferId })],
    ['another kind', () => ({ ...forged(), type: random.pick(['transferReceived', 'transferSent', 1, null]) })],
  ];
  const changeLine = (fields: Fields, change: Fields): Fields => {
    Object.assign(lineOf(fields), change);
    return fields;
  };
  const twice = (fields: Fields): Fields => ({ ...fields, lines: [lineOf(fields), lineOf(fields)] });
  const aimed = (fields: Fields, storeId: string): Fields => ({
    ...fields,
    toStoreId: storeId,
    to: { ...(fields['to'] as Fields), storeId },
  });
  const numbered = (fields: Fields, series: string): Fields => ({
    ...fields,
    series,
    number: String(fields['number']).replace(/^[^/]+/, series),
  });

  /** Taken as they are; nothing may come of them. */
  const words: readonly (readonly [what: string, kind: string, make: () => Fields])[] = [
    ['a receipt of what was never sent', 'transferReceived', forgedReceipt],
    ["the sister's wish taken back", 'proposalTakenBack', () => ({ id: wish })],
    ["a wish about a stranger's item", 'itemProposed', () => ({ ...wished, id: random.uuid(), itemId: strangeItemId })],
    ["the sister's wish again, another", 'itemProposed', () => ({ ...wished, change: { name: 'Forged' } })],
    ["the sister's wish, old form", 'itemChanged', () => ({ id: itemId, name: 'Forged', storeId: sister.storeId })],
    [
      'goods that came to the sister',
      'stockReceived',
      () => ({ storeId: sister.storeId, lines: [{ itemId: counted, qtyMilli: 1_000 }] }),
    ],
    ['a receipt of goods that the challan has not', 'transferReceived', unknownLine],
  ];
  function unknownLine(): Fields {
    if (fromSister === null) return forgedReceipt();
    return changeLine({ ...arrived(fromSister, sister, own) }, { itemId: random.uuid() });
  }

  return {
    hostile: () => {
      const id = random.uuid();
      if (random.isLikely(1 / 4)) {
        const [what, kind, make] = random.pick(words);
        return { what, kind, id, content: JSON.stringify(make()), isWord: true };
      }
      const [what, make] = random.pick(forms);
      const fields = make();
      const said = String(fields['type']);
      const kind = said.startsWith('transfer') && said !== 'transferSent' ? said : 'transferDispatched';
      return { what, kind: what === 'another kind' ? 'transferDispatched' : kind, id, content: JSON.stringify(fields) };
    },
    honest: async () => {
      const mine = challan(own, sister, honestItem, 'K3D');
      taken ??= mine;
      const hers = challan(sister, own, honestItem, 'S3D');
      await asSister([entryOf(hers)]);
      fromSister = challan(sister, own, unreceived, 'S3D');
      await asSister([entryOf(fromSister)]);
      const asked = { ...between(requested(n, [[1, 1_000]]), own, sister, own), transferId: random.uuid() as Uuid };
      rounds += 1;
      return [entryOf(mine), entryOf(arrived(hers, sister, own)), entryOf(asked)];
    },
    look: async () => {
      const { rows } = await pool.query<{ what: string }>(
        `SELECT format('%s at %s: %s', item_id, store_id, qty_milli) AS what FROM stock_level
           WHERE item_id <> ALL($1::uuid[]) AND item_id::text NOT LIKE '00000000-%'
         UNION ALL SELECT format('%s on its way to %s: %s', item_id, store_id, qty_milli) FROM transit_level
           WHERE item_id <> ALL($1::uuid[])
         UNION ALL SELECT format('wish of %s: %s', store_id, state) FROM item_proposal
           WHERE item_id = $3 OR store_id = $2 AND (state <> 'open' OR change->>'name' <> 'Soap 2')
         UNION ALL SELECT format('%s at %s: %s', item_id, store_id, qty_milli) FROM stock_level
           WHERE item_id = $4 AND store_id = $2`,
        [[honestItem, unreceived, counted], sister.storeId, strangeItemId, counted],
      );
      const levels = await pool.query<{ what: string }>(
        `SELECT format('%s %s %s', store_id, item_id, qty_milli) AS what FROM stock_level WHERE item_id = ANY($1::uuid[])
         UNION ALL SELECT format('way to %s %s %s', store_id, item_id, qty_milli) FROM transit_level ORDER BY what`,
        [[honestItem, unreceived]],
      );
      const sum = rounds * sentMilli;
      const wanted = [
        `${own.storeId} ${honestItem} 0`,
        `${sister.storeId} ${honestItem} ${-sum}`,
        `${sister.storeId} ${unreceived} ${-sum}`,
        `way to ${sister.storeId} ${honestItem} ${sum}`,
        `way to ${own.storeId} ${honestItem} 0`,
        `way to ${own.storeId} ${unreceived} ${sum}`,
      ];
      const is = new Set(levels.rows.map(({ what }) => what));
      return [...rows.map(({ what }) => what), ...wanted.filter((one) => !is.has(one)).map((one) => `not so: ${one}`)];
    },
  };
}
