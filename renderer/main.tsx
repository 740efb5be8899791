/**
 * The screens' entry: look, words, the line to the till, then the app. Rule kept: nothing is decided here and
 * no inline style or script is needed. Keys are heard before React is mounted, so an early scan lands too.
 */
import { MantineProvider } from '@mantine/core';
import '@mantine/core/styles/baseline.css';
import '@mantine/core/styles/UnstyledButton.css';
import '@mantine/core/styles/Kbd.css';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { counterKeys } from './counter/dispatch.ts';
import { watchCart } from './counter/hear-cart.ts';
import { watchArrivedScans } from './counter/arrived-scans.ts';
import { followScale } from './counter/scale-store.ts';
import { watchKeptScans } from './counter/scan-flow.ts';
import { CustomerScreen } from './customer/customer-screen.tsx';
import { followTill } from './customer/customer-view.ts';
import { tellCustomers } from './customer/tell-pay.ts';
import { listenToKeys } from './keys/keyboard.ts';
import { openSoundAtFirstKey } from './sound/sounds.ts';
import { startSession } from './state/session.ts';
import './theme/fonts.css';
import './theme/base.css';
import './theme/counter.css';
import './theme/right-column.css';
import './theme/screens.css';
import './theme/pay.css';
import './theme/pan.css';
import './theme/choosers.css';
import './theme/shift.css';
import './theme/desk.css';
import './theme/devices.css';
import './theme/labels.css';
import './theme/compact.css';
import './theme/customer.css';
import './theme/keys.css';
import './theme/transfers.css';
import { adoptTokens, theme } from './theme/theme.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no #root');
adoptTokens(document);
if (new URLSearchParams(window.location.search).get('screen') === 'customer') showCustomer(root);
else showTill(root);

function showTill(home: HTMLElement): void {
  listenToKeys(window, counterKeys);
  openSoundAtFirstKey(window);
  watchCart();
  watchKeptScans();
  watchArrivedScans();
  startSession();
  followScale();
  tellCustomers();
  createRoot(home).render(
    <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
      <App />
    </MantineProvider>,
  );
}

/** The customer's screen: no keys, no sign-in, no claim of the counter, one feed; always light. */
function showCustomer(home: HTMLElement): void {
  followTill();
  createRoot(home).render(<CustomerScreen />);
}
