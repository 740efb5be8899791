/**
 * What most files of screen tests stand on: the built screens, a till, a browser and a counter that is signed in,
 * opened before the file's tests and closed after them. Rule kept: a fault of the page fails the test that met it.
 */
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { buildScreens, type Counter, openBrowser, openCounter, openTill, signIn, type Till } from './counter-page.ts';

export type Opened = { readonly till: Till; readonly browser: Browser; readonly counter: Counter };

/** `take` is handed what was opened, before the file's own beforeAll. */
export function withCounter(
  take: (opened: Opened) => void,
  how: {
    readonly open?: () => Promise<Till>;
    /** The sign-in page is left standing. */
    readonly isLocked?: boolean;
  } = {},
): void {
  let till: Till | undefined;
  let browser: Browser | undefined;
  let counter: Counter | undefined;
  beforeAll(async () => {
    await buildScreens();
    [till, browser] = await Promise.all([how.open?.() ?? openTill(), openBrowser()]);
    counter = await openCounter(browser, till.url);
    if (how.isLocked !== true) await signIn(counter);
    take({ till, browser, counter });
  });
  afterAll(async () => {
    await browser?.close();
    await till?.close();
  });
  afterEach(async ({ task }) => {
    if (counter === undefined) return;
    if (task.result?.state === 'fail') await counter.shoot(task.name);
    if (counter.faults.length > 0) throw new Error(counter.faults.join('\n'));
  });
}
