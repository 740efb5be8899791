/**
 * What holds for the whole window: the shop, who is signed in, the shift, devices, and whether this window
 * has the counter. Rule kept: all of it is told by the till; a reload signs the same person in again.
 */
import type { DevicesView, ShiftState, ShopView, SignedIn, TillStatus } from '#contract/views.ts';
import type { Uuid } from '#core/ids.ts';
import { applyCartEvent, cartStore } from '../counter/cart-store.ts';
import { setScanGap } from '../keys/keyboard.ts';
import { adoptKeys } from '../keys/keys-in-force.ts';
import { type Answer, ask, follow, setGreeting } from '../link/till-link.ts';
import { languageNow, setLanguage } from '../words/words.ts';
import { makeStore } from './store.ts';

export type Session = {
  readonly shop: ShopView | null;
  readonly staff: SignedIn | null;
  readonly shift: ShiftState | null;
  readonly status: TillStatus | null;
  readonly devices: DevicesView | null;
  /** null until the till has said so. */
  readonly hasCounter: boolean | null;
};

export const sessionStore = makeStore<Session>({
  shop: null,
  staff: null,
  shift: null,
  status: null,
  devices: null,
  hasCounter: null,
});

const tokenName = 'billmitra.login';
const windowId = crypto.randomUUID();

export function startSession(): void {
  setGreeting(async (till) => {
    let claimed = await till.till.claim({ windowId, takeOver: false });
    if (!claimed.isActive) {
      // A page that was just reloaded still counts for a moment: ask once more before saying so.
      await new Promise((resolve) => setTimeout(resolve, 300));
      claimed = await till.till.claim({ windowId, takeOver: false });
    }
    sessionStore.patch({ hasCounter: claimed.isActive });
    const loginToken = sessionStorage.getItem(tokenName);
    if (loginToken !== null) {
      try {
        signedIn(await till.staff.resume({ loginToken }));
      } catch (error) {
        console.info('the login has ended', error);
        signedOut();
      }
    }
    adoptShop(await till.shop.get());
  });
  follow(
    (till) => till.till.statusFeed(),
    (status) => {
      sessionStore.patch({ status });
      if (status.activeWindowId === windowId) sessionStore.patch({ hasCounter: true });
      else if (status.activeWindowId !== null) sessionStore.patch({ hasCounter: false });
    },
  );
  follow(
    (till) => till.shift.feed(),
    (shift) => sessionStore.patch({ shift }),
  );
  follow(
    (till) => till.device.feed(),
    (devices) => sessionStore.patch({ devices }),
  );
  follow(
    (till) => till.cart.feed(),
    (event) => cartStore.set((cart) => applyCartEvent(cart, event)),
  );
}

/** The shop as the till tells it, with what the keyboard goes by. */
export function adoptShop(shop: ShopView): void {
  sessionStore.patch({ shop });
  setScanGap(shop.scanGapMs);
  adoptKeys(shop.keys);
}

/** This window takes the counter over; the other one is told. */
export async function claimCounter(): Promise<void> {
  const answer = await ask((till) => till.till.claim({ windowId, takeOver: true }));
  if (answer.ok) sessionStore.patch({ hasCounter: answer.value.isActive });
}

/** The language was switched by someone not yet signed in: it is that person's wish. */
let isLanguageWished = false;

function signedIn(staff: SignedIn): void {
  sessionStorage.setItem(tokenName, staff.loginToken);
  sessionStore.patch({ staff });
  if (isLanguageWished && staff.language !== languageNow()) void keepLanguage();
  else setLanguage(staff.language);
  isLanguageWished = false;
}

function signedOut(): void {
  sessionStorage.removeItem(tokenName);
  sessionStore.patch({ staff: null });
}

export async function signIn(staffId: Uuid | null, pin: string): Promise<Answer<SignedIn>> {
  const answer = await ask((till) => till.staff.signIn({ staffId, pin }));
  if (answer.ok) signedIn(answer.value);
  return answer;
}

export async function recover(recoveryCode: string, newPin: string): Promise<Answer<SignedIn>> {
  const answer = await ask((till) => till.staff.recover({ recoveryCode, newPin }));
  if (answer.ok) signedIn(answer.value);
  return answer;
}

export async function signOut(): Promise<void> {
  await ask((till) => till.staff.signOut());
  signedOut();
}

export async function refreshShop(): Promise<void> {
  const answer = await ask((till) => till.shop.get());
  if (answer.ok) adoptShop(answer.value);
}

/** English ↔ Hindi; kept for the person when one is signed in. */
export async function switchLanguage(): Promise<void> {
  const language = languageNow() === 'en' ? 'hi' : 'en';
  setLanguage(language);
  if (sessionStore.get().staff === null) isLanguageWished = true;
  else await keepLanguage();
}

async function keepLanguage(): Promise<void> {
  const language = languageNow();
  const answer = await ask((till) => till.staff.setLanguage({ language }));
  if (answer.ok) sessionStore.set((now) => ({ ...now, staff: now.staff === null ? null : { ...now.staff, language } }));
}
