/** Results are plain data: they survive the structured clone of a port. */
import { expect, it } from 'vitest';
import { err, exhausted, ok } from './result.ts';

it('survives structured clone', () => {
  expect(structuredClone(ok(3))).toEqual({ ok: true, value: 3 });
  expect(structuredClone(err({ type: 'TenderShort', shortBy: 5 }))).toEqual({
    ok: false,
    error: { type: 'TenderShort', shortBy: 5 },
  });
});

it('throws on a case that the types say cannot be', () => {
  expect(() => exhausted('surprise' as never)).toThrow('unhandled case: "surprise"');
});
