/**
 * HID-POS: what a USB barcode scanner (HID usage page 0x8C) says in its input reports. Rule kept: pure: a report
 * in, codes out; a code that continues in the next report is delivered when its last part came, and is spoiled
 * when it never does. Source: USB-IF "HID Point of Sale Usage Tables" 1.02 §4; the report's usual places as in
 * Access-IS LSR118 product manual B.1: id 2, length, AIM identifier (3), data (56), two more, "data continued".
 */
import { decodeFrame } from './framing.ts';
import { type Framing, keptRaw, longestCode, type Scanned, type SpoiledWhy } from './port.ts';
import { undress } from '#core/catalogue/scan-dress.ts';

/** Where things stand in a report; byte offsets count the report's id when it has one. */
export type HidPosLayout = {
  readonly reportId: number | null;
  readonly lengthAt: number;
  /** The AIM identifier's three bytes; null: the scanner sends none. */
  readonly symbologyAt: number | null;
  readonly dataAt: number;
  readonly dataBytes: number;
  /** The bit that says that more of the code follows. */
  readonly moreAt: number | null;
  readonly moreMask: number;
};

export const usualLayout: HidPosLayout = {
  reportId: 2,
  lengthAt: 1,
  symbologyAt: 2,
  dataAt: 5,
  dataBytes: 56,
  moreAt: 63,
  moreMask: 0x01,
};

export const scannerPage = 0x8c;
const scannedDataReport = 0x12;
const symbologyUsage = 0xfb;
const dataUsage = 0xfe;
const moreUsage = 0xff;

export type HidState = { readonly parts: readonly number[]; readonly aim: string; readonly lastMs: number };
export const noReport: HidState = { parts: [], aim: '', lastMs: 0 };
export type HidStep = { readonly state: HidState; readonly scans: readonly Scanned[] };

const spoiled = (why: SpoiledWhy, bytes: readonly number[]): Scanned => ({
  kind: 'spoiled',
  why,
  raw: Uint8Array.from(bytes.slice(0, keptRaw)),
});

type HidFraming = Pick<Framing, 'prefixes' | 'suffix' | 'encoding' | 'silenceMs'>;

/** One input report. Reports of another id are none of ours and change nothing. */
export function hearReport(
  before: HidState,
  report: Uint8Array,
  atMs: number,
  layout: HidPosLayout,
  framing: HidFraming,
): HidStep {
  if (layout.reportId !== null && report[0] !== layout.reportId) return { state: before, scans: [] };
  const quiet = hearNoReport(before, atMs, framing);
  const { state } = quiet;
  const length = report[layout.lengthAt] ?? 0;
  const data = [...report.subarray(layout.dataAt, layout.dataAt + Math.min(length, layout.dataBytes))];
  const isWhole = length <= layout.dataBytes && data.length === length;
  if (!isWhole) {
    return { state: noReport, scans: [...quiet.scans, spoiled('garbled', [...state.parts, ...data])] };
  }
  const parts = [...state.parts, ...data];
  const aim = state.parts.length > 0 ? state.aim : aimOf(report, layout);
  const hasMore = layout.moreAt !== null && ((report[layout.moreAt] ?? 0) & layout.moreMask) !== 0;
  if (parts.length > longestCode) return { state: noReport, scans: [...quiet.scans, spoiled('tooLong', parts)] };
  if (hasMore) return { state: { parts, aim, lastMs: atMs }, scans: quiet.scans };
  return { state: noReport, scans: [...quiet.scans, ...whole(parts, aim, framing)] };
}

/** The rest of a code never came. */
export function hearNoReport(state: HidState, atMs: number, { silenceMs }: Pick<Framing, 'silenceMs'>): HidStep {
  if (state.parts.length === 0 || atMs - state.lastMs < silenceMs) return { state, scans: [] };
  return { state: noReport, scans: [spoiled('partial', state.parts)] };
}

function aimOf(report: Uint8Array, { symbologyAt }: HidPosLayout): string {
  if (symbologyAt === null) return '';
  const aim = String.fromCharCode(...report.subarray(symbologyAt, symbologyAt + 3));
  return /^\][A-Za-z][0-9A-Za-z]$/.test(aim) ? aim : '';
}

