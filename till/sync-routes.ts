/** Head office's methods, each tied to what answers it. Rule kept: joining is the business of whoever sets the shop up. */
import { atLeast, os, settingUp, signedIn } from './edge.ts';
import { findServers } from './lan/find-servers.ts';
import { acceptKeptAside, listKeptAside, sendKeptAgain } from './use-cases/kept-aside.ts';
import { joinHeadOffice } from './use-cases/join-head-office.ts';

export const syncRoutes = {
  servers: os.sync.servers.handler(({ context }) => {
    settingUp(context);
    return findServers();
  }),
  state: os.sync.state.handler(({ context }) => context.till.sync.view()),
  feed: os.sync.feed.handler(({ context, signal }) =>
    context.till.sync.feed.subscribe(() => context.till.sync.view(), signal),
  ),
  refused: os.sync.refused.handler(({ context }) => {
    signedIn(context);
    return listKeptAside(context.till);
  }),
  accept: os.sync.accept.handler(({ context, input }) =>
    acceptKeptAside(context.till, input.seq, input.note, atLeast(context, 'supervisor')),
  ),
  sendAgain: os.sync.sendAgain.handler(({ context, input }) =>
    sendKeptAgain(context.till, input.seq, atLeast(context, 'supervisor')),
  ),
  join: os.sync.join.handler(({ context, input }) => {
    settingUp(context);
    return joinHeadOffice(context.till, input.serverUrl, input.code);
  }),
};
