/**
 * A till's disk that is one: real SQLite with the till's own journal, bills, settings and catalogue applier, in memory.
 * Rule kept: the product's code writes and reads here; a crash is the file's image as it was committed, opened anew,
 * and a transaction that dies is thrown out of by the code that runs in it.
 */
import type { CommittedDocument } from '#core/documents.ts';
import type { Uuid } from '#core/ids.ts';
import { businessDateOf, instant, type FinancialYear } from '#core/time.ts';
import { documentContent } from '#core/document-content.ts';
import { makeBills } from '#db/bills.ts';
import { bytesToUuid } from '#db/uuid-bytes.ts';
import { connect, type Database, type Statement } from '#db/connection.ts';
import { makeItems } from '#db/items.ts';
import { makeJournal } from '#db/journal.ts';
import type { ShopDb } from '#db/open.ts';
import { makePublications } from '#db/publications.ts';
import { makeSettings } from '#db/settings.ts';
import { makeShifts } from '#db/shifts.ts';
import { makeStaff } from '#db/staff.ts';
import { makeStock } from '#db/stock.ts';
import { makeTransactions } from '#db/transactions.ts';
import { makeCatalogueApplier } from '#till/sync/apply-catalogue.ts';
import { makePublicationDesk } from '#till/sync/apply-publications.ts';
import type { Tables } from '#till/tables.ts';
import { firstMoment, makeFolder, mustOpen, sampleDate, sampleItem } from '#tests/fixtures/sample-shop.ts';
import { paise } from '#core/money.ts';
import { type Disk, type Fact, localKind } from './disk.ts';
import { cashierId, goods, shiftId } from './sim-bill.ts';
import { headOfficeGoods, itemOf, simId } from './sim-goods.ts';

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
const never = 1_000_000;

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
  /** Commits until the power goes; what is inside another transaction has none of its own. */
  let commitsLeft = never;
  let depth = 0;
  /** Whatever runs in it runs to its end; then the power goes instead of the commit. */
  const transact = <T>(work: () => T): T =>
    transactions.transact(() => {
      depth += 1;
      try {
        const value = work();
        if (depth === 1 && commitsLeft-- === 0) throw new PowerCut();
        return value;
      } finally {
        depth -= 1;
      }
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
    publications: makePublications(shop),
  };
  const now = { ms: 0, newId: (): Uuid => simId('0', 0) };
  const desk = makePublicationDesk({ tables, clock: { now: () => instant(now.ms) }, newId: () => now.newId() });
  // The applier asks for no more of the tables than these.
  const applier = makeCatalogueApplier(tables as unknown as Tables, desk.withChanges);
  const having = (when: 'arrived_at_ms' | 'applied_at_ms') => {
    const ids = sql.prepare<[], Buffer>(`SELECT id FROM publication WHERE ${when} IS NOT NULL`).pluck();
    return (): ReadonlySet<string> => new Set(ids.all().map(bytesToUuid));
  };
  return {
    ...tables,
    stock: makeStock(shop),
    sql,
    applier,
    desk,
    now,
    arrived: having('arrived_at_ms'),
    applied: having('applied_at_ms'),
    /** The power goes instead of the next commit but so many. */
    dieAfter: (commits: number): void => void (commitsLeft = commits),
  };
}

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
  const orDie = (dies: boolean | number, work: () => void): void => {
    on.dieAfter(dies === true ? 0 : dies === false ? never : dies);
    try {
      work();
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
    } finally {
      on.dieAfter(never);
    }
  };
  const moveGoods = (fact: Fact): void =>
    on.stock.append(
      fact.moves.map((move, at) => ({
        id: simId('4', Number.parseInt(fact.id.slice(-8), 16) * 2 + at),
        itemId: move.itemId,
        batchId: null,
        qtyMilli: move.qtyMilli,
        kind: 'sale' as const,
        refId: null,
        refLineNo: null,
        businessDate: businessDateOf(instant(fact.atMs)),
        occurredAtMs: instant(fact.atMs),
        costPricePaise: null,
        note: null,
      })),
    );
  const priceOf = (id: Uuid): number | null => {
    const item = on.items.byId(id);
    return item?.isActive === true ? item.sellingPricePaise : null;
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
          if (fact.moves.length > 0) moveGoods(fact);
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
    takePieces: (pieces, dies) => orDie(dies, () => on.desk.take(pieces)),
    applyDue: ({ nowMs, newId, diesAt }) => {
      const before = on.journal.head()?.seq ?? 0;
      on.now.ms = nowMs;
      on.now.newId = newId;
      orDie(diesAt, () => void on.desk.applyDue());
      const told = on.journal.unsent(1_000_000).flatMap((e) => (e.seq > before ? [`${e.kind} ${e.entryId}`] : []));
      keys.push(...told);
      return told;
    },
    arrived: () => on.arrived(),
    applied: () => on.applied(),
    shelf: () =>
      new Map(
        headOfficeGoods.flatMap((id): [string, number][] => {
          const price = priceOf(id);
          return price === null ? [] : [[id, price]];
        }),
      ),
    priceOf,
    onHand: () =>
      new Map<string, number>(
        [...goods, ...headOfficeGoods.filter((id) => on.items.byId(id) !== null)]
          .map((id) => [id, on.stock.onHand(id)] as const)
          .filter(([, qty]) => qty !== 0),
      ),
    fold: (limit, dies) => orDie(dies, () => void on.stock.fold(limit)),
    isSound: () =>
      on.stock.verify().differing === 0 &&
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
