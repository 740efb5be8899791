/**
 * Which screen stands: another window, set-up, sign-in, shift, counter and what opens from it. Rule kept: the
 * top bar stays (the owner's desk has its rail instead); the caret goes home to the field that takes keys whenever nothing has it.
 */
import { lazy, Suspense, useCallback, useEffect, useState } from 'react';
import { BillsScreen } from './bills/bills-screen.tsx';
import { CounterScreen } from './counter/counter-screen.tsx';
import { Announcer } from './counter/announcer.tsx';
import { ClockForm } from './counter/clock-form.tsx';
import { KeysHelp } from './counter/menus.tsx';
import { TopBar } from './counter/top-bar.tsx';
import { useUi } from './counter/ui-store.ts';
import { ImportScreen } from './import/import-screen.tsx';
import { defaultField, hasNoCaret } from './keys/field.ts';
import { formStore } from './keys/form-stack.ts';
import { useAnswer } from './link/use-answer.ts';
import { LabelsScreen } from './labels/labels-screen.tsx';
import { OtherWindow, Trouble } from './parts/trouble.tsx';
import { ReturnScreen } from './returns/return-screen.tsx';
import { DevicesScreen } from './settings/devices-screen.tsx';
import { KeysScreen } from './settings/keys-screen.tsx';
import { RestorePage } from './setup/restore-page.tsx';
import { SetupScreen } from './setup/setup-screen.tsx';
import { CloseShift } from './shift/close-shift.tsx';
import { OpenShift } from './shift/open-shift.tsx';
import { SignInScreen } from './signin/sign-in-screen.tsx';
import { sessionStore } from './state/session.ts';
import { useStore } from './state/store.ts';
import { TransferScreen } from './transfers/transfer-screen.tsx';

// The desk is a file of its own: the counter starts as light as without it.
const loadDesk = () => import('./owner/owner-desk.tsx');
const OwnerDesk = lazy(async () => ({ default: (await loadDesk()).OwnerDesk }));

/** For an owner it is fetched in a quiet moment, so that the first F12 0 is as quick as the next. */
function useDeskAtHand(isOwner: boolean): void {
  useEffect(() => {
    const timer = isOwner ? setTimeout(() => void loadDesk(), 3_000) : undefined;
    return () => clearTimeout(timer);
  }, [isOwner]);
}

/** Nothing has the caret: it goes to the field that takes keys. */
function useCaretHome(): void {
  useEffect(() => {
    const home = (): void => {
      if (hasNoCaret()) defaultField()?.focus();
    };
    const soon = (): void => void requestAnimationFrame(home);
    const observer = new MutationObserver(soon);
    observer.observe(document.body, { childList: true, subtree: true });
    // A hint was clicked: the caret goes back to the scan field, or the next Enter would press it again.
    const afterClick = (): void => {
      if (formStore.get().length === 0 && document.activeElement instanceof HTMLButtonElement) defaultField()?.focus();
    };
    document.addEventListener('focusout', soon);
    document.addEventListener('click', afterClick);
    window.addEventListener('focus', soon);
    return () => {
      observer.disconnect();
      document.removeEventListener('focusout', soon);
      document.removeEventListener('click', afterClick);
      window.removeEventListener('focus', soon);
    };
  }, []);
}

/** Set-up that was left half-way goes on only for its owner. */
function SetupDoor() {
  const staff = useStore(sessionStore, (session) => session.staff);
  const listed = useAnswer('staff', (till) => till.staff.list());
  const [hasBegun, setHasBegun] = useState(false);
  const [isRestoring, setIsRestoring] = useState(false);
  const begin = useCallback(() => setHasBegun(true), []);
  if (listed === null && !hasBegun) return <main className="bm-main" />;
  const hasOwner = listed?.ok === true && listed.value.some((one) => one.role === 'owner');
  if (hasOwner && staff === null && !hasBegun) return <SignInScreen />;
  if (isRestoring) return <RestorePage onBack={() => setIsRestoring(false)} />;
  return <SetupScreen onBegin={begin} onRestore={() => setIsRestoring(true)} />;
}

function Screen() {
  const session = useStore(sessionStore, ({ shop, staff, shift }) => ({ shop, staff, shift }));
  const screen = useUi((ui) => ui.screen);
  if (session.shop === null) return <main className="bm-main" />;
  if (!session.shop.isSetUp || screen === 'setup') return <SetupDoor />;
  if (session.staff === null) return <SignInScreen />;
  if (screen === 'closeShift') return <CloseShift />;
  if (session.shift?.shift === null && screen === 'counter') return <OpenShift />;
  switch (screen) {
    case 'return':
      return <ReturnScreen />;
    case 'bills':
      return <BillsScreen />;
    case 'devices':
      return <DevicesScreen />;
    case 'keys':
      return <KeysScreen />;
    case 'labels':
      return <LabelsScreen />;
    case 'transfers':
      return <TransferScreen />;
    case 'import':
      return <ImportScreen />;
    case 'owner':
      return (
        <Suspense fallback={<main className="bm-main" />}>
          <OwnerDesk />
        </Suspense>
      );
    case 'counter':
      return session.shift === null ? <main className="bm-main" /> : <CounterScreen />;
  }
}

export function App() {
  useCaretHome();
  const hasCounter = useStore(sessionStore, (session) => session.hasCounter);
  const { keysFor, isDesk } = useUi((ui) => ({ keysFor: ui.keysFor, isDesk: ui.screen === 'owner' }));
  const isOwner = useStore(sessionStore, (session) => session.staff?.role === 'owner');
  useDeskAtHand(isOwner);
  return (
    <div className="bm-frame">
      {isDesk && isOwner && hasCounter !== false ? null : <TopBar />}
      {hasCounter === false ? <OtherWindow /> : <Screen />}
      {keysFor === null ? null : <KeysHelp state={keysFor} />}
      <ClockForm />
      <Trouble />
      <Announcer />
    </div>
  );
}
