/**
 * Goods between stores, as head office tells of them: facts of transfers and the sister stores, taken in as they come;
 * and who this shop is, told to head office for other stores' challans. Rule kept: facts are only ever added; what this
 * till itself did is here already and is not done again.
 */
import type { NewId, Uuid } from '#core/ids.ts';
import { milli } from '#core/quantity.ts';
import { settleTransfer } from '#core/stock/transfer.ts';
import type { TransferEvent, TransferReceived } from '#core/stock/transfer-events.ts';
import type { Clock } from '#core/time.ts';
import { type Feed, makeFeed } from '../feed.ts';
import type { ShopSettings } from '../shop-settings.ts';
import type { Tables } from '../tables.ts';
import { type FollowRowsDeps, followRows, type ShapeRow } from './follow-rows.ts';

export type TransferDesk = {
  /** Screens ask again. */
  readonly feed: Feed<{ readonly changes: number }>;
  readonly changes: () => number;
  readonly changed: () => void;
  /** In a shop that has joined: head office hears of another name, address or GSTIN. */
  readonly tellShop: () => void;
  /** Answers how to stop. */
  readonly follow: (deps: FollowRowsDeps) => () => void;
};

const toldKey = 'shopTold';

export function makeTransferDesk(deps: {
  readonly tables: Tables;
  readonly settings: ShopSettings;
  readonly clock: Clock;
  readonly newId: NewId;
}): TransferDesk {
  const { tables, settings } = deps;
  const feed = makeFeed<{ readonly changes: number }>();
  let changes = 0;
  const changed = (): void => {
    changes += 1;
    feed.publish({ changes });
  };

  function takeTransfers(rows: readonly ShapeRow[]): void {
    const events = rows.flatMap((row) => JSON.parse(row['events'] ?? '[]') as readonly TransferEvent[]);
    const { tillId } = settings.get();
    // A till whose disk came from a backup hears of its own challans here: their numbers are drawn.
    const isOwn = ({ by }: TransferEvent): boolean => by.kind === 'store' && by.tillId === tillId;
    const isNew = tables.transact(() =>
      events.map((event) => tables.transfers.put(event, isOwn(event))).includes(true),
    );
    if (!isNew) return;
    for (const transferId of new Set(events.map((event) => event.transferId))) takeBack(transferId);
    changed();
  }

  /** A receipt of this till that does not count, as another till had received the goods: they leave its books, once. */
  function takeBack(transferId: Uuid): void {
    const facts = tables.transfers.eventsOf(transferId);
    const { conflicts } = settleTransfer(facts);
    const { tillId } = settings.get();
    for (const fact of facts) {
      const isOwn = fact.type === 'transferReceived' && fact.by.kind === 'store' && fact.by.tillId === tillId;
      if (isOwn && conflicts.some(({ eventId }) => eventId === fact.id)) undo(fact);
    }
  }

  function undo(receipt: TransferReceived): void {
    const key = `transferNotCounted:${receipt.id}`;
    if (tables.settings.get(key) !== null) return;
    const lines = receipt.lines.filter((line) => line.goodMilli !== 0);
    tables.transact(() => {
      tables.stock.append(
        lines.map(({ lineNo, itemId, goodMilli }) => ({
          id: deps.newId(),
          itemId,
          batchId: null,
          qtyMilli: milli(-goodMilli),
          kind: 'transferIn' as const,
          refId: receipt.id,
          refLineNo: lineNo,
          businessDate: receipt.businessDate,
          occurredAtMs: deps.clock.now(),
          costPricePaise: null,
          note: 'received at another till',
        })),
      );
      tables.settings.set(key, 'true');
    });
  }

  function takeStores(rows: readonly ShapeRow[]): void {
    tables.transact(() => {
      for (const row of rows) {
        tables.transfers.putStore({
          storeId: row['store_id'] as Uuid,
          name: row['name'] ?? '',
          tradeName: row['trade_name'] ?? '',
          address: row['address'] ?? '',
          stateCode: row['state_code'] ?? '',
          gstin: row['gstin'] ?? null,
        });
      }
    });
    changed();
  }

  return {
    feed,
    changes: () => changes,
    changed,
    tellShop: () => {
      const { headOffice, storeId, name, address, stateCode, gstin } = settings.get();
      if (headOffice === null) return;
      const content = JSON.stringify({ name, address, stateCode, gstin });
      // Joined to another store, the same shop tells anew.
      const told = `${storeId} ${content}`;
      if (tables.settings.get(toldKey) === told) return;
      tables.transact(() => {
        tables.journal.append('shopTold', deps.newId(), deps.clock.now(), content);
        tables.settings.set(toldKey, told);
      });
    },
    follow: (following) => {
      const both = ['insert', 'update'];
      const stops = [
        followRows(following, 'transfers', both, takeTransfers),
        followRows(following, 'stores', both, takeStores),
      ];
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}
