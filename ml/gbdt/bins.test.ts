import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '#tests/property-runs.ts';
import { binTable, findEdges } from './bins.ts';

describe('bins', () => {
  it('say how many edges lie below a value; 0 is what is not known', () => {
    const value = fc.oneof(
      fc.constant(Number.NaN),
      fc.integer({ min: -3, max: 3 }),
      fc.float({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }),
      fc.float({ noNaN: true, noDefaultInfinity: true }),
    );
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 300 }), fc.integer({ min: 2, max: 254 }), (list, most) => {
        const table = { rows: list.length, features: 1, values: Float32Array.from(list) };
        const edges = findEdges(table, most);
        const cut = edges[0] ?? new Float32Array();
        expect([...cut]).toEqual([...cut].toSorted((a, b) => a - b));
        const { bins } = binTable(table, edges);
        for (const [row, each] of table.values.entries()) {
          expect(bins[row]).toBe(Number.isNaN(each) ? 0 : 1 + cut.filter((edge) => edge < each).length);
        }
      }),
      { numRuns: propertyRuns() },
    );
  });
});
