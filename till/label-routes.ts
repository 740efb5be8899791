/**
 * The label methods, each tied to its use case. Rule kept: printing labels is any signed-in person's; designs are a
 * supervisor's, and where the printer hangs is set by whoever sets the shop up, later by its owner.
 */
import { atLeast, os, settingUp, signedIn } from './edge.ts';
import * as label from './use-cases/label.ts';

export const labelRoutes = {
  setting: os.label.setting.handler(({ context }) => context.till.labels.setting()),
  set: os.label.set.handler(({ context, input }) => {
    settingUp(context);
    return context.till.labels.set(input);
  }),
  designs: os.label.designs.handler(({ context }) => label.labelDesigns(context.till)),
  saveDesign: os.label.saveDesign.handler(({ context, input }) => {
    atLeast(context, 'supervisor');
    return label.saveDesign(context.till, input.design);
  }),
  removeDesign: os.label.removeDesign.handler(({ context, input }) => {
    atLeast(context, 'supervisor');
    return label.removeDesign(context.till, input.id);
  }),
  find: os.label.find.handler(({ context, input }) => {
    signedIn(context);
    return label.findGoods(context.till, input.code);
  }),
  goods: os.label.goods.handler(({ context, input }) => {
    signedIn(context);
    return label.goodsOf(context.till, input.itemId);
  }),
  preview: os.label.preview.handler(({ context, input }) => {
    signedIn(context);
    return label.previewLabel(context.till, input);
  }),
  print: os.label.print.handler(({ context, input }) => {
    signedIn(context);
    return label.printLabels(context.till, input);
  }),
  testPrint: os.label.testPrint.handler(({ context, input }) => {
    settingUp(context);
    return label.testLabel(context.till, input.key, input.designId);
  }),
  cancel: os.label.cancel.handler(({ context }) => {
    signedIn(context);
    return context.till.labels.cancel();
  }),
  goOn: os.label.goOn.handler(({ context, input }) => {
    signedIn(context);
    return label.goOn(context.till, input.no, input.after);
  }),
  dismiss: os.label.dismiss.handler(({ context }) => {
    signedIn(context);
    context.till.labels.dismiss();
    return { done: true as const };
  }),
  feed: os.label.feed.handler(({ context, signal }) =>
    context.till.labels.feed.subscribe(() => context.till.labels.job(), signal),
  ),
};
