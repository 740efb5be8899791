/**
 * The trainer's loops in WebAssembly, two float64 at a time. Rule kept: same answers as `plainKernel`, to the bit (a test
 * holds them together); null where the engine has no WebAssembly or no SIMD, or the rows don't fit in its memory.
 */
import { assemble, type Code, wasm } from './assembler.ts';
import type { BinnedTable } from './bins.ts';
import { type Kernel, plainKernel } from './kernel.ts';

const {
  add,
  and,
  constant,
  get,
  isZero,
  lessEqualUnsigned,
  lessSigned,
  load32,
  load8,
  or,
  seq,
  set,
  shiftLeft,
  store32,
  sub,
  while: loop,
} = wasm;

const next = (local: number, by = 1): Code => set(local, add(get(local), constant(by)));

/** (order, from, to, slopes, gathered): the slopes of the rows one behind the other. */
function gatherBody(): Code {
  const [order, k, to, slopes, at] = [0, 1, 2, 3, 4].map(get) as [Code, Code, Code, Code, Code];
  return loop(
    lessSigned(k, to),
    seq(
      wasm.storePair(at, wasm.loadPair(add(slopes, shiftLeft(load32(add(order, shiftLeft(k, 2))), 4)))),
      next(4, 16),
      next(1),
    ),
  );
}

/** Columns that one pass sums up: their bins fit in the nearest cache together. */
const columnsAtOnce = 4;

/** (order, from, to, gathered, column × c, sums × c) for c columns. */
function histogramBody(columns: number): Code {
  const [order, k, to, gathered] = [0, 1, 2, 3].map(get) as [Code, Code, Code, Code];
  const [ROW, AT, PAIR] = [4 + 2 * columns, 5 + 2 * columns, 6 + 2 * columns] as const;
  const oneColumn = (c: number): Code =>
    seq(
      set(AT, add(get(4 + columns + c), shiftLeft(load8(add(get(4 + c), get(ROW))), 4))),
      wasm.storePair(get(AT), wasm.addPair(wasm.loadPair(get(AT)), get(PAIR))),
    );
  return loop(
    lessSigned(k, to),
    seq(
      set(ROW, load32(add(order, shiftLeft(k, 2)))),
      set(PAIR, wasm.loadPair(gathered)),
      ...Array.from({ length: columns }, (_, c) => oneColumn(c)),
      next(3, 16),
      next(1),
    ),
  );
}

/** (into, less, bytes) */
const subtractBody = (): Code =>
  loop(
    lessSigned(constant(0), get(2)),
    seq(
      wasm.storePair(get(0), wasm.subPair(wasm.loadPair(get(0)), wasm.loadPair(get(1)))),
      next(0, 16),
      next(1, 16),
      set(2, sub(get(2), constant(16))),
    ),
  );

/** (column, order, from, to, scratch, bin, missingLeft) → write. Without a branch a row: both sides are written, one advances. */
function partitionBody(): Code {
  const [column, order, k, to, scratch, bin, missingLeft] = [0, 1, 2, 3, 4, 5, 6].map(get) as [
    Code,
    Code,
    Code,
    Code,
    Code,
    Code,
    Code,
  ];
  const [K, WRITE, ASIDE, ROW, B, LEFT, COPY] = [2, 7, 8, 9, 10, 11, 12] as const;
  return seq(
    set(WRITE, k),
    set(ASIDE, constant(0)),
    loop(
      lessSigned(k, to),
      seq(
        set(ROW, load32(add(order, shiftLeft(k, 2)))),
        set(B, load8(add(column, get(ROW)))),
        set(LEFT, or(and(lessEqualUnsigned(get(B), bin), isZero(isZero(get(B)))), and(isZero(get(B)), missingLeft))),
        store32(add(order, shiftLeft(get(WRITE), 2)), get(ROW)),
        store32(add(scratch, shiftLeft(get(ASIDE), 2)), get(ROW)),
        set(WRITE, add(get(WRITE), get(LEFT))),
        set(ASIDE, add(get(ASIDE), isZero(get(LEFT)))),
        next(K),
      ),
    ),
    set(COPY, constant(0)),
    loop(
      lessSigned(get(COPY), get(ASIDE)),
      seq(
        store32(add(order, shiftLeft(add(get(WRITE), get(COPY)), 2)), load32(add(scratch, shiftLeft(get(COPY), 2)))),
        next(COPY),
      ),
    ),
    get(WRITE),
  );
}

