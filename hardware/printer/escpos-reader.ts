/**
 * Reads an ESC/POS byte stream into events, a byte at a time if need be. Rule kept: any bytes at all are read
 * without a fault and with bounded memory; what is not a command it knows is an 'unknown' event, never a
 * guess. It knows lengths and meanings; what they do to paper is emulator.ts. Source: Epson's reference.
 */
import { commandTable, type ReaderEvent } from './escpos-table.ts';

export type Reader = {
  /** Reads on; events come out as soon as a command is whole. */
  readonly feed: (bytes: Uint8Array) => void;
  /** Bytes of a command that is not whole yet. */
  readonly waiting: () => number;
  /** Forgets a command that is not whole: the link was lost, or the printer switched off. */
  readonly reset: () => void;
};

/** Longest command that is kept whole; a longer one is read over. GS v 0 is never kept, it streams. */
const longest = 0x1_0000;

type Raster = { left: number; readonly stride: number; readonly row: Uint8Array; at: number };

export function makeReader(emit: (event: ReaderEvent) => void): Reader {
  let buffer = new Uint8Array(4096);
  let start = 0;
  let end = 0;
  let raster: Raster | null = null;
  let skip = 0;

  const append = (bytes: Uint8Array): void => {
    if (end + bytes.length > buffer.length) {
      const held = end - start;
      const next = held + bytes.length > buffer.length ? new Uint8Array((held + bytes.length) * 2) : buffer;
      next.set(buffer.subarray(start, end), 0);
      buffer = next;
      start = 0;
      end = held;
    }
    buffer.set(bytes, end);
    end += bytes.length;
  };

  /** Bytes of the picture that is being sent; each whole row is an event. */
  const readRaster = (picture: Raster): void => {
    while (picture.left > 0 && start < end) {
      const take = Math.min(picture.stride - picture.at, end - start);
      picture.row.set(buffer.subarray(start, start + take), picture.at);
      start += take;
      picture.at += take;
      if (picture.at === picture.stride) {
        emit({ kind: 'rasterRow', row: picture.row.slice() });
        picture.at = 0;
        picture.left--;
      }
    }
    if (picture.left > 0) return;
    raster = null;
    emit({ kind: 'rasterEnd' });
  };

  /** Reads one command at `start`; false when it is not whole yet. */
  const readOne = (): boolean => {
    const first = buffer[start] ?? 0;
    if (first >= 0x20) {
      start++;
      emit({ kind: 'char', byte: first });
      return true;
    }
    const table = commandTable.get(first);
    if (table === undefined) {
      start++;
      emit({ kind: 'unknown', bytes: [first] });
      return true;
    }
    if (table.kind === 'single') {
      start++;
      emit(table.event);
      return true;
    }
    if (end - start < 2) return false;
    const second = buffer[start + 1] ?? 0;
    const spec = table.commands.get(second);
    if (spec === undefined) {
      start += 2;
      emit({ kind: 'unknown', bytes: [first, second] });
      return true;
    }
    const argsAt = start + 2;
    if (end - argsAt < spec.args) return false;
    const args = buffer.subarray(argsAt, argsAt + spec.args);
    const dataAt = argsAt + spec.args;
    const size = spec.size === undefined ? 0 : spec.size(args, buffer.subarray(dataAt, end));
    if (size === null) return false;
    if (spec.isRaster) {
      const stride = (args[2] ?? 0) + (args[3] ?? 0) * 256;
      const rows = (args[4] ?? 0) + (args[5] ?? 0) * 256;
      emit({
        kind: 'rasterStart',
        stride,
        rows,
        scaleX: (args[1] ?? 0) & 1 ? 2 : 1,
        scaleY: (args[1] ?? 0) & 2 ? 2 : 1,
      });
      raster = { left: stride === 0 ? 0 : rows, stride, row: new Uint8Array(stride), at: 0 };
      start = dataAt;
      return true;
    }
    if (size > longest) {
      emit({ kind: 'unknown', bytes: [first, second] });
      skip = size;
      start = dataAt;
      return true;
    }
    if (end - dataAt < size) return false;
    start = dataAt + size;
    emit(spec.read(args, buffer.subarray(dataAt, dataAt + size)));
    return true;
  };

  const readAll = (): void => {
    while (start < end || raster !== null) {
      if (raster !== null) {
        readRaster(raster);
        if (raster !== null) return;
      } else if (skip > 0) {
        const take = Math.min(skip, end - start);
        skip -= take;
        start += take;
      } else if (!readOne()) return;
    }
    start = 0;
    end = 0;
  };

  return {
    feed: (bytes) => {
      // In slices, so that one huge chunk doesn't make one huge buffer.
      for (let at = 0; at < bytes.length; at += longest) {
        append(bytes.subarray(at, at + longest));
        readAll();
      }
    },
    waiting: () => end - start,
    reset: () => {
      start = 0;
      end = 0;
      raster = null;
      skip = 0;
    },
  };
}
