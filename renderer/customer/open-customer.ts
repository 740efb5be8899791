/**
 * Opens the customer's screen beside the counter: on the second monitor where the browser may know of it, else
 * in a window that a person moves. Rule kept: one window however often it is asked for; in Electron the shell
 * opens it by itself and this only says so.
 */
import { tell } from '../counter/ui-store.ts';
import { play } from '../sound/sounds.ts';
import { say } from '../words/words.ts';

type Monitor = {
  readonly availLeft: number;
  readonly availTop: number;
  readonly availWidth: number;
  readonly availHeight: number;
};
/** The Window Management API, where the browser has it. */
type MonitorWindow = {
  readonly getScreenDetails?: () => Promise<{
    readonly screens: readonly Monitor[];
    readonly currentScreen: Monitor;
  }>;
};

/** null: one monitor, no such API, or nobody allowed it. */
async function secondMonitor(): Promise<Monitor | null> {
  const ask = (window as MonitorWindow).getScreenDetails;
  if (ask === undefined) return null;
  try {
    const { screens, currentScreen } = await ask.call(window);
    return screens.find((screen) => screen !== currentScreen) ?? null;
  } catch (error) {
    console.info('the monitors are not told', error);
    return null;
  }
}

export async function openCustomerScreen(): Promise<void> {
  if (window.billmitra !== undefined) return tell(() => say('csOpensItself'), 'quiet', 6_000);
  // Both are asked for at once: the key press that led here allows one window, and not for long.
  const asked = secondMonitor();
  const opened = window.open('./?screen=customer', 'billmitra-customer', 'popup,width=1024,height=600');
  if (opened === null) {
    play('refused');
    return tell(() => say('csBlocked'), 'bad', 6_000);
  }
  const monitor = await asked;
  if (monitor === null) return tell(() => say('csOneMonitor'), 'quiet', 6_000);
  opened.moveTo(monitor.availLeft, monitor.availTop);
  opened.resizeTo(monitor.availWidth, monitor.availHeight);
  tell(() => say('csOpened'), 'good', 6_000);
}
