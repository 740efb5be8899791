/**
 * The customer's window: there exactly while there is a monitor that the counter does not stand on, over the whole
 * of it. Rule kept: it never takes the keyboard, or a scan would land in front of the buyer; it goes with the counter.
 */
import { type BrowserWindow, screen } from 'electron';
import { openWindow } from './window.ts';

/** Follows the monitors from now on. Answers how to ask for the window of the moment. */
export function followSecondDisplay(preload: string, counter: BrowserWindow): () => BrowserWindow | undefined {
  let window: BrowserWindow | undefined;
  let shownOn = '';
  const look = (): void => {
    const home = counter.isDestroyed() ? undefined : screen.getDisplayMatching(counter.getBounds());
    const second = home && screen.getAllDisplays().find((display) => display.id !== home.id);
    const place = second === undefined ? '' : JSON.stringify([second.id, second.bounds]);
    if (place === shownOn) return;
    shownOn = place;
    window?.destroy();
    const options = { ...second?.bounds, fullscreen: true, focusable: false };
    window = second && openWindow(preload, '?screen=customer', options);
  };
  screen.on('display-added', look).on('display-removed', look).on('display-metrics-changed', look);
  counter.on('moved', look).once('closed', look);
  look();
  return () => (window?.isDestroyed() === false ? window : undefined);
}
