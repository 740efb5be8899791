/**
 * Passwords: argon2id at rest. Rule kept: the parameters are OWASP's (Password Storage Cheat Sheet: 19 MiB, 2 passes,
 * 1 lane); a wrong e-mail takes as long as a wrong password. It never logs or answers one.
 */
import { hash, verify } from '@node-rs/argon2';

/** Argon2id is the library's default algorithm (its enum does not exist at run time). */
const owasp = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** At most this many at a time: each takes 19 MiB, and a storm of guesses must not take the server's memory. */
const mostAtOnce = 4;
let running = 0;
const waiting: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= mostAtOnce) await new Promise<void>((go) => waiting.push(go));
  running += 1;
  try {
    return await work();
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
}

export const hashPassword = (password: string): Promise<string> =>
  inTurn(() => hash(password.normalize('NFKC'), owasp));

let decoy: Promise<string> | null = null;

/** `stored` null: nobody has this e-mail; takes the same time and answers false. */
export async function isPassword(stored: string | null, password: string): Promise<boolean> {
  decoy ??= hashPassword('nobody has this one');
  const against = stored ?? (await decoy);
  const isRight = await inTurn(() => verify(against, password.normalize('NFKC')));
  return stored !== null && isRight;
}
