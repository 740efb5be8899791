/**
 * The forecasts' and the order list's methods, each tied to what answers it. Rule kept: they are the owner's and the
 * supervisor's pages; a job is started and stopped, a model rolled back, rules changed by those who answer for it.
 */
import type { Milli } from '#core/quantity.ts';
import { checkApproval } from './check-pin.ts';
import { atLeast, os, signedIn } from './edge.ts';
import * as forecast from './use-cases/forecast.ts';
import * as orders from './use-cases/forecast-orders.ts';

export const forecastRoutes = {
  job: os.forecast.job.handler(({ context }) => {
    signedIn(context);
    return context.till.forecast.view();
  }),
  jobFeed: os.forecast.jobFeed.handler(({ context, signal }) =>
    context.till.forecast.feed.subscribe(() => context.till.forecast.view(), signal),
  ),
  start: os.forecast.start.handler(({ context }) => {
    atLeast(context, 'supervisor');
    return context.till.forecast.start('asked');
  }),
  cancel: os.forecast.cancel.handler(({ context }) => {
    atLeast(context, 'supervisor');
    return context.till.forecast.cancel();
  }),
  list: os.forecast.list.handler(({ context, input }) => {
    atLeast(context, 'supervisor');
    return forecast.listForecasts(context.till, input);
  }),
  item: os.forecast.item.handler(({ context, input }) => {
    atLeast(context, 'supervisor');
    return {
      ...forecast.itemForecast(context.till, input.itemId),
      order: orders.orderLineOf(context.till, input.itemId).line,
    };
  }),
  group: os.forecast.group.handler(({ context, input }) => {
    atLeast(context, 'supervisor');
    return forecast.groupForecast(context.till, input.of, input.name);
  }),
  accuracy: os.forecast.accuracy.handler(({ context }) => {
    atLeast(context, 'supervisor');
    return forecast.forecastAccuracy(context.till);
  }),
  model: os.forecast.model.handler(({ context }) => {
    atLeast(context, 'supervisor');
    return forecast.modelPage(context.till);
  }),
  rollBack: os.forecast.rollBack.handler(({ context, input }) => {
    checkApproval(context.till, input.ownerPin, 'owner');
    return forecast.rollBack(context.till, input.modelId);
  }),
};

export const orderListRoutes = {
  get: os.orderList.get.handler(({ context, input }) => {
    atLeast(context, 'supervisor');
    return orders.orderList(context.till, input.groupBy);
  }),
  setPacks: os.orderList.setPacks.handler(({ context, input }) => {
    atLeast(context, 'supervisor');
    return orders.setPacks(context.till, input.itemId, input.packs);
  }),
  add: os.orderList.add.handler(({ context, input }) => {
    atLeast(context, 'supervisor');
    return orders.addToOrder(context.till, input.itemId);
  }),
  takeOff: os.orderList.takeOff.handler(({ context, input }) => {
    atLeast(context, 'supervisor');
    return orders.takeOffOrder(context.till, input.itemId);
  }),
  saveDelivery: os.orderList.saveDelivery.handler(({ context, input: { groupBy, name, delivery } }) => {
    atLeast(context, 'supervisor');
    return orders.saveDelivery(context.till, groupBy, name, delivery);
  }),
  saveRules: os.orderList.saveRules.handler(({ context, input }) => {
    atLeast(context, 'owner');
    return orders.saveOrderRules(context.till, input);
  }),
  saveItem: os.orderList.saveItem.handler(({ context, input: { itemId, packMilli, supplier, shelfDays } }) => {
    atLeast(context, 'supervisor');
    return orders.saveItemOrder(context.till, itemId, { packMilli: packMilli as Milli | null, supplier, shelfDays });
  }),
  print: os.orderList.print.handler(({ context }) => {
    atLeast(context, 'supervisor');
    return orders.printOrder(context.till);
  }),
  export: os.orderList.export.handler(({ context }) => {
    atLeast(context, 'supervisor');
    return orders.exportOrder(context.till);
  }),
};
