/**
 * One piece of memory for all matrices of a stage, so that it goes back to the system whole when the stage is over. Rule
 * kept: a large one is larger than any piece that a C library keeps for the next asker (glibc: up to 32 MiB a piece, and
 * a thread's own heaps never shrink in the middle); room that is not written to costs no memory. Never posted to another
 * thread: a view would take the whole piece along.
 */

/** glibc's DEFAULT_MMAP_THRESHOLD_MAX on 64 bits (malloc/malloc.c), and a page. */
const keptByLibraries = 32 * 2 ** 20 + 4_096;
/** Smaller stages are not worth a piece of their own. */
const smallBytes = 2 ** 20;

export type Slab = {
  /** Zeros. Throw a RangeError where the slab has no such room left. */
  readonly float64: (count: number) => Float64Array;
  readonly float32: (count: number) => Float32Array;
  readonly int32: (count: number) => Int32Array;
  readonly uint8: (count: number) => Uint8Array;
};

/** `bytes`: of all its matrices; eight more for each that is not made of whole eights. */
export function makeSlab(bytes: number): Slab {
  const buffer = new ArrayBuffer(bytes < smallBytes ? bytes : Math.max(bytes, keptByLibraries));
  let used = 0;
  const take = (size: number): number => {
    const at = used;
    used = Math.ceil((used + size) / 8) * 8;
    return at;
  };
  return {
    float64: (count) => new Float64Array(buffer, take(8 * count), count),
    float32: (count) => new Float32Array(buffer, take(4 * count), count),
    int32: (count) => new Int32Array(buffer, take(4 * count), count),
    uint8: (count) => new Uint8Array(buffer, take(count), count),
  };
}
