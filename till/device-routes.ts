/**
 * The device part of the contract, each method tied to its use case. Rule kept: what hangs on the till is
 * changed by whoever sets the shop up, later by its owner; looking and a test page are anybody's at the till.
 */
import type { CallContext } from './context.ts';
import { findSpeed } from './devices/find-speed.ts';
import { os, settingUp, signedIn } from './edge.ts';
import * as device from './use-cases/device.ts';
import * as find from './use-cases/find-devices.ts';

/** Looking is anybody's who is signed in; before there is an owner, whoever sets the shop up. */
function mayLook(context: CallContext): CallContext['till'] {
  const hasOwner = context.till.tables.staff.list().some((one) => one.role === 'owner');
  if (hasOwner) signedIn(context);
  return context.till;
}

export const deviceRoutes = {
  state: os.device.state.handler(({ context }) => device.devicesView(context.till)),
  feed: os.device.feed.handler(({ context, signal }) =>
    context.till.devices.feed.subscribe(() => device.devicesView(context.till), signal),
  ),
  find: os.device.find.handler(({ context }) => mayLook(context).finder.find()),
  findFeed: os.device.findFeed.handler(({ context, signal }) => mayLook(context).finder.follow(signal)),
  searchNetwork: os.device.searchNetwork.handler(({ context, signal }) =>
    mayLook(context).finder.searchNetwork(signal),
  ),
  findSpeed: os.device.findSpeed.handler(async ({ context, input, signal }) => {
    settingUp(context);
    const { scaleKinds } = await import('#hardware/scale/protocols.ts');
    return findSpeed(input.target, scaleKinds(), context.till.scale.trial, signal);
  }),
  check: os.device.check.handler(({ context, input }) => find.checkDevice(mayLook(context), input.kind)),
  checkFeed: os.device.checkFeed.handler(({ context, input, signal }) =>
    find.followCheck(mayLook(context), input.kind, signal),
  ),
  printer: os.device.printer.handler(({ context }) => device.printerSetting(mayLook(context))),
  printerModels: os.device.printerModels.handler(() => device.modelChoices()),
  setPrinter: os.device.setPrinter.handler(({ context, input }) => {
    settingUp(context);
    return device.setPrinter(context.till, input.target, input.widthMm, input.modelId);
  }),
  testPrint: os.device.testPrint.handler(({ context }) => device.testPrint(context.till)),
  testPreview: os.device.testPreview.handler(({ context, input }) => mayLook(context).paper.testPreview(input.modelId)),
  retryPrint: os.device.retryPrint.handler(({ context }) => device.retryPrint(context.till)),
  answerCut: os.device.answerCut.handler(({ context, input }) => {
    signedIn(context);
    return device.answerCut(context.till, input.jobId, input.cameOutWhole);
  }),
  openDrawer: os.device.openDrawer.handler(({ context, input }) =>
    device.openDrawer(context.till, input.reason, signedIn(context)),
  ),
};
