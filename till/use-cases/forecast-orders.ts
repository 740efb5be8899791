/**
 * The order list: what to buy today, edited by the owner, on paper and as a file. Rule kept: the till advises and counts;
 * what is bought is the owner's word, and it holds for the day it was said on.
 */
import { addPaise, type Paise, zeroPaise } from '#core/money.ts';
import type { Uuid } from '#core/ids.ts';
import type { OrderLine, OrderRules, OrderView } from '#contract/till-forecast.ts';
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
import { orderCsv } from '../forecast/order-file.ts';
import { found, refuse } from '../refusal.ts';

export async function orderList(ctx: TillContext, groupBy: 'category' | 'supplier'): Promise<OrderView> {
  const { all, listed } = await listedLines(ctx);
  const lines = listed.map(({ line }) => line);
  const costs = lines.flatMap(({ costPaise }) => (costPaise === null ? [] : [costPaise]));
  return {
    madeAtMs: ctx.tables.forecasts.current()?.madeAtMs ?? null,
    itemsWatched: all,
    groupBy,
    lines: sortLines(lines, groupBy),
    valuePaise: addPaise(...costs),
    linesWithoutCost: lines.filter(({ costPaise, packs }) => costPaise === null && packs > 0).length,
    atRiskPaise: listed.reduce<Paise>((sum, { atRiskPaise }) => addPaise(sum, atRiskPaise), zeroPaise),
    rules: orderRulesOf(ctx),
  };
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
