/**
 * Time: UTC milliseconds when something happened, and the shop's business date. Rule kept: no clock in
 * here; whoever needs "now" is handed a Clock. A business date is computed once, when the fact is made,
 * from the store's fixed offset (India has no DST) and its day cut-over, and stored beside the instant.
 */
/** UTC milliseconds since 1970. */
export type Instant = number & { readonly __unit: 'ms' };
/** "2026-11-20": a day of the shop's books. */
export type BusinessDate = string & { readonly __kind: 'businessDate' };
/** "2026-27" */
export type FinancialYear = string & { readonly __kind: 'financialYear' };

export type Clock = { readonly now: () => Instant };

export const instant = (ms: number): Instant => ms as Instant;
const dayMs = 86_400_000;
/** India Standard Time, +05:30. */
export const istOffsetMinutes = 330;

export type DayRule = {
  readonly offsetMinutes: number /** Minutes after midnight when the books change day. */;
  readonly cutoverMinutes: number;
};
export const indianDay: DayRule = { offsetMinutes: istOffsetMinutes, cutoverMinutes: 0 };

/** The day of the books in which `at` falls. Range: 1900–2199 (the sale path refuses what is out of its own bounds). */
export function businessDateOf(at: Instant, rule: DayRule = indianDay): BusinessDate {
  const local = at + (rule.offsetMinutes - rule.cutoverMinutes) * 60_000;
  return new Date(Math.floor(local / dayMs) * dayMs).toISOString().slice(0, 10) as BusinessDate;
}

export function parseBusinessDate(text: string): BusinessDate | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== text ? null : (text as BusinessDate);
}

export function addDays(date: BusinessDate, days: number): BusinessDate {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10) as BusinessDate;
}

/** Whole days from a to b (negative when b is earlier). */
export const daysBetween = (a: BusinessDate, b: BusinessDate): number =>
  Math.round((Date.parse(`${b}T00:00:00Z`) - Date.parse(`${a}T00:00:00Z`)) / dayMs);

/** 1 April to 31 March (CGST Act s. 2(113) by way of Income-tax Act): 2026-03-31 → "2025-26". */
export function financialYearOf(date: BusinessDate): FinancialYear {
  const year = Number(date.slice(0, 4));
  const start = Number(date.slice(5, 7)) >= 4 ? year : year - 1;
  return `${start}-${String((start + 1) % 100).padStart(2, '0')}` as FinancialYear;
}

/** "2026-27" → "2627", the part that goes into a bill number. */
export const financialYearCode = (fy: FinancialYear): string => `${fy.slice(2, 4)}${fy.slice(5, 7)}`;

/** Wall-clock parts at the store, for printing. */
export function localParts(at: Instant, rule: DayRule = indianDay): { date: string; hour: number; minute: number } {
  const local = new Date(at + rule.offsetMinutes * 60_000);
  return { date: local.toISOString().slice(0, 10), hour: local.getUTCHours(), minute: local.getUTCMinutes() };
}

/** "20-11-2026 18:41", as Indian bills print it. */
export function formatDateTime(at: Instant, rule: DayRule = indianDay): string {
  const { date, hour, minute } = localParts(at, rule);
  return `${date.slice(8, 10)}-${date.slice(5, 7)}-${date.slice(0, 4)} ${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}
