/**
 * The rows of the forecasts' list: only those in view are in the page. Rule kept: five thousand items scroll as fast as
 * fifty; a row that has not been told yet keeps its place.
 */
import { memo, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { ForecastRow } from '#contract/till-forecast.ts';
import { formatQty, isUnit } from '#core/quantity.ts';
import { nameIn } from '../words/formats.ts';
import { useWords } from '../words/words.ts';
import { DaysLeft, Sureness } from './desk-pieces.tsx';
import { roundQty, unitName } from './figures.ts';
import { sourceShort } from './forecast-words.ts';
import type { PagedList } from './paged-list.ts';

/** Rows drawn above and below what is in view. */
const spare = 6;
const rowHeight = (): number => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) * 2.125;

const stockText = (row: ForecastRow): string => {
  const unit = isUnit(row.unit) ? row.unit : 'pc';
  return formatQty(row.onHandMilli, unit);
};

const Row = memo(function Row(props: {
  readonly row: ForecastRow | null;
  readonly index: number;
  readonly top: number;
  readonly isChosen: boolean;
  readonly onChoose: (index: number) => void;
  readonly onOpen: (row: ForecastRow) => void;
}) {
  const { say, language } = useWords();
  const { row, index } = props;
  return (
    // The grid around it hears the keys; a row is also answered by the mouse.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      id={`fc-row-${index}`}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={props.isChosen}
      className={props.isChosen ? 'ow-row fc-grid ow-row-chosen' : 'ow-row fc-grid'}
      style={{ top: props.top }}
      data-testid="forecast-row"
      onClick={() => props.onChoose(index)}
      onDoubleClick={() => (row === null ? undefined : props.onOpen(row))}
    >
      {row === null ? (
        <span role="gridcell">…</span>
      ) : (
        <>
          <span role="gridcell" className="ow-name">
            {nameIn(row, language)}
            <small>{row.category ?? ''}</small>
          </span>
          <span role="gridcell" className="bm-num">
            {stockText(row)}
          </span>
          <span role="gridcell">
            <DaysLeft days={row.daysLeft} text={row.daysLeft === null ? '14+' : String(row.daysLeft)} />
          </span>
          <span role="gridcell" className="bm-num ow-quiet">
            {roundQty(row.soldLastWeekMilli, row.unit)}
          </span>
          <span role="gridcell" className="bm-num">
            <b>{roundQty(row.nextWeek.p50Milli, row.unit)}</b>
          </span>
          <span role="gridcell" className="ow-unit">
            {unitName(row.unit, say)}
          </span>
          <span role="gridcell" className="bm-num ow-quiet">
            {say('fcRange', {
              from: roundQty(row.nextWeek.p10Milli, row.unit),
              to: roundQty(row.nextWeek.p90Milli, row.unit),
            })}
          </span>
          <span role="gridcell">
            <Sureness confidence={row.confidence} />
          </span>
          <span role="gridcell" className="ow-quiet ow-source">
            {say(sourceShort[row.source])}
          </span>
        </>
      )}
    </div>
  );
});

export function ForecastRows(props: {
  readonly list: PagedList;
  readonly total: number;
  readonly at: number;
  readonly label: string;
  readonly head: ReactNode;
  readonly onChoose: (index: number) => void;
  readonly onOpen: (row: ForecastRow) => void;
}) {
  const { list, total, at } = props;
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ from: 0, to: 30, row: 34 });
  const { need } = list;
  useLayoutEffect(() => {
    const look = (): void => {
      const scroller = box.current;
      if (scroller === null) return;
      const row = rowHeight();
      const from = Math.max(0, Math.floor(scroller.scrollTop / row) - spare);
      const to = Math.ceil((scroller.scrollTop + scroller.clientHeight) / row) + spare;
      setView((now) => (now.from === from && now.to === to && now.row === row ? now : { from, to, row }));
    };
    look();
    const scroller = box.current;
    const sizes = new ResizeObserver(look);
    if (scroller !== null) sizes.observe(scroller);
    scroller?.addEventListener('scroll', look, { passive: true });
    return () => {
      sizes.disconnect();
      scroller?.removeEventListener('scroll', look);
    };
  }, []);
  useEffect(() => need(view.from, view.to), [need, view]);
  // The chosen row stays in view.
  useLayoutEffect(() => {
    const scroller = box.current;
    if (scroller === null) return;
    // The head lies over the rows; it is as high as one.
    const room = scroller.clientHeight - view.row;
    const top = at * view.row;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (top + view.row > scroller.scrollTop + room) scroller.scrollTop = top + view.row - room;
  }, [at, view.row]);
  const shown = Array.from({ length: Math.max(0, Math.min(total, view.to) - view.from) }, (_, i) => view.from + i);
  return (
    <div
      ref={box}
      role="grid"
      className="ow-grid"
      aria-label={props.label}
      aria-rowcount={total + 1}
      aria-activedescendant={`fc-row-${at}`}
      tabIndex={0}
    >
      {props.head}
      <div className="ow-rows-all" style={{ height: total * view.row }} role="rowgroup">
        {shown.map((index) => (
          <Row
            key={index}
            row={list.rowAt(index)}
            index={index}
            top={index * view.row}
            isChosen={index === at}
            onChoose={props.onChoose}
            onOpen={props.onOpen}
          />
        ))}
      </div>
    </div>
  );
}
