/**
 * Whose PIN this is, and what a wrong one costs. Rule kept: a wrong PIN is counted, in the database, before it is
 * answered; under a name it counts for that name alone, without one for the way it was typed (sign-in, approval),
 * never for the people: nobody is shut out by what another typed. The printed recovery code is never locked.
 */
import type { Uuid } from '#core/ids.ts';
import { instant } from '#core/time.ts';
import type { Role, StaffTile } from '#contract/views.ts';
import type { TillContext } from './context.ts';
import { afterWrongPin, isPin, isPinRight, type Lockout, noLockout, settleLockout, triesLeft } from './pins.ts';
import { refuse } from './refusal.ts';

/** Where PINs are typed without a name. A lock on one leaves the other and every name open. */
type Way = 'signIn' | 'approval';
/** What wrong tries are counted for: a way, or one person. */
type Counted = { readonly way: Way } | { readonly person: Uuid };

export const tile = ({ id, name, role, language }: StaffTile): StaffTile => ({ id, name, role, language });
/** A person of head office who has chosen no PIN at this till yet. */
export const hasNoPin = (person: { readonly pinHash: string }): boolean => person.pinHash === '';

const ranks: readonly Role[] = ['cashier', 'supervisor', 'owner'];
export const isAtLeast = (role: Role, least: Role): boolean => ranks.indexOf(role) >= ranks.indexOf(least);

/** The person signing in: by name, or by the PIN alone. Errors: PinWrong with tries left, PinLocked, PinNotSet, NotFound. */
export function checkSignIn(ctx: TillContext, staffId: Uuid | null, pin: string): StaffTile {
  if (staffId === null) return checkAmong(ctx, 'signIn', pin, 'cashier');
  const person = ctx.tables.staff.get(staffId);
  if (person === null || !person.isActive) return refuse({ type: 'NotFound', what: 'staff' });
  if (hasNoPin(person)) return refuse({ type: 'PinNotSet' });
  const counted: Counted = { person: person.id };
  const lockout = lockoutNow(ctx, counted);
  const at = person.role === 'owner' ? 'owner' : 'name';
  if (lockout.lockLeftMs > 0) return refuse(lockedBy(lockout, at));
  if (!isPin(pin) || !isPinRight(pin, { hash: person.pinHash, salt: person.pinSalt }))
    return refuseWrong(ctx, counted, lockout, at);
  if (person.role === 'owner') forgiveAll(ctx, person.id);
  else forgive(ctx, person.id);
  return tile(person);
}

/** The person who vouches for what another does, by their PIN alone. Errors as checkSignIn. */
export const checkApproval = (ctx: TillContext, pin: string, atLeast: 'supervisor' | 'owner'): StaffTile =>
  checkAmong(ctx, 'approval', pin, atLeast);

function checkAmong(ctx: TillContext, way: Way, pin: string, atLeast: Role): StaffTile {
  const people = ctx.tables.staff.list().filter((s) => s.isActive && !hasNoPin(s) && isAtLeast(s.role, atLeast));
  if (people.length === 0) refuse({ type: 'NotFound', what: 'staff' });
  const lockout = lockoutNow(ctx, { way });
  if (lockout.lockLeftMs > 0) refuse(lockedBy(lockout, way));
  const right = isPin(pin) ? people.find((p) => isPinRight(pin, { hash: p.pinHash, salt: p.pinSalt })) : undefined;
  if (right === undefined) return refuseWrong(ctx, { way }, lockout, way);
  // Only an owner, who has nobody's PIN to guess, clears the way's count: with anybody's own PIN in between, another's
  // could be guessed for ever.
  if (right.role === 'owner') forgiveAll(ctx, right.id);
  else forgive(ctx, right.id);
  return tile(right);
}

function refuseWrong(ctx: TillContext, counted: Counted, lockout: Lockout, at: 'name' | 'owner' | Way): never {
  const after = afterWrongPin(lockout, ctx.clock.now());
  saveLockout(ctx, counted, after);
  return refuse(after.lockLeftMs > 0 ? lockedBy(after, at) : { type: 'PinWrong', triesLeft: triesLeft(after) });
}

function forgive(ctx: TillContext, person: Uuid): void {
  if (ctx.tables.staff.lockout(person).failures > 0) saveLockout(ctx, { person }, noLockout);
}

/** An owner who proved to be one starts the whole device afresh. */
export function forgiveAll(ctx: TillContext, owner: Uuid): void {
  forgive(ctx, owner);
  for (const way of ['signIn', 'approval'] as const)
    if (loadLockout(ctx, { way }).failures > 0) saveLockout(ctx, { way }, noLockout);
}

const lockedBy = (lockout: Lockout, at: 'name' | 'owner' | Way) =>
  ({ type: 'PinLocked', at, waitSeconds: Math.ceil(lockout.lockLeftMs / 1000) }) as const;

const nameOf = (counted: Counted): string => ('way' in counted ? `pinTries.${counted.way}` : counted.person);

/** Counted down to this moment; a lock that stands is kept so. */
function lockoutNow(ctx: TillContext, counted: Counted): Lockout {
  const stored = loadLockout(ctx, counted);
  const sinceSeenMs = ctx.uptimeMs() - (ctx.pinsSeen.get(nameOf(counted)) ?? 0);
  const lockout = settleLockout(stored, ctx.clock.now(), sinceSeenMs);
  if (stored.lockLeftMs > 0) saveLockout(ctx, counted, lockout);
  return lockout;
}

/** The table keeps the end of a person's lock as an instant; what is left of it is counted from when it was last seen. */
function loadLockout(ctx: TillContext, counted: Counted): Lockout {
  if ('way' in counted) {
    const kept = ctx.tables.settings.get(nameOf(counted));
    return kept === null ? noLockout : (JSON.parse(kept) as Lockout);
  }
  const { failures, lockedUntilMs, lastSeenMs } = ctx.tables.staff.lockout(counted.person);
  return { failures, lockLeftMs: lockedUntilMs === null ? 0 : lockedUntilMs - lastSeenMs, lastSeenMs };
}

function saveLockout(ctx: TillContext, counted: Counted, lockout: Lockout): void {
  ctx.pinsSeen.set(nameOf(counted), ctx.uptimeMs());
  ctx.tables.transact(() => {
    if ('way' in counted) return ctx.tables.settings.set(nameOf(counted), JSON.stringify(lockout));
    const { failures, lockLeftMs, lastSeenMs } = lockout;
    return ctx.tables.staff.saveLockout(counted.person, {
      failures,
      lockedUntilMs: lockLeftMs === 0 ? null : instant(lastSeenMs + lockLeftMs),
      lastSeenMs: instant(lastSeenMs),
    });
  });
}
