/**
 * Every code by which a model is refused, passed over or left has its sentence on the model page, in both languages. Rule
 * kept: the codes are read from the very lines that declare them, so that a new one without words fails here.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { instant } from '#core/time.ts';
import { eventReason } from '#renderer/owner/model-reasons.ts';
import { en } from '#renderer/words/en.ts';
import { hi } from '#renderer/words/hi.ts';

/** The texts of `type NAME = 'a' | 'b' …;` in a file. */
function namesOf(file: string, name: string): readonly string[] {
  const text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
  const [, body = ''] = new RegExp(`export type ${name} =([^;]+);`).exec(text) ?? [];
  return [...body.matchAll(/'(\w+)'/g)].map(([, code = '']) => code);
}
const wordOf = (what: 'refused' | 'failed' | 'rolledBack', reason: string) =>
  eventReason({ atMs: instant(0), what, version: null, reason });

const english: Readonly<Record<string, string | undefined>> = en;
const hindi: Readonly<Record<string, string | undefined>> = hi;
const codes = namesOf('ml/registry/check-package.ts', 'RefusalCode');
const rules = namesOf('ml/registry/promotion.ts', 'PromotionRule');
const reasons = namesOf('till/models/open-model.ts', 'RungReason').filter((reason) => reason !== 'noModel');

describe('why a model does not run', () => {
  it('has words for every check, rule and fault', () => {
    expect([codes.length, rules.length, reasons.length]).toEqual([18, 6, 4]);
    const all = [
      ...codes.map((code) => wordOf('refused', code)),
      ...rules.map((rule) => wordOf('refused', `worse:${rule} {"wql":0.3}`)),
      ...reasons.flatMap((reason) => [wordOf('refused', reason), wordOf('failed', `${reason} {"detail":"x"}`)]),
      ...['owner', 'drift'].map((why) => wordOf('rolledBack', why)),
    ];
    expect(all).not.toContain(null);
    for (const word of all) {
      if (word === null) continue;
      expect(english[word]).toMatch(/\w/);
      // Written in Hindi, not left in English.
      expect(hindi[word]).toMatch(/[\u0900-\u097f]/);
    }
    // Rules that a shopkeeper meets differently are told apart.
    expect(new Set(rules.map((rule) => wordOf('refused', `worse:${rule}`))).size).toBe(6);
  });
});
