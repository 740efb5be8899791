/**
 * A till's disk that is one: real SQLite with the till's own journal, bills, settings and catalogue applier, in memory.
 * Rule kept: the product's code writes and reads here; a crash is the file's image as it was committed, opened anew,
 * and a transaction that dies is thrown out of by the code that runs in it.
 */
import type { CommittedDocument } from '#core/documents.ts';
import type { Item } from '#core/catalogue/item.ts';
import type { Uuid } from '#core/ids.ts';
import { instant, type FinancialYear } from '#core/time.ts';
import { documentContent } from '#core/document-content.ts';
import { makeBills } from '#db/bills.ts';
import { connect, type Database, type Statement } from '#db/connection.ts';
import { makeItems } from '#db/items.ts';
import { makeJournal } from '#db/journal.ts';
import type { ShopDb } from '#db/open.ts';
import { makeSettings } from '#db/settings.ts';
import { makeShifts } from '#db/shifts.ts';
import { makeStaff } from '#db/staff.ts';
import { makeTransactions } from '#db/transactions.ts';
import { makeCatalogueApplier } from '#till/sync/apply-catalogue.ts';
import type { Tables } from '#till/tables.ts';
import { firstMoment, makeFolder, mustOpen, sampleDate, sampleItem } from '#tests/fixtures/sample-shop.ts';
import { paise } from '#core/money.ts';
import { type Disk, localKind, type ShelfChange } from './disk.ts';
import { cashierId, goods, shiftId } from './sim-bill.ts';
import { simId } from './world.ts';

/** What a till's books are on their first day: made once, by opening a shop as the till does. */
function freshImage(): Buffer {
  const folder = makeFolder();
  const shop = mustOpen(folder.dir);
  makeStaff(shop).insert({
    id: cashierId,
    name: 'Sim',
    role: 'cashier',
    language: 'en',
    pinHash: 'h',
    pinSalt: 's',
    isActive: true,
  });
  makeShifts(shop).open({
    id: shiftId,
    cashierId,
    cashierName: 'Sim',
    openedAtMs: firstMoment,
    businessDate: sampleDate,
    floatPaise: paise(0),
  });
  makeItems(shop).insertMany(goods.map((id, n) => sampleItem(id, n + 1)));
  shop.sql.pragma('wal_checkpoint(TRUNCATE)');
  shop.sql.pragma('journal_mode = DELETE');
  const image = shop.sql.serialize();
  shop.close();
  folder.remove();
  return image;
}
let fresh: Buffer | null = null;

class PowerCut extends Error {}

/** Statements are compiled when first used: a till here lives for milliseconds and uses a few of them. */
function withLateStatements(sql: Database): Database {
  const prepare = (text: string) => {
    let isPlucked = false;
    let made: Statement | null = null;
    const statement = (): Statement => {
      made ??= isPlucked ? sql.prepare(text).pluck() : sql.prepare(text);
      return made;
    };
    const late = {
      get: (...of: unknown[]) => statement().get(...of),
      all: (...of: unknown[]) => statement().all(...of),
      run: (...of: unknown[]) => statement().run(...of),
      iterate: (...of: unknown[]) => statement().iterate(...of),
      pluck: () => {
        isPlucked = true;
        return late;
      },
    };
    return late;
  };
  return Object.create(sql, { prepare: { value: prepare } }) as Database;
}

function openTablesOn(image: Buffer) {
  const sql = withLateStatements(connect(image));
  sql.pragma('foreign_keys = ON');
  const transactions = makeTransactions(sql);
  let isDying = false;
  /** Whatever runs in it runs to its end; then the power goes instead of the commit. */
  const transact = <T>(work: () => T): T =>
    transactions.transact(() => {
      const value = work();
      if (isDying) throw new PowerCut();
      return value;
    });
  const shop: ShopDb = {
    ...transactions,
    transact,
    dir: '',
    sql,
    carts: sql,
    wasClean: true,
    cartsSetAside: false,
    close: () => sql.close(),
  };
  const tables = {
    shop,
    transact,
    bills: makeBills(shop),
    items: makeItems(shop),
    journal: makeJournal(shop),
    settings: makeSettings(shop),
  };
  // The applier asks for no more of the tables than these.
  const applier = makeCatalogueApplier(tables as unknown as Tables);
  const setDying = (to: boolean): void => void (isDying = to);
  return { ...tables, sql, applier, setDying };
}

