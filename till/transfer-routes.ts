/**
 * Stock transfers' methods, each tied to what answers it. Rule kept: anybody signed in may look and ask; that goods leave
 * or enter the shop's books is a supervisor's word, like every movement of stock by hand.
 */
import { atLeast, os, signedIn } from './edge.ts';
import { listTransfers, readTransfer } from './transfer-view.ts';
import * as transfer from './use-cases/transfer.ts';

export const transferRoutes = {
  list: os.transfer.list.handler(({ context }) => {
    signedIn(context);
    return listTransfers(context.till);
  }),
  get: os.transfer.get.handler(({ context, input }) => {
    signedIn(context);
    return readTransfer(context.till, input.transferId);
  }),
  feed: os.transfer.feed.handler(({ context, signal }) => {
    const { transfers } = context.till.sync;
    return transfers.feed.subscribe(() => ({ changes: transfers.changes() }), signal);
  }),
  request: os.transfer.request.handler(({ context, input }) =>
    transfer.requestTransfer(context.till, input, signedIn(context)),
  ),
  dispatch: os.transfer.dispatch.handler(({ context, input }) =>
    transfer.dispatchTransfer(context.till, input, atLeast(context, 'supervisor')),
  ),
  receive: os.transfer.receive.handler(({ context, input }) =>
    transfer.receiveTransfer(context.till, input, atLeast(context, 'supervisor')),
  ),
  decline: os.transfer.decline.handler(({ context, input }) =>
    transfer.callOffTransfer(context.till, 'transferDeclined', input, atLeast(context, 'supervisor')),
  ),
  cancel: os.transfer.cancel.handler(({ context, input }) =>
    transfer.callOffTransfer(context.till, 'transferCancelled', input, signedIn(context)),
  ),
  challan: os.transfer.challan.handler(({ context, input }) => {
    signedIn(context);
    return transfer.previewChallan(context.till, input.dispatchId);
  }),
  printChallan: os.transfer.printChallan.handler(({ context, input }) => {
    signedIn(context);
    return transfer.printChallan(context.till, input.key, input.dispatchId);
  }),
};
