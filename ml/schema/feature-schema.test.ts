import { describe, expect, it } from 'vitest';
import { demandSchema, demandSchemaId, featureSpec, fitSchema, kindsHash, schemaHash } from './feature-schema.ts';
import { goldenNames } from './golden-values.ts';

const names = goldenNames.split(' ');
const schema = { id: demandSchemaId, sha256: schemaHash(demandSchemaId, names), names };
const other = (id: string, more: readonly string[]) => ({ id, sha256: schemaHash(id, more), names: more });

describe('the feature schema', () => {
  it('is what it was when its version was given: a change of a kind is a new version', () => {
    expect([demandSchemaId, kindsHash().slice(0, 16)]).toEqual(['demand@1.0', 'f917e5855b8f2ec9']);
  });
  it('says type, unit and what may be unknown of every feature, and knows no others', () => {
    const { features, sha256 } = demandSchema(names);
    expect(features).toHaveLength(names.length);
    expect(sha256).toBe(schema.sha256);
    expect(featureSpec('price.log')).toEqual({
      name: 'price.log',
      dtype: 'float32',
      unit: 'log of rupees',
      nulls: 'absent',
    });
    expect(featureSpec('category.mean7')?.nulls).toBe('absent');
    expect(featureSpec('mean7')?.nulls).toBe('unknown');
    expect(() => demandSchema([...names, 'shoeSize'])).toThrow('shoeSize');
  });
  it('differs where the order or a name does', () => {
    expect(demandSchema(names.toReversed()).sha256).not.toBe(schema.sha256);
    expect(demandSchema(names.slice(1)).sha256).not.toBe(schema.sha256);
  });
  it('refuses another major version, a hash that is not the names’, what can’t be made here', () => {
    expect(fitSchema(schema, names)).toEqual({ ok: true, value: { absent: [] } });
    expect(fitSchema(other('demand@2.0', names), names)).toEqual({
      ok: false,
      error: { why: 'otherSchema', id: 'demand@2.0' },
    });
    expect(fitSchema(other('price@1.0', names), names).ok).toBe(false);
    expect(fitSchema(other('whatever', names), names).ok).toBe(false);
    expect(fitSchema({ ...schema, sha256: '0'.repeat(64) }, names)).toEqual({
      ok: false,
      error: { why: 'hashDiffers' },
    });
    expect(fitSchema(other('demand@1.0', [...names, 'shoeSize']), names)).toEqual({
      ok: false,
      error: { why: 'unknownFeature', names: ['shoeSize'] },
    });
    expect(
      fitSchema(
        schema,
        names.filter((name) => name !== 'lag1'),
      ),
    ).toEqual({ ok: false, error: { why: 'missingFeature', names: ['lag1'] } });
  });
  it('lets a shop without prices or groups, and a newer minor version, be fed with what is not known', () => {
    const bare = names.filter((name) => !name.includes('.'));
    const fit = fitSchema(schema, bare);
    expect(fit.ok && fit.value.absent).toEqual(names.filter((name) => name.includes('.')));
    const newer = fitSchema(other('demand@1.3', [...names, 'shoeSize']), names);
    expect(newer).toEqual({ ok: true, value: { absent: ['shoeSize'] } });
  });
});
