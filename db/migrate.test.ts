import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getTableColumns, getTableName } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolder, mustOpen, sampleIds, setUpDesk, sampleBill } from '#tests/fixtures/sample-shop.ts';
import { makeBills } from './bills.ts';
import { connect, type Database, makeDurable } from './connection.ts';
import { makeEnquiries } from './enquiries.ts';
import { makeHeadOfficeItems } from './head-office-items.ts';
import { makeJournal } from './journal.ts';
import { makeKeptAside } from './kept-aside.ts';
import { makePublications } from './publications.ts';
import { instant } from '#core/time.ts';
import { applicationId, backupPath, checkSchema, migrate } from './migrate.ts';
import { migrations, schemaVersion } from './migrations.ts';
import * as catalogue from './schema-catalogue.ts';
import * as documents from './schema-documents.ts';
import * as forecasts from './schema-forecasts.ts';
import * as models from './schema-models.ts';
import * as running from './schema-shop.ts';
import * as sync from './schema-sync.ts';
import { moduleTextOf, sqlFiles, tsNameOf } from './write-migrations.ts';

let folder: ReturnType<typeof makeFolder>;
beforeEach(() => {
  folder = makeFolder();
});
afterEach(() => folder.remove());

const fresh = (version: number): Database => {
  const db = connect(join(folder.dir, 'shop.db'));
  makeDurable(db);
  migrate(db, folder.dir, 0, undefined, version);
  return db;
};
const id = (n: number): string => `x'${n.toString(16).padStart(32, '0')}'`;

/** Rows as version 1 wrote them, by hand: the program of today can't make them. */
const rowsOfVersion1 = `
  INSERT INTO staff (id, name, role, language, pin_hash, pin_salt, is_active)
    VALUES (${id(1)}, 'Meena', 'cashier', 'hi', 'h', 's', 1);
  INSERT INTO shift (id, cashier_no, cashier_name, opened_at_ms, business_date, float_paise, first_document_no)
    VALUES (${id(2)}, 1, 'Meena', 1, '2026-11-20', 50000, 1);
  INSERT INTO item (id, code, name, unit, is_inclusive, selling_price_paise, is_active, search_rank)
    VALUES (${id(3)}, 'C1', 'Atta', 'pc', 1, 9000, 1, 1);
  INSERT INTO seller (content) VALUES ('["${'0'.repeat(8)}-0000-0000-0000-000000000009","x","Shop","","27",null,0]');
  INSERT INTO document (id, kind, schema_version, series, financial_year, sequence, number, business_date,
      occurred_at_ms, seller_no, shift_no, cashier_no, cashier_name, title, has_customer, place_of_supply, supply,
      line_count, items_paise, discount_paise, taxable_value_paise, cgst_paise, sgst_paise, utgst_paise, igst_paise,
      cess_paise, round_off_paise, payable_paise, change_paise)
    VALUES (${id(4)}, 1, 1, 'K3T1', '2026-27', 1, 'K3T1/2627/00001', '2026-11-20', 5, 1, 1, 1, 'Meena', 'taxInvoice', 0,
      '27', 'intraState', 1, 9000, 0, 9000, 0, 0, 0, 0, 0, 0, 9000, 0);
  INSERT INTO document_line (line_key, item_no, name, unit, qty_milli, pack_qty_milli, selling_price_paise,
      is_inclusive, gross_paise, line_discount_paise, bill_discount_paise, net_paise, rate_bp, treatment, valuation,
      taxable_value_paise, cgst_paise, sgst_paise, utgst_paise, igst_paise, cess_paise, total_paise)
    VALUES (100001, 1, 'Atta', 'pc', 1000, 1000, 9000, 1, 9000, 0, 0, 9000, 0, 2, 1, 9000, 0, 0, 0, 0, 0, 9000);
  INSERT INTO document_tender (tender_key, kind, amount_paise, received_paise, status, reference)
    VALUES (100001, 'upi', 9000, 9000, 'waiting', 'tr1');`;

