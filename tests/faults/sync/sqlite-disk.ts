/**
 * A till's disk that is one: real SQLite with the till's own journal, bills, settings and catalogue applier, in memory.
 * Rule kept: the product's code writes and reads here; a crash is the file's image as it was committed, opened anew,
 * and a transaction that dies is thrown out of by the code that runs in it.
 */
import type { PushEntry } from '#contract/sync.ts';
import type { CommittedDocument } from '#core/documents.ts';
import type { Uuid } from '#core/ids.ts';
import { businessDateOf, instant, type FinancialYear } from '#core/time.ts';
import { documentContent } from '#core/document-content.ts';
import { makeBills } from '#db/bills.ts';
import { bytesToUuid } from '#db/uuid-bytes.ts';
import { connect, type Database, type Statement } from '#db/connection.ts';
import { makeItems } from '#db/items.ts';
import { type JournalEntry, makeJournal } from '#db/journal.ts';
import { makeKeptAside } from '#db/kept-aside.ts';
import { makeSentRows } from '#db/sent-rows.ts';
import type { ShopDb } from '#db/open.ts';
import { makePublications } from '#db/publications.ts';
import { makeSettings } from '#db/settings.ts';
import { makeShifts } from '#db/shifts.ts';
import { makeStaff } from '#db/staff.ts';
import { makeStock } from '#db/stock.ts';
import { makeTransactions } from '#db/transactions.ts';
import { makeCatalogueApplier } from '#till/sync/apply-catalogue.ts';
import { makeKeptKey } from '#till/sync/kept-key.ts';
import { makePublicationDesk } from '#till/sync/apply-publications.ts';
import type { Tables } from '#till/tables.ts';
import { firstMoment, makeFolder, mustOpen, sampleDate, sampleItem } from '#tests/fixtures/sample-shop.ts';
import { paise } from '#core/money.ts';
import { type Disk, type Fact, localKind, type Word } from './disk.ts';
import { cashierId, goods, shiftId } from './sim-bill.ts';
import { headOfficeGoods, itemOf, simId } from './sim-goods.ts';
import type { SentDisk } from './sent-rows.ts';
import { sqliteSent } from './sqlite-sent.ts';

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

type Compiled = ReadonlyMap<string, Statement> & Map<string, Statement>;

/**
 * Statements are compiled when first used, once a file: a till here lives for milliseconds. What a program remembers
 * beside its connection is kept by this object: a new one is a program that has just started.
 */
function withLateStatements(sql: Database, compiled: Compiled): Database {
  const prepare = (text: string) => {
    let key = text;
    let made: Statement | null = null;
    const statement = (): Statement => {
      if (made !== null) return made;
      const known = compiled.get(key);
      made = known ?? (key === text ? sql.prepare(text) : sql.prepare(text).pluck());
      if (known === undefined) compiled.set(key, made);
      return made;
    };
    const late = {
      get: (...of: unknown[]) => statement().get(...of),
      all: (...of: unknown[]) => statement().all(...of),
      run: (...of: unknown[]) => statement().run(...of),
      iterate: (...of: unknown[]) => statement().iterate(...of),
      pluck: () => {
        key = `pluck ${text}`;
        return late;
      },
    };
    return late;
  };
  return Object.create(sql, { prepare: { value: prepare } }) as Database;
}

type File = { readonly sql: Database; readonly compiled: Compiled };
function openFile(image: Buffer): File {
  const sql = connect(image);
  sql.pragma('foreign_keys = ON');
  return { sql, compiled: new Map() };
}

function openTablesOn(file: File) {
  const sql = withLateStatements(file.sql, file.compiled);
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
    keptAside: makeKeptAside(shop),
    sentRows: makeSentRows(shop),
  };
  const now = { ms: 0, newId: (): Uuid => simId('0', 0) };
  const desk = makePublicationDesk({ tables, clock: { now: () => instant(now.ms) }, newId: () => now.newId() });
  // The applier asks for no more of the tables than these.
  const applier = makeCatalogueApplier(tables as unknown as Tables, desk.withChanges);
  const shelf = sql.prepare<[], { readonly id: Buffer; readonly selling_price_paise: number }>(
    'SELECT id, selling_price_paise FROM item WHERE is_active = 1 ORDER BY id',
  );
  const having = (when: 'arrived_at_ms' | 'applied_at_ms') => {
    const ids = sql.prepare<[], Buffer>(`SELECT id FROM publication WHERE ${when} IS NOT NULL`).pluck();
    return (): ReadonlySet<string> => new Set(ids.all().map(bytesToUuid));
  };
  // Of these goods each publication says the same fields: all but the last are replaced.
  const several = sql.prepare<[], { readonly item_id: Buffer; readonly n: number }>(
    `SELECT r.item_id, count(*) - 1 AS n FROM publication_row r JOIN publication p ON p.id = r.publication_id
     WHERE p.applied_at_ms IS NOT NULL GROUP BY r.item_id`,
  );
  const replaced = (): number =>
    several.all().reduce((sum, row) => sum + (tables.items.byId(bytesToUuid(row.item_id)) === null ? 0 : row.n), 0);
  return {
    ...tables,
    stock: makeStock(shop),
    sql,
    applier,
    desk,
    now,
    shelf: () => shelf.all(),
    replaced,
    arrived: having('arrived_at_ms'),
    applied: having('applied_at_ms'),
    /** The power goes instead of the next commit but so many. */
    dieAfter: (commits: number): void => void (commitsLeft = commits),
  };
}

const isHeadOffice: ReadonlySet<string> = new Set(headOfficeGoods);
const epochKey = 'simEpoch';

