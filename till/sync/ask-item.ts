/**
 * Goods that are asked for while head office's catalogue is still on its way: looked up there, one at a time, and put on
 * sale by themselves, so that a new till sells before it has everything. Rule kept: an item comes whole and as head
 * office sells it at this moment; what can't be had in a moment is unknown, as it is without a network.
 */
import { z } from 'zod';
import type { Item } from '#core/catalogue/item.ts';
import type { CatalogueApplier } from './apply-catalogue.ts';
import type { SyncServer } from './till-access.ts';

export type ItemDesk = {
  /**
   * null: nothing to wait for. Scans that come while another is looked up wait behind it, so that they keep their order.
   * `codes`: by which an item goes that the till does not know; asked only while a catalogue is on its way.
   */
  readonly ask: (codes: () => readonly string[]) => Promise<void> | null;
};

/** A cashier waits no longer for a line. */
const patienceMs = 1_500;
const reply = z.object({
  item: z.looseObject({ id: z.string(), name: z.string(), sellingPricePaise: z.int() }).nullable(),
});

export function makeItemDesk(deps: {
  readonly applier: Pick<CatalogueApplier, 'place' | 'putAsked'>;
  /** null: a shop by itself. */
  readonly server: () => SyncServer | null;
  readonly onFault: (error: unknown) => void;
}): ItemDesk {
  let asking: Promise<void> | null = null;

  async function lookUp(server: SyncServer, codes: readonly string[]): Promise<void> {
    const url = new URL('/v1/sync/item', server.url);
    for (const code of codes) url.searchParams.append('code', code);
    let item: Item | null = null;
    try {
      const response = await server.fetch(url, { signal: AbortSignal.timeout(patienceMs) });
      const read = response.ok ? reply.safeParse(await response.json()) : null;
      item = read?.success === true ? (read.data.item as unknown as Item | null) : null;
    } catch {
      // No network, or too slow: the code is unknown, as it would be without head office.
      return;
    }
    try {
      // The catalogue may have become whole meanwhile: then it says more than this answer.
      if (item !== null && deps.applier.place() === null) deps.applier.putAsked(item);
    } catch (error) {
      deps.onFault(error);
    }
  }

  return {
    ask: (codesOf) => {
      const server = deps.server();
      const isComing = server !== null && deps.applier.place() === null;
      const codes = isComing ? codesOf() : [];
      if (asking === null && codes.length === 0) return null;
      const mine = (asking ?? Promise.resolve()).then(() =>
        codes.length === 0 || server === null ? undefined : lookUp(server, codes),
      );
      asking = mine;
      void mine.then(() => {
        if (asking === mine) asking = null;
      });
      return mine;
    },
  };
}
