/**
 * Serves a table of calls (contract/server.ts): finds who asks, checks role and input, answers or refuses. Rule kept:
 * every area of head office comes through here, so none can forget the sign-in, the header that keeps foreign pages
 * out, or the limit; a handler gets a caller and a checked input and nothing of HTTP.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import { type InputOf, type OfficeCall, type OfficeError, officeHeader, type OutputOf } from '#contract/server.ts';
import type { Result } from '#core/result.ts';
import type { Clock } from '#core/time.ts';
import { type Caller, callerOf, type Keys } from '../identity/caller.ts';
import type { Sealer } from '../identity/seal.ts';
import type { RateLimit } from './rate-limit.ts';

export type OfficeDeps = {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly keys: Keys;
  /** By account. */
  readonly limit: RateLimit;
  readonly sealer: Sealer;
};

export type Handlers<Api extends Readonly<Record<string, OfficeCall>>> = {
  readonly [Name in keyof Api]: (
    caller: Caller,
    input: InputOf<Api[Name]>,
  ) => Promise<Result<OutputOf<Api[Name]>, OfficeError>>;
};

export const accessCookie = 'billmitra_access';

export function cookieOf(request: FastifyRequest, name: string): string | null {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return null;
}

const statusOf: Readonly<Record<OfficeError['type'], number>> = {
  NotSignedIn: 401,
  SignInWrong: 401,
  CodeNeeded: 401,
  CodeUnreadable: 401,
  LockedOut: 429,
  TooMany: 429,
  NotAllowed: 403,
  NotFound: 404,
  InputInvalid: 400,
  InviteInvalid: 403,
  EmailTaken: 409,
  PasswordWeak: 400,
};

export function refuse(reply: FastifyReply, error: OfficeError): FastifyReply {
  if (error.type === 'TooMany') reply.header('retry-after', String(Math.ceil(error.afterMs / 1_000)));
  return reply.status(statusOf[error.type]).header('cache-control', 'no-store').send(error);
}

/** A page of another site can neither set this header nor have the cookies sent along (SameSite=Strict). */
export const isOwnPage = (request: FastifyRequest): boolean =>
  request.headers[officeHeader] === '1' && !['cross-site', 'same-site'].includes(siteOf(request));
const siteOf = (request: FastifyRequest): string => String(request.headers['sec-fetch-site'] ?? 'none');

export function readInput<Input>(
  call: OfficeCall<Input, unknown>,
  request: FastifyRequest,
): { readonly ok: true; readonly value: Input } | { readonly ok: false; readonly error: OfficeError } {
  const read = call.input.safeParse((call.method === 'GET' ? request.query : request.body) ?? {});
  if (read.success) return { ok: true, value: read.data };
  return { ok: false, error: { type: 'InputInvalid', field: String(read.error.issues[0]?.path.join('.') ?? '') } };
}

/** Who asks, or why not. */
export async function admit(
  deps: OfficeDeps,
  request: FastifyRequest,
  roles: OfficeCall['roles'],
): Promise<{ readonly ok: true; readonly value: Caller } | { readonly ok: false; readonly error: OfficeError }> {
  const nowMs = deps.clock.now();
  const caller = await callerOf(deps.pool, deps.keys, cookieOf(request, accessCookie), nowMs);
  if (caller === null) return { ok: false, error: { type: 'NotSignedIn' } };
  const waitMs = deps.limit.take(caller.accountId, nowMs);
  if (waitMs > 0) return { ok: false, error: { type: 'TooMany', afterMs: waitMs } };
  if (!roles.includes(caller.role)) return { ok: false, error: { type: 'NotAllowed' } };
  return { ok: true, value: caller };
}

export function serveCalls<Api extends Readonly<Record<string, OfficeCall>>>(
  app: FastifyInstance,
  deps: OfficeDeps,
  api: Api,
  handlers: Handlers<Api>,
): void {
  for (const name of Object.keys(api) as (keyof Api & string)[]) {
    const call = api[name];
    const handle = handlers[name];
    if (call === undefined || handle === undefined) continue;
    app.route({
      method: call.method,
      url: call.path,
      handler: async (request, reply) => {
        if (!isOwnPage(request)) return refuse(reply, { type: 'NotAllowed' });
        const caller = await admit(deps, request, call.roles);
        if (!caller.ok) return refuse(reply, caller.error);
        const input = readInput(call, request);
        if (!input.ok) return refuse(reply, input.error);
        const answer = await handle(caller.value, input.value as InputOf<Api[typeof name]>);
        if (!answer.ok) return refuse(reply, answer.error);
        reply.header('cache-control', 'no-store');
        // As JSON text also where it is null: a browser reads every answer the same way.
        return reply.type('application/json').send(JSON.stringify(answer.value ?? null));
      },
    });
  }
}
