/**
 * What is wrong with a device, from facts to a diagnosis: checks in the order in which a fitter would look, one
 * problem, and up to three ways, best first. Rule kept: pure; what was not looked at is 'unknown', never 'ok'.
 * It opens nothing and holds no sentence: ids for the renderer's words.
 */
import type {
  Check,
  CheckDetail,
  CheckId,
  DeviceKind,
  DeviceTrouble,
  Diagnosis,
  FoundDevice,
  Platform,
  Problem,
  Way,
  WayId,
} from '#contract/device-views.ts';
import type { WireTargetInput } from '#contract/wire-target.ts';

/** How a device is set: nothing, a file, a wire, a keyboard, the printer before it, a window. */
export type SetAs =
  | { readonly kind: 'none' }
  | { readonly kind: 'file'; readonly path: string }
  /** A scanner that types; `isLearnt`: a person went through its wizard. */
  | { readonly kind: 'keyboard'; readonly isLearnt: boolean }
  | { readonly kind: 'printer' }
  | { readonly kind: 'window'; readonly isOpen: boolean }
  | WireTargetInput;

export type DeviceFacts = {
  readonly kind: DeviceKind;
  readonly platform: Platform;
  readonly set: SetAs;
  readonly place: string | null;
  readonly trouble: DeviceTrouble | null;
  readonly isLooking: boolean;
  /** For what prints: the roll near its end, and whether it can say how it is. */
  readonly paper: { readonly isLow: boolean; readonly canTell: boolean } | null;
  /** For what speaks: the last thing understood, as a person reads it; null when nothing was yet. */
  readonly lastHeard: string | null;
  /** Receipts that could not be made and wait for a person to ask again. */
  readonly setAside: number;
  /** For the drawer: does the printer before it work? */
  readonly isPrinterWorking: boolean;
  readonly found: readonly FoundDevice[];
};

const speaks = (kind: DeviceKind): boolean => kind === 'scale' || kind === 'scanner';
const prints = (kind: DeviceKind): boolean => kind === 'printer' || kind === 'label';
const isWire = (set: SetAs): set is WireTargetInput =>
  set.kind === 'tcp' ||
  set.kind === 'serial' ||
  set.kind === 'usb' ||
  set.kind === 'deviceFile' ||
  set.kind === 'windowsQueue';

/** The same thing in the list of what was found; a USB device by what it is, wherever it is plugged in. */
export function isSameTarget(a: WireTargetInput, b: WireTargetInput): boolean {
  if (a.kind === 'tcp') return b.kind === 'tcp' && a.host === b.host && a.port === b.port;
  if (a.kind === 'windowsQueue') return b.kind === 'windowsQueue' && a.name === b.name;
  if (a.kind === 'deviceFile') return b.kind === 'deviceFile' && a.path === b.path;
  const identity = b.kind === 'serial' || b.kind === 'usb' ? b.identity : null;
  if (a.kind === 'serial') {
    if (b.kind !== 'serial') return false;
    return a.path === b.path || (a.identity !== null && identity !== null && isSameIdentity(a.identity, identity));
  }
  return b.kind === 'usb' && isSameIdentity(a.identity, b.identity);
}

type Identity = { readonly vendorId: number; readonly productId: number; readonly serial: string | null };
const isSameIdentity = (a: Identity, b: Identity): boolean =>
  a.vendorId === b.vendorId && a.productId === b.productId && (a.serial === null || a.serial === b.serial);

const queueFor = ({ found, kind }: DeviceFacts): FoundDevice | null =>
  prints(kind) ? (found.find((one) => one.target.kind === 'windowsQueue' && one.usedBy === null) ?? null) : null;

/**
 * Free things on this PC that may be this device, the surest first. A plain USB-serial adapter says nothing of what
 * hangs on it; most often it is a scale.
 */
function candidates({ found, kind }: DeviceFacts): readonly FoundDevice[] {
  const free = found.filter((one) => one.usedBy === null);
  const plain = kind === 'scale' ? free.filter((one) => one.guess === null && one.target.kind === 'serial') : [];
  return [...free.filter((one) => one.guess === kind), ...plain];
}

