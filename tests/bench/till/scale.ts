/**
 * How large a run is. Rule kept: the full scale is the one whose numbers are judged (a p99 has 10,000 samples,
 * 1,000 through the real screen); the quick one only shows that every figure can still be taken.
 */
export type Scale = {
  readonly isQuick: boolean;
  readonly items: number;
  readonly bills: number;
  readonly commits: number;
  readonly scans: number;
  readonly searchesPerLength: number;
  readonly opens: number;
  readonly screenBills: number;
  readonly billsBeforeMemory: number;
};

export const linesPerBill = 12;

export const fullScale: Scale = {
  isQuick: false,
  items: 100_000,
  bills: Math.ceil(1_000_000 / linesPerBill),
  commits: 10_000,
  scans: 10_200,
  searchesPerLength: 10_000,
  opens: 20,
  screenBills: 90,
  billsBeforeMemory: 10_000,
};

export const quickScale: Scale = {
  isQuick: true,
  items: 1_500,
  bills: 600,
  commits: 60,
  scans: 60,
  searchesPerLength: 20,
  opens: 2,
  screenBills: 2,
  billsBeforeMemory: 20,
};
