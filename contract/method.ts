/**
 * The common ground of every method: the typed errors, and outputs typed without a second validation
 * (they are made by our own till). Rule kept: DOMAIN is a refusal a screen explains, FAULT is a bug with an
 * incident id; there is no third kind.
 */
import { eventIterator, oc, type Schema, type } from '@orpc/contract';
import type { DomainError } from '#core/errors.ts';

export type Fault = { readonly incidentId: string };

/** Output schema of type T that lets the value through as it is. */
export const out = <T>(): Schema<T, T> => type<unknown>() as unknown as Schema<T, T>;
export const feedOf = <T>() => eventIterator(out<T>());

export const method = oc.errors({
  DOMAIN: { status: 422, data: out<DomainError>() },
  FAULT: { status: 500, data: out<Fault>() },
});