describe('migrations', () => {
  it('stand in the bundle as they stand in the .sql files', () => {
    expect(sqlFiles().length).toBe(schemaVersion);
    for (const [i, name] of sqlFiles().entries()) {
      const text = readFileSync(join(import.meta.dirname, 'migrations', tsNameOf(name)), 'utf8');
      expect(text).toBe(moduleTextOf(name));
      expect(migrations[i]?.trim()).toBe(readFileSync(join(import.meta.dirname, 'migrations', name), 'utf8').trim());
    }
  });

  it('1 → 2 keeps the rows of a shop that sold, and brings settlements and enquiries', () => {
    const old = fresh(1);
    old.exec(rowsOfVersion1);
    expect(checkSchema(old)).toEqual({ ok: true, value: { fileVersion: 1 } });
    old.close();
    const shop = mustOpen(folder.dir);
    const bill = makeBills(shop).last();
    expect(bill).toMatchObject({ number: 'K3T1/2627/00001', payablePaise: 9000, cashierName: 'Meena' });
    expect(bill?.lines).toHaveLength(1);
    if (bill === null) throw new Error('gone');
    expect(makeBills(shop).waitingUpi(null)).toHaveLength(1);
    makeBills(shop).settleTender(bill.id, 1, 'received', bill.occurredAtMs, bill.cashierId);
    expect(makeBills(shop).waitingUpi(null)).toHaveLength(0);
    const enquiry = {
      id: sampleIds()(),
      text: 'चीनी',
      itemId: bill.lines[0]?.itemId ?? null,
      staffId: bill.cashierId,
      atMs: bill.occurredAtMs,
      businessDate: bill.businessDate,
    };
    makeEnquiries(shop).add(enquiry);
    expect(makeEnquiries(shop).recent(5)).toEqual([enquiry]);
    shop.close();
  });

  it('of version 2 keep the bills and what was sent, and bring what was kept aside and publications', () => {
    const old = fresh(2);
    old.exec(rowsOfVersion1);
    old.exec('UPDATE journal_sent SET through_seq = 7, push_count = 5');
    expect(() => old.prepare('SELECT * FROM kept_aside')).toThrow(/no such table/);
    old.close();
    const shop = mustOpen(folder.dir);
    expect(makeBills(shop).last()?.number).toBe('K3T1/2627/00001');
    expect(makeJournal(shop).sentThrough()).toBe(7);
    const kept = {
      seq: 3,
      refId: sampleIds()(),
      kind: 'bill',
      reason: 'doesNotAddUp',
      detail: 'x',
      toldAtMs: instant(5),
    };
    makeKeptAside(shop).add(kept);
    expect(makeKeptAside(shop).list()).toMatchObject([{ ...kept, state: 'open', note: null }]);
    expect(makePublications(shop).notApplied()).toEqual([]);
    shop.close();
  });

  it("2 → 3 takes head office's items out of the settings, without trust in what they were", () => {
    const old = fresh(2);
    old.exec(rowsOfVersion1);
    const [a, b] = [sampleIds()(), '01935000-0000-7000-8000-0000000000ab'];
    old.prepare("INSERT INTO setting (key, value) VALUES ('shape.catalogue.items', ?)").run(JSON.stringify([a, b]));
    old.close();
    const shop = mustOpen(folder.dir);
    const items = makeHeadOfficeItems(shop);
    expect(items.gone().toSorted()).toEqual([a, b].toSorted());
    expect(items.audit().count).toBe(2);
    expect(shop.sql.prepare("SELECT count(*) FROM setting WHERE key LIKE 'shape.%'").pluck().get()).toBe(0);
    shop.close();
  });

  it('copy the file before they touch it, once, and the copy is the file of before', () => {
    const old = fresh(1);
    old.exec(rowsOfVersion1);
    old.close();
    mustOpen(folder.dir).close();
    const copy = connect(backupPath(folder.dir, 2), { readonly: true });
    expect(copy.pragma('user_version', { simple: true })).toBe(1);
    expect(copy.pragma('application_id', { simple: true })).toBe(applicationId);
    expect(copy.prepare('SELECT number FROM document').pluck().get()).toBe('K3T1/2627/00001');
    copy.close();
    expect(existsSync(backupPath(folder.dir, 1))).toBe(false);
  });

  it('that fail leave the file at its version, and run again', () => {
    const db = fresh(1);
    db.exec(rowsOfVersion1);
    // In the way of the second step.
    db.exec('CREATE TABLE enquiry (x)');
    expect(() => migrate(db, folder.dir, 1)).toThrow(/already exists/);
    expect(db.pragma('user_version', { simple: true })).toBe(1);
    expect(db.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'tender_settlement'").pluck().get()).toBe(0);
    db.exec('DROP TABLE enquiry');
    // A copy that was cut off by a crash does not count.
    writeFileSync(`${backupPath(folder.dir, 2)}.part`, 'half');
    migrate(db, folder.dir, 1);
    expect(db.pragma('user_version', { simple: true })).toBe(schemaVersion);
    db.close();
  });

  it('make the tables that the schema describes, column by column', () => {
    const shop = mustOpen(folder.dir);
    const tables = Object.values({ ...catalogue, ...running, ...documents, ...sync, ...forecasts, ...models });
    expect(tables.length).toBeGreaterThan(20);
    for (const table of tables) {
      const described = Object.values(getTableColumns(table))
        .map((c) => `${c.name} ${c.getSQLType().toUpperCase()} ${c.notNull || c.primary}`)
        .sort();
      const rows = shop.sql.pragma(`table_info(${getTableName(table)})`) as {
        name: string;
        type: string;
        notnull: number;
        pk: number;
      }[];
      const made = rows.map((row) => `${row.name} ${row.type.toUpperCase()} ${row.notnull === 1 || row.pk > 0}`).sort();
      expect(made, getTableName(table)).toEqual(described);
    }
    shop.close();
  });

  it('make the same schema whether a file is new or came the whole way', () => {
    const stepwise = fresh(1);
    migrate(stepwise, folder.dir, 1);
    const schema = (db: Database): unknown =>
      db.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY name').all();
    const other = makeFolder();
    const direct = mustOpen(other.dir);
    expect(schema(stepwise)).toEqual(schema(direct.sql));
    const newId = sampleIds();
    const { desk, items } = setUpDesk(direct, newId, 2);
    makeBills(direct).insertBill(sampleBill(newId, desk, items, 1));
    expect(direct.sql.pragma('foreign_key_check')).toEqual([]);
    direct.close();
    stepwise.close();
    other.remove();
  });
});
