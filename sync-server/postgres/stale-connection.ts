/**
 * A connection that answers, and no longer speaks with the database that it once met: after a failover its server may
 * only read, or knows none of its prepared statements; after a migration its plans are of tables that were. Rule kept:
 * such a connection is let go of, not used again; what was asked on it is nobody's fault who asked.
 */
const staleCodes: readonly string[] = [
  // Read only: it was the primary once.
  '25006',
  // The prepared statement is not there: another server, or another session of a pooler, behind the same name.
  '26000',
];

export function isStaleConnection(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { readonly code?: unknown };
  if (code === '0A000') return error.message.includes('cached plan');
  return typeof code === 'string' && staleCodes.includes(code);
}