function problemOf(facts: DeviceFacts): Problem {
  const { set, trouble } = facts;
  if (set.kind === 'none') return candidates(facts).length > 0 ? 'found' : 'notSet';
  if (trouble !== null) return trouble;
  if (facts.isLooking) return 'looking';
  if (set.kind === 'file') return 'toFile';
  if (set.kind === 'window') return set.isOpen ? 'works' : 'notSet';
  if (set.kind === 'keyboard') return set.isLearnt ? 'works' : 'notSet';
  if (set.kind === 'printer') return facts.isPrinterWorking ? 'works' : 'offline';
  return facts.paper?.isLow === true ? 'paperLow' : 'works';
}

// ── checks ───────────────────────────────────────────────────────────────────────────────────────────

const check = (id: CheckId, outcome: Check['outcome'], detail: CheckDetail, value = ''): Check => ({
  id,
  outcome,
  detail,
  value,
});

/** The wire never came up, so nothing behind it can be known. */
const isCutOff = (trouble: DeviceTrouble | null): boolean =>
  trouble === 'absent' || trouble === 'timeout' || trouble === 'broken' || trouble === 'offline';

function cableCheck(facts: DeviceFacts, target: WireTargetInput): Check {
  const place = facts.place ?? '';
  const { trouble } = facts;
  if (target.kind === 'tcp') {
    if (trouble === 'refused') return check('cable', 'ok', 'answersAt', place);
    return isCutOff(trouble) ? check('cable', 'bad', 'noAnswerAt', place) : check('cable', 'ok', 'answersAt', place);
  }
  const seen = facts.found.find((one) => isSameTarget(target, one.target));
  if (seen !== undefined && trouble === 'offline') return check('cable', 'bad', 'noAnswerAt', seen.place);
  if (seen !== undefined) return check('cable', 'ok', 'seenAt', seen.place);
  // It opened, so it is there although no list has it (a pty, a port the system doesn't list).
  return trouble === null || !isCutOff(trouble)
    ? check('cable', 'ok', 'seenAt', place)
    : check('cable', 'bad', 'notSeen', place);
}

function writeCheck({ trouble }: DeviceFacts, driver: string | null): Check {
  if (trouble === 'noPermission') return check('write', 'bad', 'noRight');
  if (trouble === 'busy') return check('write', 'bad', 'heldByOther', driver ?? '');
  if (trouble === 'refused') return check('write', 'bad', 'refusedAt');
  return isCutOff(trouble) || trouble === 'unsupported'
    ? check('write', 'unknown', 'notTried')
    : check('write', 'ok', 'mayWrite');
}

function paperCheck({ trouble, paper }: DeviceFacts): Check {
  if (trouble === 'paperOut') return check('paper', 'bad', 'paperOut');
  if (trouble === 'coverOpen') return check('paper', 'bad', 'coverOpen');
  if (trouble === 'error') return check('paper', 'bad', 'printerError');
  if (trouble !== null) return check('paper', 'unknown', 'cantAsk');
  if (paper?.canTell !== true) return check('paper', 'unknown', 'noStatus');
  return paper.isLow ? check('paper', 'unknown', 'paperLow') : check('paper', 'ok', 'paperThere');
}

function hearingChecks({ trouble, lastHeard }: DeviceFacts): readonly Check[] {
  const open = trouble === null || trouble === 'garbled' || trouble === 'silent';
  if (!open) return [check('hears', 'unknown', 'notTried'), check('reads', 'unknown', 'notTried')];
  if (trouble === 'silent') return [check('hears', 'bad', 'hearsNothing'), check('reads', 'unknown', 'notTried')];
  if (trouble === 'garbled') return [check('hears', 'ok', 'hearsBytes'), check('reads', 'bad', 'readsNothing')];
  return lastHeard === null
    ? [check('hears', 'unknown', 'hearsNothing'), check('reads', 'unknown', 'notTried')]
    : [check('hears', 'ok', 'hearsBytes'), check('reads', 'ok', 'readsValue', lastHeard)];
}