function whole(parts: readonly number[], aim: string, framing: HidFraming): readonly Scanned[] {
  // Some scanners send their keyboard terminator here too.
  const end = parts.findLastIndex((byte) => byte !== 0x0d && byte !== 0x0a && byte !== 0x09) + 1;
  const bare = parts.slice(0, end);
  if (bare.length === 0) return [];
  const text = decodeFrame(Uint8Array.from(bare), framing.encoding);
  if (text === null) return [spoiled('garbled', parts)];
  const code = undress(text, framing);
  return [{ kind: 'code', code: code.startsWith(']') ? code : aim + code }];
}

type Field = {
  readonly page: number;
  readonly usages: readonly number[];
  readonly bitAt: number;
  readonly bits: number;
  readonly count: number;
};

/**
 * The places of a scanner's report as its own report descriptor says them (HID 1.11 §6.2.2); null when it
 * describes no scanned-data report.
 */
export function layoutOf(descriptor: Uint8Array): HidPosLayout | null {
  const fields = new Map<number, Field[]>();
  const bitAt = new Map<number, number>();
  let globals = { page: 0, bits: 0, count: 0, id: 0 };
  const kept: (typeof globals)[] = [];
  let usages: number[] = [];
  let scannedDepth = 0;
  let depth = 0;
  let scannedId: number | null = null;
  for (let at = 0; at < descriptor.length; ) {
    const head = descriptor[at] ?? 0;
    if (head === 0xfe) {
      at += 3 + (descriptor[at + 1] ?? 0);
      continue;
    }
    const size = (head & 3) === 3 ? 4 : head & 3;
    let value = 0;
    for (let i = size; i > 0; i -= 1) value = value * 256 + (descriptor[at + i] ?? 0);
    at += 1 + size;
    const usage = (n: number): number => (size === 4 ? n : globals.page * 65_536 + n);
    switch (head & 0xfc) {
      case 0x04:
        globals = { ...globals, page: value };
        break;
      case 0x74:
        globals = { ...globals, bits: value };
        break;
      case 0x84:
        globals = { ...globals, id: value };
        if (scannedDepth > 0) scannedId ??= value;
        break;
      case 0x94:
        globals = { ...globals, count: value };
        break;
      case 0xa4:
        kept.push(globals);
        break;
      case 0xb4:
        globals = kept.pop() ?? globals;
        break;
      case 0x08:
        usages.push(usage(value));
        break;
      case 0xa0:
        depth += 1;
        if (usages.includes(scannerPage * 65_536 + scannedDataReport)) {
          scannedDepth = depth;
          if (globals.id !== 0) scannedId ??= globals.id;
        }
        usages = [];
        break;
      case 0xc0:
        if (depth === scannedDepth) scannedDepth = 0;
        depth -= 1;
        usages = [];
        break;
      case 0x80: {
        const start = bitAt.get(globals.id) ?? (globals.id === 0 ? 0 : 8);
        const list = fields.get(globals.id) ?? [];
        list.push({ page: globals.page, usages, bitAt: start, bits: globals.bits, count: globals.count });
        fields.set(globals.id, list);
        bitAt.set(globals.id, start + globals.bits * globals.count);
        usages = [];
        break;
      }
      case 0x90:
      case 0xb0:
        usages = [];
        break;
    }
  }
  return fieldsToLayout(fields, scannedId);
}

function fieldsToLayout(fields: ReadonlyMap<number, readonly Field[]>, scannedId: number | null): HidPosLayout | null {
  for (const [id, list] of fields) {
    if (scannedId !== null && id !== scannedId) continue;
    const withUsage = (usage: number): Field | undefined =>
      list.find((field) => field.usages.includes(scannerPage * 65_536 + usage));
    const data = withUsage(dataUsage);
    if (data === undefined || data.bits !== 8) continue;
    const symbology = withUsage(symbologyUsage);
    const more = withUsage(moreUsage);
    // The count of bytes is a generic-desktop "byte count"; every scanner puts it first.
    const length = list.find((field) => field.page === 0x01 && field.bits === 8) ?? list[0];
    if (length === undefined || length === data) continue;
    return {
      reportId: id === 0 ? null : id,
      lengthAt: length.bitAt >> 3,
      symbologyAt: symbology === undefined ? null : symbology.bitAt >> 3,
      dataAt: data.bitAt >> 3,
      dataBytes: data.count,
      moreAt: more === undefined ? null : more.bitAt >> 3,
      moreMask: more === undefined ? 0 : 1 << (more.bitAt & 7),
    };
  }
  return null;
}
