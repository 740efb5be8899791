/**
 * The bills that head office has and the backup had not become bills of this till's books, so that a return against them
 * works and the stock is right. Rule kept: each is taken once, as it was committed, and stands in the journal; one that
 * can't be taken is counted and told, it stays at head office.
 */
import { documentContent } from '#core/document-content.ts';
import type { CommittedDocument, CreditNoteLine } from '#core/documents.ts';
import type { NewId } from '#core/ids.ts';
import { milli, multiplyQty } from '#core/quantity.ts';
import { readDocument } from '#core/sync/read-document.ts';
import { makeAddMissing } from '#db/missing-references.ts';
import { logEvent } from '../log.ts';
import type { LostEntries } from '../sync/lost-http.ts';
import type { Tables } from '../tables.ts';

export type Taken = { readonly taken: number; readonly left: number };

export function takeLost(tables: Tables, newId: NewId, { entries }: LostEntries): Taken {
  const addMissing = makeAddMissing(tables.shop);
  let [taken, left] = [0, 0];
  for (const entry of entries) {
    const read = readDocument(entry.content);
    if (!read.ok || read.value.id !== entry.id) {
      left += 1;
      continue;
    }
    const document = read.value;
    if (tables.bills.exists(document.id)) continue;
    try {
      tables.transact(() => {
        addMissing(document);
        if (document.type === 'bill') tables.bills.insertBill(document);
        else tables.bills.insertCreditNote(document);
        tables.stock.append(movementsOf(document, newId));
        tables.journal.append(document.type, document.id, document.occurredAtMs, documentContent(document));
      });
      taken += 1;
    } catch (error) {
      logEvent('warn', 'lostBillNotTaken', { number: document.number, message: String(error) });
      left += 1;
    }
  }
  return { taken, left };
}

const movementsOf = (document: CommittedDocument, newId: NewId): Parameters<Tables['stock']['append']>[0] =>
  document.lines.flatMap((line) => {
    const isSale = document.type === 'bill';
    if (line.itemId === null || (!isSale && !(line as CreditNoteLine).isRestocked)) return [];
    const qtyMilli = multiplyQty(line.qtyMilli, line.packQtyMilli);
    return [
      {
        id: newId(),
        itemId: line.itemId,
        batchId: line.batchId,
        qtyMilli: milli(isSale ? -qtyMilli : qtyMilli),
        kind: isSale ? ('sale' as const) : ('return' as const),
        refId: document.id,
        refLineNo: line.lineNo,
        businessDate: document.businessDate,
        occurredAtMs: document.occurredAtMs,
        costPricePaise: null,
        note: null,
      },
    ];
  });
