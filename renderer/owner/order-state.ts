/**
 * The order list as this desk holds it: what the till told, the packs being typed, and what Ctrl Z takes back. Rule kept: a
 * change is the till's before it is shown as done; values come anew from the till after each.
 */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { OrderDelivery, OrderLine, OrderRules, OrderView } from '#contract/till-forecast.ts';
import type { Uuid } from '#core/ids.ts';
import { errorText, tellRefusal } from '../counter/till-calls.ts';
import { tell } from '../counter/ui-store.ts';
import { ask, type Answer } from '../link/till-link.ts';
import { saveFile } from '../parts/save-file.ts';
import { play } from '../sound/sounds.ts';
import { say } from '../words/words.ts';
import { deskStore } from './desk-store.ts';

type GroupBy = OrderView['groupBy'];
const mostUndos = 50;
/** Puts back what was before a change; answers like any change. */
type Undo = { readonly itemId: Uuid | null; readonly back: () => Promise<Answer<unknown>> };
type ItemOrder = Pick<OrderLine, 'supplier' | 'shelfDays'> & { readonly packMilli: number | null };

export type OrderList = {
  readonly view: OrderView | null;
  readonly error: string;
  readonly again: () => void;
  readonly setPacks: (line: OrderLine, packs: number | null) => void;
  readonly undo: () => void;
  readonly add: (itemId: Uuid) => Promise<Answer<OrderLine>>;
  readonly saveItem: (line: OrderLine, as: ItemOrder) => Promise<Answer<OrderLine>>;
  readonly saveDelivery: (
    name: string,
    before: OrderDelivery | null,
    delivery: OrderDelivery | null,
  ) => Promise<Answer<OrderRules>>;
  readonly saveRules: (rules: OrderRules) => Promise<Answer<OrderRules>>;
};

const withLine = (view: OrderView, line: OrderLine): OrderView => ({
  ...view,
  lines: view.lines.map((one) => (one.itemId === line.itemId ? line : one)),
});

/** Another `round` (a forecast was made) asks anew. */
export function useOrderList(groupBy: GroupBy, round: number): OrderList {
  const [view, setView] = useState<OrderView | null>(null);
  const [error, setError] = useState('');
  const undos = useRef<readonly Undo[]>([]);
  const latest = useRef(0);
  const load = useCallback(async (): Promise<void> => {
    latest.current += 1;
    const mine = latest.current;
    const answer = await ask((till) => till.orderList.get({ groupBy }));
    if (mine !== latest.current) return;
    setError(answer.ok ? '' : errorText(answer.error));
    if (!answer.ok) return;
    setView(answer.value);
    deskStore.patch({ toOrder: answer.value.lines.filter((line) => line.packs > 0).length });
  }, [groupBy]);
  useEffect(() => {
    const first = setTimeout(() => void load(), 0);
    return () => {
      clearTimeout(first);
      latest.current += 1;
    };
  }, [load]);
  useEffect(() => {
    if (round === 0) return undefined;
    const later = setTimeout(() => void load(), 0);
    return () => clearTimeout(later);
  }, [load, round]);
  const change = useCallback(
    async <T>(call: Promise<Answer<T>>): Promise<Answer<T>> => {
      const answer = await call;
      if (answer.ok) await load();
      return answer;
    },
    [load],
  );
  /** A change that Ctrl Z takes back by `back`. */
  const undoable = async <T>(call: Promise<Answer<T>>, undo: Undo): Promise<Answer<T>> => {
    const answer = await change(call);
    if (answer.ok) undos.current = [...undos.current.slice(-mostUndos), undo];
    return answer;
  };
  /** The line as the till has it now stands at once; sums come with the list. */
  const set = async (itemId: Uuid, packs: number | null): Promise<Answer<OrderLine>> => {
    const answer = await ask((till) => till.orderList.setPacks({ itemId, packs }));
    if (answer.ok) setView((now) => (now === null ? null : withLine(now, answer.value)));
    return answer;
  };
  const orderItem = (itemId: Uuid, as: ItemOrder) => ask((till) => till.orderList.saveItem({ itemId, ...as }));
  const deliver = (name: string, delivery: OrderDelivery | null) =>
    ask((till) =>
      till.orderList.saveDelivery({
        groupBy,
        name,
        delivery: delivery === null ? null : { leadDays: delivery.leadDays, weekdays: [...delivery.weekdays] },
      }),
    );
  const rule = (rules: OrderRules) => ask((till) => till.orderList.saveRules(rules));
  return {
    view,
    error,
    again: () => void load(),
    setPacks: (line, packs) => {
      if (packs === line.packs) return;
      const { itemId } = line;
      const before = line.packs === line.advisedPacks ? null : line.packs;
      void undoable(set(itemId, packs), { itemId, back: () => set(itemId, before) }).then((answer) => {
        if (!answer.ok) tellRefusal(answer.error);
      });
    },
    undo: () => {
      const last = undos.current.at(-1);
      if (last === undefined) {
        play('refused');
        return tell(() => say('olNothingToUndo'), 'quiet');
      }
      undos.current = undos.current.slice(0, -1);
      if (last.itemId !== null) deskStore.patch({ orderItem: last.itemId });
      void change(last.back()).then((answer) => {
        if (!answer.ok) return tellRefusal(answer.error);
        tell(() => say('olTakenBack'), 'quiet');
      });
    },
    add: (itemId) => {
      const isThere = view?.lines.some((line) => line.itemId === itemId) === true;
      const call = ask((till) => till.orderList.add({ itemId }));
      if (isThere) return change(call);
      return undoable(call, { itemId: null, back: () => ask((till) => till.orderList.takeOff({ itemId })) });
    },
    saveItem: (line, as) => {
      const { itemId, supplier, shelfDays } = line;
      const before = { packMilli: line.packMilli === 1000 ? null : line.packMilli, supplier, shelfDays };
      return undoable(orderItem(itemId, as), { itemId, back: () => orderItem(itemId, before) });
    },
    saveDelivery: (name, before, delivery) =>
      undoable(deliver(name, delivery), { itemId: null, back: () => deliver(name, before) }),
    saveRules: (rules) => {
      const before = view?.rules;
      return before === undefined
        ? change(rule(rules))
        : undoable(rule(rules), { itemId: null, back: () => rule(before) });
    },
  };
}

/** The list as a file that a person keeps or sends. */
export async function saveList(): Promise<void> {
  const answer = await ask((till) => till.orderList.export());
  if (!answer.ok) return tellRefusal(answer.error);
  const { name, text } = answer.value;
  saveFile(name, text, 'text/csv;charset=utf-8');
  tell(() => say('olSaved', { name }), 'good');
}

export async function printList(): Promise<void> {
  const answer = await ask((till) => till.orderList.print());
  if (!answer.ok) return tellRefusal(answer.error);
  const { lines } = answer.value;
  tell(() => (lines === 0 ? say('olPrintedNone') : say('olPrinted', { count: lines })), lines === 0 ? 'warn' : 'good');
}
