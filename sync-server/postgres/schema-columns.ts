/**
 * Columns as node-postgres hands them over, for the tables in TypeScript. Rule kept: the type is what is read and not
 * what one wishes: a bigint is a text of digits, since it may be more than a number holds.
 */
import { customType } from 'drizzle-orm/pg-core';

/** Paise, milli-units, milliseconds, counts. */
export const whole = customType<{ data: string }>({ dataType: () => 'bigint' });
export const bytes = customType<{ data: Buffer }>({ dataType: () => 'bytea' });
/** 2026-07-31, where a query asks for it as text; else a Date of node-postgres. */
export const day = customType<{ data: Date }>({ dataType: () => 'date' });
