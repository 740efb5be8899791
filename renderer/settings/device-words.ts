/**
 * From the till's ids to words: what a device is called, its state in the list, its problem, each check. Rule
 * kept: every id has its words or it does not compile; nothing is decided here but which sentence fits.
 */
import type {
  Check,
  CheckDetail,
  CheckId,
  DeviceKind,
  DeviceTrouble,
  DeviceView,
  Diagnosis,
  Problem,
} from '#contract/device-views.ts';
import type { IconName } from '../parts/icons.tsx';
import type { Say, Word } from '../words/words.ts';

export type DeviceName = {
  readonly icon: IconName;
  readonly name: Word;
  /** At a sentence's start, and inside one. */
  readonly the: Word;
  readonly to: Word;
};

export const deviceNames: Readonly<Record<DeviceKind, DeviceName>> = {
  scanner: { icon: 'scan', name: 'devScanner', the: 'dvTheScanner', to: 'dvToScanner' },
  printer: { icon: 'printer', name: 'devPrinter', the: 'dvThePrinter', to: 'dvToPrinter' },
  drawer: { icon: 'register', name: 'devDrawer', the: 'dvTheDrawer', to: 'dvToDrawer' },
  scale: { icon: 'scale', name: 'devScale', the: 'dvTheScale', to: 'dvToScale' },
  display: { icon: 'screen', name: 'dvDisplay', the: 'dvTheDisplay', to: 'dvToDisplay' },
  label: { icon: 'tag', name: 'dvLabel', the: 'dvTheLabel', to: 'dvToLabel' },
};

const isPrinting = (kind: DeviceKind): boolean => kind === 'printer' || kind === 'label';

// ── the list ─────────────────────────────────────────────────────────────────────────────────────────

export type Tone = 'good' | 'bad' | 'warn' | 'quiet';

const troubleStates: Readonly<Record<DeviceTrouble, Word>> = {
  absent: 'dsAbsent',
  noPermission: 'dsCantOpen',
  busy: 'dsCantOpen',
  refused: 'dsRefused',
  timeout: 'dsNoAnswer',
  unsupported: 'dsUnsupported',
  broken: 'dsAbsent',
  garbled: 'dsGarbled',
  silent: 'dsSilent',
  offline: 'dsNoAnswer',
  paperOut: 'dsPaperOut',
  coverOpen: 'dsCover',
  error: 'dsError',
};

export const troubleWord = (trouble: DeviceTrouble): Word => troubleStates[trouble];

/** A device's state in a word or two, and its tone. */
export function stateWord(view: DeviceView): { readonly word: Word; readonly tone: Tone } {
  if (view.state === 'notSet') {
    return { word: view.kind === 'scanner' ? 'dsNotTried' : 'devNotConnected', tone: 'quiet' };
  }
  if (view.state === 'looking') return { word: 'dsLooking', tone: 'warn' };
  if (view.trouble === null) return { word: 'devWorks', tone: 'good' };
  const held = view.trouble === 'busy' || view.trouble === 'noPermission';
  return { word: held && isPrinting(view.kind) ? 'dsCantPrint' : troubleStates[view.trouble], tone: 'bad' };
}

// ── the problem ──────────────────────────────────────────────────────────────────────────────────────

const troubleTitles: Readonly<Record<Exclude<Problem, 'works' | 'notSet'>, readonly [title: Word, help: Word]>> = {
  found: ['dpFound', 'dpFoundHelp'],
  toFile: ['dpToFile', 'dpToFileHelp'],
  paperLow: ['dpPaperLow', 'dpPaperLowHelp'],
  looking: ['dpLooking', 'dpLookingHelp'],
  absent: ['dpAbsent', 'dpAbsentHelp'],
  noPermission: ['dpNoPermission', 'dpNoPermissionHelp'],
  busy: ['dpBusy', 'dpBusyHelp'],
  refused: ['dpRefused', 'dpRefusedHelp'],
  timeout: ['dpTimeout', 'dpTimeoutHelp'],
  unsupported: ['dpUnsupported', 'dpUnsupportedHelp'],
  broken: ['dpBroken', 'dpBrokenHelp'],
  garbled: ['dpGarbled', 'dpGarbledHelp'],
  silent: ['dpSilent', 'dpSilentHelp'],
  offline: ['dpTimeout', 'dpTimeoutHelp'],
  paperOut: ['dpPaperOut', 'dpPaperOutHelp'],
  coverOpen: ['dpCoverOpen', 'dpCoverOpenHelp'],
  error: ['dpError', 'dpErrorHelp'],
};
const worksHelp: Readonly<Record<DeviceKind, Word>> = {
  scanner: 'dpWorksScanner',
  printer: 'dpWorksHelp',
  drawer: 'dpWorksDrawer',
  scale: 'dpWorksScale',
  display: 'dpWorksDisplay',
  label: 'dpWorksHelp',
};
const notSetHelp: Readonly<Record<DeviceKind, Word>> = {
  scanner: 'dpNotTriedHelp',
  printer: 'dpNotSetPrinter',
  drawer: 'dpNotSetDrawer',
  scale: 'dpNotSetOther',
  display: 'dpNotSetDisplay',
  label: 'dpNotSetOther',
};

