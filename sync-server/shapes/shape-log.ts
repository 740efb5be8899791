/**
 * One shape's log: its snapshot, what changed since, and who waits for more. Rule kept: append only; a place that was
 * given to a client stays readable as long as the handle lives. Rows lie in the file, only places in memory.
 */
import { isAfter, type Offset, snapshotEnd } from './offset.ts';
import type { ShapeDefinition } from './messages.ts';
import type { LogEntry, LogPiece, ShapeFile } from './shape-file.ts';
import type { TableInfo } from './table-info.ts';
import type { Visibility } from './snapshot.ts';

export type ShapeLog = {
  readonly handle: string;
  readonly definition: ShapeDefinition;
  readonly info: TableInfo;
  readonly visibility: Visibility;
  /** The changes of one transaction, whole. */
  readonly append: (entries: readonly LogEntry[]) => void;
  /** What stands after a place, up to about so many bytes. */
  readonly read: (after: Offset, most: number) => Promise<LogPart>;
  readonly last: () => Offset;
  /** Is there anything after a place? */
  readonly hasAfter: (place: Offset) => boolean;
  /** Resolves at the next change, when the time is over, or when the shape ends. */
  readonly waitForMore: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Must be fetched anew: the table changed its form, or was truncated. */
  readonly end: () => void;
  readonly isEnded: () => boolean;
  readonly sync: () => Promise<void>;
  /** Of the log alone, and of the snapshot. */
  readonly bytes: () => { readonly log: number; readonly snapshot: number };
  /** The server stops; the file stays. */
  readonly close: () => void;
};
export type LogPart = {
  /** Messages of JSON, joined by commas. */
  readonly body: string;
  readonly offset: Offset;
  /** Nothing stands after it. */
  readonly isLast: boolean;
};

export type ShapeLogParts = Pick<ShapeLog, 'handle' | 'definition' | 'info' | 'visibility'>;

export function makeShapeLog(parts: ShapeLogParts, file: ShapeFile): ShapeLog {
  const { chunks, entries } = file.content;
  const snapshotBytes = chunks.reduce((sum, chunk) => sum + chunk.bytes, 0);
  const waiting = new Set<() => void>();
  let isEnded = false;
  const wake = (): void => {
    for (const go of [...waiting]) go();
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

  /** Number of the snapshot's first chunk after a place; as many as there are chunks: none. */
  const chunkAfter = (place: Offset): number => {
    if (place.lsn < 0n) return 0;
    return place.lsn === 0n ? Math.min(place.op + 1, chunks.length) : chunks.length;
  };

  return {
    ...parts,
    append: (more) => {
      file.append(more);
      if (more.length > 0) wake();
    },
    last,
    hasAfter: (place) => chunkAfter(place) < chunks.length || indexAfter(place) < entries.length,
    read: async (after, most) => {
      const next = chunkAfter(after);
      // The end of the snapshot is not the end of what there is to know: that is one question further.
      if (next < chunks.length) {
        const [body = ''] = await file.texts(chunks.slice(next, next + 1));
        return { body, offset: { lsn: 0n, op: next }, isLast: false };
      }
      const pieces: LogPiece[] = [];
      let size = 0;
      let at = indexAfter(after);
      for (; at < entries.length && (size === 0 || size < most); at += 1) {
        const entry = entries[at] as LogPiece;
        pieces.push(entry);
        size += entry.bytes;
      }
      const end = isAfter(snapshotEnd, after) ? snapshotEnd : after;
      const part = { offset: pieces.at(-1)?.offset ?? end, isLast: at >= entries.length };
      return { ...part, body: (await file.texts(pieces)).join(',\n') };
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
      file.remove();
      wake();
    },
    isEnded: () => isEnded,
    sync: file.sync,
    bytes: () => ({ log: file.bytes() - snapshotBytes, snapshot: snapshotBytes }),
    close: () => {
      isEnded = true;
      file.close();
      wake();
    },
  };
}
