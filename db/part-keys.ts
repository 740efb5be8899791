/**
 * Lines and tenders of a document share one integer key with it: document number × 100,000 + their own number.
 * Rule kept: both ways are here alone; a document with more parts than fit is refused, never wrapped around.
 */
export const partsPerDocument = 100_000;

/** Throws when the part's number does not fit: 1 … 99,999. */
export function partKey(documentNo: number, partNo: number): number {
  if (!Number.isInteger(partNo) || partNo < 1 || partNo >= partsPerDocument) throw new RangeError(`part ${partNo}`);
  return documentNo * partsPerDocument + partNo;
}

/** For SQL: the key lies within a document, its document, its own number. */
export const isPartOf = (key: string, documentNo: string): string =>
  `${key} BETWEEN ${documentNo} * ${partsPerDocument} AND ${documentNo} * ${partsPerDocument} + ${partsPerDocument - 1}`;
export const documentOfPart = (key: string): string => `(${key} / ${partsPerDocument})`;
export const partOf = (key: string): string => `(${key} % ${partsPerDocument})`;
