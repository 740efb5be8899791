/**
 * Import of items, from a file to the shop: read, check, mend, accept. Rule kept: nothing is written before a
 * person accepts; then every good row is written in one transaction or none is, and the refused ones can be
 * had as a file. Drafts live in memory only: a till that stops has imported nothing. Long loops breathe, so
 * that the counter sells on. Never decides what a cell means: core/catalogue does.
 */
import { guessMapping, missingFields } from '#core/catalogue/import-columns.ts';
import { findDuplicate, readImportRow, type RowFacts, type SeenCodes } from '#core/catalogue/import-row.ts';
import {
  type DraftItem,
  type ImportDefaults,
  type ImportField,
  type ImportMapping,
  isImportField,
  type RowRefusal,
} from '#core/catalogue/import-types.ts';
import { cleanCell } from '#core/catalogue/import-values.ts';
import type { Item } from '#core/catalogue/item.ts';
import { groupByClass, plainRateRows, type RateRow } from '#core/gst/rates.ts';
import type { NewId, Uuid } from '#core/ids.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { BusinessDate, Clock } from '#core/time.ts';
import type { ImportDone, ImportDraft, ImportProgress, ImportReport } from '#contract/import-views.ts';
import { makeBreather } from './breathe.ts';
import { type Feed, makeFeed } from './feed.ts';
import { type ImportTable, readImportFile } from './import-file.ts';
import { type CodeSource, type GoodRow, makeItems, type OpeningStock, openingStockOf } from './import-items.ts';
import { type CheckedRow, countRefused, makeReport, writeRefused } from './import-report.ts';
import { found, need, refuse } from './refusal.ts';

export type ImportDeps = {
  readonly items: CodeSource & { readonly insertMany: (items: readonly Item[]) => void };
  readonly stock: { readonly append: (movements: readonly OpeningStock[]) => void };
  readonly taxRates: { readonly all: () => readonly RateRow[] };
  /** Runs its work in one transaction, or not at all. */
  readonly transact: <T>(work: () => T) => T;
  readonly newId: NewId;
  readonly clock: Clock;
  readonly businessDate: () => BusinessDate;
  /** Called inside the transaction, for the journal and for whoever must know of new items. */
  readonly onAdded?: ((importId: Uuid, added: number) => void) | undefined;
};

export type Imports = {
  /** Throws FileUnreadable as a Refusal, as every method here throws its refusals. */
  readonly read: (fileName: string, base64: string) => Promise<ImportDraft>;
  readonly check: (
    importId: Uuid,
    mapping: Readonly<Record<string, string>>,
    defaults: ImportDefaults,
  ) => Promise<ImportReport>;
  readonly mend: (importId: Uuid, rowNo: number, field: string, value: string) => Promise<ImportReport>;
  readonly accept: (importId: Uuid) => Promise<ImportDone>;
  readonly cancel: (importId: Uuid) => void;
  readonly refusedFile: (importId: Uuid) => Promise<{ readonly fileName: string; readonly base64: string }>;
  readonly feed: (importId: Uuid, signal?: AbortSignal) => AsyncGenerator<ImportProgress, void, void>;
};
type Draft = {
  readonly importId: Uuid;
  readonly fileName: string;
  readonly table: ImportTable;
  readonly feed: Feed<ImportProgress>;
  /** What a person typed over cells, by row number. */
  readonly mended: Map<number, Map<ImportField, string>>;
  checked: { readonly mapping: ImportMapping; readonly defaults: ImportDefaults; rows: CheckedRow[] } | null;
  last: ImportProgress;
  spentMs: number;
  isCancelled: boolean;
  done: ImportDone | null;
  /** Works on a draft go one after the other. */
  tail: Promise<unknown>;
};

/** Drafts kept at once: a screen left open, a script, and room. */
const maxDrafts = 4;

