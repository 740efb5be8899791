/**
 * The order list: what to buy today, edited by the owner, on paper and as a file. Rule kept: the till advises and counts;
 * what is bought is the owner's word, and it holds for the day it was said on.
 */
import { addPaise, type Paise, zeroPaise } from '#core/money.ts';
import { addDays } from '#core/time.ts';
import type { Uuid } from '#core/ids.ts';
import type { OrderDelivery, OrderGroup, OrderLine, OrderRules, OrderView } from '#contract/till-forecast.ts';
import type { ItemOrder } from '#db/item-orders.ts';
import type { TillContext } from '../context.ts';
import {
  listedLines,
  type MadeLine,
  makeLine,
  orderDesk,
  orderRulesOf,
  orderToPrint,
  rulesKey,
  sortLines,
} from '../forecast/order-lines.ts';
import { deliveriesOf, type GroupBy, keepDelivery, saidOf } from '../forecast/order-deliveries.ts';
import { orderCsv } from '../forecast/order-file.ts';
import { found, refuse } from '../refusal.ts';

export async function orderList(ctx: TillContext, groupBy: GroupBy): Promise<OrderView> {
  const { all, listed, nextDueOn } = await listedLines(ctx);
  const run = ctx.tables.forecasts.current();
  const lines = sortLines(
    listed.map(({ line }) => line),
    groupBy,
  );
  return {
    madeAtMs: run?.madeAtMs ?? null,
    origin: run?.originDate ?? null,
    today: ctx.today(),
    itemsWatched: all,
    groupBy,
    lines,
    groups: groupsOf(ctx, lines, groupBy),
    nextDueOn,
    ...sumOf(lines),
    atRiskPaise: listed.reduce<Paise>((sum, { atRiskPaise }) => addPaise(sum, atRiskPaise), zeroPaise),
    rules: orderRulesOf(ctx),
  };
}

const sumOf = (lines: readonly OrderLine[]) => ({
  valuePaise: addPaise(...lines.flatMap(({ costPaise }) => (costPaise === null ? [] : [costPaise]))),
  linesWithoutCost: lines.filter(({ costPaise, packs }) => costPaise === null && packs > 0).length,
});

function groupsOf(ctx: TillContext, lines: readonly OrderLine[], groupBy: GroupBy): readonly OrderGroup[] {
  const deliveries = deliveriesOf(ctx.tables);
  return [...Map.groupBy(lines, (line) => line[groupBy])].map(([name, members]) => {
    const days = new Set(members.map(({ leadDays }) => leadDays));
    const [first = 0] = days;
    return {
      name,
      itemIds: members.map(({ itemId }) => itemId),
      ...sumOf(members),
      delivery: saidOf(deliveries, groupBy, name),
      comesOn: days.size === 1 ? addDays(ctx.today(), first) : null,
    };
  });
}

/** Refuses NotFound for an item that the last run did not know. */
export function orderLineOf(ctx: TillContext, itemId: Uuid): MadeLine {
  const run = found(ctx.tables.forecasts.current(), 'item');
  return makeLine(orderDesk(ctx, run), found(ctx.tables.forecasts.one(run.runNo, itemId), 'item'));
}

export function setPacks(ctx: TillContext, itemId: Uuid, packs: number | null): OrderLine {
  const { isDue } = orderLineOf(ctx, itemId);
  const { itemOrders } = ctx.tables;
  if (packs === null && isDue) itemOrders.unedit(ctx.today(), itemId);
  else itemOrders.edit(ctx.today(), itemId, packs);
  return orderLineOf(ctx, itemId).line;
}

export function addToOrder(ctx: TillContext, itemId: Uuid): OrderLine {
  if (!orderLineOf(ctx, itemId).isListed) ctx.tables.itemOrders.edit(ctx.today(), itemId, null);
  return orderLineOf(ctx, itemId).line;
}

export function takeOffOrder(ctx: TillContext, itemId: Uuid): OrderLine {
  found(ctx.tables.items.byId(itemId), 'item');
  ctx.tables.itemOrders.unedit(ctx.today(), itemId);
  return orderLineOf(ctx, itemId).line;
}

export function saveDelivery(ctx: TillContext, by: GroupBy, name: string, delivery: OrderDelivery | null): OrderRules {
  const weekdays = [...new Set(delivery?.weekdays)].sort((a, b) => a - b);
  keepDelivery(ctx.tables, by, name, delivery === null ? null : { leadDays: delivery.leadDays, weekdays });
  return orderRulesOf(ctx);
}

export function saveOrderRules(ctx: TillContext, rules: OrderRules): OrderRules {
  ctx.tables.settings.set(rulesKey, JSON.stringify(rules));
  return orderRulesOf(ctx);
}

export function saveItemOrder(ctx: TillContext, itemId: Uuid, order: ItemOrder): OrderLine {
  found(ctx.tables.items.byId(itemId), 'item');
  ctx.tables.itemOrders.put(itemId, { ...order, supplier: order.supplier === '' ? null : order.supplier });
  return orderLineOf(ctx, itemId).line;
}

/** On the receipt printer, through the spool: made when it prints, of what stands then. */
export async function printOrder(ctx: TillContext): Promise<{ readonly lines: number }> {
  if (ctx.settings.get().printer.kind === 'none') refuse({ type: 'PrinterNotSet' });
  const lines = (await orderToPrint(ctx)).length;
  if (lines === 0) return { lines };
  ctx.tables.transact(() =>
    ctx.tables.printJobs.add({
      id: ctx.newId(),
      documentId: null,
      kind: 'orderList',
      createdAtMs: ctx.clock.now(),
      isDuplicate: false,
      opensDrawer: false,
    }),
  );
  ctx.spool.kick();
  return { lines };
}

export async function exportOrder(ctx: TillContext): Promise<{ readonly name: string; readonly text: string }> {
  return { name: `order-${ctx.today()}.csv`, text: orderCsv(await orderToPrint(ctx)) };
}
