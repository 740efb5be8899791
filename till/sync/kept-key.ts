/**
 * Where the till keeps its key to head office: a row of its own among the settings, written durably with each change.
 * Rule kept: it is never in what a screen, a log or a document shows.
 */
import { z } from 'zod';
import type { Tables } from '../tables.ts';
import { firstRing, type KeyRing } from './key-ring.ts';
import type { KeptKey } from './till-access.ts';

const keyName = 'headOfficeKey';
const joiningName = 'headOfficeJoining';

const ringShape = z.object({ refresh: z.string(), next: z.string().nullable(), earlier: z.array(z.string()) });
/** Before keys were turned a till held one for good, beside the address. */
const formerShape = z.object({ headOffice: z.object({ secret: z.string() }) });
const joiningShape = z.object({ code: z.string(), secret: z.string() });

export function makeKeptKey({ settings }: Pick<Tables, 'settings'>): KeptKey {
  const former = (): KeyRing | null => {
    const read = formerShape.safeParse(JSON.parse(settings.get('shop') ?? '{}'));
    return read.success ? firstRing(read.data.headOffice.secret) : null;
  };
  return {
    get: () => {
      const kept = settings.get(keyName);
      return kept === null ? former() : ringShape.parse(JSON.parse(kept));
    },
    set: (ring) => settings.set(keyName, JSON.stringify(ring)),
  };
}

/** The key that this code is tried with: the same one again where the answer of the first try was lost. */
export function keyForCode({ settings }: Pick<Tables, 'settings'>, code: string, makeSecret: () => string): string {
  const kept = settings.get(joiningName);
  const before = kept === null ? null : joiningShape.parse(JSON.parse(kept));
  if (before?.code === code) return before.secret;
  const secret = makeSecret();
  settings.set(joiningName, JSON.stringify({ code, secret }));
  return secret;
}

export const forgetCode = ({ settings }: Pick<Tables, 'settings'>): void => settings.remove(joiningName);
