/**
 * The edge of the till: who may call, once per key, and what a thrown thing becomes. Rule kept: a Refusal is
 * the typed DOMAIN error, everything else a fault with an incident id that is logged once, here.
 */
import { implement, ORPCError, ValidationError } from '@orpc/server';
import type { DomainError } from '#core/errors.ts';
import { incidentId, type Uuid } from '#core/ids.ts';
import { tillContract } from '#contract/till.ts';
import { isAtLeast } from './check-pin.ts';
import type { CallContext, Login } from './context.ts';
import { diskError } from './disk.ts';
import { logFault } from './log.ts';
import { Refusal, refuse } from './refusal.ts';
import * as window from './use-cases/window.ts';

const domain = (error: DomainError): ORPCError<'DOMAIN', DomainError> =>
  new ORPCError('DOMAIN', { status: 422, data: error });

/** What went wrong, as the caller may know it. */
function edgeError(thrown: unknown, context: CallContext, path: readonly string[]): unknown {
  if (thrown instanceof Refusal) return domain(thrown.error);
  if (thrown instanceof ORPCError) {
    if (thrown.code === 'BAD_REQUEST' && thrown.cause instanceof ValidationError) {
      const issue = thrown.cause.issues[0];
      const field = (issue?.path ?? []).map((p) => (typeof p === 'object' ? String(p.key) : String(p))).join('.');
      return domain({ type: 'InputInvalid', field: field || 'input', reason: issue?.message ?? 'invalid' });
    }
    return thrown;
  }
  const disk = diskError(thrown);
  if (disk !== null) {
    window.setTrouble(context.till, disk.type === 'DiskFull' ? 'diskFull' : 'diskReadOnly');
    return domain(disk);
  }
  const id = incidentId(context.till.randomBytes);
  logFault(id, path.join('.'), thrown);
  return new ORPCError('FAULT', { status: 500, data: { incidentId: id } });
}

export const os = implement(tillContract)
  .$context<CallContext>()
  .use(async ({ next, context, path }) => {
    try {
      return await next();
    } catch (thrown) {
      throw edgeError(thrown, context, path);
    }
  });

export const signedIn = ({ connection }: CallContext): Login => connection.login ?? refuse({ type: 'SignedOut' });

export function atLeast(context: CallContext, role: 'supervisor' | 'owner'): Login {
  const login = signedIn(context);
  if (!isAtLeast(login.role, role)) refuse({ type: 'RoleNeeded', role });
  return login;
}

/** Before the shop is set up there is nobody to sign in: the wizard may write. Afterwards the owner only. */
export function settingUp(context: CallContext): void {
  const hasOwner = context.till.tables.staff.list().some((s) => s.role === 'owner');
  if (hasOwner) atLeast(context, 'owner');
}

type InCart = { readonly key: string; readonly cartId: Uuid | null };

/** Common ground of the cart's commands: signed in, in the window that has the counter, once per key. */
export function inCart<T>(context: CallContext, input: InCart, work: (login: Login) => T): T {
  const login = signedIn(context);
  window.mustBeActive(context);
  const { till } = context;
  const again = till.cart.outcomeOf(input.key);
  if (again !== null) return again as T;
  if (input.cartId !== null && input.cartId !== till.cart.current().id) {
    const bill = till.tables.bills.bill(input.cartId);
    refuse(bill === null ? { type: 'CartChanged' } : { type: 'CartBilled', number: bill.number });
  }
  const answer = work(login);
  till.cart.rememberKey(input.key, answer);
  return answer;
}
