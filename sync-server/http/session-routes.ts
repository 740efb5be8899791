/**
 * Signing in and out: the tokens travel in cookies that no script reads and no other site's page sends along. Rule
 * kept: an answer never carries a token; the refresh token goes to these routes only.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { officeApi, type OfficeError } from '#contract/server.ts';
import type { NewId } from '#core/ids.ts';
import type { Result } from '#core/result.ts';
import { acceptInvite } from '../identity/accounts.ts';
import { accessLivesMs, callerOf, meOf } from '../identity/caller.ts';
import { type Opened, refreshLivesMs, refreshLogin, signOut } from '../identity/login.ts';
import { makeSignIn } from '../identity/sign-in.ts';
import { makeRateLimit } from './rate-limit.ts';
import { accessCookie, cookieOf, isOwnPage, type OfficeDeps, readInput, refuse } from './serve-calls.ts';

const refreshCookie = 'billmitra_refresh';
const refreshPath = '/v1/office/session';

function setCookies(request: FastifyRequest, reply: FastifyReply, access: string | null, refresh: string | null): void {
  const isTls = request.protocol === 'https' || request.headers['x-forwarded-proto'] === 'https';
  const cookie = (name: string, value: string | null, path: string, livesMs: number): string =>
    `${name}=${value ?? ''}; Path=${path}; Max-Age=${value === null ? 0 : Math.floor(livesMs / 1_000)}; HttpOnly; SameSite=Strict${isTls ? '; Secure' : ''}`;
  reply.header('set-cookie', [
    cookie(accessCookie, access, '/', accessLivesMs),
    cookie(refreshCookie, refresh, refreshPath, refreshLivesMs),
  ]);
}

export function serveSession(app: FastifyInstance, deps: OfficeDeps, newId: NewId): void {
  const { pool, keys, clock } = deps;
  const signIn = makeSignIn(pool, newId, deps.sealer);
  /** Each wants an argon2 or a row looked up, and nobody is known yet: by address. */
  const ofAddress = makeRateLimit(60, 1_000);

  async function opened(request: FastifyRequest, reply: FastifyReply, login: Result<Opened, OfficeError>) {
    if (!login.ok) return refuse(reply, login.error);
    const nowMs = clock.now();
    const { tenantId, accountId, loginId, refreshToken } = login.value;
    const access = await keys.sign(tenantId, accountId, loginId, nowMs);
    const caller = await callerOf(pool, keys, access, nowMs);
    if (caller === null) return refuse(reply, { type: 'NotSignedIn' });
    setCookies(request, reply, access, refreshToken);
    return reply.header('cache-control', 'no-store').send(meOf(caller));
  }

  /** Whoever was signed in in this browser is not any more: its cookies are about to be overwritten. */
  const endBefore = (request: FastifyRequest): Promise<void> =>
    signOut(pool, cookieOf(request, refreshCookie), clock.now());

  const isHasty = (request: FastifyRequest): number => ofAddress.take(request.ip, clock.now());

  app.post(officeApi.signIn.path, async (request, reply) => {
    if (!isOwnPage(request)) return refuse(reply, { type: 'NotAllowed' });
    const input = readInput(officeApi.signIn, request);
    if (!input.ok) return refuse(reply, input.error);
    const login = await signIn(input.value, request.ip, clock.now());
    if (login.ok) await endBefore(request);
    return opened(request, reply, login);
  });
  app.post(officeApi.acceptInvite.path, async (request, reply) => {
    if (!isOwnPage(request)) return refuse(reply, { type: 'NotAllowed' });
    const waitMs = isHasty(request);
    if (waitMs > 0) return refuse(reply, { type: 'TooMany', afterMs: waitMs });
    const input = readInput(officeApi.acceptInvite, request);
    if (!input.ok) return refuse(reply, input.error);
    const login = await acceptInvite(pool, input.value, newId, clock.now());
    if (login.ok) await endBefore(request);
    return opened(request, reply, login);
  });
  app.post(officeApi.refresh.path, async (request, reply) => {
    if (!isOwnPage(request)) return refuse(reply, { type: 'NotAllowed' });
    const waitMs = isHasty(request);
    if (waitMs > 0) return refuse(reply, { type: 'TooMany', afterMs: waitMs });
    const login = await refreshLogin(pool, cookieOf(request, refreshCookie), clock.now());
    if (login === null) {
      setCookies(request, reply, null, null);
      return refuse(reply, { type: 'NotSignedIn' });
    }
    return opened(request, reply, { ok: true, value: login });
  });
  app.post(officeApi.signOut.path, async (request, reply) => {
    if (!isOwnPage(request)) return refuse(reply, { type: 'NotAllowed' });
    await signOut(pool, cookieOf(request, refreshCookie), clock.now());
    setCookies(request, reply, null, null);
    return reply.header('cache-control', 'no-store').type('application/json').send('null');
  });
}
