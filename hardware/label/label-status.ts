/**
 * What a label printer says of itself: ZPL's ~HS in three lines, TSPL's ESC ! ? in one byte. Rule kept: pure
 * decoders of whole or half answers; an answer that can't be read is null, never a guess.
 * Sources: ZPL II Programming Guide, ~HS (host status return); TSPL2 manual, <ESC>!?.
 */
export type LabelPrinterTrouble = 'paperOut' | 'coverOpen' | 'paused' | 'error';
export type LabelStatus = {
  readonly trouble: LabelPrinterTrouble | null;
  /** It has nothing left to print; null when the language can't say. */
  readonly isIdle: boolean;
  /** Labels of the format in hand that are still to come; null when the language can't say. */
  readonly remaining: number | null;
  /** Formats waiting behind it; null when the language can't say. */
  readonly waitingFormats: number | null;
};

export const zplAsk = Buffer.from('~HS', 'ascii');
export const zplCancel = Buffer.from('~JA', 'ascii');
export const tsplAsk = Uint8Array.of(0x1b, 0x21, 0x3f);
export const tsplCancel = Uint8Array.of(0x1b, 0x21, 0x2e);

/** The latest whole answer in what came; null when there is none. */
export function readZplStatus(bytes: Uint8Array): LabelStatus | null {
  const text = Buffer.from(bytes).toString('latin1');
  const lines = [...text.matchAll(/\u0002([^\u0002\u0003]{1,80})\u0003/g)].map((match) => (match[1] ?? '').split(','));
  const second = lines.findLast((line) => line.length === 11);
  const first = lines.findLast((line) => line.length === 12);
  if (first === undefined || second === undefined) return null;
  if (![first[1], first[2], second[2], second[3]].every((flag) => flag === '0' || flag === '1')) return null;
  const waitingFormats = Number(first[4]);
  const remaining = Number(second[8]);
  if (!Number.isSafeInteger(waitingFormats) || !Number.isSafeInteger(remaining)) return null;
  const isPaused = first[2] === '1';
  const hasError = first[9] === '1' || first[11] === '1' || second[3] === '1';
  const trouble =
    second[2] === '1' ? 'coverOpen' : first[1] === '1' ? 'paperOut' : hasError ? 'error' : isPaused ? 'paused' : null;
  return { trouble, isIdle: waitingFormats === 0 && remaining === 0, remaining, waitingFormats };
}

/** The latest byte: bits head open 1, jam 2, out of paper 4, out of ribbon 8, pause 0x10, printing 0x20, cover 0x40, other 0x80. */
export function readTsplStatus(bytes: Uint8Array): LabelStatus | null {
  const status = bytes.at(-1);
  if (status === undefined) return null;
  const trouble =
    (status & 0x41) !== 0
      ? 'coverOpen'
      : (status & 0x04) !== 0
        ? 'paperOut'
        : (status & 0x8a) !== 0
          ? 'error'
          : (status & 0x10) !== 0
            ? 'paused'
            : null;
  return { trouble, isIdle: (status & 0x20) === 0, remaining: null, waitingFormats: null };
}

export type LabelPrinterFacts = {
  readonly isPaperOut: boolean;
  readonly isHeadOpen: boolean;
  readonly isPaused: boolean;
  readonly remaining: number;
  readonly waitingFormats: number;
};

const digit = (flag: boolean): string => (flag ? '1' : '0');
/** The answer as a printer writes it. */
export function writeZplStatus(facts: LabelPrinterFacts): Uint8Array {
  const formats = String(facts.waitingFormats).padStart(3, '0');
  const remaining = String(facts.remaining).padStart(8, '0');
  const lines = [
    `030,${digit(facts.isPaperOut)},${digit(facts.isPaused)},0400,${formats},0,0,0,000,0,0,0`,
    `001,0,${digit(facts.isHeadOpen)},0,0,2,4,0,${remaining},1,000`,
    '1234,0',
  ];
  return Buffer.from(lines.map((one) => `\u0002${one}\u0003\r\n`).join(''), 'ascii');
}
export const writeTsplStatus = (facts: LabelPrinterFacts): Uint8Array =>
  Uint8Array.of(
    (facts.isHeadOpen ? 0x01 : 0) |
      (facts.isPaperOut ? 0x04 : 0) |
      (facts.isPaused ? 0x10 : 0) |
      (facts.remaining + facts.waitingFormats > 0 ? 0x20 : 0),
  );
