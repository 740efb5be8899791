/**
 * Heals what tills are sent: on a till's word that its rows differ again and again, and by a round of its own over all
 * that is followed. Rule kept: a till's word only ever makes the server look; what it does follows from its own log and
 * table. Each mending is written down under an incident, with its store, for head office's people.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { everyStoreId } from '#contract/sent-shapes.ts';
import type { DiffersReply } from '#contract/sync.ts';
import { makeIds } from '#core/ids.ts';
import type { Clock } from '#core/time.ts';
import { logEvent } from '../http/log.ts';
import { inTenant } from '../postgres/in-tenant.ts';
import type { MendOutcome } from './mending.ts';
import type { ShapeDefinition } from './messages.ts';

export type MendShape = (definition: ShapeDefinition) => Promise<MendOutcome>;
export type MendDesk = {
  /** `tillId` null: nobody has complained. */
  readonly look: (shape: string, definition: ShapeDefinition, tillId: string | null) => Promise<DiffersReply>;
};

/** Many tills of a store find the same; a broken one asks for ever. One look answers all of them. */
const goodForMs = 60_000;
const keptMost = 10_000;

const valuesOf = ({ conditions }: ShapeDefinition, name: string): readonly string[] =>
  conditions.find(({ column }) => column === name)?.values ?? [];

export function makeMendDesk(deps: { readonly pool: Pool; readonly clock: Clock; readonly mend: MendShape }): MendDesk {
  const { pool, clock } = deps;
  const newId = makeIds(clock, randomBytes);
  const known = new Map<string, { readonly atMs: number; readonly reply: Promise<DiffersReply> }>();

  async function lookAt(shape: string, definition: ShapeDefinition, tillId: string | null): Promise<DiffersReply> {
    const outcome = await deps.mend(definition);
    if (outcome.kind === 'notKnown' || outcome.kind === 'whole') return { outcome: outcome.kind, incident: null };
    const tenantId = valuesOf(definition, 'tenant_id')[0] ?? '';
    const storeId = valuesOf(definition, 'store_id').find((id) => id !== everyStoreId) ?? everyStoreId;
    const incident = randomUUID().slice(0, 8);
    const { kind, rows } = outcome;
    logEvent('shapeMended', {
      incident,
      tenantId,
      storeId,
      shape,
      outcome: kind,
      rows: rows ?? 'unreadable',
      tillId: tillId ?? '',
    });
    await inTenant(pool, tenantId, (on) =>
      on.query(
        `INSERT INTO shape_mend (tenant_id, store_id, shape, mend_id, at_ms, outcome, row_count, till_id, incident)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [tenantId, storeId, shape, newId(), clock.now(), kind, rows, tillId, incident],
      ),
    );
    return { outcome: kind, incident };
  }

  return {
    look: (shape, definition, tillId) => {
      const key = JSON.stringify([shape, definition.conditions]);
      const last = known.get(key);
      const nowMs = clock.now();
      if (last !== undefined && nowMs >= last.atMs && nowMs - last.atMs < goodForMs) return last.reply;
      if (known.size > keptMost) known.clear();
      const reply = lookAt(shape, definition, tillId);
      known.set(key, { atMs: nowMs, reply });
      // What could not be found out is asked anew by the next.
      const forget = (): void => void known.delete(key);
      reply.then(({ outcome }) => (outcome === 'notKnown' ? forget() : undefined), forget);
      return reply;
    },
  };
}

export type MendRound = {
  readonly definitions: () => readonly ShapeDefinition[];
  /** null: no till's shape. */
  readonly nameOf: (definition: ShapeDefinition) => string | null;
  readonly desk: MendDesk;
  readonly nowMs: () => number;
  readonly onFault: (error: unknown) => void;
  /** A step of the round; each shape is looked at once in `againMs`. */
  readonly everyMs?: number | undefined;
  readonly againMs?: number | undefined;
};

const stepMs = 5_000;
const dayMs = 86_400_000;
/** A server that has just started has other things to do. */
const firstMs = 3_600_000;

/** One shape after the other, day and night: a head that no till ever saw nobody complains about. Answers how to stop. */
export function startMendRound(round: MendRound): () => Promise<void> {
  const { everyMs = stepMs, againMs = dayMs } = round;
  const fromMs = round.nowMs() + Math.min(firstMs, againMs) - againMs;
  let lookedAt = new Map<string, number>();
  let underWay: Promise<void> = Promise.resolve();
  let isBusy = false;
  async function step(): Promise<void> {
    const nowMs = round.nowMs();
    const living = new Map(
      round.definitions().flatMap((one) => {
        const name = round.nameOf(one);
        return name === null ? [] : [[JSON.stringify([name, one.conditions]), { name, definition: one }] as const];
      }),
    );
    lookedAt = new Map([...living.keys()].map((key) => [key, lookedAt.get(key) ?? fromMs]));
    const [oldest] = [...lookedAt].toSorted(([, a], [, b]) => a - b);
    const next = oldest === undefined ? undefined : living.get(oldest[0]);
    if (oldest === undefined || next === undefined || nowMs - oldest[1] < againMs) return;
    lookedAt.set(oldest[0], nowMs);
    await round.desk.look(next.name, next.definition, null);
  }
  const timer = setInterval(() => {
    if (isBusy) return;
    isBusy = true;
    underWay = step()
      .catch(round.onFault)
      .finally(() => {
        isBusy = false;
      });
  }, everyMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await underWay;
  };
}
