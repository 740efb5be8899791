/**
 * Forecasts: every item with its days left, next week and how sure that is. Rule kept: the till searches, sorts and counts;
 * the keyboard alone is enough: arrows, / to search, Enter to open, digits to sort.
 */
import { UnstyledButton } from '@mantine/core';
import { useRef } from 'react';
import type { ForecastRow } from '#contract/till-forecast.ts';
import type { MoveKey } from '../keys/form-stack.ts';
import { useAnswer } from '../link/use-answer.ts';
import { Choose } from '../parts/choose.tsx';
import { Icon } from '../parts/icons.tsx';
import { ActionButton, Cap } from '../parts/pieces.tsx';
import { useWords, type Word } from '../words/words.ts';
import { AsOf } from './as-of.tsx';
import { DeskPageFrame, KeyHints } from './desk-pieces.tsx';
import { deskStore, type ListOrder, type ListQuery, showItem, showPage, toCounter, useDesk } from './desk-store.ts';
import { countText } from './figures.ts';
import { ForecastRows } from './forecast-rows.tsx';
import { JobState, startJob, stopJob, useJob } from './job-state.tsx';
import { type PagedList, usePagedList } from './paged-list.ts';
import { useRounds } from './renewed.ts';

const orders: readonly { readonly order: ListOrder; readonly word: Word }[] = [
  { order: 'daysLeft', word: 'fcByDays' },
  { order: 'nextWeek', word: 'fcByNext' },
  { order: 'change', word: 'fcByChange' },
  { order: 'confidence', word: 'fcBySure' },
  { order: 'name', word: 'fcByName' },
];
const columns: readonly (readonly [Word, ListOrder | null])[] = [
  ['colItem', 'name'],
  ['fcStock', null],
  ['fcDaysLeft', 'daysLeft'],
  ['fcLastWeek', 'change'],
  ['fcNextWeek', 'nextWeek'],
];

const ask = (some: Partial<ListQuery>): void =>
  deskStore.set((now) => ({ ...now, query: { ...now.query, ...some }, at: 0 }));
const everyCategory = '\u0000';

export function ForecastsPage() {
  const { say } = useWords();
  const { query, at } = useDesk((desk) => ({ query: desk.query, at: desk.at }));
  const job = useJob();
  const list = usePagedList(query, useRounds(job?.state));
  const search = useRef<HTMLInputElement>(null);
  const total = list.head?.total ?? 0;
  const chosen = list.rowAt(at);
  const choose = (index: number): void => deskStore.patch({ at: index });
  const open = (row: ForecastRow | null): void => {
    if (row !== null) showItem(row.itemId, 'forecasts');
  };
  const move = (key: MoveKey): void => {
    const wanted = { Up: at - 1, Down: at + 1, PageUp: at - 12, PageDown: at + 12, Home: 0, End: total - 1 }[key];
    choose(Math.max(0, Math.min(total - 1, wanted)));
  };
  const category = query.category ?? chosen?.category ?? null;
  const seeCategory = (): void => {
    if (category !== null) showPage({ is: 'group', of: 'category', name: category });
  };
  const seeShop = (): void => showPage({ is: 'group', of: 'store', name: null });
  return (
    <DeskPageFrame
      testId="forecasts-page"
      keys={{
        name: 'forecasts',
        back: () => {
          const field = search.current;
          if (document.activeElement !== field && query.search === '') return toCounter();
          ask({ search: '' });
          field?.closest('main')?.focus();
        },
        enter: () => (list.error === '' ? open(chosen) : list.again()),
        move,
        slash: () => search.current?.select(),
        step: (by) => move(by < 0 ? 'Up' : 'Down'),
        choose: (digit) => {
          const wanted = orders[digit - 1];
          if (wanted !== undefined) ask({ order: wanted.order });
        },
        letters: {
          N: startJob,
          X: stopJob,
          C: seeCategory,
          S: seeShop,
          G: () => showPage({ is: 'accuracy' }),
        },
      }}
    >
      <header className="ow-head">
        <h1>{say('owForecasts')}</h1>
        <span className="ow-note" data-testid="forecast-count">
          {list.head === null ? '' : say('fcItems', { count: total, n: countText(total) })}
        </span>
        <span className="bm-push" />
        <JobState job={job} madeAtMs={list.head?.madeAtMs ?? null} />
      </header>
      <div className="ow-tools">
        <label className="ow-search">
          <Icon name="search" size={18} />
          <span className="bm-hidden">{say('fcSearch')}</span>
          <input
            ref={search}
            className="bm-input"
            type="search"
            maxLength={120}
            value={query.search}
            placeholder={say('fcSearch')}
            data-testid="forecast-search"
            onChange={(event) => ask({ search: event.currentTarget.value })}
          />
          <Cap>/</Cap>
        </label>
        <Choose
          label={say('fcCategory')}
          value={query.category ?? everyCategory}
          options={[
            { value: everyCategory, text: say('fcEveryCategory') },
            ...(list.head?.categories ?? []).map((name) => ({ value: name, text: name })),
          ]}
          onChoose={(name) => ask({ category: name === everyCategory ? null : name })}
          testId="forecast-category"
        />
        <div className="ow-orders" role="radiogroup" aria-label={say('fcSort')}>
          {orders.map(({ order, word }, i) => (
            <UnstyledButton
              key={order}
              role="radio"
              aria-checked={query.order === order}
              className="ow-order-by"
              onClick={() => ask({ order })}
              data-testid={`sort-${order}`}
            >
              <Cap>{i + 1}</Cap>
              {say(word)}
            </UnstyledButton>
          ))}
        </div>
      </div>
      {list.head?.origin == null ? null : <Young />}
      {list.head?.origin == null ? null : <AsOf dates={{ origin: list.head.origin, today: list.head.today }} />}
      <section className="bm-card ow-list">
        <Rows isRunning={job?.state === 'running'} list={list} total={total} at={at} onChoose={choose} onOpen={open} />
        <div className="ow-foot">
          <KeyHints
            hints={[
              ['↑|↓', 'fcHintItem'],
              ['Enter', 'fcHintOpen'],
              ['Ctrl K', 'fcHintAnything'],
            ]}
          />
          <ActionButton cap="C" onPress={seeCategory} isDisabled={category === null} testId="see-category">
            {category === null ? say('fcSeeNoCategory') : say('fcSeeCategory', { name: category })}
          </ActionButton>
          <ActionButton cap="S" onPress={seeShop} testId="see-shop">
            {say('fcSeeShop')}
          </ActionButton>
          <ActionButton cap="G" onPress={() => showPage({ is: 'accuracy' })} testId="see-accuracy">
            {say('fcSeeGood')}
          </ActionButton>
        </div>
      </section>
    </DeskPageFrame>
  );
}

