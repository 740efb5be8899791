/**
 * Head office's catalogue into the till's own: rows and the place in the shape in ONE transaction. Rule kept: the
 * counter never sees half of it, and billing never waits for it: a fetch from the start is staged in small pieces, new
 * items wait to be for sale, then all of it is switched on in one short transaction. What search knows follows behind
 * (grow-search.ts). An item that head office no longer has is put aside, not deleted (old bills name it).
 */
import type { Item } from '#core/catalogue/item.ts';
import type { Uuid } from '#core/ids.ts';
import { type HeadOfficeAudit, makeHeadOfficeItems, type SentItem } from '#db/head-office-items.ts';
import type { Tables } from '../tables.ts';

export type ShapePlace = { readonly handle: string; readonly offset: string };
export type ShapeChange =
  /** `content`: the item as it was sent. */
  | { readonly kind: 'put'; readonly id: Uuid; readonly content: string }
  | { readonly kind: 'put'; readonly id: Uuid; readonly item: Item }
  | { readonly kind: 'drop'; readonly id: Uuid };

const placeKey = 'shape.catalogue';
/** One piece of work while billing goes on beside it: a few milliseconds, and at most so many rows. */
const pieceMs = 12;
const pieceRows = 1_200;
const settledAtOnce = 500;

export type CatalogueApplier = {
  readonly place: () => ShapePlace | null;
  /** The next fetch is from the start: nothing that is kept is trusted to be whole. */
  readonly forgetPlace: () => void;
  /** Changes since the place, and the new one, in one transaction. */
  readonly apply: (changes: readonly ShapeChange[], place: ShapePlace) => void;
  /**
   * The same in pieces, the place with the last one: a shape's batch is no transaction of anybody's (a publication is
   * what changes together), and what is put twice after a crash is what it was.
   */
  readonly applySlowly: (
    changes: readonly ShapeChange[],
    place: ShapePlace,
    pause: () => Promise<void>,
  ) => Promise<void>;
  /** All that there is, at once: what head office had before and is not in it is put aside. */
  readonly replace: (items: readonly Item[], place: ShapePlace) => void;
  /** Begins a fetch from the start; what an earlier one had gathered is thrown away. */
  readonly beginStaging: () => void;
  readonly stage: (changes: readonly ShapeChange[], pause: () => Promise<void>) => Promise<void>;
  /** One item as head office sells it now, for sale before all of its catalogue is. */
  readonly putAsked: (item: Item) => void;
  /** Switches on what was staged; answers how many items there are now. `settle` is owed after it. */
  readonly finishStaging: (place: ShapePlace) => number;
  /** What a switch left to be written: nobody sees a difference. `pause` lets billing in, and may throw. */
  readonly settle: (pause: () => Promise<void>) => Promise<void>;
  readonly isUnsettled: () => boolean;
  readonly audit: () => HeadOfficeAudit;
};

