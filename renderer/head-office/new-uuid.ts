/** An id made where the row is made (UUIDv7, RFC 9562 §5.7). Rule kept: sent twice, a command is the same command. */
import { makeIds } from '#core/ids.ts';
import { instant } from '#core/time.ts';

export const newUuid = makeIds({ now: () => instant(Date.now()) }, (n) => crypto.getRandomValues(new Uint8Array(n)));
