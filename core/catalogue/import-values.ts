/**
 * Reads single cells of a stranger's file: money, quantities, rates, units, codes, yes and no, as people and
 * other programs write them. Rule kept: what could mean two amounts is refused, never guessed ("45,50").
 * Knows no row and no shop.
 */
import { isHsnShape } from '../gst/hsn.ts';
import { plainRateRows } from '../gst/rates.ts';
import type { Paise } from '../money.ts';
import { parsePaise } from '../money.ts';
import type { Milli, Unit } from '../quantity.ts';
import { isUnit, maxQty, milli } from '../quantity.ts';
import { readScan } from './scan-code.ts';

/** One line of plain text: control characters and runs of spaces become one space. ZWJ stays: Hindi needs it. */
export const cleanCell = (text: string): string =>
  text
    .normalize('NFC')
    .replaceAll(/[\p{Cc}\u2028\u2029\ufeff\u00a0\s]+/gu, ' ')
    .trim();

/** What files write for "nothing": a dash, N/A, NULL, Excel's #N/A. */
export const isBlank = (text: string): boolean => /^(?:[-–—.]*|n\.?\/?a\.?|null|none|#n\/a|#ref!|#value!)$/i.test(text);

/** Indic digits as 0–9, full-width as half. Each Indic block has its zero at …6 of a row of sixteen. */
const plainDigits = (text: string): string =>
  text.normalize('NFKC').replaceAll(/\p{Nd}/gu, (digit) => {
    const point = digit.codePointAt(0) ?? 0;
    return point >= 0x900 && point < 0xd80 ? String((point & 0xf) - 6) : digit;
  });

/** The largest price that an item may have: ₹10 crore, as everywhere in the till. */
const maxPricePaise = 10_000_000_000;

/**
 * "45", "Rs. 45/-", "₹1,234.50", "45 INR", "12.345678" (rounded half up), "१२.५०". Null where it is no amount
 * or may be two: "45,50" (a comma for the point?), "1.234,50", "10-12". Negative amounts come back negative.
 */
export function readAmount(text: string): Paise | null {
  const bare = plainDigits(text)
    .trim()
    .replace(/^(?:₹|rs\.?|inr|रु\.?|रू\.?|रुपये)\s*/i, '')
    .replace(/\s*(?:\/\s*-|\/-|=00|₹|rs\.?|inr|रु\.?|रू\.?|रुपये|only)$/i, '')
    .replaceAll(' ', '');
  if (/\..*,/.test(bare)) return null;
  // A lone group that is not of three digits could be decimals written with a comma.
  if (!bare.includes('.') && /,/.test(bare) && !/,\d{3}$/.test(bare)) return null;
  // Beside a point a comma can only group, wherever a file puts it: "1,50.00".
  const wide = exactInteger(bare) ?? (bare.includes('.') ? bare.replaceAll(',', '') : bare);
  const amount = parsePaise(wide, { excess: 'round' });
  return amount === null || Math.abs(amount) > maxPricePaise ? null : amount;
}

/** "8.901719100017E+12" → "8901719100017" when every digit is there; null otherwise ("8.9E+12" has lost its own). */
function exactInteger(text: string): string | null {
  const match = /^(\d)(?:[.](\d+))?e\+?(\d{1,2})$/i.exec(text);
  if (!match) return null;
  const decimals = match[2] ?? '';
  return decimals.length === Number(match[3]) ? (match[1] ?? '') + decimals : null;
}

/** "75.500", "480 PCS", "12.0000", "5/PCS" → milli-units; null where it is no quantity, below 0 or past the till's bound. */
export function readStock(text: string): Milli | null {
  const bare = plainDigits(text).replaceAll(',', '').trim();
  const match = /^(\d{1,9})?(?:\.(\d*))?\s*(?:[/ ]\s*)?(?:[a-z.]+)?$/i.exec(bare);
  if (!match || ((match[1] ?? '') === '' && (match[2] ?? '') === '')) return null;
  const decimals = match[2] ?? '';
  if (/[1-9]/.test(decimals.slice(3))) return null;
  const value = Number(match[1] ?? '0') * 1000 + Number(decimals.slice(0, 3).padEnd(3, '0'));
  return value > maxQty ? null : milli(value);
}

const plainClasses: ReadonlyMap<number, string> = new Map(
  plainRateRows()
    .filter((row) => row.rate.treatment === 'taxable' || row.rate.treatment === 'nilRated')
    .map((row) => [row.rate.rateBp, row.classKey]),
);

/**
 * The plain class of a rate as files write it: "5%", "5", "GST@18%", "IGST 18.00", "CGST 9 + SGST 9", "9+9",
 * "Exempt", "Nil rated", "Non-GST", and Excel's bare "0.05" (0.05 % is no rate of the law, 5 % is). Null for a
 * percentage that is no rate of GST, or for anything with cess: that needs a class of the table.
 */
export function readRateClass(text: string): string | null {
  const bare = plainDigits(text).toLowerCase().replaceAll(/\s+/g, ' ').trim();
  if (/^(?:gst[ @:-]*)?(?:nil|nil rated|nil-rated|zero|zero rated|शून्य)$/.test(bare)) return 'plain-0';
  if (/^(?:gst[ @:-]*)?(?:exempt|exempted|tax exempt|tax free|करमुक्त|कर मुक्त)$/.test(bare)) return 'plain-exempt';
  if (/^(?:non[ -]?gst(?: supply)?|out(?:side)?(?: of)? gst|not applicable)$/.test(bare)) return 'plain-nongst';
  if (/cess|उपकर|(?:^|[^\w%])-\s*\d/.test(bare)) return null;
  const numbers = bare.match(/\d+(?:\.\d+)?/g) ?? [];
  const words = bare
    .replaceAll(/\d+(?:\.\d+)?/g, ' ')
    .replaceAll(/\b(?:gst|igst|cgst|sgst|utgst|tax|vat|rate|percent|taxable)\b|जीएसटी|[@%+&:/ _-]/g, '');
  if (words !== '') return null;
  const [first = '', second] = numbers;
  const halves = second !== undefined && numbers.length === 2 && first === second && /cgst|\+|\//.test(bare);
  if (numbers.length !== 1 && !halves) return null;
  const hundredths = Math.round(Number(first) * (halves ? 200 : 100) * 1000) / 1000;
  const asPercent = plainClasses.get(hundredths);
  if (asPercent !== undefined || bare.includes('%') || halves) return asPercent ?? null;
  return (hundredths < 100 ? plainClasses.get(Math.round(hundredths * 100 * 1000) / 1000) : undefined) ?? null;
}

const unitWords: ReadonlyMap<string, Unit> = new Map(
  (
    [
      // Containers are counted: a bottle or a jar is one piece.
      [
        'pc',
        'pc pcs pce piece pieces no nos num number numbers unit units unt ea each ct count btl bottle bottles can cans jar tin tub tube bag bags set sets pair pairs prs roll rol bundle bdl strip strips sachet cup bar tab tablet tablets नग पीस अदद',
      ],
      ['kg', 'kg kgs kilo kilos kilogram kilograms किलो किग्रा किलोग्राम'],
      ['g', 'g gm gms gram grams grm ग्राम'],
      ['l', 'l lt ltr ltrs lit liter liters litre litres लीटर'],
      ['ml', 'ml mls mlt millilitre millilitres milliliter मिली'],
      ['m', 'm mt mtr mtrs meter meters metre metres मीटर'],
      ['pack', 'pack packs pkt pkts packet packets pac pouch pouches पैकेट पैक'],
      ['box', 'box boxes bx carton cartons ctn case cases crt crate डिब्बा बॉक्स पेटी'],
      ['dozen', 'dozen dozens doz dz dzn दर्जन'],
    ] as const
  ).flatMap(([unit, words]) => words.split(' ').map((word): [string, Unit] => [word, unit])),
);

/** "PCS", "Kgs.", "PCS-PIECES", "KGS (Kilograms)", "किलो" → a sale unit; null for a size ("500 g") or an unknown word. */
export function readUnit(text: string): Unit | null {
  const bare = text.normalize('NFKC').toLowerCase().trim();
  if (isUnit(bare)) return bare;
  const word = /^([\p{L}\p{M}]+)\.?(?:\s*[-(/].*)?$/u.exec(bare)?.[1];
  return word === undefined ? null : (unitWords.get(word) ?? null);
}

/** Whether the price holds the tax: yes/no, Inclusive/Exclusive, 1/0; null when the cell says neither. */
export function readInclusive(text: string): boolean | null {
  const bare = text.toLowerCase().trim();
  if (
    /^(?:inclusive|incl\.?|inc|including|with tax|yes|y|true|1|हाँ|हां|सहित)\b/.test(`${bare} `) ||
    /^(?:हाँ|हां|सहित)$/.test(bare)
  )
    return true;
  if (/^(?:exclusive|excl\.?|exc|excluding|without tax|no|n|false|0)\b/.test(bare) || /^(?:नहीं|रहित)$/.test(bare))
    return false;
  return null;
}

/**
 * Digits of a HSN code: spaces, points and a leading "HSN" go, and the leading 0 that spreadsheets eat comes
 * back (405 → 0405). Null when what is left has not the shape of a code.
 */
export function readHsn(text: string): string | null {
  const digits = plainDigits(text)
    .replace(/^(?:hsn|sac)[ :.-]*/i, '')
    .replace(/^(\d+)\.0$/, '$1')
    .replaceAll(/[ .]/g, '');
  const whole = /^(?:\d{3}|\d{5}|\d{7})$/.test(digits) ? `0${digits}` : digits;
  return isHsnShape(whole) ? whole : null;
}

export type CodeRead =
  | { readonly kind: 'code'; readonly code: string }
  | { readonly kind: 'checkDigit' }
  | { readonly kind: 'invalid' };

/** Codes of a cell, apart: "8901…; 8902…". */
export const splitCodes = (text: string): readonly string[] =>
  text
    .split(/[;|,]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** One barcode: a GTIN in its canonical form, or a code of the shop's own as it is written. */
export function readBarcode(text: string): CodeRead {
  const bare = plainDigits(text.replace(/^'/, '').trim()).replace(/^(\d+)\.0+$/, '$1');
  const code = exactInteger(bare) ?? bare;
  if (/^\d(?:\.\d+)?e\+?\d+$/i.test(code)) return { kind: 'invalid' };
  const reading = readScan(code, { masks: [], year: 2000 });
  switch (reading.kind) {
    case 'gtin':
      return { kind: 'code', code: reading.gtin };
    case 'plain':
      return { kind: 'code', code: reading.code };
    case 'badCheckDigit':
      return { kind: 'checkDigit' };
    default:
      return { kind: 'invalid' };
  }
}