/** Days of bills from which on an item is forecast by its own past. */
const enoughDays = 28;

/** A young shop's forecasts are rough, and here is why. */
function Young() {
  const { say } = useWords();
  const shop = useAnswer({ of: 'store', name: null } as const, (till, question) => till.forecast.group(question));
  const days = shop?.ok === true ? shop.value.past.length : enoughDays;
  return days >= enoughDays ? null : (
    <p className="ow-rung ow-young" data-testid="young-shop">
      <Icon name="info" size={16} />
      <span>{say('fcTooYoung', { count: days, n: countText(days) })}</span>
    </p>
  );
}

function Rows(props: {
  readonly list: PagedList;
  readonly isRunning: boolean;
  readonly total: number;
  readonly at: number;
  readonly onChoose: (index: number) => void;
  readonly onOpen: (row: ForecastRow) => void;
}) {
  const { say } = useWords();
  const order = useDesk((desk) => desk.query.order);
  const isAsked = useDesk((desk) => desk.query.search !== '' || desk.query.category !== null);
  const { head, error, again } = props.list;
  if (error !== '') {
    return (
      <div className="ow-empty" role="alert" data-testid="forecast-error">
        <p>{error}</p>
        <ActionButton cap="Enter" onPress={again} testId="forecast-again">
          {say('olAgain')}
        </ActionButton>
      </div>
    );
  }
  if (head !== null && props.total === 0) {
    return (
      <p className="ow-empty" data-testid="forecast-empty">
        {say(
          isAsked
            ? 'fcNothingFound'
            : head.madeAtMs !== null
              ? 'fcNothing'
              : props.isRunning
                ? 'fcBeingMade'
                : 'fcNotMade',
        )}
      </p>
    );
  }
  return (
    <ForecastRows
      label={say('owForecasts')}
      list={props.list}
      total={props.total}
      at={props.at}
      head={
        <div role="rowgroup" className="ow-rows-head">
          <div role="row" aria-rowindex={1} className="ow-row-head fc-grid">
            {columns.map(([word, by]) => (
              <span
                key={word}
                role="columnheader"
                aria-sort={
                  by === order && by !== null
                    ? by === 'nextWeek' || by === 'change'
                      ? 'descending'
                      : 'ascending'
                    : undefined
                }
              >
                {say(word)}
              </span>
            ))}
            <span role="columnheader">
              <span className="bm-hidden">{say('fcUnit')}</span>
            </span>
            <span role="columnheader">{say('fcEightInTen')}</span>
            <span role="columnheader">{say('fcHowSure')}</span>
            <span role="columnheader">{say('fcFrom')}</span>
          </div>
        </div>
      }
      onChoose={props.onChoose}
      onOpen={props.onOpen}
    />
  );
}
