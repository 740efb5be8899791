/**
 * What the head-office screens may ask of the server, as data: for each call its method, path, input, who may, and
 * what it answers. Rule kept: one table that the server serves and the screens call, so that neither knows a path by
 * heart; what a role may not see the database does not show, this table only says which buttons make sense.
 *
 * How to call: same origin, `credentials: 'same-origin'`, header `x-billmitra: 1` on every call (no foreign page can
 * send it). GET: input as query. POST: input as JSON. 2xx: the output (204: nothing). Else an OfficeError as JSON.
 * On NotSignedIn call `refresh` once (under `navigator.locks`, two tabs must not refresh with the same cookie: that is
 * reuse and signs both out), then again. Tokens are HttpOnly cookies; a screen never sees them.
 */
import { z } from 'zod';
import type { BusinessDate } from '#core/time.ts';
import type { Paise } from '#core/money.ts';
import * as i from './inputs.ts';

/** Head office, one region, one store. */
export type OfficeRole = 'chain' | 'region' | 'store';

export type OfficeError =
  | { readonly type: 'NotSignedIn' }
  /** E-mail, password or code is wrong; which one is not said. */
  | { readonly type: 'SignInWrong' }
  /** The password is right; the six digits of the phone (or a recovery code) are asked for: send again with `code`. */
  | { readonly type: 'CodeNeeded' }
  /** The server lacks the key under which this person's phone is kept: a recovery code opens, the phone's digits can't. */
  | { readonly type: 'CodeUnreadable' }
  | { readonly type: 'LockedOut'; readonly untilMs: number }
  | { readonly type: 'TooMany'; readonly afterMs: number }
  | { readonly type: 'NotAllowed' }
  | { readonly type: 'NotFound' }
  | { readonly type: 'InputInvalid'; readonly field: string }
  | { readonly type: 'InviteInvalid' }
  | { readonly type: 'EmailTaken' }
  | { readonly type: 'PasswordWeak'; readonly minLength: number };

export type Me = {
  readonly accountId: string;
  readonly email: string;
  readonly role: OfficeRole;
  readonly region: string | null;
  readonly storeId: string | null;
  readonly organisation: string;
  readonly hasTotp: boolean;
};

export type StoreView = { readonly storeId: string; readonly name: string; readonly region: string };
export type RegionView = { readonly name: string; readonly stores: readonly StoreView[] };
export type OrgView = { readonly name: string; readonly regions: readonly RegionView[] };

export type TillAudit = {
  readonly atMs: number;
  /** Goods of head office that the till has; null: not counted. */
  readonly items: number | null;
  /** Names of shapes whose count or hash was another one; they are fetched anew. Empty: all agree. */
  readonly differing: readonly string[];
};
export type TillStateView = {
  readonly tillId: string;
  readonly storeId: string;
  readonly storeName: string;
  readonly region: string;
  readonly name: string;
  readonly lastSeenMs: number | null;
  /** Entries that head office has from it. */
  readonly throughSeq: number;
  readonly documents: number;
  readonly refused: number;
  /** As the till last said; null where it has not. */
  readonly backlog: number | null;
  readonly version: string | null;
  readonly waitsSinceMs: number | null;
  /** Its own comparison with what head office has for it, as it last said; null: it has not compared yet. */
  readonly audit: TillAudit | null;
  /** Publications of prices for its store, and how many of them it has whole. */
  readonly prices: { readonly have: number; readonly all: number };
  /**
   * `lapsed`: not heard for more than 30 days, it has to be enrolled again. `reused`: shut out by the server itself, its
   * key was used twice (a disk from a backup, or a thief): somebody is to look, then give a new code.
   */
  readonly state: 'live' | 'quiet' | 'lapsed' | 'revoked' | 'reused';
};

/** A code is shown once, when it is made; afterwards only that there is one. */
export type MadeCode = { readonly code: string; readonly expiresAtMs: number };
export type CodeView = {
  readonly codeId: string;
  readonly storeName: string;
  readonly region: string;
  readonly isNewStore: boolean;
  readonly expiresAtMs: number;
  readonly usedAtMs: number | null;
};

export type StoreToday = {
  readonly storeId: string;
  readonly name: string;
  readonly region: string;
  readonly lastSeenMs: number | null;
  readonly tills: number;
  /** Of its tills, those heard since midnight. */
  readonly tillsHeard: number;
  /** null: not heard today, so its sales are not known. Never read as zero. */
  readonly figures: DayFigures | null;
};
export type DayFigures = {
  readonly bills: number;
  readonly creditNotes: number;
  readonly salesPaise: Paise;
  readonly refundsPaise: Paise;
  readonly netPaise: Paise;
};
export type TodayView = {
  readonly businessDate: BusinessDate;
  readonly atMs: number;
  readonly stores: readonly StoreToday[];
  /** Tills that were shut out because their key was used twice; another number: `tills` is worth asking again. */
  readonly shutOut: number;
  /** "11 of 12 stores counted". */
  readonly counted: number;
  readonly storeCount: number;
  readonly total: DayFigures;
  readonly regions: readonly {
    readonly name: string;
    readonly counted: number;
    readonly storeCount: number;
    readonly total: DayFigures;
  }[];
};

export type AccountView = {
  readonly accountId: string;
  readonly email: string;
  readonly role: OfficeRole;
  readonly region: string | null;
  readonly storeId: string | null;
  readonly hasTotp: boolean;
  readonly isDisabled: boolean;
};

/** An invitation; its code was shown once and is not kept. */
export type InviteView = {
  readonly inviteId: string;
  readonly role: OfficeRole;
  readonly region: string | null;
  readonly storeId: string | null;
  readonly expiresAtMs: number;
};

