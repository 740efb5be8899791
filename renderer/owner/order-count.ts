/**
 * How many lines wait to be ordered, for the number on the rail. Rule kept: asked of the till, and asked again when a
 * forecast has been made; a line left for another day does not wait.
 */
import { ask } from '../link/till-link.ts';
import { deskStore } from './desk-store.ts';

export async function countOrder(): Promise<void> {
  const answer = await ask((till) => till.orderList.get({ groupBy: deskStore.get().groupBy }));
  if (answer.ok) deskStore.patch({ toOrder: answer.value.lines.filter((line) => line.packs > 0).length });
}
