/**
 * Staff: who may sign in, and the lock that wrong PINs put on them. Rule kept: the PIN is here only as a salted
 * hash that the till made; a lock-out is a row, so a restart does not lift it. Never deletes a person.
 */
import type { Uuid } from '#core/ids.ts';
import type { Instant } from '#core/time.ts';
import { numbersOf } from './numbers.ts';
import type { ShopDb } from './open.ts';
import { bytesToUuid, uuidToBytes } from './uuid-bytes.ts';

export type StaffRow = {
  readonly id: Uuid;
  readonly name: string;
  readonly role: 'cashier' | 'supervisor' | 'owner';
  readonly language: 'en' | 'hi';
  readonly pinHash: string;
  readonly pinSalt: string;
  readonly isActive: boolean;
};
export type Lockout = {
  readonly failures: number;
  readonly lockedUntilMs: Instant | null;
  readonly lastSeenMs: Instant;
};
export const noLockout: Lockout = { failures: 0, lockedUntilMs: null, lastSeenMs: 0 as Instant };

export type Staff = {
  readonly list: () => readonly StaffRow[];
  readonly get: (id: Uuid) => StaffRow | null;
  readonly insert: (row: StaffRow) => void;
  readonly update: (row: StaffRow) => void;
  readonly lockout: (id: Uuid) => Lockout;
  readonly saveLockout: (id: Uuid, lockout: Lockout) => void;
};

type Row = {
  id: Buffer;
  name: string;
  role: StaffRow['role'];
  language: StaffRow['language'];
  pin_hash: string;
  pin_salt: string;
  is_active: number;
};
const fromRow = (row: Row): StaffRow => ({
  id: bytesToUuid(row.id),
  name: row.name,
  role: row.role,
  language: row.language,
  pinHash: row.pin_hash,
  pinSalt: row.pin_salt,
  isActive: row.is_active === 1,
});

export function makeStaff(shop: ShopDb): Staff {
  const { sql } = shop;
  const numbers = numbersOf(shop);
  const columns = 'id, name, role, language, pin_hash, pin_salt, is_active';
  const list = sql.prepare<[], Row>(`SELECT ${columns} FROM staff ORDER BY staff_no`);
  const get = sql.prepare<[Buffer], Row>(`SELECT ${columns} FROM staff WHERE id = ?`);
  const insert = sql.prepare(`INSERT INTO staff (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?)`);
  const update = sql.prepare(
    `UPDATE staff SET name = ?, role = ?, language = ?, pin_hash = ?, pin_salt = ?, is_active = ? WHERE id = ?`,
  );
  const lockout = sql.prepare<[number], Lockout>(
    `SELECT failures, locked_until_ms AS lockedUntilMs, last_seen_ms AS lastSeenMs FROM staff_lockout WHERE staff_no = ?`,
  );
  const saveLockout = sql.prepare(
    `INSERT INTO staff_lockout (staff_no, failures, locked_until_ms, last_seen_ms) VALUES (?, ?, ?, ?)
     ON CONFLICT (staff_no) DO UPDATE SET failures = excluded.failures,
       locked_until_ms = excluded.locked_until_ms, last_seen_ms = excluded.last_seen_ms`,
  );
  const rest = (row: StaffRow) =>
    [row.name, row.role, row.language, row.pinHash, row.pinSalt, row.isActive ? 1 : 0] as const;
  return {
    list: () => list.all().map(fromRow),
    get: (id) => {
      const row = get.get(uuidToBytes(id));
      return row === undefined ? null : fromRow(row);
    },
    insert: (row) => void insert.run(uuidToBytes(row.id), ...rest(row)),
    update: (row) => {
      if (update.run(...rest(row), uuidToBytes(row.id)).changes !== 1) throw new Error(`no staff ${row.id}`);
    },
    lockout: (id) => lockout.get(numbers.get('staff', id)) ?? noLockout,
    saveLockout: (id, row) =>
      void saveLockout.run(numbers.get('staff', id), row.failures, row.lockedUntilMs, row.lastSeenMs),
  };
}
