/**
 * The facts behind a diagnosis, gathered from what the till holds: settings, the spool's printer, each device's
 * desk, and what hangs on this PC. Rule kept: gathering asks nobody and opens nothing; who wants fresh facts has
 * the printer looked at first.
 */
import type { DeviceKind, DeviceTrouble, DeviceView, FoundDevice, Platform } from '#contract/device-views.ts';
import type { PrinterState } from '#hardware/printer/port.ts';
import type { TillContext } from '../context.ts';
import type { DeviceFacts, SetAs } from './check.ts';
import type { ShopRecord } from '../shop-settings.ts';
import { placeOf, type UsedTargets } from './find.ts';

export const deviceKinds: readonly DeviceKind[] = ['scanner', 'printer', 'drawer', 'scale', 'display', 'label'];

export const platformNow = (): Platform =>
  process.platform === 'win32' || process.platform === 'darwin' ? process.platform : 'linux';

type Ctx = Pick<TillContext, 'settings' | 'spool' | 'hardware'>;

const troubleOf = (state: PrinterState): DeviceTrouble | null =>
  state === 'ready' || state === 'notSet' ? null : state;

export function printerView(ctx: Ctx): DeviceView {
  const { printer } = ctx.settings.get();
  const state = ctx.spool.state();
  const trouble = troubleOf(state);
  return {
    kind: 'printer',
    state: state === 'notSet' ? 'notSet' : trouble === null ? 'works' : 'trouble',
    trouble,
    place: printer.kind === 'none' ? null : printer.kind === 'file' ? printer.path : placeOf(printer),
  };
}

/** The drawer that hangs on the receipt printer: as well as the printer is. */
function drawerView(ctx: Ctx): DeviceView {
  const printer = printerView(ctx);
  return { kind: 'drawer', state: printer.state, trouble: null, place: null };
}

/** The wizard's list: all six, in its order; one that nobody has a desk for is not set. */
export function deviceViews(ctx: Ctx): readonly DeviceView[] {
  const views = ctx.hardware.views();
  return deviceKinds.map((kind) => {
    if (kind === 'printer') return printerView(ctx);
    const view =
      views.find((one) => one.kind === kind && one.state !== 'notSet') ?? views.find((one) => one.kind === kind);
    if (view !== undefined) return view;
    return kind === 'drawer' ? drawerView(ctx) : { kind, state: 'notSet', trouble: null, place: null };
  });
}

/** What the settings say hangs where. */
export function usedTargets(shop: Pick<ShopRecord, 'printer'>): ReturnType<UsedTargets> {
  const { printer } = shop;
  return printer.kind === 'none' || printer.kind === 'file' ? [] : [{ kind: 'printer', target: printer }];
}

function setAs(ctx: Ctx, kind: DeviceKind, view: DeviceView): SetAs {
  const { printer } = ctx.settings.get();
  if (kind === 'printer') return printer;
  if (kind === 'drawer') return printer.kind === 'none' ? { kind: 'none' } : { kind: 'printer' };
  if (kind === 'scanner') return { kind: 'keyboard' };
  return view.state === 'notSet' ? { kind: 'none' } : { kind: 'window', isOpen: view.state === 'works' };
}

export function factsOf(ctx: Ctx, kind: DeviceKind, found: readonly FoundDevice[]): DeviceFacts {
  const view = deviceViews(ctx).find((one) => one.kind === kind);
  if (view === undefined) throw new Error(`no view of ${kind}`);
  return {
    kind,
    platform: platformNow(),
    set: setAs(ctx, kind, view),
    place: view.place,
    trouble: view.trouble,
    isLooking: view.state === 'looking',
    paper: kind === 'printer' ? { isLow: false, canTell: true } : null,
    lastHeard: null,
    isPrinterWorking: printerView(ctx).state === 'works',
    found,
  };
}
