/**
 * Reads what tracer.c wrote down. Rule kept: the order of the operations is the order in which they happened;
 * a record that makes no sense throws, as a rig that misreads its trace proves nothing.
 */
import { constants } from 'node:fs';

export type Operation =
  | {
      readonly kind: 'open';
      readonly fd: number;
      readonly path: string;
      readonly creates: boolean;
      readonly empties: boolean;
    }
  | { readonly kind: 'close'; readonly fd: number }
  | { readonly kind: 'write'; readonly fd: number; readonly offset: number; readonly bytes: Buffer }
  | { readonly kind: 'truncate'; readonly fd: number; readonly size: number }
  | { readonly kind: 'syncBegin' | 'syncEnd'; readonly fd: number }
  | { readonly kind: 'unlink'; readonly path: string }
  | { readonly kind: 'rename'; readonly from: string; readonly to: string }
  | { readonly kind: 'ack'; readonly text: string };

const headLength = 21;

export function readTrace(file: Buffer): readonly Operation[] {
  const operations: Operation[] = [];
  for (let at = 0; at < file.length; ) {
    const type = file.toString('latin1', at, at + 1);
    const fd = file.readInt32LE(at + 1);
    const a = Number(file.readBigInt64LE(at + 5));
    const length = Number(file.readBigInt64LE(at + 13));
    const bytes = file.subarray(at + headLength, at + headLength + length);
    if (bytes.length !== length) throw new Error(`the trace is cut short at ${at}`);
    operations.push(operationOf(type, fd, a, bytes));
    at += headLength + length;
  }
  return operations;
}

function operationOf(type: string, fd: number, a: number, bytes: Buffer): Operation {
  switch (type) {
    case 'O':
      return {
        kind: 'open',
        fd,
        path: bytes.toString('utf8'),
        creates: (a & constants.O_CREAT) !== 0,
        empties: (a & constants.O_TRUNC) !== 0,
      };
    case 'C':
      return { kind: 'close', fd };
    case 'W':
      return { kind: 'write', fd, offset: a, bytes };
    case 'T':
      return { kind: 'truncate', fd, size: a };
    case 'B':
      return { kind: 'syncBegin', fd };
    case 'E':
      return { kind: 'syncEnd', fd };
    case 'U':
      return { kind: 'unlink', path: bytes.toString('utf8') };
    case 'R':
      return { kind: 'rename', from: bytes.toString('utf8', 0, a), to: bytes.toString('utf8', a) };
    case 'A':
      return { kind: 'ack', text: bytes.toString('utf8') };
    default:
      throw new Error(`unknown record '${type}' in the trace`);
  }
}
