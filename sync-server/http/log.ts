/**
 * What the server says of itself: JSON lines on stderr, one an event. Rule kept: a fault carries the incident id that
 * its caller was told; no line carries what a document says, a name, a number or a key.
 */
import { pino } from 'pino';

const log = pino({ level: process.env['LOG_LEVEL'] ?? 'info', base: null }, pino.destination({ dest: 2, sync: true }));

export function logFault(incidentId: string, error: unknown): void {
  const { message, stack } = error instanceof Error ? error : { message: String(error), stack: undefined };
  log.error({ incidentId, stack }, message);
}

export const logEvent = (event: string, about: Readonly<Record<string, string | number | boolean>> = {}): void =>
  log.info({ event, ...about });
