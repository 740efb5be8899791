/**
 * The facts behind a diagnosis, gathered from what the till holds: settings, the spool's printer, each device's
 * desk, and what hangs on this PC. Rule kept: gathering asks nobody and opens nothing; the printer and the desks
 * look after their devices by themselves.
 */
import type { DeviceKind, DeviceTrouble, DeviceView, FoundDevice, Platform } from '#contract/device-views.ts';
import { formatQty } from '#core/quantity.ts';
import type { PrinterStatus } from '#hardware/printer/port.ts';
import type { TillContext } from '../context.ts';
import type { ShopRecord } from '../shop-settings.ts';
import type { DeviceFacts, SetAs } from './check.ts';
import { placeOf, type UsedTargets } from './find.ts';

export const deviceKinds: readonly DeviceKind[] = ['scanner', 'printer', 'drawer', 'scale', 'display', 'label'];

export const platformNow = (): Platform =>
  process.platform === 'win32' || process.platform === 'darwin' ? process.platform : 'linux';

type ViewCtx = Pick<TillContext, 'settings' | 'spool' | 'hardware'>;
type FactsCtx = ViewCtx & Pick<TillContext, 'scanners' | 'scale' | 'customer'>;

/** Why the wire failed says more than that the printer doesn't answer. */
function troubleOf({ state, wire }: PrinterStatus): DeviceTrouble | null {
  if (state === 'ready' || state === 'notSet') return null;
  return state === 'offline' ? (wire ?? state) : state;
}

export function printerView(ctx: Pick<TillContext, 'settings' | 'spool'>): DeviceView {
  const { printer } = ctx.settings.get();
  const status = ctx.spool.status();
  const trouble = troubleOf(status);
  return {
    kind: 'printer',
    state: status.state === 'notSet' ? 'notSet' : trouble === null ? 'works' : 'trouble',
    trouble,
    place: printer.kind === 'none' ? null : printer.kind === 'file' ? printer.path : placeOf(printer),
  };
}

/** The wizard's list: all six, in its order; one that nobody has a desk for is not set. */
export function deviceViews(ctx: ViewCtx): readonly DeviceView[] {
  const views = ctx.hardware.views();
  return deviceKinds.map((kind) => {
    if (kind === 'printer') return printerView(ctx);
    const own = views.filter((one) => one.kind === kind);
    return own.find((one) => one.state !== 'notSet') ?? own[0] ?? { kind, state: 'notSet', trouble: null, place: null };
  });
}

type SetParts = Pick<ShopRecord, 'printer' | 'scanner' | 'scale' | 'pole' | 'drawer' | 'label'>;

/** What the settings say hangs where. */
export function usedTargets({ printer, scanner, scale, pole, drawer, label }: SetParts): ReturnType<UsedTargets> {
  return [
    ...(printer.kind === 'none' || printer.kind === 'file' ? [] : [{ kind: 'printer' as const, target: printer }]),
    ...(scanner.serial === null ? [] : [{ kind: 'scanner' as const, target: scanner.serial.target }]),
    ...(scale === null ? [] : [{ kind: 'scale' as const, target: scale.target }]),
    ...(pole === null ? [] : [{ kind: 'display' as const, target: pole.target }]),
    ...(drawer.via === 'printer' ? [] : [{ kind: 'drawer' as const, target: drawer.target }]),
    ...(label === null || label.target.kind === 'none' || label.target.kind === 'folder'
      ? []
      : [{ kind: 'label' as const, target: label.target }]),
  ];
}

const none: SetAs = { kind: 'none' };

function setAs(ctx: FactsCtx, kind: DeviceKind, place: string | null): SetAs {
  const { printer, scanner, scale, pole, drawer, label } = ctx.settings.get();
  switch (kind) {
    case 'printer':
      return printer;
    case 'scanner':
      return scanner.serial?.target ?? { kind: 'keyboard', isLearnt: scanner.wedge !== null };
    case 'scale':
      return scale?.target ?? none;
    case 'drawer':
      if (drawer.via === 'wire') return drawer.target;
      return printer.kind === 'none' ? none : { kind: 'printer' };
    case 'display':
      // The pole's entry, unless a screen shows the bill while the pole is in trouble.
      return pole !== null && place !== null ? pole.target : { kind: 'window', isOpen: ctx.customer.windows() > 0 };
    case 'label':
      if (label === null) return none;
      return label.target.kind === 'folder' ? { kind: 'file', path: label.target.path } : label.target;
    default:
      return kind satisfies never;
  }
}

function lastHeard(ctx: FactsCtx, kind: DeviceKind): string | null {
  if (kind === 'scanner') return ctx.scanners.lastHeard();
  const weight = kind === 'scale' ? ctx.scale.scaleView().weightMilli : null;
  return weight === null ? null : `${formatQty(weight, 'kg')} kg`;
}

export function factsOf(ctx: FactsCtx, kind: DeviceKind, found: readonly FoundDevice[]): DeviceFacts {
  const view = deviceViews(ctx).find((one) => one.kind === kind);
  if (view === undefined) throw new Error(`no view of ${kind}`);
  return {
    kind,
    platform: platformNow(),
    set: setAs(ctx, kind, view.place),
    place: view.place,
    trouble: view.trouble,
    isLooking: view.state === 'looking',
    paper: kind === 'printer' ? { isLow: ctx.spool.status().isPaperLow, canTell: ctx.spool.canTell() } : null,
    lastHeard: lastHeard(ctx, kind),
    setAside: kind === 'printer' ? ctx.spool.aside() : 0,
    isPrinterWorking: printerView(ctx).state === 'works',
    found,
  };
}
