/**
 * The carts on disk, by id. Rule kept: a cart is stored whole and as it is; what it means, and whether it has
 * been billed meanwhile, is the till's to say (Bills.exists).
 */
import type { Uuid } from '#core/ids.ts';
import type { Instant } from '#core/time.ts';
import type { ShopDb } from './open.ts';

export type StoredCart = {
  readonly id: Uuid;
  readonly state: 'open' | 'held';
  readonly json: string;
  readonly savedAtMs: Instant;
};

export type CartStore = {
  /** Oldest first. */
  readonly load: () => readonly StoredCart[];
  readonly save: (cart: StoredCart) => void;
  readonly remove: (id: Uuid) => void;
};

export function makeCartStore(shop: Pick<ShopDb, 'carts'>): CartStore {
  const load = shop.carts.prepare<[], StoredCart>(
    'SELECT id, state, json, saved_at_ms AS savedAtMs FROM stored_cart ORDER BY saved_at_ms, id',
  );
  const save = shop.carts.prepare(
    `INSERT INTO stored_cart (id, state, json, saved_at_ms) VALUES (?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET state = excluded.state, json = excluded.json, saved_at_ms = excluded.saved_at_ms`,
  );
  const remove = shop.carts.prepare('DELETE FROM stored_cart WHERE id = ?');
  return {
    load: () => load.all(),
    save: (cart) => void save.run(cart.id, cart.state, cart.json, cart.savedAtMs),
    remove: (id) => void remove.run(id),
  };
}
