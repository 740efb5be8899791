/**
 * Who is at the counter: names, signing in and out, PINs and the recovery code. Rule kept: every PIN goes through
 * check-pin.ts, which counts wrong ones; this file never looks at one by itself.
 */
import { randomUUID } from 'node:crypto';
import type { Uuid } from '#core/ids.ts';
import type { Language, Role, SignedIn, StaffTile } from '#contract/views.ts';
import { backupKeyFor } from '../backup/backup-key.ts';
import { checkApproval, checkSignIn, forgiveAll, hasNoPin, tile } from '../check-pin.ts';
import type { Connection, Login, TillContext } from '../context.ts';
import { hashPin, isPin, isPinRight } from '../pins.ts';
import { found, refuse } from '../refusal.ts';
import { takeWaiting } from '../take-scan.ts';

export const listStaff = (ctx: TillContext): readonly StaffTile[] =>
  ctx.tables.staff
    .list()
    .filter((s) => s.isActive)
    .map((s) => (hasNoPin(s) ? { ...tile(s), needsPin: true } : tile(s)));

export function signIn(ctx: TillContext, connection: Connection, staffId: Uuid | null, pin: string): SignedIn {
  return startLogin(ctx, connection, checkSignIn(ctx, staffId, pin));
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
  const approver = checkApproval(ctx, input.supervisorPin, row.role === 'owner' ? 'owner' : 'supervisor');
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

/**
 * A forgotten owner's PIN: the printed code sets a new one. It is never locked, whatever was typed before it: twenty
 * letters of thirty can't be guessed. Error: RecoveryWrong.
 */
export function recover(ctx: TillContext, connection: Connection, recoveryCode: string, newPin: string): SignedIn {
  if (!isPin(newPin)) refuse({ type: 'PinInvalid' });
  const owner = found(
    ctx.tables.staff.list().find((s) => s.role === 'owner'),
    'staff',
  );
  const { recovery } = ctx.settings.get();
  const code = recoveryCode.toUpperCase().replace(/[^0-9A-Z]/g, '');
  if (recovery === null || !isPinRight(code, recovery)) refuse({ type: 'RecoveryWrong' });
  const pin = hashPin(newPin, ctx.randomBytes);
  ctx.tables.transact(() => {
    ctx.tables.staff.update({ ...owner, pinHash: pin.hash, pinSalt: pin.salt });
    forgiveAll(ctx, owner.id);
    ctx.tables.journal.append('ownerRecovered', owner.id, ctx.clock.now(), '{}');
  });
  // A shop of before backups: its code is known at this moment only.
  if (ctx.settings.get().backupKey === null) ctx.settings.save({ backupKey: backupKeyFor(null, code) });
  return startLogin(ctx, connection, tile(owner));
}
