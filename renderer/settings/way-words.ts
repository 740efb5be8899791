/**
 * Ways out of a device's problem, in words: title, what it means, the button, and its steps on this system. Rule
 * kept: a command is shown to be copied, never run by us; every way has its words or it does not compile.
 */
import type { DeviceKind, Diagnosis, Platform, Way, WayId } from '#contract/device-views.ts';
import type { Say, Word } from '../words/words.ts';
import { deviceNames } from './device-words.ts';

type WayText = readonly [title: Word, help: Word, button: Word];

const wayTexts: Readonly<Record<WayId, WayText>> = {
  useFound: ['dwUseFound', 'dwUseFoundHelp', 'dwUse'],
  throughQueue: ['dwThroughQueue', 'dwThroughQueueHelp', 'dwUse'],
  takeDirectly: ['dwTakeDirectly', 'dwTakeDirectlyHelp', 'dwShow'],
  choose: ['dwOtherOne', 'dwOtherOneHelp', 'dwChoose'],
  permit: ['dwPermit', 'dwPermitHelp', 'dwShow'],
  closeOther: ['dwCloseOther', 'dwCloseOtherHelp', 'dwShow'],
  plugIn: ['dwPlugIn', 'dwPlugInHelp', 'dwAgain'],
  newPaper: ['dwNewPaper', 'dwNewPaperHelp', 'dwAgain'],
  closeCover: ['dwCloseCover', 'dwCloseCoverHelp', 'dwAgain'],
  offAndOn: ['dwOffAndOn', 'dwOffAndOnHelp', 'dwAgain'],
  searchNetwork: ['dwSearch', 'dwSearchHelp', 'dwStart'],
  findSpeed: ['dwSpeed', 'dwSpeedHelp', 'dwStart'],
  settings: ['dwSettings', 'dwSettingsHelp', 'dwChange'],
  test: ['dwTest', 'dwTestHelp', 'dwPrint'],
  retry: ['dwRetry', 'dwRetryHelp', 'dwPrint'],
  learn: ['dwLearn', 'dwLearnHelp', 'dwStart'],
  openWindow: ['dwWindow', 'dwWindowHelp', 'dwOpen'],
  openDrawer: ['dwDrawer', 'dwDrawerHelp', 'dwOpen'],
  goToPrinter: ['dwToPrinter', 'dwToPrinterHelp', 'dwGo'],
};
/** Where a device has its own way of putting it. */
const ownTexts: Readonly<Partial<Record<`${DeviceKind}.${WayId}`, WayText>>> = {
  'scale.settings': ['dwSettingsScale', 'dwSettingsScaleHelp', 'dwChange'],
  'scanner.settings': ['dwSettingsScanner', 'dwSettingsScannerHelp', 'dwChange'],
  'display.settings': ['dwSettingsPole', 'dwSettingsPoleHelp', 'dwChange'],
  'drawer.settings': ['dwSettingsDrawer', 'dwSettingsDrawerHelp', 'dwChange'],
  'label.settings': ['dwSettings', 'dwSettingsLabelHelp', 'dwChange'],
  'scale.test': ['dwTestScale', 'dwTestScaleHelp', 'dwStart'],
  'label.test': ['dwTestLabel', 'dwTestLabelHelp', 'dwPrint'],
  'display.test': ['dwTestDisplay', 'dwTestDisplayHelp', 'dwStart'],
};

export type WayWords = { readonly title: string; readonly help: string; readonly button: string };

export function wayWords(way: Way, diagnosis: Diagnosis, say: Say): WayWords {
  const { kind, problem } = diagnosis;
  const own = ownTexts[`${kind}.${way.id}`] ?? wayTexts[way.id];
  const isFirst = way.id === 'choose' && (problem === 'notSet' || problem === 'found');
  const [title, help, button] = isFirst ? (['dwChooseFirst', own[1], own[2]] as const) : own;
  const place = way.found?.place ?? diagnosis.place ?? '';
  const values = { name: way.found?.name ?? place, place, deviceTo: say(deviceNames[kind].to) };
  return { title: say(title, values), help: say(help, values), button: say(button, values) };
}

export type Step = { readonly text: string; readonly command: string | null };
type StepText = readonly [word: Word, command?: string];

const permit: Readonly<Record<Platform, readonly StepText[]>> = {
  // Serial ports belong to the group dialout, USB printers (/dev/usb/lp*) to lp, on Debian, Ubuntu and Fedora.
  linux: [['dtPermitLinux1', 'sudo usermod -aG dialout,lp $USER'], ['dtPermitLinux2']],
  win32: [['dtPermitWin1'], ['dtPermitWin2']],
  darwin: [['dtPermitMac1'], ['dtPermitMac2']],
};
const closeOther: Readonly<Record<Platform, readonly StepText[]>> = {
  linux: [['dtCloseLinux1', 'sudo fuser -v {{place}}'], ['dtCloseLinux2']],
  win32: [['dtCloseWin1'], ['dtCloseWin2']],
  darwin: [['dtCloseLinux1', 'lsof {{place}}'], ['dtCloseLinux2']],
};
const takeDirectly: readonly StepText[] = [['dtTakeWin1'], ['dtTakeWin2'], ['dtTakeWin3']];

/** The steps of a way on this system; [] for one that is done at once. */
export function stepsOf(id: WayId, diagnosis: Diagnosis, say: Say): readonly Step[] {
  const { platform, driver, place } = diagnosis;
  const texts =
    id === 'permit'
      ? permit[platform]
      : id === 'closeOther'
        ? closeOther[platform]
        : id === 'takeDirectly'
          ? takeDirectly
          : null;
  if (texts === null) return [];
  const port = (place ?? '').split(',')[0] ?? '';
  return [...texts, ['dtLast'] as const].map(([word, command]: StepText) => ({
    text: say(word, { driver: driver ?? '' }),
    command: command?.replace('{{place}}', port) ?? null,
  }));
}
