/**
 * One shape's log: its snapshot, what changed since, and who waits for more. Rule kept: append only; a place that was
 * given to a client stays readable as long as the handle lives. It knows no HTTP and no Postgres.
 */
import { isAfter, type Offset, snapshotEnd } from './offset.ts';
import type { ShapeDefinition } from './messages.ts';
import type { TableInfo } from './table-info.ts';
import type { Visibility } from './snapshot.ts';

export type LogEntry = { readonly offset: Offset; readonly text: string };
export type ShapeLog = {
  readonly handle: string;
  readonly definition: ShapeDefinition;
  readonly info: TableInfo;
  readonly visibility: Visibility;
  readonly snapshot: readonly string[];
  readonly append: (entries: readonly LogEntry[]) => void;
  /** What stands after a place, up to about so many characters. */
  readonly read: (after: Offset, most: number) => LogPart;
  readonly last: () => Offset;
  /** Resolves at the next change, when the time is over, or when the shape ends. */
  readonly waitForMore: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Must be fetched anew: the table changed its form, or was truncated. */
  readonly end: () => void;
  readonly isEnded: () => boolean;
};
export type LogPart = {
  /** Messages of JSON, joined by commas. */
  readonly body: string;
  readonly offset: Offset;
  /** Nothing stands after it. */
  readonly isLast: boolean;
};

export type ShapeLogParts = Pick<ShapeLog, 'handle' | 'definition' | 'info' | 'visibility' | 'snapshot'>;

export function makeShapeLog(parts: ShapeLogParts): ShapeLog {
  const entries: LogEntry[] = [];
  const waiting = new Set<() => void>();
  let isEnded = false;
  const wake = (): void => {
    for (const go of waiting) go();
    waiting.clear();
  };
  const last = (): Offset => entries.at(-1)?.offset ?? snapshotEnd;

  /** Index of the first entry after a place; entries are in order. */
  const indexAfter = (place: Offset): number => {
    let low = 0;
    let high = entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const entry = entries[middle];
      if (entry !== undefined && isAfter(entry.offset, place)) high = middle;
      else low = middle + 1;
    }
    return low;
  };

  return {
    ...parts,
    append: (more) => {
      entries.push(...more);
      if (more.length > 0) wake();
    },
    last,
    read: (after, most) => {
      const isInSnapshot = after.lsn < 0n || (after.lsn === 0n && after.op !== Number.POSITIVE_INFINITY);
      if (isInSnapshot) {
        const next = after.lsn < 0n ? 0 : after.op + 1;
        const body = parts.snapshot[next] ?? '';
        const isWhole = next >= parts.snapshot.length - 1;
        const offset = isWhole ? snapshotEnd : { lsn: 0n, op: next };
        return { body, offset, isLast: isWhole && entries.length === 0 };
      }
      const texts: string[] = [];
      let size = 0;
      let at = indexAfter(after);
      let offset = after;
      for (; at < entries.length && (size === 0 || size < most); at += 1) {
        const entry = entries[at] as LogEntry;
        texts.push(entry.text);
        size += entry.text.length;
        offset = entry.offset;
      }
      return { body: texts.join(','), offset, isLast: at >= entries.length };
    },
    waitForMore: (ms, signal) =>
      new Promise((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          waiting.delete(done);
          signal.removeEventListener('abort', done);
          resolve();
        };
        const timer = setTimeout(done, ms);
        signal.addEventListener('abort', done, { once: true });
        waiting.add(done);
        if (isEnded || signal.aborted) done();
      }),
    end: () => {
      isEnded = true;
      wake();
    },
    isEnded: () => isEnded,
  };
}
