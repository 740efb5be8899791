/**
 * Who is at the counter. Rule kept: a wrong PIN is counted before it is answered, in the database; the
 * answer never says whether the person or the PIN was wrong beyond tries left.
 */
import { randomUUID } from 'node:crypto';
import type { Uuid } from '#core/ids.ts';
import { instant } from '#core/time.ts';
import type { Language, Role, SignedIn, StaffTile } from '#contract/views.ts';
import { backupKeyFor } from '../backup/backup-key.ts';
import type { Connection, Login, TillContext } from '../context.ts';
import {
  afterWrongPin,
  hashPin,
  isPin,
  isPinRight,
  type Lockout,
  noLockout,
  settleLockout,
  triesLeft,
} from '../pins.ts';
import { found, refuse } from '../refusal.ts';
import { takeWaiting } from '../take-scan.ts';

const tile = ({ id, name, role, language }: StaffTile): StaffTile => ({ id, name, role, language });
/** A person of head office who has chosen no PIN at this till yet. */
const hasNoPin = (person: { readonly pinHash: string }): boolean => person.pinHash === '';

export const listStaff = (ctx: TillContext): readonly StaffTile[] =>
  ctx.tables.staff
    .list()
    .filter((s) => s.isActive)
    .map((s) => (hasNoPin(s) ? { ...tile(s), needsPin: true } : tile(s)));

/**
 * The person whose PIN this is. Errors: PinWrong with tries left, PinLocked with the seconds to wait. With
 * no staffId every active person of at least `role` is tried, which is how a supervisor approves: a wrong PIN
 * is then a wrong try at each of them, and a right one clears only its owner's count, so nobody can guess
 * another's PIN by mixing in their own.
 */
export function checkPin(ctx: TillContext, staffId: Uuid | null, pin: string, atLeast: Role = 'cashier'): StaffTile {
  const people = ctx.tables.staff
    .list()
    .filter((s) => s.isActive && (staffId === null ? !hasNoPin(s) : s.id === staffId) && isAtLeast(s.role, atLeast))
    .map((person) => ({ person, lockout: lockoutNow(ctx, person.id) }));
  if (people.length === 0) refuse({ type: 'NotFound', what: 'staff' });
  const [only] = people;
  if (staffId !== null && only !== undefined && hasNoPin(only.person)) refuse({ type: 'PinNotSet' });
  const free = people.filter((p) => p.lockout.lockLeftMs === 0);
  if (free.length === 0) refuse(lockedBy(people.map((p) => p.lockout)));
  const right = isPin(pin)
    ? free.find((p) => isPinRight(pin, { hash: p.person.pinHash, salt: p.person.pinSalt }))
    : undefined;
  if (right === undefined) {
    const after = free.map((p) => afterWrongPin(p.lockout, ctx.clock.now()));
    ctx.tables.transact(() => {
      for (const [i, p] of free.entries()) saveLockout(ctx, p.person.id, after[i] ?? p.lockout);
    });
    if (after.every((l) => l.lockLeftMs > 0)) refuse(lockedBy(after));
    refuse({ type: 'PinWrong', triesLeft: Math.min(...after.filter((l) => l.lockLeftMs === 0).map(triesLeft)) });
  }
  if (right.lockout.failures > 0) saveLockout(ctx, right.person.id, noLockout);
  return tile(right.person);
}

/** The lock of a person, counted down to this moment and kept so. */
function lockoutNow(ctx: TillContext, id: Uuid): Lockout {
  const stored = loadLockout(ctx, id);
  const uptimeMs = ctx.uptimeMs();
  const lockout = settleLockout(stored, ctx.clock.now(), uptimeMs - (ctx.pinsSeen.get(id) ?? 0));
  ctx.pinsSeen.set(id, uptimeMs);
  if (stored.lockLeftMs > 0) saveLockout(ctx, id, lockout);
  return lockout;
}

const lockedBy = (locks: readonly Lockout[]): { readonly type: 'PinLocked'; readonly waitSeconds: number } => ({
  type: 'PinLocked',
  waitSeconds: Math.ceil(Math.min(...locks.map((l) => l.lockLeftMs)) / 1000),
});

