/**
 * The order's table: lines under their supplier or category, packs that digits change. Rule kept: days-left bars share one
 * scale; a line not ordered today keeps its place; a cost that is not known is shown as not known.
 */
import { Fragment, memo, useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import type { OrderGroup, OrderLine, OrderView } from '#contract/till-forecast.ts';
import type { Uuid } from '#core/ids.ts';
import { formatDeskRupees } from '#core/money.ts';
import { formatQty, isUnit } from '#core/quantity.ts';
import type { Language } from '#contract/views.ts';
import { nameIn } from '../words/formats.ts';
import { type Say, useWords } from '../words/words.ts';
import { DaysLeft, ItemName } from './desk-pieces.tsx';
import { dayOfWeek, dayText, plainQty, roundQty, tenths } from './figures.ts';
import { orderWhy } from './forecast-words.ts';

export type Draft = { readonly itemId: Uuid; readonly text: string };

const qty = (line: OrderLine, value: OrderLine['onHandMilli']): string =>
  formatQty(value, isUnit(line.unit) ? line.unit : 'pc');

type Acts = {
  readonly onChoose: (itemId: Uuid) => void;
  readonly onOpen: (line: OrderLine) => void;
  readonly onType: (line: OrderLine, text: string) => void;
  readonly onLeave: () => void;
};
type LineProps = {
  readonly line: OrderLine;
  readonly isChosen: boolean;
  /** What is being typed here; null: nothing. */
  readonly draft: string | null;
  readonly isBad: boolean;
  readonly acts: Acts;
};

/** The till tells all lines anew after each change; those that say the same are not drawn again. */
function isSameLine(a: LineProps, b: LineProps): boolean {
  if (a.isChosen !== b.isChosen || a.draft !== b.draft || a.isBad !== b.isBad || a.acts !== b.acts) return false;
  return a.line === b.line || (Object.keys(a.line) as (keyof OrderLine)[]).every((key) => a.line[key] === b.line[key]);
}

const Line = memo(function Line(props: LineProps) {
  const { say, language } = useWords();
  const { line, isChosen, draft, acts } = props;
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isChosen) row.current?.scrollIntoView({ block: 'nearest' });
  }, [isChosen]);
  const isLeftOut = line.packs === 0;
  const look = ['ow-row ow-row-plain ol-grid', isChosen ? 'ow-row-chosen' : '', isLeftOut ? 'ol-left-out' : ''].join(
    ' ',
  );
  return (
    // The grid around it hears the keys; a row is also answered by the mouse.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      ref={row}
      id={`ol-row-${line.itemId}`}
      role="row"
      aria-selected={isChosen}
      className={look}
      data-testid="order-line"
      onClick={() => acts.onChoose(line.itemId)}
      onDoubleClick={() => acts.onOpen(line)}
    >
      <ItemName name={nameIn(line, language)} />
      <span role="gridcell" className="bm-num">
        {qty(line, line.onHandMilli)}
      </span>
      <span role="gridcell">
        <DaysLeft
          days={line.daysLeftTenths === null ? null : line.daysLeftTenths / 10}
          text={line.daysLeftTenths === null ? '14+' : tenths(line.daysLeftTenths)}
        />
      </span>
      <span role="gridcell" className="bm-num">
        {roundQty(line.likelyMilli, line.unit)}{' '}
        <span className="ow-quiet">/ {roundQty(line.busyMilli, line.unit)}</span>
      </span>
      <span role="gridcell" className="ol-packs">
        <input
          className="bm-input bm-number"
          inputMode="numeric"
          maxLength={6}
          tabIndex={isChosen ? 0 : -1}
          aria-label={say('olPacksOf', { name: nameIn(line, language) })}
          aria-invalid={props.isBad}
          data-testid="order-packs"
          data-packs={line.itemId}
          value={draft ?? String(line.packs)}
          onFocus={(event) => {
            acts.onChoose(line.itemId);
            if (draft === null) event.currentTarget.select();
          }}
          onChange={(event) => acts.onType(line, event.currentTarget.value)}
          onBlur={() => acts.onLeave()}
        />
      </span>
      <span role="gridcell" className="ow-quiet">
        × {plainQty(line.packMilli, line.unit)}
      </span>
      <span role="gridcell" className="bm-num">
        {line.costPaise === null ? (
          <span className="ow-quiet">–</span>
        ) : (
          formatDeskRupees(line.costPaise).replace('₹', '')
        )}
      </span>
      <span
        role="gridcell"
        className={line.why === 'festival' || line.why === 'askedFor' ? 'ol-why' : 'ol-why ol-why-bad'}
      >
        {isLeftOut ? say('olNotToday') : orderWhy(line.why, line.whyDate, say, language)}
      </span>
    </div>
  );
}, isSameLine);