export function makeImports(deps: ImportDeps): Imports {
  const drafts = new Map<Uuid, Draft>();
  const draftOf = (importId: Uuid): Draft => found(drafts.get(importId), 'import');

  const tell = (draft: Draft, doing: ImportProgress['doing'], done: number, total: number): void => {
    draft.last = { importId: draft.importId, doing, done, total };
    draft.feed.publish(draft.last);
  };
  const stopIfCancelled = (draft: Draft): void => {
    if (draft.isCancelled) refuse({ type: 'NotFound', what: 'import' });
  };
  /** Runs work on a draft after what is under way there, and counts its time. */
  const inTurn = <T>(draft: Draft, work: () => Promise<T>): Promise<T> => {
    const run = draft.tail.then(async () => {
      stopIfCancelled(draft);
      const from = deps.clock.now();
      try {
        return await work();
      } finally {
        draft.spentMs += deps.clock.now() - from;
      }
    });
    draft.tail = run.then(
      () => undefined,
      () => undefined,
    );
    return run;
  };

  const factsNow = (): RowFacts => makeFacts(deps.taxRates.all(), deps.businessDate());

  const readOne = (
    draft: Draft,
    index: number,
    checked: NonNullable<Draft['checked']>,
    facts: RowFacts,
  ): CheckedRow => {
    const row = draft.table.rows[index];
    if (row === undefined) throw new RangeError(`no row ${index}`);
    const typed = draft.mended.get(row.rowNo);
    const cell = (field: ImportField): string =>
      typed?.get(field) ?? cellOf(draft.table, row.cells, checked.mapping[field]);
    const name = cleanCell(cell('name')).slice(0, 120);
    const read: Result<DraftItem, RowRefusal> =
      row.broken === null
        ? readImportRow(cell, checked.defaults, facts)
        : err({ reason: 'ROW_BROKEN', field: null, value: row.broken });
    return { rowNo: row.rowNo, name, read, refusal: read.ok ? null : read.error };
  };

  /** Codes that stand twice in the file or already in the shop, over all rows that are good by themselves. */
  const markDuplicates = async (draft: Draft, rows: CheckedRow[]): Promise<void> => {
    const breathe = makeBreather();
    const shop = { barcodes: new Set<string>(), codes: new Set<string>() };
    for (let from = 0; from < rows.length; from += 500) {
      const good = rows.slice(from, from + 500).flatMap((row) => (row.read.ok ? [row.read.value] : []));
      for (const code of deps.items.existingBarcodes(good.flatMap((item) => item.barcodes))) shop.barcodes.add(code);
      const codes = good.flatMap((item) => (item.code === null ? [] : [item.code]));
      for (const code of deps.items.existingCodes(codes)) shop.codes.add(code);
      await breathe();
      stopIfCancelled(draft);
    }
    const seen: SeenCodes = { barcodes: new Set(), codes: new Set() };
    for (const [i, row] of rows.entries()) {
      rows[i] = { ...row, refusal: row.read.ok ? findDuplicate(row.read.value, seen, shop) : row.read.error };
      await breathe();
    }
  };

  const checkAll = async (draft: Draft, mapping: ImportMapping, defaults: ImportDefaults): Promise<ImportReport> => {
    const checked: NonNullable<Draft['checked']> = { mapping, defaults, rows: [] };
    const facts = factsNow();
    const breathe = makeBreather();
    const total = draft.table.rows.length;
    for (let i = 0; i < total; i += 1) {
      checked.rows.push(readOne(draft, i, checked, facts));
      const pause = breathe();
      if (pause !== undefined) {
        tell(draft, 'checking', i, total);
        await pause;
        stopIfCancelled(draft);
      }
    }
    await markDuplicates(draft, checked.rows);
    draft.checked = checked;
    tell(draft, 'checking', total, total);
    return makeReport(draft.importId, checked.rows);
  };

  const write = async (draft: Draft, checked: NonNullable<Draft['checked']>): Promise<number> => {
    // The shop may have changed since the check, and again while the items are made: then once more.
    for (;;) {
      await markDuplicates(draft, checked.rows);
      const good = checked.rows.flatMap((row): GoodRow[] =>
        row.read.ok && row.refusal === null ? [{ rowNo: row.rowNo, item: row.read.value }] : [],
      );
      tell(draft, 'writing', 0, good.length);
      const breathe = makeBreather();
      const ids: Uuid[] = [];
      for (const _ of good) {
        ids.push(deps.newId());
        await breathe();
      }
      stopIfCancelled(draft);
      const movements = openingStockOf(good, ids, draft.importId, deps);
      const isWritten = deps.transact(() => {
        const items = makeItems(good, ids, deps.items);
        if (items === null) return false;
        deps.items.insertMany(items);
        if (movements.length > 0) deps.stock.append(movements);
        deps.onAdded?.(draft.importId, items.length);
        return true;
      });
      if (isWritten) return good.length;
    }
  };

  return {
    read: async (fileName, base64) => {
      const from = deps.clock.now();
      const importId = deps.newId();
      const table = need(await readImportFile(Buffer.from(base64, 'base64')));
      const draft: Draft = {
        importId,
        fileName,
        table,
        feed: makeFeed<ImportProgress>(),
        mended: new Map(),
        checked: null,
        last: { importId, doing: 'reading', done: table.rows.length, total: table.rows.length },
        spentMs: deps.clock.now() - from,
        isCancelled: false,
        done: null,
        tail: Promise.resolve(),
      };
      drafts.set(importId, draft);
      for (const old of [...drafts.values()].slice(0, -maxDrafts)) {
        if (old.last.doing !== 'writing') drafts.delete(old.importId);
      }
      const sample = table.rows.filter((row) => row.broken === null).slice(0, 50);
      return {
        importId,
        fileName,
        columns: table.columns,
        guess: guessMapping(
          table.columns,
          sample.map((row) => row.cells),
        ),
        sample: sample.slice(0, 5).map((row) => row.cells),
        rows: table.rows.length,
      };
    },

    check: async (importId, mapping, defaults) => {
      const draft = draftOf(importId);
      const read = need(readMapping(mapping, draft.table.columns));
      const missing = missingFields(read);
      if (missing.length > 0) refuse({ type: 'MappingIncomplete', missing });
      const { ratesOfClass } = factsNow();
      for (const key of [defaults.taxClassKey, ...Object.values(defaults.taxClassByCategory)]) {
        if (key !== null && ratesOfClass(key).length === 0) {
          refuse({ type: 'InputInvalid', field: 'defaults.taxClassKey', reason: 'unknown' });
        }
      }
      if (draft.done !== null) refuse({ type: 'NotFound', what: 'import' });
      return inTurn(draft, () => checkAll(draft, read, defaults));
    },

    mend: async (importId, rowNo, field, value) => {
      const draft = draftOf(importId);
      return inTurn(draft, async () => {
        const checked = draft.checked ?? refuse({ type: 'MappingIncomplete', missing: ['name'] });
        if (draft.done !== null) refuse({ type: 'NotFound', what: 'import' });
        if (!isImportField(field)) return refuse({ type: 'InputInvalid', field: 'field', reason: 'unknown' });
        const index = draft.table.rows.findIndex((row) => row.rowNo === rowNo);
        const row = draft.table.rows[index];
        if (row === undefined) return refuse({ type: 'InputInvalid', field: 'rowNo', reason: 'unknown' });
        if (row.broken !== null) refuse({ type: 'InputInvalid', field: 'rowNo', reason: 'broken' });
        const typed = draft.mended.get(rowNo) ?? new Map<ImportField, string>();
        typed.set(field, value);
        draft.mended.set(rowNo, typed);
        checked.rows[index] = readOne(draft, index, checked, factsNow());
        await markDuplicates(draft, checked.rows);
        return makeReport(importId, checked.rows);
      });
    },

    accept: async (importId) => {
      const draft = draftOf(importId);
      return inTurn(draft, async () => {
        if (draft.done !== null) return draft.done;
        const checked = draft.checked ?? refuse({ type: 'MappingIncomplete', missing: ['name'] });
        const from = deps.clock.now();
        const added = await write(draft, checked);
        const seconds = Math.round(draft.spentMs + deps.clock.now() - from) / 1000;
        draft.done = { rows: draft.table.rows.length, added, refused: countRefused(checked.rows), seconds };
        tell(draft, 'done', added, added);
        return draft.done;
      });
    },

    cancel: (importId) => {
      const draft = draftOf(importId);
      if (draft.done !== null) return;
      draft.isCancelled = true;
      drafts.delete(importId);
      tell(draft, 'cancelled', 0, draft.last.total);
    },

    refusedFile: async (importId) => {
      const draft = draftOf(importId);
      return inTurn(draft, async () => {
        const checked = draft.checked ?? refuse({ type: 'MappingIncomplete', missing: ['name'] });
        const text = await writeRefused(draft.table, checked.mapping, draft.mended, checked.rows);
        const stem =
          draft.fileName
            .replace(/^.*[\\/]/, '')
            .replace(/\.gz$/i, '')
            .replace(/\.[^.]{1,5}$/, '') || 'items';
        return { fileName: `${stem}-refused.csv`, base64: Buffer.from(text, 'utf8').toString('base64') };
      });
    },

    feed: (importId, signal) => {
      const draft = draftOf(importId);
      return draft.feed.subscribe(() => draft.last, signal);
    },
  };
}

