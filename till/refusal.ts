/**
 * The bridge from core's Result to the contract's typed error. Rule kept: use cases throw Refusal only for
 * a DomainError; anything else thrown is a fault and is caught once, at the RPC edge.
 */
import type { DomainError } from '#core/errors.ts';
import type { Result } from '#core/result.ts';

/** Carries a domain error up to the RPC edge, where it becomes the contract's DOMAIN error. */
export class Refusal extends Error {
  readonly error: DomainError;
  constructor(error: DomainError) {
    super(error.type);
    this.error = error;
  }
}

export function refuse(error: DomainError): never {
  throw new Refusal(error);
}

/** The value of a Result, or its error as a Refusal. */
export function need<T>(result: Result<T, DomainError>): T {
  if (!result.ok) refuse(result.error);
  return result.value;
}

export function found<T>(value: T | null | undefined, what: Extract<DomainError, { type: 'NotFound' }>['what']): T {
  if (value === null || value === undefined) refuse({ type: 'NotFound', what });
  return value;
}