const itemOf = ({ id, pricePaise }: ShelfChange): Item =>
  sampleItem(id as Uuid, 100 + Number.parseInt(id.slice(-1), 16), { sellingPricePaise: paise(pricePaise ?? 0) });
const headOfficeGoods = [1, 2, 3, 4, 5, 6].map((n) => simId('f', n));
const refusedKey = 'simRefused';
const epochKey = 'simEpoch';

export function sqliteDisk(): Disk {
  fresh ??= freshImage();
  let on = openTablesOn(fresh);
  /** Of what is committed, in order. */
  let keys: string[] = [];

  const reopen = (image: Buffer): void => {
    on.sql.close();
    on = openTablesOn(image);
  };
  /** Runs a transaction of the product that may never commit. */
  const orDie = (dies: boolean, work: () => void): void => {
    on.setDying(dies);
    try {
      work();
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
    } finally {
      on.setDying(false);
    }
  };
  const write = (document: CommittedDocument): void => {
    if (document.type === 'bill') on.bills.insertBill(document);
    else on.bills.insertCreditNote(document);
  };
  const refused = (): Set<string> => new Set(JSON.parse(on.settings.get(refusedKey) ?? '[]') as string[]);
  const contentOf = (kind: string, id: Uuid): string => {
    const document = kind === 'bill' ? on.bills.bill(id) : on.bills.creditNote(id);
    return document === null ? '{}' : JSON.stringify(document);
  };

  return {
    commit: (fact, dies) => {
      orDie(dies, () =>
        on.transact(() => {
          if (fact.document !== null) write(fact.document);
          const content = fact.document === null ? fact.payload : documentContent(fact.document);
          on.journal.append(fact.kind, fact.refId, instant(fact.atMs), content);
        }),
      );
      if (dies) return '';
      const { entryId } = on.journal.unsent(1_000_000).at(-1) ?? { entryId: fact.id };
      const key = `${fact.kind} ${fact.kind === localKind ? fact.id : entryId}`;
      keys.push(key);
      return key;
    },
    nextSequence: (series, year) => on.bills.nextSequence(series, year as FinancialYear),
    unsent: (limit) =>
      on.journal.unsent(limit).map(({ seq, kind, refId, entryId, atMs, payload }) => ({
        seq,
        kind,
        id: entryId,
        atMs,
        content: payload ?? contentOf(kind, refId),
      })),
    sentThrough: () => on.journal.sentThrough(),
    markSent: (seq) => on.transact(() => on.journal.markSent(seq)),
    sendAgainAfter: (seq) => on.transact(() => on.journal.sendAgainAfter(seq)),
    epoch: () => on.settings.get(epochKey),
    keepEpoch: (epoch) => on.settings.set(epochKey, epoch),
    headSeq: () => on.journal.head()?.seq ?? 0,
    everything: () => keys,
    keepAside: (ids) => {
      if (ids.length > 0) on.settings.set(refusedKey, JSON.stringify([...refused(), ...ids]));
    },
    refused,
    place: () => on.applier.place(),
    applyShape: (changes, place, isWhole, dies) =>
      orDie(dies, () => {
        if (isWhole) on.applier.replace(changes.map(itemOf), place);
        else {
          on.applier.apply(
            changes.map((change) =>
              change.pricePaise === null
                ? { kind: 'drop', id: change.id as Uuid }
                : { kind: 'put', id: change.id as Uuid, item: itemOf(change) },
            ),
            place,
          );
        }
      }),
    shelf: () =>
      new Map(
        headOfficeGoods.flatMap((id): [string, number][] => {
          const item = on.items.byId(id);
          return item?.isActive === true ? [[id, item.sellingPricePaise]] : [];
        }),
      ),
    isSound: () =>
      on.journal.verify((kind, id) => {
        const document = kind === 'bill' ? on.bills.bill(id) : on.bills.creditNote(id);
        return document === null ? null : documentContent(document);
      }).firstBroken === null,
    reopen: () => reopen(on.sql.serialize()),
    image: () => ({ image: { file: on.sql.serialize(), keys: [...keys] } }),
    load: ({ image }) => {
      const { file, keys: then } = image as { readonly file: Buffer; readonly keys: readonly string[] };
      reopen(file);
      keys = [...then];
    },
    close: () => on.sql.close(),
  };
}