/** The table keeps the end of the lock as an instant; what is left of it is counted from when it was last seen. */
function loadLockout(ctx: TillContext, id: Uuid): Lockout {
  const { failures, lockedUntilMs, lastSeenMs } = ctx.tables.staff.lockout(id);
  return { failures, lockLeftMs: lockedUntilMs === null ? 0 : lockedUntilMs - lastSeenMs, lastSeenMs };
}

function saveLockout(ctx: TillContext, id: Uuid, lockout: Lockout): void {
  const { failures, lockLeftMs, lastSeenMs } = lockout;
  ctx.tables.transact(() =>
    ctx.tables.staff.saveLockout(id, {
      failures,
      lockedUntilMs: lockLeftMs === 0 ? null : instant(lastSeenMs + lockLeftMs),
      lastSeenMs: instant(lastSeenMs),
    }),
  );
}

const ranks: readonly Role[] = ['cashier', 'supervisor', 'owner'];
export const isAtLeast = (role: Role, least: Role): boolean => ranks.indexOf(role) >= ranks.indexOf(least);

export function signIn(ctx: TillContext, connection: Connection, staffId: Uuid | null, pin: string): SignedIn {
  return startLogin(ctx, connection, checkPin(ctx, staffId, pin));
}

function startLogin(ctx: TillContext, connection: Connection, person: StaffTile): SignedIn {
  const login: Login = { ...person, token: randomUUID() };
  ctx.logins.set(login.token, login);
  connection.login = login;
  takeWaiting(ctx);
  return { ...person, loginToken: login.token };
}

export function resumeLogin(ctx: TillContext, connection: Connection, token: string): SignedIn {
  const login = ctx.logins.get(token) ?? refuse({ type: 'SignedOut' });
  connection.login = login;
  return { ...tile(login), loginToken: login.token };
}

export function signOut(ctx: TillContext, connection: Connection): { done: true } {
  if (connection.login !== null) ctx.logins.delete(connection.login.token);
  connection.login = null;
  return { done: true };
}

export function addStaff(
  ctx: TillContext,
  input: { readonly name: string; readonly role: Role; readonly pin: string; readonly language: Language },
): StaffTile {
  if (!isPin(input.pin)) refuse({ type: 'PinInvalid' });
  const { hash, salt } = hashPin(input.pin, ctx.randomBytes);
  const row = {
    id: ctx.newId(),
    name: input.name,
    role: input.role,
    language: input.language,
    pinHash: hash,
    pinSalt: salt,
    isActive: true,
  };
  ctx.tables.transact(() => {
    ctx.tables.staff.insert(row);
    ctx.tables.journal.append(
      'staffAdded',
      row.id,
      ctx.clock.now(),
      JSON.stringify({ name: row.name, role: row.role }),
    );
  });
  return tile(row);
}

/**
 * The first PIN of a person whom head office sent, at this till: a supervisor (for an owner: an owner) of the shop stands
 * by with their own. It never leaves this PC. Error: PinWrong, PinLocked; PinInvalid; NotFound where there is a PIN.
 */
export function choosePin(
  ctx: TillContext,
  input: { readonly staffId: Uuid; readonly pin: string; readonly supervisorPin: string },
): StaffTile {
  if (!isPin(input.pin)) refuse({ type: 'PinInvalid' });
  const row = found(ctx.tables.staff.get(input.staffId), 'staff');
  if (!row.isActive || !hasNoPin(row)) refuse({ type: 'NotFound', what: 'staff' });
  const approver = checkPin(ctx, null, input.supervisorPin, row.role === 'owner' ? 'owner' : 'supervisor');
  const { hash, salt } = hashPin(input.pin, ctx.randomBytes);
  ctx.tables.transact(() => {
    ctx.tables.staff.update({ ...row, pinHash: hash, pinSalt: salt });
    const detail = { staffId: row.id, approvedBy: approver.id };
    ctx.tables.journal.append('pinChosen', ctx.newId(), ctx.clock.now(), JSON.stringify(detail));
  });
  return tile(row);
}