export type ShownGroup = Omit<OrderGroup, 'itemIds'> & {
  readonly by: OrderView['groupBy'];
  readonly lines: readonly OrderLine[];
};

/** Lines under their heads, in the till's order. */
export function groupsOf({ lines, groups, groupBy }: OrderView): readonly ShownGroup[] {
  const byId = new Map(lines.map((line) => [line.itemId, line]));
  return groups.map(({ itemIds, ...group }) => ({
    ...group,
    by: groupBy,
    lines: itemIds.flatMap((itemId) => byId.get(itemId) ?? []),
  }));
}

/** "comes Mon, Thu: next Mon 23 Nov". */
function comesText(group: ShownGroup, say: Say, language: Language): string {
  const day = group.comesOn === null ? null : dayText(group.comesOn, language);
  const days = group.delivery?.weekdays ?? [];
  if (days.length === 0) return day === null ? '' : say('olComesOn', { day });
  const every = say('olComesEvery', { days: days.map((one) => dayOfWeek(one, language)).join(', ') });
  return day === null ? every : `${every}, ${say('olNextOn', { day })}`;
}

function GroupHead({ group }: { readonly group: ShownGroup }) {
  const { say, language } = useWords();
  const nobody = say(group.by === 'supplier' ? 'olNoSupplier' : 'olNoCategory');
  const comes = comesText(group, say, language);
  return (
    <div role="row" className="ow-row-plain ol-grid ol-group" data-testid="order-group-head">
      <span role="gridcell" className="ol-group-name">
        <b>{group.name ?? nobody}</b>{' '}
        <span className="ow-quiet">
          {say('olLines', { count: group.lines.length })}
          {comes === '' ? '' : `, ${comes}`}
        </span>
      </span>
      <span role="gridcell" className="bm-num" data-testid="order-group-value">
        <b>{formatDeskRupees(group.valuePaise).replace('₹', '')}</b>
      </span>
      <span role="gridcell" className="ow-quiet">
        {group.linesWithoutCost === 0 ? '' : say('olSomeWithout', { count: group.linesWithoutCost })}
      </span>
    </div>
  );
}

/** What the page does now, under a name that stays, so that a thousand lines needn't be drawn for a key. */
function useLatest(acts: Acts): Acts {
  const latest = useRef(acts);
  useLayoutEffect(() => {
    latest.current = acts;
  }, [acts]);
  return useMemo(
    () => ({
      onChoose: (itemId) => latest.current.onChoose(itemId),
      onOpen: (line) => latest.current.onOpen(line),
      onType: (line, text) => latest.current.onType(line, text),
      onLeave: () => latest.current.onLeave(),
    }),
    [],
  );
}

export function OrderRows(props: {
  readonly groups: readonly ShownGroup[];
  readonly chosen: Uuid | null;
  readonly draft: Draft | null;
  readonly error: string;
  readonly acts: Acts;
}) {
  const { say } = useWords();
  const acts = useLatest(props.acts);
  return (
    <div
      role="grid"
      className="ow-grid"
      aria-label={say('owOrder')}
      aria-activedescendant={props.chosen === null ? undefined : `ol-row-${props.chosen}`}
      tabIndex={0}
    >
      <div role="rowgroup" className="ow-rows-head">
        <div role="row" className="ow-row-head ol-grid">
          <span role="columnheader">{say('colItem')}</span>
          <span role="columnheader">{say('fcStock')}</span>
          <span role="columnheader">{say('fcDaysLeft')}</span>
          <span role="columnheader">{say('olLikelyBusy')}</span>
          <span role="columnheader">{say('olPacks')}</span>
          <span role="columnheader">{say('olPack')}</span>
          <span role="columnheader">{say('olCost')}</span>
          <span role="columnheader">{say('olWhy')}</span>
        </div>
      </div>
      {props.groups.map((group) => (
        <Fragment key={group.name ?? ''}>
          <div role="rowgroup">
            <GroupHead group={group} />
            {group.lines.map((line) => (
              <Line
                key={line.itemId}
                line={line}
                isChosen={line.itemId === props.chosen}
                draft={props.draft?.itemId === line.itemId ? props.draft.text : null}
                isBad={line.itemId === props.chosen && props.error !== ''}
                acts={acts}
              />
            ))}
          </div>
        </Fragment>
      ))}
    </div>
  );
}
