/**
 * When goods come, as the owner said it for a supplier or a category. Rule kept: a supplier's word goes before its
 * category's, and both before the shop's rule; a name that is no longer on any item costs nothing and is kept.
 */
import { type Delivery, daysUntilGoods } from '#core/ordering/delivery.ts';
import type { BusinessDate } from '#core/time.ts';
import type { Tables } from '../tables.ts';

export type GroupBy = 'category' | 'supplier';
export type Deliveries = Readonly<Record<GroupBy, Readonly<Record<string, Delivery>>>>;

const key = 'orderDeliveries';
const nobody: Deliveries = { category: {}, supplier: {} };

export function deliveriesOf(tables: Pick<Tables, 'settings'>): Deliveries {
  const text = tables.settings.get(key);
  return text === null ? nobody : { ...nobody, ...(JSON.parse(text) as Partial<Deliveries>) };
}

/** What was said of the group itself; null: the shop's rule holds. */
export const saidOf = (all: Deliveries, by: GroupBy, name: string | null): Delivery | null =>
  name === null || !Object.hasOwn(all[by], name) ? null : (all[by][name] ?? null);

/** Days until an item's goods come. */
export const leadOf = (
  all: Deliveries,
  item: { readonly supplier: string | null; readonly category: string | null },
  shopDays: number,
  today: BusinessDate,
): number =>
  daysUntilGoods(
    today,
    saidOf(all, 'supplier', item.supplier) ??
      saidOf(all, 'category', item.category) ?? { leadDays: shopDays, weekdays: [] },
  );

/** null: as the shop's rule says again. */
export function keepDelivery(
  tables: Pick<Tables, 'settings'>,
  by: GroupBy,
  name: string,
  delivery: Delivery | null,
): void {
  const all = deliveriesOf(tables);
  const { [name]: _before, ...others } = all[by];
  const group = delivery === null ? others : { ...others, [name]: delivery };
  tables.settings.set(key, JSON.stringify({ ...all, [by]: group }));
}