function problemPair({ kind, problem, driver, place }: Diagnosis): readonly [title: Word, help: Word] {
  if (problem === 'works') return ['dpWorks', worksHelp[kind]];
  if (problem === 'notSet') return [kind === 'scanner' ? 'dpNotTried' : 'dpNotSet', notSetHelp[kind]];
  if (problem === 'busy' && driver !== null) return ['dpBusy', 'dpBusyDriver'];
  if (kind === 'drawer' && place === null) return ['dpDrawerWaits', 'dpDrawerWaitsHelp'];
  return troubleTitles[problem];
}

export function problemWords(diagnosis: Diagnosis, say: Say): { readonly title: string; readonly help: string } {
  const { kind, driver } = diagnosis;
  const { the, to } = deviceNames[kind];
  const values = {
    device: say(the),
    deviceTo: say(to),
    place: diagnosis.place ?? '',
    driver: driver ?? '',
  };
  const [title, help] = problemPair(diagnosis);
  return { title: say(title, values), help: say(help, values) };
}

// ── what we checked ──────────────────────────────────────────────────────────────────────────────────

const checkNames: Readonly<Record<CheckId, Word>> = {
  cable: 'dcCable',
  driver: 'dcDriver',
  write: 'dcWrite',
  answers: 'dcAnswers',
  paper: 'dcPaper',
  hears: 'dcHears',
  reads: 'dcReads',
  through: 'dcThrough',
};
const detailWords: Readonly<Record<CheckDetail, Word>> = {
  ok: 'ddOk',
  seenAt: 'ddSeenAt',
  notSeen: 'ddNotSeen',
  answersAt: 'ddAnswersAt',
  noAnswerAt: 'ddNoAnswerAt',
  refusedAt: 'ddRefusedAt',
  queueReady: 'ddQueueReady',
  noQueue: 'ddNoQueue',
  mayWrite: 'ddMayWrite',
  noRight: 'ddNoRight',
  heldByOther: 'ddHeldByOther',
  notTried: 'ddNotTried',
  cantAsk: 'ddCantAsk',
  paperThere: 'ddPaperThere',
  paperLow: 'ddPaperLow',
  paperOut: 'ddPaperOut',
  coverOpen: 'ddCoverOpen',
  printerError: 'ddPrinterError',
  noStatus: 'ddNoStatus',
  hearsNothing: 'ddHearsNothing',
  hearsBytes: 'ddHearsBytes',
  readsValue: 'ddReadsValue',
  readsNothing: 'ddReadsNothing',
  fileWritten: 'ddFileWritten',
  printerWorks: 'ddPrinterWorks',
  printerNot: 'ddPrinterNot',
  windowOpen: 'ddWindowOpen',
  windowClosed: 'ddWindowClosed',
};

export const checkWords = (
  check: Check,
  kind: DeviceKind,
  say: Say,
): { readonly name: string; readonly detail: string } => ({
  name: say(check.id === 'write' && isPrinting(kind) ? 'dcMayWrite' : checkNames[check.id]),
  detail: say(detailWords[check.detail], { value: check.value }),
});
export const checkIcons: Readonly<Record<Check['outcome'], IconName>> = {
  ok: 'checkRound',
  bad: 'crossRound',
  unknown: 'dashRound',
};
