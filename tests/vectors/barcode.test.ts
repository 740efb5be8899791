/**
 * Peers' barcode vectors and the GS1 identifier table, read in place. Left out of barcode_nomenclature.json:
 * nothing; Odoo's "error" is our "no mask matched". scan.json's product names are Odoo's demo data, so only
 * what the code itself says is compared.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { gs1Shapes } from '../../core/catalogue/gs1-identifiers.ts';
import { matchPattern, parseMask } from '../../core/catalogue/in-store-code.ts';
import { readScan } from '../../core/catalogue/scan-code.ts';
import { defaultMasks } from '../../core/catalogue/in-store-code.ts';
import { dataPath, noData } from '../data.ts';

function read<T>(name: string): readonly T[] {
  const path = dataPath(`vectors/${name}`);
  return path === null ? [] : JSON.parse(readFileSync(path, 'utf8'));
}
const hasData = dataPath('vectors/barcode_nomenclature.json') !== null;
const title = (text: string): string => (hasData ? text : `${text} (${noData})`);

type Nomenclature = {
  readonly test: string;
  readonly rules: readonly string[];
  readonly barcode: string;
  readonly expect: { readonly type: string; readonly base_code: string; readonly value: number };
};

describe.skipIf(!hasData)(title('barcode nomenclature'), () => {
  it('has vectors', () => expect(read('barcode_nomenclature.json').length).toBeGreaterThan(0));

  for (const vector of read<Nomenclature>('barcode_nomenclature.json')) {
    it(`${vector.barcode} by ${vector.rules.join(' ')}`, () => {
      const found = vector.rules.flatMap((rule) => {
        const mask = parseMask(rule, { free: true });
        if (!mask.ok) throw new Error(`${rule}: ${mask.error.reason}`);
        // Odoo ties a rule to one symbology; the mask's length says which the test had.
        const match =
          vector.barcode.length === mask.value.places.length ? matchPattern(mask.value, vector.barcode) : null;
        return match === null ? [] : [{ ...match, value: match.digits / 10 ** mask.value.decimals }];
      });
      const first = found[0];
      if (vector.expect.type === 'error') expect(first).toBeUndefined();
      else expect(first).toMatchObject({ baseCode: vector.expect.base_code, value: vector.expect.value });
    });
  }
});

type Scan = {
  readonly kind: string;
  readonly barcode: string;
  readonly expect: Readonly<Record<string, number | string>>;
};

describe.skipIf(!hasData)(title('scans at a till'), () => {
  for (const vector of read<Scan>('scan.json')) {
    it(`${vector.barcode} as ${vector.kind}`, () => {
      const reading = readScan(vector.barcode, { masks: defaultMasks, year: 2026 });
      if (vector.kind.startsWith('weight')) {
        const weightMilli = Math.round(Number(vector.expect['qty']) * 1000);
        expect(reading).toMatchObject({ kind: 'inStore', measure: { kind: 'weight', weightMilli } });
      } else if (vector.kind.startsWith('price')) {
        const pricePaise = Math.round(Number(vector.expect['price']) * 100);
        expect(reading).toMatchObject({ kind: 'inStore', measure: { kind: 'price', pricePaise } });
      } else {
        expect(['gtin', 'plain', 'gs1']).toContain(reading.kind);
      }
    });
  }
});

type Identifier = { readonly ai: string; readonly to: string | null; readonly flags: string; readonly spec: string };

/** "N13,csum,gcppos1 [X..17]  req=…" → lengths and checks in the words of gs1-identifiers.ts. */
function shapeOfSpec(spec: string): { min: number; max: number; checks: readonly string[] } {
  const words = (spec.split(/\s{2,}/)[0] ?? '').split(' ').filter((w) => /^\[?[NXYZ]/.test(w));
  let min = 0;
  let max = 0;
  const checks: string[] = [];
  for (const word of words) {
    const match = /^(\[?)[NXYZ](\.\.)?(\d+)/.exec(word);
    const length = Number(match?.[3]);
    max += length;
    min += match?.[1] === '[' ? 0 : match?.[2] === '..' ? 1 : length;
    if (word.includes('csum') && !word.includes('csumalpha')) checks.push('digit');
    if (word.includes('yymmd0')) checks.push('date');
    if (/,yymmdd/.test(word)) checks.push('fullDate');
  }
  return { min, max, checks };
}

describe.skipIf(!hasData)(title('GS1 application identifiers'), () => {
  it('agrees with every row of the dictionary', () => {
    let rows = 0;
    for (const row of read<Identifier>('ai_table.json')) {
      rows += 1;
      for (let ai = Number(row.ai); ai <= Number(row.to ?? row.ai); ai += 1) {
        const name = String(ai).padStart(row.ai.length, '0');
        const shape = gs1Shapes.get(name);
        expect(shape, name).toBeDefined();
        const checks = shape?.parts.flatMap((part) => part.check ?? []);
        expect({ ai: name, min: shape?.min, max: shape?.max, checks }).toEqual({ ai: name, ...shapeOfSpec(row.spec) });
        expect(shape?.predefined, `${name} needs no separator`).toBe(row.flags.includes('*'));
      }
    }
    expect(rows).toBeGreaterThan(0);
  });
});
