/**
 * Devices as the counter sees them. Rule kept: paper-out is a state and waiting jobs, never a failed bill;
 * a reprint is always marked DUPLICATE and never opens the drawer.
 */
import type { Uuid } from '#core/ids.ts';
import type { PrintJob } from '#db/print-jobs.ts';
import { findModel, printerModels } from '#hardware/printer/models.ts';
import type { PrinterModelChoice, PrinterSetting } from '#contract/device-views.ts';
import type { DevicesView } from '#contract/views.ts';
import type { Login, TillContext } from '../context.ts';
import { deviceViews } from '../devices/facts.ts';
import { once } from '../once.ts';
import { found, refuse } from '../refusal.ts';
import type { PrinterTarget } from '../shop-settings.ts';

export function devicesView(
  ctx: Pick<TillContext, 'spool' | 'tables' | 'hardware' | 'customer' | 'settings' | 'scale'>,
): DevicesView {
  const cut = ctx.tables.printJobs.firstCut();
  const scale = ctx.scale.scaleView();
  return {
    printer: ctx.spool.state(),
    printerName: ctx.spool.name(),
    waitingJobs: ctx.spool.waiting(),
    asideJobs: ctx.spool.aside(),
    isPaperLow: ctx.spool.status().isPaperLow,
    cutJob: cut === null ? null : { jobId: cut.id, number: numberOf(ctx, cut) },
    isScalePresent: !['notSet', 'looking', 'trouble'].includes(scale.state),
    scaleMilli: scale.weightMilli,
    customerWindows: ctx.customer.windows(),
    all: deviceViews(ctx),
  };
}

function numberOf(ctx: Pick<TillContext, 'tables'>, job: PrintJob): string | null {
  if (job.documentId === null) return null;
  const challan = ctx.tables.transfers.get(job.documentId);
  if (challan?.type === 'transferDispatched') return challan.number;
  return ctx.tables.bills.bill(job.documentId)?.number ?? ctx.tables.bills.creditNote(job.documentId)?.number ?? null;
}

export function publishDevices(ctx: TillContext): DevicesView {
  const view = devicesView(ctx);
  ctx.devices.current = view;
  ctx.devices.feed.publish(view);
  return view;
}

function addJob(ctx: TillContext, documentId: Uuid | null, kind: PrintJob['kind'], isDuplicate: boolean): void {
  ctx.tables.transact(() =>
    ctx.tables.printJobs.add({
      id: ctx.newId(),
      documentId,
      kind,
      createdAtMs: ctx.clock.now(),
      isDuplicate,
      opensDrawer: false,
    }),
  );
  // A person asks for paper: what was set aside is tried again, before it.
  ctx.spool.retry();
  publishDevices(ctx);
}

/** The last bill when no id is given. */
export function reprint(ctx: TillContext, key: string, id: Uuid | null): { number: string } {
  if (ctx.settings.get().printer.kind === 'none') refuse({ type: 'PrinterNotSet' });
  return once(ctx, key, () => {
    const bill = id === null ? ctx.tables.bills.last() : ctx.tables.bills.bill(id);
    const document = bill ?? (id === null ? null : ctx.tables.bills.creditNote(id));
    const { id: documentId, number } = found(document, 'bill');
    addJob(ctx, documentId, 'duplicate', true);
    return { number };
  });
}

export async function setPrinter(
  ctx: TillContext,
  target: PrinterTarget,
  widthMm: 58 | 80,
  modelId: string | null,
): Promise<DevicesView> {
  const model = modelId === null ? findModel('', widthMm) : findModel(modelId, widthMm);
  if (modelId !== null && model.id !== modelId) refuse({ type: 'InputInvalid', field: 'modelId', reason: 'unknown' });
  ctx.settings.save({ printer: target, paperMm: model.widthMm, printerModel: model.id });
  await ctx.spool.reopen();
  return publishDevices(ctx);
}

export function printerSetting(ctx: TillContext): PrinterSetting {
  const { printer, printerModel, paperMm } = ctx.settings.get();
  return { target: printer, modelId: printerModel, widthMm: paperMm };
}

export const modelChoices = (): readonly PrinterModelChoice[] =>
  printerModels.map(({ id, name, widthMm, columns }) => ({ id, name, widthMm, columns: columns.a }));

export function testPrint(ctx: TillContext): { done: true } {
  if (ctx.settings.get().printer.kind === 'none') refuse({ type: 'PrinterNotSet' });
  addJob(ctx, null, 'test', false);
  return { done: true };
}

export function retryPrint(ctx: TillContext): DevicesView {
  ctx.spool.retry();
  return publishDevices(ctx);
}

export function answerCut(ctx: TillContext, jobId: Uuid, cameOutWhole: boolean): DevicesView {
  // The answer and the copy it asks for are kept together: a till that dies between them loses neither.
  const known = ctx.tables.transact(() =>
    ctx.spool.answerCut(jobId, cameOutWhole, (job) =>
      addJob(ctx, job.documentId, job.kind === 'test' || job.kind === 'report' ? job.kind : 'duplicate', true),
    ),
  );
  if (!known) refuse({ type: 'NotFound', what: 'job' });
  return publishDevices(ctx);
}

/** Opening the drawer without a sale is written down with its reason (rules-gst-retail.md §1.3). */
export function openDrawer(ctx: TillContext, reason: string, login: Login): { done: true } {
  if (reason.trim() === '') refuse({ type: 'ReasonNeeded' });
  const isOnPrinter = ctx.drawer.isOnPrinter();
  if (isOnPrinter && ctx.settings.get().printer.kind === 'none') refuse({ type: 'PrinterNotSet' });
  ctx.tables.transact(() => {
    ctx.tables.journal.append('drawerOpened', ctx.newId(), ctx.clock.now(), JSON.stringify({ reason, by: login.id }));
    if (!isOnPrinter) return;
    ctx.tables.printJobs.add({
      id: ctx.newId(),
      documentId: null,
      kind: 'drawer',
      createdAtMs: ctx.clock.now(),
      isDuplicate: false,
      opensDrawer: true,
    });
  });
  ctx.drawer.kick();
  ctx.spool.kick();
  return { done: true };
}
