/**
 * The pole display of this till: listens to the cart and shows it. Rule kept: without a pole nothing listens; with
 * one the lines are made after the cart's change was told, off the scan's path, and no display is waited for.
 */
import type { DeviceView } from '#contract/device-views.ts';
import type { PoleSetting, PoleView } from '#contract/till-pole.ts';
import type { CartFeedEvent, CartHeader, ItemLineView } from '#contract/views.ts';
import { type Clock, type DayRule, localParts } from '#core/time.ts';
import type { Pole, PoleState } from '#hardware/display/pole.ts';
import type { CartHost } from '../cart-host.ts';
import { refuse } from '../refusal.ts';
import { placeOf } from './find.ts';
import type { DeviceDesk } from './open-devices.ts';
import { poleLinesOf, type PoleShown } from './pole-lines.ts';

export type OpenedPole = {
  readonly pole: Pole;
  /** A name with the signs of the display. */
  readonly text: (name: string) => string;
  readonly line: (text: string) => string;
};
export type OpenPole = (setting: PoleSetting, onState: (state: PoleState) => void) => Promise<OpenedPole>;

export type PoleDeskDeps = {
  readonly cart: Pick<CartHost, 'feed' | 'all'>;
  readonly clock: Clock;
  readonly shop: () => { readonly name: string; readonly day: DayRule; readonly pole: PoleSetting | null };
  readonly save: (setting: PoleSetting | null) => void;
  readonly onChange: () => void;
  readonly onFault: (error: unknown) => void;
  readonly open?: OpenPole;
};

export type PoleDesk = DeviceDesk & {
  readonly poleView: () => PoleView;
  readonly set: (setting: PoleSetting | null) => Promise<PoleView>;
  readonly test: () => PoleView;
};

/** Change and thanks stand this long, or until the next item. */
const paidMs = 15_000;
const testMs = 3_000;
/** A long shop name walks this fast; the time needs no more. */
const walkMs = 400;
const clockMs = 5_000;
const blank: PoleView = { lines: ['', ''] };

/** Nothing of hardware/display is loaded before a pole is set. */
const openReal: OpenPole = async (setting, onState) => {
  const { openPole } = await import('#hardware/display/open-pole.ts');
  return openPole(setting.target, setting.model, onState);
};

export function makePoleDesk(deps: PoleDeskDeps): PoleDesk {
  const open = deps.open ?? openReal;
  let opened: OpenedPole | null = null;
  let listening: AbortController | null = null;
  let header: CartHeader | null = null;
  let lastLine: ItemLineView | null = null;
  let shown: readonly [string, string] = ['', ''];
  let timer: NodeJS.Timeout | undefined;
  let testUntilMs = 0;
  let step = 0;
  let turn: Promise<unknown> = Promise.resolve();

  /** What is to be seen now, and after how long that may change by itself. */
  const current = (): { readonly what: PoleShown; readonly againMs: number | null } => {
    const shop = deps.shop();
    const now = deps.clock.now();
    const totals = header?.totals;
    if (totals !== undefined && (totals.itemCount > 0 || totals.unsettledCount > 0)) {
      const isItem = lastLine !== null && totals.tenderedPaise === 0;
      if (isItem && lastLine !== null)
        return { what: { kind: 'item', item: lastLine, payablePaise: totals.payablePaise }, againMs: null };
      return { what: { kind: 'cart', totals }, againMs: null };
    }
    const bill = header?.lastBill ?? null;
    const sinceMs = bill === null ? paidMs : Math.abs(now - bill.committedAtMs);
    if (bill !== null && sinceMs < paidMs) return { what: { kind: 'paid', bill }, againMs: paidMs - sinceMs };
    const { hour, minute } = localParts(now, shop.day);
    const time = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
    const againMs = shop.name.length > 20 ? walkMs : clockMs;
    return { what: { kind: 'idle', shopName: shop.name, time, step }, againMs };
  };
  const draw = (): void => {
    clearTimeout(timer);
    if (opened === null) return;
    const { pole, text, line } = opened;
    const leftMs = testUntilMs - performance.now();
    if (leftMs > 0) {
      timer = setTimeout(draw, leftMs).unref();
      return;
    }
    const { what, againMs } = current();
    const [first, second] = poleLinesOf(what, text);
    shown = [line(first), line(second)];
    pole.show(shown);
    if (againMs === null) return;
    timer = setTimeout(() => {
      step += 1;
      draw();
    }, againMs).unref();
  };

  const hear = (event: CartFeedEvent): void => {
    const isOtherCart = header !== null && header.cartId !== event.header.cartId;
    header = event.header;
    const { notice } = header;
    const lineId = notice !== null && 'lineId' in notice ? notice.lineId : null;
    const named = event.lines.find((one) => one.id === lineId);
    if (named?.kind === 'item') lastLine = named;
    else if (isOtherCart || lineId === null) lastLine = null;
    draw();
  };
  const listen = async (signal: AbortSignal): Promise<void> => {
    for await (const event of deps.cart.feed.subscribe(() => deps.cart.all(), signal)) {
      if (signal.aborted) return;
      hear(event);
    }
  };
  const release = async (): Promise<void> => {
    listening?.abort();
    listening = null;
    clearTimeout(timer);
    const old = opened;
    opened = null;
    header = null;
    lastLine = null;
    shown = ['', ''];
    await old?.pole.close();
  };
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const next = turn.then(work);
    turn = next.catch(() => undefined);
    return next;
  };
  const reopen = (): Promise<void> =>
    inTurn(async () => {
      const wasSet = opened !== null;
      await release();
      const setting = deps.shop().pole;
      if (setting !== null) {
        opened = await open(setting, deps.onChange);
        listening = new AbortController();
        listen(listening.signal).catch(deps.onFault);
      }
      if (wasSet || setting !== null) deps.onChange();
    });
  const poleView = (): PoleView => (opened === null ? blank : { lines: shown });

  return {
    view: () => {
      const setting = deps.shop().pole;
      const state = opened?.pole.state() ?? 'looking';
      const place = setting === null ? null : placeOf(setting.target);
      if (setting === null) return { kind: 'display', state: 'notSet', trouble: null, place };
      if (state === 'looking' || state === 'works') return { kind: 'display', state, trouble: null, place };
      return { kind: 'display', state: 'trouble', trouble: state, place } satisfies DeviceView;
    },
    reopen,
    close: () => inTurn(release),
    poleView,
    set: async (setting) => {
      deps.save(setting);
      await reopen();
      return poleView();
    },
    test: () => {
      if (opened === null) return refuse({ type: 'PoleNotSet' });
      shown = [opened.line('12345678901234567890'), opened.line('ABCDEFGHIJKLMNOPQRST')];
      opened.pole.show(shown);
      testUntilMs = performance.now() + testMs;
      clearTimeout(timer);
      timer = setTimeout(draw, testMs).unref();
      return poleView();
    },
  };
}