export type OfficeCall<Input = unknown, Output = unknown> = {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly input: z.ZodType<Input>;
  /** Empty: nobody has to be signed in. */
  readonly roles: readonly OfficeRole[];
  /** Only a type: what it answers. */
  readonly output?: Output;
};
export type InputOf<C> = C extends OfficeCall<infer I, unknown> ? I : never;
export type OutputOf<C> = C extends { readonly output?: infer O } ? Exclude<O, undefined> : never;

const everybody = ['chain', 'region', 'store'] as const;
const managers = ['chain', 'region'] as const;

/** Other areas of head office make their tables with these: `officeGet<Output>()(path, roles, input)`. */
export const officeGet =
  <Output>() =>
  <Input>(path: string, roles: readonly OfficeRole[], input: z.ZodType<Input>): OfficeCall<Input, Output> => ({
    method: 'GET',
    path,
    roles,
    input,
  });
export const officePost =
  <Output>() =>
  <Input>(path: string, roles: readonly OfficeRole[], input: z.ZodType<Input>): OfficeCall<Input, Output> => ({
    method: 'POST',
    path,
    roles,
    input,
  });

const nothing = z.object({});
const email = z
  .string()
  .trim()
  .toLowerCase()
  .max(200)
  .regex(/^[^\s@]+@[^\s@]+\.[^\s@]+$/);
const password = z.string().min(1).max(200);
/** Six digits of an authenticator, or a recovery code. */
const secondFactor = z.string().trim().max(40);
export const minPasswordLength = 10;

export const officeApi = {
  signIn: officePost<Me>()(
    '/v1/office/session/sign-in',
    [],
    z.object({ email, password, code: secondFactor.optional() }),
  ),
  refresh: officePost<Me>()('/v1/office/session/refresh', [], nothing),
  signOut: officePost<null>()('/v1/office/session/sign-out', [], nothing),
  /** With the code of a set-up link (`…/#/setup/CODE`): makes the account and signs it in. */
  acceptInvite: officePost<Me>()(
    '/v1/office/session/accept-invite',
    [],
    z.object({ code: z.string().max(60), email, password }),
  ),
  me: officeGet<Me>()('/v1/office/me', everybody, nothing),
  changePassword: officePost<null>()(
    '/v1/office/me/password',
    everybody,
    z.object({ password, newPassword: password }),
  ),
  /** `otpauth://` text for a QR code; in force only when confirmed with a code of it. */
  beginTotp: officePost<{ readonly secret: string; readonly url: string }>()(
    '/v1/office/me/totp/begin',
    everybody,
    z.object({ password }),
  ),
  confirmTotp: officePost<{ readonly recoveryCodes: readonly string[] }>()(
    '/v1/office/me/totp/confirm',
    everybody,
    z.object({ code: secondFactor }),
  ),
  removeTotp: officePost<null>()('/v1/office/me/totp/remove', everybody, z.object({ password, code: secondFactor })),

  org: officeGet<OrgView>()('/v1/office/org', everybody, nothing),
  addRegion: officePost<null>()('/v1/office/regions', ['chain'], z.object({ name: i.shortText.min(1) })),
  addStore: officePost<StoreView>()(
    '/v1/office/stores',
    managers,
    z.object({ name: i.shortText.min(1), region: i.shortText.min(1) }),
  ),
  accounts: officeGet<readonly AccountView[]>()('/v1/office/accounts', ['chain'], nothing),
  /** `region` for a region's role, `storeId` for a store's. The code lives 7 days, is used once. */
  invite: officePost<MadeCode>()(
    '/v1/office/accounts/invite',
    ['chain'],
    z.object({
      role: z.enum(everybody),
      region: i.shortText.nullable(),
      storeId: i.uuid.nullable(),
    }),
  ),
  /** Those that can still be used. */
  invites: officeGet<readonly InviteView[]>()('/v1/office/accounts/invites', ['chain'], nothing),
  cancelInvite: officePost<null>()('/v1/office/accounts/invites/cancel', ['chain'], z.object({ inviteId: i.uuid })),
  /** Signs the person out everywhere, at once. */
  disableAccount: officePost<null>()('/v1/office/accounts/disable', ['chain'], z.object({ accountId: i.uuid })),
  enableAccount: officePost<null>()('/v1/office/accounts/enable', ['chain'], z.object({ accountId: i.uuid })),

  tills: officeGet<readonly TillStateView[]>()('/v1/office/tills', everybody, nothing),
  revokeTill: officePost<null>()('/v1/office/tills/revoke', managers, z.object({ storeId: i.uuid, tillId: i.uuid })),
  codes: officeGet<readonly CodeView[]>()('/v1/office/codes', managers, nothing),
  /** For a store that is there. Lives 15 minutes, is used once. */
  makeCode: officePost<MadeCode>()(
    '/v1/office/codes',
    managers,
    // With a till: brings that till back on another PC, and opens its backups there.
    z.object({ storeId: i.uuid, replacesTillId: i.uuid.optional() }),
  ),
  /** For a shop that has sold by itself: it brings its own store along. */
  makeNewStoreCode: officePost<MadeCode>()(
    '/v1/office/codes/new-store',
    managers,
    z.object({ storeName: i.shortText.min(1), region: i.shortText.min(1) }),
  ),

  today: officeGet<TodayView>()('/v1/office/today', everybody, nothing),
} as const;

export type OfficeApi = typeof officeApi;

/**
 * Server-sent events (`new EventSource(todayFeedPath)`, cookies go along): each `message` is a TodayView as JSON, the
 * first at once. It ends when the token does; EventSource then gets 401 and gives up: refresh and open it anew.
 */
export const todayFeedPath = '/v1/office/today/feed';

/** Sent with every call; no form and no foreign page can. */
export const officeHeader = 'x-billmitra';
