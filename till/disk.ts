/**
 * The disk's troubles as domain errors: what the cashier reads when nothing more can be saved. Rule kept: a
 * full or locked disk is said in words and nothing saved is lost; a failing one is a fault.
 */
import { diskTroubleOf, isDiskFault } from '#db/disk-fault.ts';
import type { DomainError } from '#core/errors.ts';

export function diskError(thrown: unknown): Extract<DomainError, { type: 'DiskFull' | 'DiskReadOnly' }> | null {
  const kind = isDiskFault(thrown) ? thrown.kind : diskTroubleOf(thrown);
  if (kind === 'diskFull') return { type: 'DiskFull' };
  if (kind === 'diskReadOnly') return { type: 'DiskReadOnly' };
  return null;
}
