/**
 * The read-out over a fan chart: the day under the mouse, with what was sold or what is likely. Rule kept: it reads our own
 * rows, so that a band shows both its ends; ← and → walk it too.
 */
import { useEffect, useRef, useState } from 'react';
import { useWords } from '../words/words.ts';
import type { Fan, FanPoint, Plot } from './fan-points.ts';
import { dayFromNumber, dayText } from './figures.ts';

type Props = {
  readonly fan: Fan;
  readonly plot: Plot;
  readonly value: (value: number) => string;
  readonly bare: (value: number) => string;
};

export function FanReadout({ fan, plot, value, bare }: Props) {
  const { say, language } = useWords();
  const [at, setAt] = useState<number | null>(null);
  const area = useRef<HTMLDivElement>(null);
  const first = fan.points[0]?.day ?? 0;
  const last = fan.points.at(-1)?.day ?? first;
  const xOf = (point: FanPoint): number => (plot.width * (point.day - first)) / Math.max(1, last - first);
  const count = fan.points.length;
  useEffect(() => {
    const home = area.current?.closest('main');
    const walk = (event: KeyboardEvent): void => {
      const by = event.code === 'ArrowLeft' ? -1 : event.code === 'ArrowRight' ? 1 : 0;
      if (by === 0 || document.activeElement instanceof HTMLInputElement) return;
      setAt((now) => Math.max(0, Math.min(count - 1, (now ?? count - 1) + by)));
    };
    home?.addEventListener('keydown', walk);
    return () => home?.removeEventListener('keydown', walk);
  }, [count]);
  const point = at === null ? undefined : fan.points[at];
  const weekly = fan.step > 1;
  const isAhead = (one: FanPoint): boolean => one.sold === null || weekly;
  const text = (one: FanPoint): readonly string[] => [
    ...(one.sold === null ? [] : [say('fcReadSold', { n: value(one.sold) })]),
    ...(one.isOut ? [say('fcReadOut')] : []),
    ...(one.middle === null || !isAhead(one) ? [] : [say('fcReadLikely', { n: value(one.middle) })]),
    ...(one.low === null || one.high === null || !isAhead(one)
      ? []
      : [say('fcEightTimes', { from: bare(one.low), to: bare(one.high) })]),
  ];
  const day = point === undefined ? '' : dayText(dayFromNumber(point.day), language);
  return (
    <div
      ref={area}
      className="ow-readout-area"
      style={{ left: plot.left, top: plot.top, width: plot.width, height: plot.height }}
      onMouseMove={(event) => {
        const box = event.currentTarget.getBoundingClientRect();
        const wanted = first + ((event.clientX - box.left) / box.width) * (last - first);
        const nearest = fan.points.reduce(
          (best, one, i) =>
            Math.abs(one.day - wanted) < Math.abs((fan.points[best]?.day ?? Infinity) - wanted) ? i : best,
          0,
        );
        setAt(nearest);
      }}
      onMouseLeave={() => setAt(null)}
    >
      {point === undefined ? null : (
        <>
          <span className="ow-readout-line" style={{ left: xOf(point) }} />
          <span
            className={xOf(point) > plot.width / 2 ? 'ow-readout ow-readout-left' : 'ow-readout'}
            style={{ left: xOf(point) }}
            role="status"
            data-testid="fan-readout"
          >
            <b>{weekly ? say('fcWeekOf', { day }) : day}</b>
            {text(point).map((line) => (
              <span key={line}>{line}</span>
            ))}
          </span>
        </>
      )}
    </div>
  );
}
