/** Head office's methods, each tied to what answers it. Rule kept: joining is the business of whoever sets the shop up. */
import { os, settingUp } from './edge.ts';
import { joinHeadOffice } from './use-cases/join-head-office.ts';

export const syncRoutes = {
  state: os.sync.state.handler(({ context }) => context.till.sync.view()),
  feed: os.sync.feed.handler(({ context, signal }) =>
    context.till.sync.feed.subscribe(() => context.till.sync.view(), signal),
  ),
  join: os.sync.join.handler(({ context, input }) => {
    settingUp(context);
    return joinHeadOffice(context.till, input.serverUrl, input.code);
  }),
};
