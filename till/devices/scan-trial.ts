/**
 * "Scan this": opens a scanner that need not be set and tells what comes from it, raw and framed. Rule kept: it
 * ends by itself after two minutes and always lets go of the port; what it keeps is bounded. No scan of a trial
 * ever reaches a cart.
 */
import type { ScanTrial } from '#contract/till-scanner.ts';
import type { Chunk } from '#hardware/scanner/learn-framing.ts';
import type { Framing, Scanned } from '#hardware/scanner/port.ts';
import type { ScanLink } from '#hardware/scanner/serial-scanner.ts';
import { hexOf } from './scan-inbox.ts';

const longestTrialMs = 120_000;
const shown = 12;
const keptChunks = 400;
/** What came is judged after this silence, or half a code would be shown as broken. */
const wholeMs = 200;

const names: Readonly<Record<number, string>> = {
  0: 'NUL',
  2: 'STX',
  3: 'ETX',
  9: 'TAB',
  10: 'LF',
  13: 'CR',
  29: 'GS',
};
/** Bytes as a fitter reads them. */
export function readable(bytes: Uint8Array): string {
  const text = [...bytes.subarray(0, 120)].map((byte) => {
    if (byte >= 0x20 && byte < 0x7f) return String.fromCharCode(byte);
    return `<${names[byte] ?? byte.toString(16).padStart(2, '0')}>`;
  });
  return bytes.length > 120 ? `${text.join('')}…` : text.join('');
}

const asTold = (scan: Scanned): ScanTrial['scans'][number] =>
  scan.kind === 'code' ? scan : { kind: 'spoiled', why: scan.why, raw: hexOf(scan.raw) };

/** Yields what is known whenever it changed, and once more when a silence has ended a code. */
export async function* followTrial(
  openLink: () => Promise<ScanLink>,
  framing: Framing | null,
  signal?: AbortSignal,
): AsyncGenerator<ScanTrial, void, void> {
  const { frameAll, learnFraming } = await import('#hardware/scanner/learn-framing.ts');
  const { scannerOver } = await import('#hardware/scanner/serial-scanner.ts');
  let now: ScanTrial = { state: 'opening', trouble: null, bytes: 0, raw: [], scans: [], suggested: null };
  yield now;
  const link = await openLink();
  let chunks: readonly Chunk[] = [];
  let wake: (() => void) | null = null;
  let isNews = true;
  let isOver = false;
  const ring = (): void => {
    isNews = true;
    wake?.();
  };
  const end = (): void => {
    isOver = true;
    ring();
  };
  const timer = setTimeout(end, longestTrialMs);
  signal?.addEventListener('abort', end, { once: true });
  const reports = scannerOver(link, framing ?? plainReports);
  const stops = [
    link.onState(ring),
    link.onData((bytes) => {
      now = { ...now, bytes: now.bytes + bytes.length, raw: [...now.raw, readable(bytes)].slice(-shown) };
      chunks = [...chunks, { bytes, atMs: performance.now() }].slice(-keptChunks);
      ring();
      // A code that only a pause ends is whole a little later.
      setTimeout(ring, wholeMs + 20);
    }),
    reports.onScan((scan) => {
      if (link.layout() === null) return;
      now = { ...now, scans: [...now.scans, asTold(scan)].slice(-shown) };
      ring();
    }),
  ];
  try {
    while (!isOver && !signal?.aborted) {
      if (!isNews) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        wake = null;
        continue;
      }
      isNews = false;
      const { isOpen, trouble } = link.state();
      now = { ...now, state: trouble !== null ? 'trouble' : isOpen ? 'open' : 'opening', trouble };
      const quietMs = performance.now() - (chunks.at(-1)?.atMs ?? 0);
      if (link.layout() === null && chunks.length > 0 && quietMs >= wholeMs) {
        const suggested = learnFraming(chunks);
        const used = framing ?? suggested;
        const scans = used === null ? [] : frameAll(chunks, used).slice(-shown).map(asTold);
        now = { ...now, suggested, scans };
      }
      yield now;
    }
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
    for (const stop of stops) stop();
    await reports.close();
  }
}

const plainReports: Framing = { by: 'end', tabEnds: true, silenceMs: 500, prefixes: [], suffix: '', encoding: 'utf8' };