function cellOf(table: ImportTable, cells: readonly string[], column: string | undefined): string {
  if (column === undefined) return '';
  return cells[table.columns.indexOf(column)] ?? '';
}

/** The mapping a person chose: known fields, columns of this file; blank = not mapped. */
function readMapping(
  mapping: Readonly<Record<string, string>>,
  columns: readonly string[],
): Result<ImportMapping, { type: 'InputInvalid'; field: string; reason: string }> {
  const read: Partial<Record<ImportField, string>> = {};
  for (const [field, column] of Object.entries(mapping)) {
    if (!isImportField(field)) return err({ type: 'InputInvalid', field: 'mapping', reason: 'unknownField' });
    if (column === '') continue;
    if (!columns.includes(column)) return err({ type: 'InputInvalid', field: 'mapping', reason: 'unknownColumn' });
    read[field] = column;
  }
  return ok(read);
}

/** What a row may ask of the rate table, each code and class looked up once. */
function makeFacts(table: readonly RateRow[], date: BusinessDate): RowFacts {
  const classes = groupByClass([...table, ...plainRateRows()]);
  const byHsn = new Map<string, readonly RateRow[]>();
  return {
    date,
    ratesOfClass: (classKey) => classes.get(classKey) ?? [],
    ratesByHsn: (hsn) => {
      const known = byHsn.get(hsn);
      if (known !== undefined) return known;
      const rows = table.filter((row) => row.hsn !== '' && (hsn.startsWith(row.hsn) || row.hsn.startsWith(hsn)));
      byHsn.set(hsn, rows);
      return rows;
    },
  };
}
