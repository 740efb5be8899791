/**
 * Scans that arrived at the till itself (serial, USB), kept until a window has dealt with them. Rule kept: each
 * has an id, is handed out in the order of arrival, and again after a reload or a broken line, until it is said
 * to be taken; its id is the key of its cart.scan, so that twice handed out is once sold. In memory: a scan that
 * was not yet in a cart dies with the till, as an open cart's last moment does.
 */
import type { NewId, Uuid } from '#core/ids.ts';
import type { Scanned } from '#hardware/scanner/port.ts';
import type { ArrivedScan } from '#contract/till-scanner.ts';

export type ScanInbox = ReturnType<typeof makeScanInbox>;

/** Nobody scans that many with no screen to see them. */
const mostWaiting = 2_000;

export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** `onFull`: a scan was let go because nobody took the ones before it. */
export function makeScanInbox(newId: NewId, onFull: () => void) {
  const waiting = new Map<Uuid, ArrivedScan>();
  return {
    /** Null when the inbox is full. */
    add: (scanned: Scanned): ArrivedScan | null => {
      if (waiting.size >= mostWaiting) {
        onFull();
        return null;
      }
      const id = newId();
      const scan: ArrivedScan =
        scanned.kind === 'code'
          ? { id, kind: 'code', code: scanned.code }
          : { id, kind: 'spoiled', why: scanned.why, raw: hexOf(scanned.raw) };
      waiting.set(id, scan);
      return scan;
    },
    waiting: (): readonly ArrivedScan[] => [...waiting.values()],
    taken: (id: Uuid): void => void waiting.delete(id),
  };
}
