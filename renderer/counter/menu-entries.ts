/**
 * The commands by name: what F12 lists by digit and Ctrl K finds by typing. Rule kept: one list for both;
 * a command of a later feature stays in its place and says so.
 */
import { useMantineColorScheme } from '@mantine/core';
import { openCustomerScreen } from '../customer/open-customer.ts';
import { ask } from '../link/till-link.ts';
import { play, readVolume, writeVolume } from '../sound/sounds.ts';
import { switchLanguage } from '../state/session.ts';
import { say, type Word } from '../words/words.ts';
import { actions, lockTill, reprintLast } from './actions.ts';
import { refuse } from './chosen-line.ts';
import { tellRefusal } from './till-calls.ts';
import { closePanel, goTo, openPanel, tell, uiStore } from './ui-store.ts';

export type MenuEntry = {
  readonly cap: string;
  readonly word: Word;
  /** Also where the whole list is searched only. */
  readonly isListed: boolean;
  readonly isLater?: boolean;
  readonly run: () => void;
};

async function openDrawer(): Promise<void> {
  const answer = await ask((till) => till.device.openDrawer({ reason: say('mDrawer') }));
  if (answer.ok) tell(() => say('drawerOpened'), 'good');
  else tellRefusal(answer.error);
}

function turnSound(): void {
  const isOn = readVolume() === 0;
  writeVolume(isOn ? 1 : 0);
  if (isOn) play('added');
  tell(() => say(isOn ? 'soundOn' : 'soundOff'), 'quiet');
}

const closing = (run: () => void) => (): void => {
  closePanel();
  run();
};

export function useMenuEntries(): readonly MenuEntry[] {
  const { setColorScheme, colorScheme } = useMantineColorScheme();
  const turnTheme = (): void => {
    const isDark =
      colorScheme === 'dark' || (colorScheme === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
    setColorScheme(isDark ? 'light' : 'dark');
  };
  const listed = (cap: string, word: Word, run: () => void): MenuEntry => ({
    cap,
    word,
    isListed: true,
    run: closing(run),
  });
  const later = (cap: string, word: Word): MenuEntry => ({
    cap,
    word,
    isListed: true,
    isLater: true,
    run: closing(() => refuse('whyLater', say(word))),
  });
  const found = (cap: string, word: Word, run: () => void): MenuEntry => ({
    cap,
    word,
    isListed: false,
    run: closing(run),
  });
  return [
    listed('1', 'mReprint', () => void reprintLast()),
    later('2', 'mCash'),
    listed('3', 'mXReport', () => openPanel({ kind: 'report' })),
    listed('4', 'mDrawer', () => void openDrawer()),
    listed('5', 'mBills', () => goTo('bills')),
    listed('6', 'mCloseShift', () => goTo('closeShift')),
    later('7', 'mTender'),
    listed('8', 'mLock', () => void lockTill()),
    listed('9', 'mDevices', () => goTo('devices')),
    listed('0', 'mOwner', () => goTo('owner')),
    listed('C', 'mCustomerScreen', () => void openCustomerScreen()),
    listed('K', 'mKeys', () => goTo('keys')),
    listed('L', 'mLabels', () => goTo('labels')),
    listed('I', 'mImport', () => goTo('import')),
    listed('H', 'mLanguage', () => void switchLanguage()),
    listed('T', 'mTheme', turnTheme),
    listed('S', 'mSound', turnSound),
    listed('R', 'mTransfers', () => goTo('transfers')),
    listed('G', 'brCard', () => openPanel({ kind: 'itemCard' })),
    listed('O', 'syMenu', () => openPanel({ kind: 'sync' })),
    listed('B', 'baMenu', () => openPanel({ kind: 'backup' })),
    found('F5', 'kHold', () => actions.hold('F5')),
    found('F6', 'kRecall', () => actions.recall('F6')),
    found('F7', 'kCustomer', () => actions.customer('F7')),
    found('F8', 'kReturn', () => actions.returnGoods('F8')),
    found('F9', 'kPay', () => actions.pay('F9')),
    found('F10', 'kLoose', () => actions.looseBoard('F10')),
    found('F11', 'kNotInShop', () => openPanel({ kind: 'notInShop', text: '' })),
    found('F2', 'kQuantity', () => actions.editQty('F2')),
    found('F3', 'kDiscount', () => actions.editDiscount('F3')),
    found('F4', 'kPrice', () => actions.editPrice('F4')),
    found('Ctrl Z', 'kUndo', () => actions.undo('CtrlZ')),
    found('Ctrl Del', 'kDropBill', () => actions.dropBill('CtrlDelete')),
    found('Ctrl L', 'kLock', () => void lockTill()),
    found('F1', 'kAllKeys', () => uiStore.patch({ keysFor: 'cart' })),
  ];
}