function checksOf(facts: DeviceFacts, driver: string | null): readonly Check[] {
  const { set, kind } = facts;
  if (set.kind === 'printer')
    return [
      check('through', facts.isPrinterWorking ? 'ok' : 'bad', facts.isPrinterWorking ? 'printerWorks' : 'printerNot'),
    ];
  if (set.kind === 'window')
    return [check('through', set.isOpen ? 'ok' : 'unknown', set.isOpen ? 'windowOpen' : 'windowClosed')];
  if (set.kind === 'file') {
    return facts.trouble === null ? [check('write', 'ok', 'fileWritten', set.path)] : [writeCheck(facts, driver)];
  }
  if (set.kind === 'keyboard')
    return facts.lastHeard === null ? [] : [check('hears', 'ok', 'readsValue', facts.lastHeard)];
  if (!isWire(set)) return [];
  const withDriver =
    facts.platform === 'win32' && prints(kind)
      ? [driver === null ? check('driver', 'unknown', 'noQueue') : check('driver', 'ok', 'queueReady', driver)]
      : [];
  return [
    cableCheck(facts, set),
    ...withDriver,
    writeCheck(facts, driver),
    ...(prints(kind) ? [paperCheck(facts)] : []),
    ...(speaks(kind) ? hearingChecks(facts) : []),
  ];
}

// ── ways ─────────────────────────────────────────────────────────────────────────────────────────────

const way = (id: WayId, found: FoundDevice | null = null): Way => ({ id, found });

/** Ways by problem, best first; more than three are cut. Those that need something found are left out without it. */
function waysOf(facts: DeviceFacts, problem: Problem): readonly Way[] {
  const { kind, set, platform } = facts;
  const isPrinting = prints(kind);
  const queue = queueFor(facts);
  const through = queue === null || set.kind === 'windowsQueue' ? [] : [way('throughQueue', queue)];
  const others = candidates(facts).filter((one) => !isWire(set) || !isSameTarget(set, one.target));
  const useOthers = others.map((one) => way(one.target.kind === 'windowsQueue' ? 'throughQueue' : 'useFound', one));
  const isOnNet = set.kind === 'tcp';
  const search = isPrinting ? [way('searchNetwork')] : [];
  const choose = way('choose');
  switch (problem) {
    case 'busy':
      return [
        ...through,
        ...(isPrinting && platform === 'win32' && set.kind === 'usb' ? [way('takeDirectly')] : [way('closeOther')]),
        choose,
      ];
    case 'noPermission':
      return [way('permit'), ...through, ...useOthers, choose];
    case 'refused':
      return [way('offAndOn'), ...search, choose];
    case 'unsupported':
      return [...through, ...useOthers, choose];
    case 'absent':
    case 'broken':
    case 'timeout':
    case 'offline':
      if (set.kind === 'printer') return [way('goToPrinter'), way('settings')];
      return [...useOthers, way('plugIn'), ...(isOnNet ? search : []), choose];
    case 'garbled':
      return kind === 'scale' ? [way('findSpeed'), way('settings'), choose] : [way('settings'), way('learn'), choose];
    case 'silent':
      return kind === 'scale' ? [way('findSpeed'), way('plugIn'), choose] : [way('plugIn'), way('settings'), choose];
    case 'paperOut':
      return [way('newPaper'), way('test'), choose];
    case 'coverOpen':
      return [way('closeCover'), way('test'), choose];
    case 'error':
      return [way('offAndOn'), way('test'), choose];
    case 'paperLow':
      return [way('newPaper'), way('test'), way('settings')];
    case 'found':
    case 'notSet':
    case 'toFile':
      if (kind === 'display') return [way('openWindow'), ...useOthers, way('settings')];
      if (kind === 'scanner') return [way('learn'), ...useOthers, way('settings')];
      if (kind === 'drawer') return [way('goToPrinter'), way('settings')];
      return [...useOthers, ...search, choose, way('settings')];
    case 'looking':
      return [way('plugIn'), choose];
    case 'works':
      if (kind === 'scanner') return [way('learn'), way('settings')];
      if (kind === 'drawer') return [way('openDrawer'), way('settings')];
      if (kind === 'display')
        return [...(set.kind === 'window' ? [] : [way('test')]), way('openWindow'), way('settings')];
      return [...(facts.setAside > 0 ? [way('retry')] : []), way('test'), way('settings'), choose];
    default:
      return problem satisfies never;
  }
}

export function diagnose(facts: DeviceFacts): Diagnosis {
  const problem = problemOf(facts);
  const driver = facts.platform === 'win32' ? (queueFor(facts)?.name ?? null) : null;
  return {
    kind: facts.kind,
    problem,
    platform: facts.platform,
    place: facts.place,
    driver,
    checks: checksOf(facts, driver),
    ways: waysOf(facts, problem).slice(0, 3),
  };
}
