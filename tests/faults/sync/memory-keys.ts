/**
 * Head office's rows of tills' keys as maps. Rule kept: judging is the product's own (judge-rotation.ts, and what
 * till-key.ts asks of an access token); a rotation is written whole or not at all, unless a mutant takes it apart.
 */
import { hashOfKey } from '#till/sync/key-ring.ts';
import type { Protocol } from './protocol.ts';
import type { SimTillIds } from './sim-bill.ts';
import type { KeyServer } from './key-server.ts';
import type { TillShutOut } from '#contract/sync.ts';

type Token = { readonly expiresAtMs: number; successor: string | null };
type TillRow = { family: number; isReused: boolean; tokens: Map<string, Token> };

const livesMs = 60 * 60_000;
const lapsesAfterMs = 30 * 24 * 60 * 60_000;

export type MemoryKeys = KeyServer & {
  /** Why a call with this access token is turned away; null: it is not. */
  readonly refusal: (till: SimTillIds, access: string, nowMs: number) => TillShutOut | null;
  readonly isReused: (till: SimTillIds) => boolean;
  readonly copy: () => unknown;
  readonly load: (copy: unknown) => void;
};

export function memoryKeys(protocol: Protocol, isRevoked: (till: SimTillIds) => boolean): MemoryKeys {
  let rows = new Map<string, TillRow>();
  let families = 0;
  const accessOf = (till: SimTillIds, row: TillRow, nowMs: number): string => `${till.tillId} ${row.family} ${nowMs}`;
  const isReused = (till: SimTillIds): boolean => rows.get(till.tillId)?.isReused === true && !protocol.trustsReused;
  return {
    enrol: (till, keyHash, nowMs) => {
      const before = rows.get(till.tillId);
      families += 1;
      const row: TillRow = {
        family: protocol.keepsFamily && before !== undefined ? before.family : families,
        isReused: false,
        tokens: new Map(protocol.keepsTokens ? before?.tokens : []),
      };
      row.tokens.set(keyHash, { expiresAtMs: nowMs + lapsesAfterMs, successor: null });
      rows.set(till.tillId, row);
      return accessOf(till, row, nowMs);
    },
    turn: (till, { refresh, nextHash, earlier }, nowMs, crash) => {
      const row = rows.get(till.tillId);
      if (row === undefined) return { ok: false, reason: 'unknown' };
      const named = row.tokens.get(hashOfKey(refresh));
      const waiting = earlier.map(hashOfKey).find((hash) => {
        const one = row.tokens.get(hash);
        return one !== undefined && (one.successor === null || one.successor === nextHash);
      });
      const token = named ?? (waiting === undefined ? undefined : row.tokens.get(waiting));
      if (token === undefined) return { ok: false, reason: 'unknown' };
      const judgement = protocol.judgeRotation({
        refusal: isRevoked(till) ? 'revoked' : isReused(till) ? 'reused' : null,
        token: {
          expiresAtMs: token.expiresAtMs,
          isUsed: token.successor !== null,
          successor: token.successor,
          isSuccessorUsed: (row.tokens.get(token.successor ?? '')?.successor ?? null) !== null,
          successorExpiresAtMs: row.tokens.get(token.successor ?? '')?.expiresAtMs ?? null,
        },
        nextHash,
        isNextKnown: row.tokens.has(nextHash),
        nowMs,
      });
      const isDone = crash !== 'early';
      if (judgement === 'twoHold') {
        if (isDone) row.isReused = true;
        return crash === null ? { ok: false, reason: 'reused' } : null;
      }
      if (judgement === 'turns') {
        if (isDone || protocol.turnsApart) token.successor = nextHash;
        if (isDone) {
          row.tokens.set(nextHash, { expiresAtMs: nowMs + lapsesAfterMs, successor: null });
          for (const [hash, one] of row.tokens) if (one.expiresAtMs < nowMs) row.tokens.delete(hash);
        }
      } else if (judgement !== 'turned') return crash === null ? { ok: false, reason: judgement } : null;
      return crash === null ? { ok: true, access: accessOf(till, row, nowMs) } : null;
    },
    refusal: (till, access, nowMs) => {
      const [, family, issuedMs] = access.split(' ');
      if (!protocol.accessForEver && nowMs >= Number(issuedMs) + livesMs) return 'expired';
      const row = rows.get(till.tillId);
      if (row === undefined || row.family !== Number(family)) return 'unknown';
      return isReused(till) ? 'reused' : null;
    },
    isReused,
    copy: () => structuredClone(rows),
    load: (copy) => {
      rows = structuredClone(copy as typeof rows);
    },
  };
}
