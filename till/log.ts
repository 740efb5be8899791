/**
 * The till's log: one JSON line per event on stderr, where the host keeps it. Rule kept: a fault is logged
 * once, at the edge, with the incident id the cashier sees; never a customer's number or name.
 */
export function logEvent(
  level: 'info' | 'warn' | 'error',
  event: string,
  detail: Readonly<Record<string, unknown>> = {},
): void {
  process.stderr.write(`${JSON.stringify({ level, event, ...detail })}\n`);
}

export function logFault(incident: string, method: string, thrown: unknown): void {
  const error =
    thrown instanceof Error ? { message: thrown.message, stack: thrown.stack } : { message: String(thrown) };
  logEvent('error', 'fault', { incident, method, ...error });
}
