/**
 * Facts of transfers and the sister stores. Rule kept: a fact that is there stays as it is, whoever brings it again; a
 * challan's number is drawn from what is here, inside the transaction that writes the challan.
 */
import type { Uuid } from '#core/ids.ts';
import type { StoreFacts, TransferEvent } from '#core/stock/transfer-events.ts';
import type { FinancialYear } from '#core/time.ts';
import type { ShopDb } from './open.ts';
import { bytesToUuid, uuidToBytes } from './uuid-bytes.ts';

/** `tradeName`: as that shop's own papers name it. */
export type SisterStore = StoreFacts & { readonly tradeName: string };

export type Transfers = {
  /** True: it was not known. `isOwn`: a challan's number counts as drawn. */
  readonly put: (event: TransferEvent, isOwn: boolean) => boolean;
  readonly get: (eventId: Uuid) => TransferEvent | null;
  readonly eventsOf: (transferId: Uuid) => readonly TransferEvent[];
  /** By transfer, the one with the newest fact first; at most so many. */
  readonly latest: (limit: number) => readonly (readonly TransferEvent[])[];
  readonly nextSequence: (series: string, year: FinancialYear) => number;
  readonly putStore: (store: SisterStore) => void;
  readonly stores: () => readonly SisterStore[];
};

type StoreRow = {
  id: Buffer;
  name: string;
  trade_name: string;
  address: string;
  state_code: string;
  gstin: string | null;
};

export function makeTransfers(shop: ShopDb): Transfers {
  const { sql } = shop;
  const put = sql.prepare(
    `INSERT INTO transfer_event (id, transfer_id, at_ms, content, series, financial_year, sequence)
     VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
  );
  const get = sql.prepare<[Buffer], string>('SELECT content FROM transfer_event WHERE id = ?').pluck();
  const eventsOf = sql.prepare<[Buffer], string>('SELECT content FROM transfer_event WHERE transfer_id = ?').pluck();
  const latest = sql
    .prepare<[number], Buffer>(
      'SELECT transfer_id FROM transfer_event GROUP BY transfer_id ORDER BY max(at_ms) DESC LIMIT ?',
    )
    .pluck();
  const lastSequence = sql
    .prepare<[string, string], number | null>(
      'SELECT max(sequence) FROM transfer_event WHERE series = ? AND financial_year = ?',
    )
    .pluck();
  const putStore = sql.prepare(
    `INSERT INTO sister_store (id, name, trade_name, address, state_code, gstin) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, trade_name = excluded.trade_name,
       address = excluded.address, state_code = excluded.state_code, gstin = excluded.gstin`,
  );
  const stores = sql.prepare<[], StoreRow>('SELECT * FROM sister_store ORDER BY name');
  const read = (content: string): TransferEvent => JSON.parse(content) as TransferEvent;
  const ofTransfer = (id: Buffer): readonly TransferEvent[] => eventsOf.all(id).map(read);
  return {
    put: (event, isOwn) => {
      const number = isOwn && event.type === 'transferDispatched' ? event : null;
      const { changes } = put.run(
        uuidToBytes(event.id),
        uuidToBytes(event.transferId),
        event.atMs,
        JSON.stringify(event),
        number?.series ?? null,
        number?.financialYear ?? null,
        number?.sequence ?? null,
      );
      return changes === 1;
    },
    get: (id) => {
      const content = get.get(uuidToBytes(id));
      return content === undefined ? null : read(content);
    },
    eventsOf: (id) => ofTransfer(uuidToBytes(id)),
    latest: (limit) => latest.all(limit).map(ofTransfer),
    nextSequence: (series, year) => (lastSequence.get(series, year) ?? 0) + 1,
    putStore: (s) => void putStore.run(uuidToBytes(s.storeId), s.name, s.tradeName, s.address, s.stateCode, s.gstin),
    stores: () =>
      stores.all().map((row) => ({
        storeId: bytesToUuid(row.id),
        name: row.name,
        tradeName: row.trade_name,
        address: row.address,
        stateCode: row.state_code,
        gstin: row.gstin,
      })),
  };
}
