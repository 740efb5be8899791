/**
 * Stock by hand: goods received, counts, wastage. Rule kept: stock is an append-only ledger and on-hand its
 * sum; nothing here ever writes a balance.
 */
import type { Uuid } from '#core/ids.ts';
import type { Paise } from '#core/money.ts';
import { maxQty, type Milli, milli } from '#core/quantity.ts';
import type { Login, TillContext } from '../context.ts';
import { once } from '../once.ts';
import { found, refuse } from '../refusal.ts';

export type ReceiveInput = {
  readonly key: string;
  readonly lines: readonly {
    readonly itemId: Uuid;
    readonly batchId: Uuid | null;
    readonly qtyMilli: Milli;
    readonly costPricePaise: Paise | null;
  }[];
  readonly note: string | null;
};

export function receiveStock(ctx: TillContext, input: ReceiveInput, login: Login): { movements: number } {
  const answer = once(ctx, input.key, () => {
    const refId = ctx.newId();
    const occurredAtMs = ctx.clock.now();
    const movements = input.lines.map((line, i) => {
      const item = found(ctx.tables.items.byId(line.itemId), 'item');
      if (line.batchId !== null && !item.batches.some((b) => b.id === line.batchId))
        refuse({ type: 'NotFound', what: 'batch' });
      if (line.qtyMilli <= 0) refuse({ type: 'QtyNotPositive' });
      if (line.qtyMilli > maxQty) refuse({ type: 'QtyTooLarge', maxQtyMilli: maxQty });
      return {
        id: ctx.newId(),
        itemId: line.itemId,
        batchId: line.batchId,
        qtyMilli: line.qtyMilli,
        kind: 'receive' as const,
        refId,
        refLineNo: i + 1,
        businessDate: ctx.today(),
        occurredAtMs,
        costPricePaise: line.costPricePaise,
        note: input.note,
      };
    });
    ctx.tables.stock.append(movements);
    const detail = { by: login.id, note: input.note, lines: input.lines };
    ctx.tables.journal.append('stockReceived', refId, occurredAtMs, JSON.stringify(detail));
    return { movements: movements.length };
  });
  return answer;
}

export type AdjustInput = {
  readonly key: string;
  readonly itemId: Uuid;
  readonly batchId: Uuid | null;
  readonly countedMilli: Milli;
  readonly reason: 'count' | 'wastage' | 'theft' | 'opening' | 'other';
  readonly note: string | null;
};

/** The difference between what was counted and what the ledger says becomes a movement of its own. */
export function adjustStock(
  ctx: TillContext,
  input: AdjustInput,
  login: Login,
): { changeMilli: Milli; onHandMilli: Milli } {
  const { changeMilli } = once(ctx, input.key, () => {
    const item = found(ctx.tables.items.byId(input.itemId), 'item');
    if (input.batchId !== null && !item.batches.some((b) => b.id === input.batchId))
      refuse({ type: 'NotFound', what: 'batch' });
    if (input.countedMilli < 0) refuse({ type: 'QtyNotPositive' });
    if (input.countedMilli > maxQty) refuse({ type: 'QtyTooLarge', maxQtyMilli: maxQty });
    const before = ctx.tables.stock.onHandByBatch(item.id).get(input.batchId) ?? milli(0);
    const changeMilli = milli(input.countedMilli - before);
    if (changeMilli !== 0) {
      const occurredAtMs = ctx.clock.now();
      const refId = ctx.newId();
      ctx.tables.stock.append([
        {
          id: ctx.newId(),
          itemId: item.id,
          batchId: input.batchId,
          qtyMilli: changeMilli,
          kind: input.reason === 'wastage' ? 'wastage' : input.reason === 'opening' ? 'opening' : 'adjust',
          refId,
          refLineNo: 1,
          businessDate: ctx.today(),
          occurredAtMs,
          costPricePaise: null,
          note: input.note ?? input.reason,
        },
      ]);
      ctx.tables.journal.append(
        'stockAdjusted',
        refId,
        occurredAtMs,
        JSON.stringify({ ...input, changeMilli, by: login.id }),
      );
    }
    return { changeMilli };
  });
  return { changeMilli, onHandMilli: ctx.tables.stock.onHand(input.itemId) };
}
