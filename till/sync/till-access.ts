/**
 * How the till shows who it is: each call carries an access token of an hour, and a new one is had for the key when the
 * server says that it is over. Rule kept: only the server's clock judges (the till's may be years off); the key is
 * turned by one call at a time and written down before it is used; what is no answer of head office (a portal of the
 * line) is no network and never "shut out". Billing knows nothing of it.
 */
import { z } from 'zod';
import { type TillShutOut, tillShutOut } from '#contract/sync.ts';
import { hashOfKey, type KeyRing, turned, withSuccessor } from './key-ring.ts';

export type KeptKey = { readonly get: () => KeyRing | null; readonly set: (ring: KeyRing) => void };
export type SignedFetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
/** Head office as a till calls it: `fetch` adds the access token and renews it. 401 means shut out. */
export type SyncServer = { readonly url: string; readonly fetch: SignedFetch };

export type TillAccess = SyncServer & {
  /** Why head office lets this till in no more; null: it does, as far as is known. */
  readonly shutOut: () => TillShutOut | null;
};

export type AccessDeps = {
  readonly url: string;
  readonly tillId: string;
  readonly key: KeptKey;
  readonly makeSecret: () => string;
  /** Milliseconds of a clock that never steps. */
  readonly uptimeMs: () => number;
  /** What the enrolment gave. */
  readonly access?: Access | null;
};
export type Access = { readonly token: string; readonly livesMs: number };

/** A little before its end, so that no call is sent twice for it; a PC that slept hears it from the server. */
const marginMs = 5 * 60_000;
const patienceMs = 30_000;

const reply = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), access: z.string().min(20), livesMs: z.number().positive() }),
  z.object({ ok: z.literal(false), reason: tillShutOut }),
]);
const refusal = z.object({ reason: tillShutOut });

/** As `fetch` says it: a network that is not there. */
const away = (why: string): Error => new TypeError(`head office: ${why}`);

export function makeTillAccess(deps: AccessDeps): TillAccess {
  let held: { readonly token: string; readonly untilMs: number } | null = null;
  let shutOut: TillShutOut | null = null;
  let turning: Promise<string | TillShutOut> | null = null;
  const hold = ({ token, livesMs }: Access): string => {
    held = { token, untilMs: deps.uptimeMs() + livesMs - Math.min(marginMs, livesMs / 2) };
    shutOut = null;
    return token;
  };
  if (deps.access != null) hold(deps.access);

  async function askOnce(ring: KeyRing & { readonly next: string }, earlier: readonly string[]) {
    const response = await fetch(new URL('/v1/sync/token', deps.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        tillId: deps.tillId,
        refresh: ring.refresh,
        nextHash: hashOfKey(ring.next),
        ...(earlier.length === 0 ? {} : { earlier }),
      }),
      signal: AbortSignal.timeout(patienceMs),
    });
    const read = reply.safeParse(await response.json().catch(() => null));
    if (!read.success || read.data.ok !== response.ok) throw away(String(response.status));
    return read.data;
  }

  /** Answers the new token, or why there is none. Throws where head office is away. */
  async function turn(): Promise<string | TillShutOut> {
    const kept = deps.key.get();
    if (kept === null) return 'unknown';
    const ring = withSuccessor(kept, deps.makeSecret);
    if (ring.next !== kept.next) deps.key.set(ring);
    let answer = await askOnce(ring, []);
    if (!answer.ok && answer.reason === 'unknown' && ring.earlier.length > 0) {
      answer = await askOnce(ring, ring.earlier);
    }
    if (!answer.ok) {
      shutOut = answer.reason;
      return answer.reason;
    }
    const token = hold({ token: answer.access, livesMs: answer.livesMs });
    deps.key.set(turned(ring));
    return token;
  }

  const turnOnce = (): Promise<string | TillShutOut> => {
    turning ??= turn().finally(() => {
      turning = null;
    });
    return turning;
  };
  const isRefusal = (said: string | TillShutOut): said is TillShutOut => tillShutOut.safeParse(said).success;
  const current = async (): Promise<string | TillShutOut> =>
    held !== null && deps.uptimeMs() < held.untilMs ? held.token : turnOnce();

  return {
    url: deps.url,
    shutOut: () => shutOut,
    fetch: async (input, init) => {
      for (let tries = 0; ; tries += 1) {
        const said = await current();
        if (isRefusal(said)) return Response.json({ reason: said }, { status: 401 });
        const headers = new Headers(init?.headers);
        headers.set('authorization', `Bearer ${said}`);
        const response = await fetch(input, { ...init, headers });
        if (response.status !== 401) return response;
        const read = refusal.safeParse(
          await response
            .clone()
            .json()
            .catch(() => null),
        );
        if (!read.success) throw away('401 of somebody else');
        if (held?.token === said) held = null;
        // The key's own answer counts: an access token may be over, or of a server that was restored.
        if (tries > 0) {
          shutOut = read.data.reason;
          return response;
        }
      }
    },
  };
}
