import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '#tests/property-runs.ts';
import { seeded } from '../random.ts';
import { binTable, findEdges } from './bins.ts';
import { plainKernel } from './kernel.ts';
import { wasmKernel } from './kernel-wasm.ts';

describe("the trainer's loops", () => {
  it('are the same in WebAssembly and in JavaScript, to the bit', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer(),
        (rows, features, seed) => {
          const random = seeded(seed);
          const values = Float32Array.from({ length: rows * features }, () => (random() < 0.2 ? Number.NaN : random()));
          const shape = { rows, features, values };
          const table = binTable(shape, findEdges(shape, 200));
          const fast = wasmKernel(table, 2);
          if (fast === null) throw new Error('No WebAssembly with SIMD here.');
          const plain = plainKernel(table, 2);
          const mask = Int32Array.from({ length: features }, (_, f) => f).filter((f) => f % 2 === 0 || random() < 0.5);
          const slopes = Float64Array.from({ length: rows * 2 }, () => random() - 0.5);
          const [feature, bin, missingLeft] = [
            Math.floor(random() * features),
            Math.floor(random() * 200),
            random() < 0.5,
          ];
          for (const kernel of [fast, plain]) {
            for (let row = 0; row < rows; row += 1) kernel.order[row] = row;
            kernel.slopes.set(slopes);
          }
          const middle = fast.partition(0, rows, feature, bin, missingLeft);
          expect(plain.partition(0, rows, feature, bin, missingLeft)).toBe(middle);
          expect([...fast.order]).toEqual([...plain.order]);
          for (const kernel of [fast, plain]) {
            kernel.histogram(0, 0, rows, mask);
            kernel.histogram(1, 0, middle, mask);
            kernel.subtract(0, 1);
          }
          for (const slot of [0, 1]) expect(fast.sums(slot)).toEqual(plain.sums(slot));
        },
      ),
      { numRuns: Math.ceil(propertyRuns() / 20) },
    );
  });
});