export function sqliteDisk(): Disk {
  fresh ??= freshImage();
  let file = openFile(fresh);
  let on = openTablesOn(file);
  let reopened = 0;
  /** Of what is committed, in order. */
  let keys: string[] = [];

  /** Another file in place of this one. */
  const replace = (image: Buffer): void => {
    file.sql.close();
    file = openFile(image);
    on = openTablesOn(file);
  };
  const orDieLater = async (diesAt: number, work: () => Promise<void>): Promise<void> => {
    on.dieAfter(diesAt);
    try {
      await work();
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
    } finally {
      on.dieAfter(never);
    }
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
  const contentOf = (kind: string, id: Uuid): string => {
    const document = kind === 'bill' ? on.bills.bill(id) : on.bills.creditNote(id);
    return document === null ? '{}' : JSON.stringify(document);
  };

  const entryOf = ({ seq, kind, refId, entryId, atMs, payload }: JournalEntry): PushEntry => ({
    seq,
    kind,
    id: entryId,
    atMs,
    content: payload ?? contentOf(kind, refId),
  });
  const sentOn = (): SentDisk => sqliteSent({ tables: on, orDie, orDieLater });
  /** Of the program that runs: what it has gathered goes with it. */
  let sent = { of: on, disk: sentOn() };
  const sentNow = (): SentDisk => {
    if (sent.of !== on) sent = { of: on, disk: sentOn() };
    return sent.disk;
  };

  return {
    sent: {
      place: (shape) => sentNow().place(shape),
      forgetPlace: (shape) => sentNow().forgetPlace(shape),
      apply: (...of) => sentNow().apply(...of),
      begin: (shape) => sentNow().begin(shape),
      stage: (...of) => sentNow().stage(...of),
      finish: (...of) => sentNow().finish(...of),
      read: (shape) => sentNow().read(shape),
      taken: (shape) => sentNow().taken(shape),
      audit: (shape) => sentNow().audit(shape),
    },
    commit: (fact, dies) => {
      orDie(dies, () =>
        on.transact(() => {
          if (fact.document !== null) write(fact.document);
          if (fact.moves.length > 0) moveGoods(fact);
          if (fact.settles !== null) {
            const { seq, state } = fact.settles;
            on.keptAside.decide(seq, { state, note: null, atMs: instant(fact.atMs), by: 'Sim' });
          }
          const content = fact.document === null ? fact.payload : documentContent(fact.document);
          on.journal.append(fact.kind, fact.refId, instant(fact.atMs), content);
        }),
      );
      if (dies) return '';
      // Documents go under their own id, what stays in the shop goes nowhere.
      const isOwnId = fact.document !== null || fact.kind === localKind;
      const entryId = isOwnId ? fact.id : (on.journal.unsent(1_000_000).at(-1)?.entryId ?? fact.id);
      const key = `${fact.kind} ${entryId}`;
      keys.push(key);
      return key;
    },
    nextSequence: (series, year) => on.bills.nextSequence(series, year as FinancialYear),
    unsent: (limit) => on.journal.unsent(limit).map(entryOf),
    sentThrough: () => on.journal.sentThrough(),
    isAllSent: () => on.journal.unsent(1).length === 0,
    markSent: (seq) => on.transact(() => on.journal.markSent(seq)),
    sendAgainAfter: (seq) => on.transact(() => on.journal.sendAgainAfter(seq)),
    epoch: () => on.settings.get(epochKey),
    keepEpoch: (epoch) => on.settings.set(epochKey, epoch),
    headSeq: () => on.journal.head()?.seq ?? 0,
    everything: () => keys,
    keepAside: (refused) =>
      on.transact(() => {
        for (const { seq, id, reason, detail } of refused) {
          const kind = on.journal.kindOf(seq) ?? '';
          on.keptAside.add({ seq, refId: id as Uuid, kind, reason, detail: String(detail), toldAtMs: firstMoment });
        }
      }),
    refused: () => new Set(on.keptAside.list().map((one) => one.refId)),
    keptOpen: () =>
      on.keptAside
        .list()
        .flatMap((one) => (one.state === 'open' ? [one.seq] : []))
        .toSorted((a, b) => a - b),
    entryAt: (seq) => {
      const entry = on.journal.entryAt(seq);
      return entry === null ? null : entryOf(entry);
    },
    keyRing: () => makeKeptKey(on).get(),
    keepKeyRing: (ring) => makeKeptKey(on).set(ring),
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
      const told = on.journal.unsent(1_000_000).flatMap(({ seq, kind, entryId, payload }): Word[] => {
        if (seq <= before || payload === null) return [];
        const { publicationId } = JSON.parse(payload) as { readonly publicationId: string };
        return [{ key: `${kind} ${entryId}`, publicationId }];
      });
      keys.push(...told.map((word) => word.key));
      return told;
    },
    forgetReplaced: (dies) =>
      orDie(dies, () => {
        for (let at = on.desk.forgetSome(null); at !== null; ) at = on.desk.forgetSome(at);
      }),
    replacedRows: () => on.replaced(),
    arrived: () => on.arrived(),
    applied: () => on.applied(),
    shelf: () =>
      new Map(
        on.shelf().flatMap((row): [string, number][] => {
          const id = bytesToUuid(row.id);
          return isHeadOffice.has(id) ? [[id, row.selling_price_paise]] : [];
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
    // What was not committed is not in the file; now and then the file's bytes are read anew as well.
    reopen: () => {
      reopened += 1;
      if (reopened % 8 === 0) replace(file.sql.serialize());
      else on = openTablesOn(file);
    },
    image: () => ({ image: { bytes: file.sql.serialize(), keys: [...keys] } }),
    load: ({ image }) => {
      const { bytes, keys: then } = image as { readonly bytes: Buffer; readonly keys: readonly string[] };
      replace(bytes);
      keys = [...then];
    },
    close: () => file.sql.close(),
  };
}