export function makeCatalogueApplier(
  tables: Tables,
  /** What head office published since, on top of an item as its shape has it. */
  withChanges: (item: Item) => Item = (item) => item,
): CatalogueApplier {
  const { items, settings, transact } = tables;
  const ours = makeHeadOfficeItems(tables.shop);
  const keep = (place: ShapePlace): void => settings.set(placeKey, JSON.stringify(place));
  const contentOf = (change: Extract<ShapeChange, { kind: 'put' }>): string =>
    'content' in change ? change.content : JSON.stringify(change.item);
  const read = ({ content }: SentItem): Item => JSON.parse(content) as Item;
  const itemIn = (change: Extract<ShapeChange, { kind: 'put' }>): Item =>
    'item' in change ? change.item : (JSON.parse(change.content) as Item);

  /** A code that the shop gave to goods of its own stays theirs; the item comes without it. */
  function fitting(item: Item, before: Item | null): Item {
    const barcodes = item.barcodes.filter(({ code }) => {
      const owner = items.barcodeOwner(code);
      return owner === null || owner.itemId === item.id;
    });
    const owner = items.codeOwner(item.code);
    const code = owner === null || owner.itemId === item.id ? item.code : (before?.code ?? items.nextItemCode());
    return { ...item, code, barcodes };
  }

  function put(item: Item): void {
    const before = items.byId(item.id);
    const now = fitting(withChanges(item), before);
    if (before === null) items.insert(now, 'follows');
    else items.update({ ...now, looseSlot: before.looseSlot, batches: [] }, 'follows');
  }

  /** Its barcodes are free: what head office has in its place may carry them. */
  function drop(id: Uuid): void {
    const before = items.byId(id);
    if (before !== null) items.update({ ...before, barcodes: [], batches: [], isActive: false }, 'follows');
  }

  /** New goods come in at once, waiting; what is there and not for sale changes in its place; the rest in the switch. */
  function stageOne(change: ShapeChange): void {
    if (change.kind === 'drop') return ours.unstage(change.id);
    const sent = { id: change.id, content: contentOf(change) };
    if (ours.isAsSent(sent)) return ours.stage(sent, 'toPut');
    const item = withChanges(itemIn(change));
    if (ours.insertWaiting(item)) return ours.stage(sent, 'written');
    const before = items.byId(item.id);
    const now = fitting(item, before);
    const isAllOfIt = now.code === item.code && now.barcodes.length === item.barcodes.length;
    // A code that another has now may be free once all is switched on.
    if (before === null || before.isActive || !isAllOfIt) return ours.stage(sent, 'toPut');
    items.update({ ...now, looseSlot: before.looseSlot, batches: [] }, 'follows');
    if (item.isActive) ours.letWait(item.id);
    ours.stage(sent, 'written');
  }

  const switchOn = (place: ShapePlace): number =>
    transact(() => {
      for (const id of ours.gone()) drop(id);
      for (const sent of ours.changedStaged()) put(read(sent));
      const count = ours.stagedCount();
      ours.switchOn();
      keep(place);
      return count;
    });

  function applyOne(change: ShapeChange): void {
    if (change.kind === 'put') {
      put(itemIn(change));
      ours.put({ id: change.id, content: contentOf(change) });
    } else {
      drop(change.id);
      ours.drop(change.id);
    }
  }

  /** In transactions of a few milliseconds; `last` is in the last one. */
  async function inPieces(
    changes: readonly ShapeChange[],
    work: (change: ShapeChange) => void,
    pause: () => Promise<void>,
    last: () => void = () => undefined,
  ): Promise<void> {
    let at = 0;
    do {
      transact(() => {
        const end = Math.min(changes.length, at + pieceRows);
        const overAt = performance.now() + pieceMs;
        for (const change of changes.slice(at, end)) {
          work(change);
          at += 1;
          if (performance.now() > overAt) break;
        }
        if (at >= changes.length) last();
      });
      await pause();
    } while (at < changes.length);
  }

  function settleNow(): void {
    let at: Uuid | null = null;
    while (ours.isUnsettled()) at = ours.settleSome(at, settledAtOnce);
  }

  return {
    place: () => {
      const kept = settings.get(placeKey);
      return kept === null ? null : (JSON.parse(kept) as ShapePlace);
    },
    forgetPlace: () => settings.remove(placeKey),
    apply: (changes, place) =>
      transact(() => {
        for (const change of changes) applyOne(change);
        keep(place);
      }),
    applySlowly: (changes, place, pause) => inPieces(changes, applyOne, pause, () => keep(place)),
    replace: (all, place) =>
      transact(() => {
        settleNow();
        ours.clearStaged();
        for (const item of all) stageOne({ kind: 'put', id: item.id, item });
        switchOn(place);
        settleNow();
      }),
    beginStaging: () =>
      transact(() => {
        settleNow();
        ours.clearStaged();
      }),
    stage: (changes, pause) => inPieces(changes, stageOne, pause),
    putAsked: (item) =>
      transact(() => {
        const before = items.byId(item.id);
        const now = fitting(item, before);
        if (before === null) items.insert(now, 'follows');
        else items.update({ ...now, looseSlot: before.looseSlot, batches: [] }, 'follows');
        ours.sellNow(item.id);
        // Head office's from now on; as its own row says it, it comes with the rest.
        ours.put({ id: item.id, content: '' });
      }),
    finishStaging: switchOn,
    settle: async (pause) => {
      let at: Uuid | null = null;
      while (ours.isUnsettled()) {
        at = transact(() => ours.settleSome(at, settledAtOnce));
        await pause();
      }
    },
    isUnsettled: ours.isUnsettled,
    audit: () => ours.audit(),
  };
}
