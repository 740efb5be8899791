/**
 * The monthly parts of bills and lines, made when the first bill of a month arrives. Rule kept: made by the owner of
 * the tables, outside the batch's transaction; a month that is there is never touched.
 */
import type { Pool } from 'pg';
import type { BusinessDate } from '#core/time.ts';

const monthOf = (date: BusinessDate): string => date.slice(0, 7);

/** First of the month after. */
function nextMonth(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return number === 12 ? `${year + 1}-01-01` : `${year}-${String(number + 1).padStart(2, '0')}-01`;
}

export type Months = {
  /** Not within a transaction: making one takes a connection of its own. */
  readonly ensure: (dates: readonly BusinessDate[]) => Promise<void>;
  /** Whether each is known to be there. */
  readonly has: (dates: readonly BusinessDate[]) => boolean;
  /** The database may be another one now (a failover): what it had is asked again. */
  readonly forget: () => void;
};

/** `owner` may make tables; what is known to be there is not asked again, and asked once by whoever comes first. */
export function makeMonths(owner: Pool): Months {
  const made = new Map<string, Promise<void>>();
  const there = new Set<string>();
  const make = async (month: string): Promise<void> => {
    const part = month.replace('-', '_');
    const on = await owner.connect();
    try {
      await on.query('BEGIN');
      // Several servers may meet the first bill of a month together.
      await on.query(`SELECT pg_advisory_xact_lock(hashtext('billmitra months'))`);
      for (const table of ['bill', 'bill_line']) {
        const there = await on.query('SELECT to_regclass($1) IS NOT NULL AS is', [`${table}_${part}`]);
        if (there.rows[0]?.is === true) continue;
        await on.query(
          `CREATE TABLE IF NOT EXISTS ${table}_${part} PARTITION OF ${table}
             FOR VALUES FROM ('${month}-01') TO ('${nextMonth(month)}')`,
        );
        // Reached by its table only: a part has no policy of its own, so past its table there is nothing to see.
        await on.query(`ALTER TABLE ${table}_${part} ENABLE ROW LEVEL SECURITY`);
        await on.query(`ALTER TABLE ${table}_${part} FORCE ROW LEVEL SECURITY`);
      }
      await on.query('COMMIT');
      there.add(month);
      on.release();
    } catch (error) {
      on.release(true);
      made.delete(month);
      throw error;
    }
  };
  return {
    forget: () => {
      made.clear();
      there.clear();
    },
    has: (dates) => dates.every((date) => there.has(monthOf(date))),
    ensure: async (dates) => {
      for (const month of new Set(dates.map(monthOf))) {
        const pending = made.get(month) ?? make(month);
        made.set(month, pending);
        await pending;
      }
    },
  };
}
