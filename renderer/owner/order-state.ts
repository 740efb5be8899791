/**
 * The order list as this desk holds it: what the till told, the packs being typed, and what Ctrl Z takes back. Rule kept: a
 * change is the till's before it is shown as done; values come anew from the till after each.
 */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { OrderLine, OrderRules, OrderView } from '#contract/till-forecast.ts';
import type { Uuid } from '#core/ids.ts';
import { errorText, tellRefusal } from '../counter/till-calls.ts';
import { tell } from '../counter/ui-store.ts';
import { ask, type Answer } from '../link/till-link.ts';
import { saveFile } from '../parts/save-file.ts';
import { play } from '../sound/sounds.ts';
import { say } from '../words/words.ts';
import { deskStore } from './desk-store.ts';

type GroupBy = OrderView['groupBy'];
type Undo = { readonly itemId: Uuid; readonly packs: number | null };

export type OrderList = {
  readonly view: OrderView | null;
  readonly error: string;
  readonly setPacks: (line: OrderLine, packs: number | null) => void;
  readonly undo: () => void;
  readonly add: (itemId: Uuid) => Promise<Answer<OrderLine>>;
  readonly saveItem: (
    line: OrderLine,
    as: { readonly packMilli: number | null; readonly supplier: string | null; readonly shelfDays: number | null },
  ) => Promise<Answer<OrderLine>>;
  readonly saveRules: (rules: OrderRules) => Promise<Answer<OrderRules>>;
};

export function useOrderList(groupBy: GroupBy): OrderList {
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
  const change = useCallback(
    async <T>(call: Promise<Answer<T>>): Promise<Answer<T>> => {
      const answer = await call;
      if (answer.ok) await load();
      return answer;
    },
    [load],
  );
  const set = (itemId: Uuid, packs: number | null): Promise<Answer<OrderLine>> =>
    change(ask((till) => till.orderList.setPacks({ itemId, packs }))).then((answer) => {
      if (!answer.ok) tellRefusal(answer.error);
      return answer;
    });
  return {
    view,
    error,
    setPacks: (line, packs) => {
      if (packs === line.packs) return;
      const before: Undo = { itemId: line.itemId, packs: line.packs === line.advisedPacks ? null : line.packs };
      void set(line.itemId, packs).then((answer) => {
        if (answer.ok) undos.current = [...undos.current.slice(-50), before];
      });
    },
    undo: () => {
      const last = undos.current.at(-1);
      if (last === undefined) {
        play('refused');
        return tell(say('olNothingToUndo'), 'quiet');
      }
      undos.current = undos.current.slice(0, -1);
      deskStore.patch({ orderItem: last.itemId });
      void set(last.itemId, last.packs);
    },
    add: (itemId) => change(ask((till) => till.orderList.add({ itemId }))),
    saveItem: (line, as) => change(ask((till) => till.orderList.saveItem({ itemId: line.itemId, ...as }))),
    saveRules: (rules) => change(ask((till) => till.orderList.saveRules(rules))),
  };
}

/** The list as a file that a person keeps or sends. */
export async function saveList(): Promise<void> {
  const answer = await ask((till) => till.orderList.export());
  if (!answer.ok) return tellRefusal(answer.error);
  const { name, text } = answer.value;
  saveFile(name, text, 'text/csv;charset=utf-8');
  tell(say('olSaved', { name }), 'good');
}

export async function printList(): Promise<void> {
  const answer = await ask((till) => till.orderList.print());
  if (!answer.ok) return tellRefusal(answer.error);
  const { lines } = answer.value;
  tell(lines === 0 ? say('olPrintedNone') : say('olPrinted', { count: lines }), lines === 0 ? 'warn' : 'good');
}
