/**
 * WebAssembly modules from a list of instructions: as much of the binary format (WebAssembly Core 2.0, §5, with fixed-width
 * SIMD) as the trainer's loops need. Rule kept: it knows encodings, not trees; the bytes depend on nothing but the input.
 */

/** Unsigned LEB128 (§5.2.2). */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value >>> 0;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return bytes;
}

/** Signed LEB128. */
function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    const isDone = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
    bytes.push(isDone ? low : low | 0x80);
    if (isDone) return bytes;
  }
}

export type Code = readonly number[];
const seq = (...parts: readonly Code[]): number[] => parts.flat();
const simd = (op: number, ...rest: readonly number[]): number[] => [0xfd, ...unsigned(op), ...rest];

/** Instructions; operands first, as the stack wants them. */
export const wasm = {
  seq,
  get: (local: number): Code => [0x20, ...unsigned(local)],
  set: (local: number, value: Code): Code => seq(value, [0x21, ...unsigned(local)]),
  constant: (value: number): Code => [0x41, ...signed(value)],
  add: (a: Code, b: Code): Code => seq(a, b, [0x6a]),
  sub: (a: Code, b: Code): Code => seq(a, b, [0x6b]),
  mul: (a: Code, b: Code): Code => seq(a, b, [0x6c]),
  and: (a: Code, b: Code): Code => seq(a, b, [0x71]),
  or: (a: Code, b: Code): Code => seq(a, b, [0x72]),
  shiftLeft: (a: Code, bits: number): Code => seq(a, wasm.constant(bits), [0x74]),
  isZero: (a: Code): Code => seq(a, [0x45]),
  lessSigned: (a: Code, b: Code): Code => seq(a, b, [0x48]),
  lessEqualUnsigned: (a: Code, b: Code): Code => seq(a, b, [0x4d]),
  load8: (address: Code): Code => seq(address, [0x2d, 0, 0]),
  load32: (address: Code): Code => seq(address, [0x28, 2, 0]),
  store32: (address: Code, value: Code): Code => seq(address, value, [0x36, 2, 0]),
  /** Two float64 side by side. */
  loadPair: (address: Code): Code => seq(address, simd(0, 4, 0)),
  storePair: (address: Code, value: Code): Code => seq(address, value, simd(11, 4, 0)),
  addPair: (a: Code, b: Code): Code => seq(a, b, simd(0xf0)),
  subPair: (a: Code, b: Code): Code => seq(a, b, simd(0xf1)),
  /** Runs `body` as long as `condition` holds. */
  while: (condition: Code, body: Code): Code =>
    seq([0x02, 0x40, 0x03, 0x40], condition, [0x45, 0x0d, 1], body, [0x0c, 0, 0x0b, 0x0b]),
} as const;

export type WasmFunction = {
  readonly name: string;
  /** All int32. */
  readonly parameters: number;
  /** Numbers of int32 and of pair locals, in this order behind the parameters. */
  readonly ints: number;
  readonly pairs: number;
  readonly returnsInt: boolean;
  readonly body: Code;
};

const text = (value: string): number[] => {
  const bytes = [...new TextEncoder().encode(value)];
  return [...unsigned(bytes.length), ...bytes];
};
const list = (items: readonly Code[]): number[] => [...unsigned(items.length), ...items.flat()];
const section = (id: number, content: Code): number[] => [id, ...unsigned(content.length), ...content];

/** A module that imports `memory` of `env` and exports each function. */
export function assemble(functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  const [i32, v128] = [0x7f, 0x7b];
  const types = functions.map(({ parameters, returnsInt }) =>
    seq([0x60], list(Array.from({ length: parameters }, () => [i32])), list(returnsInt ? [[i32]] : [])),
  );
  const codes = functions.map(({ ints, pairs, body }) => {
    const locals = list([
      ...(ints > 0 ? [[...unsigned(ints), i32]] : []),
      ...(pairs > 0 ? [[...unsigned(pairs), v128]] : []),
    ]);
    const code = seq(locals, body, [0x0b]);
    return seq(unsigned(code.length), code);
  });
  return Uint8Array.from(
    seq(
      [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      section(1, list(types)),
      section(2, list([seq(text('env'), text('memory'), [2, 0, 1])])),
      section(3, list(functions.map((_, at) => unsigned(at)))),
      section(7, list(functions.map(({ name }, at) => seq(text(name), [0], unsigned(at))))),
      section(10, list(codes)),
    ),
  );
}
