/**
 * How good the forecasts of half a year's weeks were, of all items. Rule kept: weeks are read in pieces and only sums an
 * item are kept, with a breath between pieces, since there are a hundred thousand of them and the counter goes first.
 */
import { milli } from '#core/quantity.ts';
import type { BusinessDate } from '#core/time.ts';
import type { AccuracyView, SpeedClass } from '#contract/till-accuracy.ts';
import type { ForecastWeeks } from '#db/forecast-weeks.ts';
import { makeBreather } from '../breathe.ts';

const classes: readonly SpeedClass[] = ['slow', 'medium', 'fast'];
const inUnits = 1000;
const weekDays = 7;
const worstShown = 10;
/** Some milliseconds' work. */
const piece = 1_000;

/** Of an item or of many: milli-units, and how many weeks. */
type Sums = { weeks: number; inside: number; sold: number; forecast: number; miss: number; naiveMiss: number };
const nothing = (): Sums => ({ weeks: 0, inside: 0, sold: 0, forecast: 0, miss: 0, naiveMiss: 0 });

/** Units a day. */
const speedOf = (perDay: number): SpeedClass => (perDay < 1 ? 'slow' : perDay <= 10 ? 'medium' : 'fast');
const shareBp = (miss: number, sold: number): number | null => (sold === 0 ? null : Math.round((10_000 * miss) / sold));
const figuresOf = ({ weeks, inside, miss, naiveMiss, sold }: Sums) => ({
  weeks,
  inside,
  missBp: shareBp(miss, sold),
  lastWeekMissBp: shareBp(naiveMiss, sold),
});

function sumOf(items: Iterable<Sums>): Sums {
  const made = nothing();
  for (const one of items) for (const key of Object.keys(made) as (keyof Sums)[]) made[key] += one[key];
  return made;
}

async function sumsByItem(
  weeks: Pick<ForecastWeeks, 'judgedFrom'>,
  from: BusinessDate,
): Promise<ReadonlyMap<number, Sums>> {
  const byItem = new Map<number, Sums>();
  const breathe = makeBreather();
  let [week, itemNo] = [from, -1];
  for (;;) {
    const some = weeks.judgedFrom(week, itemNo, piece);
    for (const { itemNo: no, p10Milli, p50Milli, p90Milli, naiveMilli, soldMilli } of some) {
      const own = byItem.get(no) ?? nothing();
      byItem.set(no, own);
      own.weeks += 1;
      own.inside += soldMilli >= p10Milli && soldMilli <= p90Milli ? 1 : 0;
      own.sold += soldMilli;
      own.forecast += p50Milli;
      own.miss += Math.abs(soldMilli - p50Milli);
      own.naiveMiss += Math.abs(soldMilli - naiveMilli);
    }
    const last = some.at(-1);
    if (last === undefined || some.length < piece) return byItem;
    [week, itemNo] = [last.weekStart, last.itemNo];
    await breathe();
  }
}

/** Weeks that began on `from` or later and are over. */
export async function accuracyView(
  weeks: Pick<ForecastWeeks, 'judgedFrom' | 'itemOf'>,
  from: BusinessDate,
): Promise<AccuracyView> {
  const byItem = await sumsByItem(weeks, from);
  const bySpeed = Map.groupBy(byItem.values(), (own) => speedOf(own.sold / inUnits / (weekDays * own.weeks)));
  const worst = [...byItem]
    .filter(([, { miss }]) => miss > 0)
    .toSorted(([, a], [, b]) => b.miss - a.miss)
    .slice(0, worstShown);
  return {
    ...figuresOf(sumOf(byItem.values())),
    bySpeed: classes.map((speed) => {
      const items = bySpeed.get(speed) ?? [];
      return { speed, items: items.length, ...figuresOf(sumOf(items)) };
    }),
    worst: worst.flatMap(([itemNo, own]) => {
      const item = weeks.itemOf(itemNo);
      if (item === null) return [];
      const { sold, forecast, miss, weeks: over } = own;
      return { ...item, soldMilli: milli(sold), forecastMilli: milli(forecast), missMilli: milli(miss), weeks: over };
    }),
  };
}
