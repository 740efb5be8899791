/**
 * One transaction at a time on the books' connection. Rule kept: work inside transact is all there or not at
 * all, and so is what is kept in memory beside it: whoever changes such a thing registers its undo. A disk's
 * trouble leaves as a DiskFault and the connection stays usable.
 */
import type { Database } from './connection.ts';
import { asDiskFault } from './disk-fault.ts';

export type Transactions = {
  /** Runs work in BEGIN IMMEDIATE … COMMIT; inside another transact it joins that one. */
  readonly transact: <T>(work: () => T) => T;
  /** To be undone should the running transaction roll back. Only inside transact. */
  readonly onRollback: (undo: () => void) => void;
  /** How often a transaction rolled back: what is remembered of rows is forgotten when it changes. */
  readonly rollbackCount: () => number;
};

export function makeTransactions(sql: Database): Transactions {
  const begin = sql.prepare('BEGIN IMMEDIATE');
  const commit = sql.prepare('COMMIT');
  let isRunning = false;
  let isDoomed = false;
  let undos: (() => void)[] = [];
  let rollbacks = 0;

  const rollBack = (): void => {
    const steps = undos.toReversed();
    undos = [];
    rollbacks += 1;
    try {
      // SQLite itself has rolled back after some errors (a full disk).
      if (sql.inTransaction) sql.exec('ROLLBACK');
    } finally {
      for (const undo of steps) undo();
    }
  };

  const join = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      // Half of an inner piece may be written: whoever caught this must not commit it.
      isDoomed = true;
      throw error;
    }
  };

  const transact = <T>(work: () => T): T => {
    if (isRunning) return join(work);
    try {
      begin.run();
      isRunning = true;
      const value = work();
      if (isDoomed) throw new Error('part of this transaction failed; it is not committed');
      commit.run();
      return value;
    } catch (error) {
      rollBack();
      throw asDiskFault(error);
    } finally {
      undos = [];
      isRunning = false;
      isDoomed = false;
    }
  };

  const onRollback = (undo: () => void): void => {
    if (!isRunning) throw new Error('onRollback outside a transaction');
    undos.push(undo);
  };
  return { transact, onRollback, rollbackCount: () => rollbacks };
}
