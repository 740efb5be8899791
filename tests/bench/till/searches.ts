/**
 * Search at 100,000 items: what people type, one to twenty letters of a real name, the popular goods more often.
 * Rule kept: the till's own use case is timed, with stock and all; the value is the worst length's p99, so that
 * no length hides behind the others.
 */
import type { TillContext } from '#till/context.ts';
import { searchItems } from '#till/use-cases/item.ts';
import { type Figure, median, quantile, round, say, worst } from './figures.ts';
import { goodsNames, seeded, zipf } from './goods.ts';
import type { Scale } from './scale.ts';

const longest = 20;
/** What the counter asks for (renderer/counter). */
const shown = 5;

export function measureSearch(ctx: TillContext, scale: Scale): Figure {
  const random = seeded(23);
  const { names, areReal } = goodsNames();
  const typed = (length: number): string => {
    for (;;) {
      const goods = names[zipf(random, names.length)];
      const name = goods?.nameHi != null && random() < 0.2 ? goods.nameHi : (goods?.name ?? '');
      const words = name.toLowerCase().split(/\s+/);
      // One in four looks for a word in the middle of the name.
      const from = random() < 0.25 && words.length > 1 ? 1 + Math.floor(random() * (words.length - 1)) : 0;
      const text = [...words.slice(from).join(' ')];
      if (text.length >= length) return text.slice(0, length).join('');
    }
  };
  const byLength = Array.from({ length: longest }, (): number[] => []);
  for (let i = 0; i < scale.searchesPerLength + 20; i += 1) {
    for (const [at, samples] of byLength.entries()) {
      const text = typed(at + 1);
      const from = performance.now();
      searchItems(ctx, text, shown, null);
      const took = performance.now() - from;
      if (i >= 20) samples.push(took);
    }
  }
  const p99s = byLength.map((samples) => quantile(samples, 0.99));
  const all = byLength.flat();
  const value = worst(p99s);
  say(`search: p99 by length ${p99s.map((ms) => ms.toFixed(2)).join(' ')}`);
  return {
    name: 'search_100k.p99_ms',
    value,
    unit: 'ms',
    n: scale.searchesPerLength,
    bar: { atMost: 2 },
    beside: {
      worst_length: p99s.indexOf(value) + 1,
      lengths: longest,
      all_p99: round(quantile(all, 0.99)),
      all_median: round(median(all)),
      all_worst: round(worst(all)),
      words: areReal ? 'real product names' : 'demo shop names',
    },
  };
}