type Exports = {
  readonly gather: (order: number, from: number, to: number, slopes: number, gathered: number) => void;
  /** Columns, then where each column's sums are. */
  readonly histogram: (order: number, from: number, to: number, gathered: number, ...places: readonly number[]) => void;
  readonly histogramOne: Exports['histogram'];
  readonly subtract: (into: number, less: number, bytes: number) => void;
  readonly partition: (
    column: number,
    order: number,
    from: number,
    to: number,
    scratch: number,
    bin: number,
    missingLeft: number,
  ) => number;
};

const kernelBytes = (): Uint8Array<ArrayBuffer> =>
  assemble([
    { name: 'gather', parameters: 5, ints: 0, pairs: 0, returnsInt: false, body: gatherBody() },
    {
      name: 'histogram',
      parameters: 4 + 2 * columnsAtOnce,
      ints: 2,
      pairs: 1,
      returnsInt: false,
      body: histogramBody(columnsAtOnce),
    },
    { name: 'histogramOne', parameters: 6, ints: 2, pairs: 1, returnsInt: false, body: histogramBody(1) },
    { name: 'subtract', parameters: 3, ints: 0, pairs: 0, returnsInt: false, body: subtractBody() },
    { name: 'partition', parameters: 7, ints: 6, pairs: 0, returnsInt: true, body: partitionBody() },
  ]);

const pageBytes = 65_536;
const mostPages = 32_768;
const aligned = (bytes: number): number => Math.ceil(bytes / 16) * 16;

/** The fast one where it can be had. `slots`: how many sums are kept at a time. */
export const makeKernel = (table: BinnedTable, slots: number): Kernel =>
  wasmKernel(table, slots) ?? plainKernel(table, slots);

export function wasmKernel({ rows, features, bins }: BinnedTable, slots: number): Kernel | null {
  if (typeof WebAssembly === 'undefined') return null;
  const sumsBytes = features * 4096;
  const layout = { slopes: 0, gathered: 0, sums: 0, order: 0, scratch: 0, columns: 0 };
  let end = 0;
  const place = (name: keyof typeof layout, bytes: number): void => {
    layout[name] = end;
    end += aligned(bytes);
  };
  place('slopes', rows * 16);
  place('gathered', rows * 16);
  place('sums', sumsBytes * slots);
  // A row more than there are: the partition writes ahead.
  place('order', (rows + 1) * 4);
  place('scratch', (rows + 1) * 4);
  place('columns', rows * features);
  const pages = Math.ceil(end / pageBytes);
  if (pages > mostPages) return null;
  const code = kernelBytes();
  if (!WebAssembly.validate(code)) return null;
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const { buffer } = memory;
  const run = new WebAssembly.Instance(new WebAssembly.Module(code), { env: { memory } }).exports as unknown as Exports;
  turn(bins, new Uint8Array(buffer, layout.columns, rows * features), rows, features);
  const sums = (slot: number): Float64Array => new Float64Array(buffer, layout.sums + slot * sumsBytes, features * 512);
  return {
    order: new Int32Array(buffer, layout.order, rows),
    slopes: new Float64Array(buffer, layout.slopes, rows * 2),
    sums,
    histogram: (slot, from, to, mask) => {
      const at = layout.sums + slot * sumsBytes;
      for (const f of mask) new Float64Array(buffer, at + f * 4096, 512).fill(0);
      run.gather(layout.order, from, to, layout.slopes, layout.gathered);
      let m = 0;
      for (; m + columnsAtOnce <= mask.length; m += columnsAtOnce) {
        const group = Array.from({ length: columnsAtOnce }, (_, c) => mask[m + c] ?? 0);
        const columns = group.map((f) => layout.columns + f * rows);
        run.histogram(layout.order, from, to, layout.gathered, ...columns, ...group.map((f) => at + f * 4096));
      }
      for (; m < mask.length; m += 1) {
        const f = mask[m] ?? 0;
        run.histogramOne(layout.order, from, to, layout.gathered, layout.columns + f * rows, at + f * 4096);
      }
    },
    subtract: (slot, other) => run.subtract(layout.sums + slot * sumsBytes, layout.sums + other * sumsBytes, sumsBytes),
    partition: (from, to, feature, bin, missingLeft) =>
      run.partition(layout.columns + feature * rows, layout.order, from, to, layout.scratch, bin, missingLeft ? 1 : 0),
  };
}

/** Rows of features to columns of rows, in blocks that stay in the cache. */
function turn(from: Uint8Array, to: Uint8Array, rows: number, features: number): void {
  const block = 1024;
  for (let start = 0; start < rows; start += block) {
    const end = Math.min(rows, start + block);
    for (let f = 0; f < features; f += 1) {
      for (let row = start; row < end; row += 1) to[f * rows + row] = from[row * features + f] ?? 0;
    }
  }
}
