/**
 * Columns of a batch as Postgres reads arrays in binary (`array_recv`: dimensions, type, then each value with its
 * length), so that neither side makes texts of numbers. Rule kept: values come in the order in which they are added;
 * a column is taken once, and its bytes are never touched again.
 */

/** Object ids of pg_type; they are fixed. */
const types = { int4: 23, int8: 20, date: 1082, uuid: 2950, text: 25, bytea: 17, jsonb: 3802 } as const;
const headBytes = 20;
const daysTo2000 = 10_957;

export type Column<T> = {
  /** null: NULL. */
  readonly add: (value: T | null) => void;
  /** The array, for a parameter of that type. */
  readonly taken: () => Buffer;
};

type Write<T> = (into: Buffer, at: number, value: T) => number;

function makeColumn<T>(type: number, sizeOf: (value: T) => number, write: Write<T>): Column<T> {
  let bytes = Buffer.allocUnsafe(2_048);
  let at = headBytes;
  let count = 0;
  let hasNull = 0;
  const room = (more: number): void => {
    if (at + more <= bytes.length) return;
    const next = Buffer.allocUnsafe(Math.max(bytes.length * 2, at + more));
    bytes.copy(next, 0, 0, at);
    bytes = next;
  };
  return {
    add: (value) => {
      count += 1;
      if (value === null) {
        hasNull = 1;
        room(4);
        at = bytes.writeInt32BE(-1, at);
        return;
      }
      room(4 + sizeOf(value));
      const from = at + 4;
      const end = write(bytes, from, value);
      bytes.writeInt32BE(end - from, at);
      at = end;
    },
    taken: () => {
      bytes.writeInt32BE(count === 0 ? 0 : 1, 0);
      bytes.writeInt32BE(hasNull, 4);
      bytes.writeInt32BE(type, 8);
      // No dimension where there is no value.
      if (count === 0) return bytes.subarray(0, 12);
      bytes.writeInt32BE(count, 12);
      bytes.writeInt32BE(1, 16);
      return bytes.subarray(0, at);
    },
  };
}

const nibbleOf = (code: number): number => (code <= 57 ? code - 48 : code - 87);

/** As Postgres writes them: 36 characters, lower case. Whoever adds one has proved that. */
function writeUuid(into: Buffer, from: number, value: string): number {
  let at = from;
  for (let i = 0; i < 36; i += 2) {
    if (value.charCodeAt(i) === 45) i += 1;
    into[at] = (nibbleOf(value.charCodeAt(i)) << 4) | nibbleOf(value.charCodeAt(i + 1));
    at += 1;
  }
  return at;
}

const word = 4_294_967_296;
/** A safe integer. */
function writeInt8(into: Buffer, at: number, value: number): number {
  const high = Math.floor(value / word);
  into.writeInt32BE(high, at);
  return into.writeUInt32BE(value - high * word, at + 4);
}

export const int4Column = (): Column<number> =>
  makeColumn(
    types.int4,
    () => 4,
    (into, at, v) => into.writeInt32BE(v, at),
  );
export const int8Column = (): Column<number> => makeColumn(types.int8, () => 8, writeInt8);
export const uuidColumn = (): Column<string> => makeColumn(types.uuid, () => 16, writeUuid);
/** `2026-11-21`. */
export const dateColumn = (): Column<string> =>
  makeColumn(
    types.date,
    () => 4,
    (into, at, value) => into.writeInt32BE(Date.parse(value) / 86_400_000 - daysTo2000, at),
  );
export const textColumn = (): Column<string> =>
  makeColumn(
    types.text,
    (value) => value.length * 3,
    (into, at, value) => at + into.write(value, at),
  );
export const byteaColumn = (): Column<Buffer> =>
  makeColumn(
    types.bytea,
    (value) => value.length,
    (into, at, value) => at + value.copy(into, at),
  );
/** A value's JSON text; Postgres wants a version before it. */
export const jsonbColumn = (): Column<string> =>
  makeColumn(
    types.jsonb,
    (value) => value.length * 3 + 1,
    (into, at, value) => {
      into[at] = 1;
      return at + 1 + into.write(value, at + 1);
    },
  );
