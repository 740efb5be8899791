/**
 * Result: how a domain rule answers. Expected refusals are plain data that survive structured clone;
 * only bugs and broken hardware throw (design.md, Errors).
 */
export type Ok<T> = { readonly ok: true; readonly value: T };
export type Err<E> = { readonly ok: false; readonly error: E };
export type Result<T, E> = Ok<T> | Err<E>;

export const ok = <T>(value: T): Ok<T> => ({ ok: true, value });
export const err = <E>(error: E): Err<E> => ({ ok: false, error });

/** Marks a union as exhausted; reaching it is a fault, never a domain error. */
export function exhausted(value: never): never {
  throw new Error(`unhandled case: ${JSON.stringify(value)}`);
}