export function setLanguage(ctx: TillContext, connection: Connection, language: Language): StaffTile {
  const login = connection.login ?? refuse({ type: 'SignedOut' });
  const row = found(ctx.tables.staff.get(login.id), 'staff');
  ctx.tables.transact(() => ctx.tables.staff.update({ ...row, language }));
  const changed = { ...login, language };
  connection.login = changed;
  ctx.logins.set(login.token, changed);
  return tile(changed);
}

const recoveryLetters = '23456789ABCDEFGHJKMNPQRSTVWXYZ';

const makeRecovery = (ctx: TillContext) => {
  const code = Array.from(ctx.randomBytes(20), (b) => recoveryLetters[b % recoveryLetters.length]).join('');
  return { code, recovery: hashPin(code, ctx.randomBytes) };
};
const asPrinted = (code: string): string => code.replace(/(.{4})(?!$)/g, '$1-');

/** Another code for the one that was lost, or the first that opens backups; the one before opens nothing any more. */
export function renewRecovery(ctx: TillContext, by: Uuid): { recoveryCode: string } {
  const { code, recovery } = makeRecovery(ctx);
  ctx.settings.save({ recovery, backupKey: backupKeyFor(ctx.settings.get().backupKey, code) });
  ctx.tables.transact(() => ctx.tables.journal.append('recoveryRenewed', by, ctx.clock.now(), '{}'));
  return { recoveryCode: asPrinted(code) };
}

/** The first owner: PIN and a printed recovery code, 20 letters, kept only as a hash. */
export function saveOwner(
  ctx: TillContext,
  connection: Connection,
  input: { readonly name: string; readonly pin: string; readonly language: Language },
): { recoveryCode: string } {
  if (!isPin(input.pin)) refuse({ type: 'PinInvalid' });
  const owner = ctx.tables.staff.list().find((s) => s.role === 'owner');
  const { code, recovery } = makeRecovery(ctx);
  if (owner) {
    const pin = hashPin(input.pin, ctx.randomBytes);
    ctx.tables.transact(() =>
      ctx.tables.staff.update({
        ...owner,
        name: input.name,
        language: input.language,
        pinHash: pin.hash,
        pinSalt: pin.salt,
      }),
    );
    startLogin(ctx, connection, tile({ ...owner, name: input.name, language: input.language }));
  } else {
    startLogin(ctx, connection, addStaff(ctx, { ...input, role: 'owner' }));
  }
  ctx.settings.save({ recovery, backupKey: backupKeyFor(ctx.settings.get().backupKey, code) });
  return { recoveryCode: asPrinted(code) };
}

/** A forgotten owner's PIN: the printed code sets a new one. Wrong codes count as wrong PINs of the owner. */
export function recover(ctx: TillContext, connection: Connection, recoveryCode: string, newPin: string): SignedIn {
  if (!isPin(newPin)) refuse({ type: 'PinInvalid' });
  const owner = found(
    ctx.tables.staff.list().find((s) => s.role === 'owner'),
    'staff',
  );
  const { recovery } = ctx.settings.get();
  const lockout = lockoutNow(ctx, owner.id);
  if (lockout.lockLeftMs > 0) refuse(lockedBy([lockout]));
  const code = recoveryCode.toUpperCase().replace(/[^0-9A-Z]/g, '');
  if (recovery === null || !isPinRight(code, recovery)) {
    const after = afterWrongPin(lockout, ctx.clock.now());
    saveLockout(ctx, owner.id, after);
    if (after.lockLeftMs > 0) refuse(lockedBy([after]));
    refuse({ type: 'PinWrong', triesLeft: triesLeft(after) });
  }
  const pin = hashPin(newPin, ctx.randomBytes);
  ctx.tables.transact(() => {
    ctx.tables.staff.update({ ...owner, pinHash: pin.hash, pinSalt: pin.salt });
    saveLockout(ctx, owner.id, noLockout);
    ctx.tables.journal.append('ownerRecovered', owner.id, ctx.clock.now(), '{}');
  });
  // A shop of before backups: its code is known at this moment only.
  if (ctx.settings.get().backupKey === null) ctx.settings.save({ backupKey: backupKeyFor(null, code) });
  return startLogin(ctx, connection, tile(owner));
}
