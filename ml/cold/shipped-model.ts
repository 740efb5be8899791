/**
 * The model that ships, opened when it is first asked. Rule kept: where the file is not there or can't be read, what few
 * days say is said without it, and nobody's forecast fails; read once.
 */
import { ForestUnreadable } from '../onnx/read-forests.ts';
import type { Shipped } from './few-days.ts';
import { seedCompetitor } from './seed-model.ts';

/** `file`: null where it is not there. */
export function openShipped(file: () => Uint8Array | null): () => Shipped | null {
  let found: { readonly shipped: Shipped | null } | null = null;
  return () => {
    found ??= { shipped: read(file()) };
    return found.shipped;
  };
}

function read(bytes: Uint8Array | null): Shipped | null {
  if (bytes === null) return null;
  try {
    return seedCompetitor(bytes).seed;
  } catch (error) {
    if (!(error instanceof ForestUnreadable)) throw error;
    return null;
  }
}
