/**
 * The forecasts' list in pages of a hundred, asked for as they come into view. Rule kept: an answer to an older question is
 * dropped; what was asked for is not asked for twice.
 */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ForecastList, ForecastRow } from '#contract/till-forecast.ts';
import { errorText } from '../counter/till-calls.ts';
import { ask } from '../link/till-link.ts';
import type { ListQuery } from './desk-store.ts';

const pageSize = 100;
type Told = {
  readonly to: string;
  readonly head: ForecastList;
  readonly pages: ReadonlyMap<number, readonly ForecastRow[]>;
};

/** The list as it was last told: back from an item it stands at once, and is asked anew beneath. */
let lastTold: Told | null = null;

export type PagedList = {
  /** Why there is no list; '' where there is one, or it is on its way. */
  readonly error: string;
  readonly again: () => void;
  /** null: not answered yet. */
  readonly head: ForecastList | null;
  readonly rowAt: (index: number) => ForecastRow | null;
  /** Asks for the pages in which rows `from`…`to` are. */
  readonly need: (from: number, to: number) => void;
};

/** Another `round` (a job has ended) asks anew; what was told stays until the answer is there. */
export function usePagedList(query: ListQuery, round: number): PagedList {
  const [tries, setTries] = useState(0);
  const to = `${round}.${tries} ${JSON.stringify(query)}`;
  const [failed, setFailed] = useState<{ readonly to: string; readonly error: string } | null>(null);
  const [told, setTold] = useState<Told | null>(lastTold);
  const asked = useRef<{ to: string; pages: Set<number> }>({ to: '', pages: new Set() });
  const fetchPage = useCallback(
    (page: number): void => {
      if (asked.current.to !== to) asked.current = { to, pages: new Set() };
      if (asked.current.pages.has(page)) return;
      asked.current.pages.add(page);
      const question = JSON.parse(to.slice(to.indexOf(' ') + 1)) as ListQuery;
      void ask((till) => till.forecast.list({ ...question, from: page * pageSize, count: pageSize })).then((answer) => {
        if (asked.current.to !== to) return;
        if (!answer.ok) return setFailed({ to, error: errorText(answer.error) });
        setTold((now) => {
          const pages = new Map(now?.to === to ? now.pages : []);
          lastTold = { to, head: answer.value, pages: pages.set(page, answer.value.rows) };
          return lastTold;
        });
      });
    },
    [to],
  );
  useEffect(() => fetchPage(0), [fetchPage]);
  return useMemo(
    () => ({
      error: failed?.to === to ? failed.error : '',
      again: () => setTries((now) => now + 1),
      head: told?.head ?? null,
      rowAt: (index) => told?.pages.get(Math.floor(index / pageSize))?.[index % pageSize] ?? null,
      need: (from, until) => {
        if (told?.to !== to) return;
        const last = Math.min(until, told.head.total - 1);
        for (let page = Math.floor(from / pageSize); page <= Math.floor(last / pageSize); page += 1) fetchPage(page);
      },
    }),
    [told, failed, to, fetchPage],
  );
}
