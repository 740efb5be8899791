/**
 * Which screen stands: another window, set-up, sign-in, shift, counter and what opens from it. Rule kept: the
 * top bar stays; the caret goes home to the field that takes keys whenever nothing has it.
 */
import { useEffect } from 'react';
import { BillsScreen } from './bills/bills-screen.tsx';
import { CounterScreen } from './counter/counter-screen.tsx';
import { Announcer } from './counter/announcer.tsx';
import { KeysHelp } from './counter/menus.tsx';
import { TopBar } from './counter/top-bar.tsx';
import { useUi } from './counter/ui-store.ts';
import { ImportScreen } from './import/import-screen.tsx';
import { defaultField, focusedField } from './keys/field.ts';
import { OtherWindow, Trouble } from './parts/trouble.tsx';
import { ReturnScreen } from './returns/return-screen.tsx';
import { DevicesScreen } from './settings/devices-screen.tsx';
import { SetupScreen } from './setup/setup-screen.tsx';
import { CloseShift } from './shift/close-shift.tsx';
import { OpenShift } from './shift/open-shift.tsx';
import { SignInScreen } from './signin/sign-in-screen.tsx';
import { sessionStore } from './state/session.ts';
import { useStore } from './state/store.ts';

/** Nothing has the caret: it goes to the field that takes keys. */
function useCaretHome(): void {
  useEffect(() => {
    const home = (): void => {
      const focus = document.activeElement;
      if (focus === null || focus === document.body) {
        if (focusedField() === null) defaultField()?.focus();
      }
    };
    const soon = (): void => void requestAnimationFrame(home);
    const observer = new MutationObserver(soon);
    observer.observe(document.body, { childList: true, subtree: true });
    document.addEventListener('focusout', soon);
    window.addEventListener('focus', soon);
    return () => {
      observer.disconnect();
      document.removeEventListener('focusout', soon);
      window.removeEventListener('focus', soon);
    };
  }, []);
}

function Screen() {
  const session = useStore(sessionStore, ({ shop, staff, shift }) => ({ shop, staff, shift }));
  const screen = useUi((ui) => ui.screen);
  if (session.shop === null) return <main className="bm-main" />;
  if (!session.shop.isSetUp || screen === 'setup') return <SetupScreen />;
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
    case 'import':
      return <ImportScreen />;
    case 'counter':
      return session.shift === null ? <main className="bm-main" /> : <CounterScreen />;
  }
}

export function App() {
  useCaretHome();
  const hasCounter = useStore(sessionStore, (session) => session.hasCounter);
  const keysFor = useUi((ui) => ui.keysFor);
  return (
    <div className="bm-frame">
      <TopBar />
      {hasCounter === false ? <OtherWindow /> : <Screen />}
      {keysFor === null ? null : <KeysHelp state={keysFor} />}
      <Trouble />
      <Announcer />
    </div>
  );
}
