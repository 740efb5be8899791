/**
 * What a till's journal says to the catalogue: which publication it has and sells by, and changes to items of head
 * office, which become proposals. Rule kept: in the transaction that stores the entry, and the same entry again
 * changes nothing; an entry that can't be read is left as it is, it is stored all the same.
 */
import type { PoolClient } from 'pg';
import { z } from 'zod';
import type { PushAnswer, PushEntry } from '#contract/sync.ts';
import { takeOwnGoods, tellsGoods } from './take-own-goods.ts';
import { takeProposal, takeTakenBack } from './take-proposals.ts';
import type { PushingTill } from '../ingest/stored-entries.ts';
import { takeRefusalNote } from '../office/refusal-notes.ts';
import { takeShopTold } from '../transfers/take-transfers.ts';

const uuid = z.string().regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const publicationEntry = z.object({ publicationId: uuid, without: z.int().min(0).max(1_000_000).default(0) });
const itemEntry = z.looseObject({ id: uuid, name: z.string() });

const read = <T>(schema: z.ZodType<T>, text: string): T | null => {
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    // Not JSON: nothing that the catalogue could use.
    return null;
  }
};

const named = z.object({ id: uuid.optional(), publicationId: uuid.optional() });

const heard: ReadonlySet<string> = new Set([
  ...tellsGoods,
  'itemProposed',
  'keptAsideAccepted',
  'keptAsideReversed',
  'proposalTakenBack',
  'publicationArrived',
  'publicationApplied',
  'shopTold',
]);

/** Wishes, then who has which publication, then the shop's name, then notes; rows of each by key: no ring of waiting tills. */
function inTableOrder(entries: readonly PushEntry[]): readonly PushEntry[] {
  const tableOf = ({ kind }: PushEntry): number =>
    kind.startsWith('keptAside') ? 3 : kind === 'shopTold' ? 2 : kind.startsWith('publication') ? 1 : 0;
  const ofUs = entries.filter(({ kind }) => heard.has(kind));
  const keyed = ofUs.map((entry) => {
    const said = entry.kind === 'shopTold' ? null : read(named, entry.content);
    return { entry, key: `${tableOf(entry)} ${said?.publicationId ?? said?.id ?? ''}` };
  });
  // What is said of one row stays in its order.
  return keyed.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ entry }) => entry);
}

export async function takeFromTill(
  on: PoolClient,
  till: PushingTill,
  judged: readonly { readonly entry: PushEntry }[],
  answers: readonly PushAnswer[],
): Promise<void> {
  const who = [till.tenantId, till.storeId, till.tillId] as const;
  const accepted = judged.flatMap((one, i) => (answers[i]?.outcome === 'accepted' ? one.entry : []));
  for (const entry of inTableOrder(accepted)) {
    const { kind, content, atMs, id } = entry;
    if (kind === 'itemProposed') await takeProposal(on, till, entry);
    else if (kind === 'proposalTakenBack') await takeTakenBack(on, till, entry);
    else if (kind === 'keptAsideAccepted' || kind === 'keptAsideReversed') await takeRefusalNote(on, till, entry);
    else if (kind === 'shopTold') await takeShopTold(on, till, content, atMs);
    else if (kind === 'publicationArrived' || kind === 'publicationApplied') {
      const said = read(publicationEntry, content);
      if (said === null) continue;
      await on.query(
        `INSERT INTO publication_ack AS a (tenant_id, store_id, till_id, publication_id, arrived_at_ms, applied_at_ms,
           without_rows) SELECT $1, $2, $3, $4, $5, $6, $7 FROM store_publication
           WHERE tenant_id = $1 AND store_id = $2 AND publication_id = $4
         ON CONFLICT (tenant_id, store_id, till_id, publication_id)
         DO UPDATE SET applied_at_ms = coalesce(a.applied_at_ms, excluded.applied_at_ms),
           without_rows = greatest(a.without_rows, excluded.without_rows)`,
        [...who, said.publicationId, atMs, kind === 'publicationApplied' ? atMs : null, said.without],
      );
    } else if (kind === 'itemChanged') {
      const item = read(itemEntry, content);
      if (item === null) continue;
      await on.query(
        `INSERT INTO item_proposal (tenant_id, store_id, till_id, proposal_id, item_id, item, proposed_at_ms, state)
         SELECT $1, $2, $3, $4, $5, $6, $7, 'open' FROM catalogue_item WHERE tenant_id = $1 AND item_id = $5
         ON CONFLICT DO NOTHING`,
        [...who, id, item.id, JSON.stringify(item), atMs],
      );
    }
  }
  await takeOwnGoods(
    on,
    till,
    accepted.filter(({ kind }) => tellsGoods.has(kind)),
  );
}
