/**
 * The customer screen's methods, and the router of a link that was opened for customers. Rule kept: such a link
 * knows one method, the feed; a bill, a cart or a name can't be asked for on it, whatever the page is made to
 * send. Which tender is shown comes from the window that has the counter.
 */
import { os, signedIn } from './edge.ts';
import * as window from './use-cases/window.ts';

export const customerRoutes = {
  feed: os.customer.feed.handler(({ context, signal }) => context.till.customer.subscribe(signal)),
  showPay: os.customer.showPay.handler(({ context, input }) => {
    signedIn(context);
    window.mustBeActive(context);
    context.till.customer.showPay(input.tender);
    return { done: true } as const;
  }),
};

/** All that a customer's screen can call. */
export const customerRouter = { customer: { feed: customerRoutes.feed } };
