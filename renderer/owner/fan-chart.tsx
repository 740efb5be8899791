/**
 * The fan: what was sold, what most likely will be, and the 8-in-10 band, drawn by ApexCharts. Rule kept: no animation,
 * toolbar or legend; the axis begins at 0; the read-out is our own, from our own rows; the chart is destroyed with its page.
 * It is loaded when a page first shows one.
 */
import type { ApexOptions } from 'apexcharts';
import { type ComponentType, memo, useEffect, useRef, useState } from 'react';
import ApexChart from 'react-apexcharts';
import { useWords } from '../words/words.ts';
import { axisTop, dateText, dayFromNumber, dayNumber } from './figures.ts';
import { type Fan, type FanPoint, mostTicks, type Plot } from './fan-points.ts';
import { FanReadout } from './fan-readout.tsx';
import { festivalName } from './forecast-words.ts';

type ChartProps = {
  readonly type: 'rangeArea';
  readonly series: NonNullable<ApexOptions['series']>;
  readonly options: ApexOptions;
  readonly height: string | number;
  readonly width: string | number;
};
/** The wrapper is a CommonJS module: its component stands under `default` once or twice, by the bundler's reading. */
const Chart = ((ApexChart as unknown as { readonly default?: unknown }).default ??
  ApexChart) as ComponentType<ChartProps>;

const colourNames = ['band', 'line', 'past', 'grid', 'text', 'flag', 'flagText', 'today', 'ground'] as const;

type Colours = Readonly<Record<(typeof colourNames)[number], string>>;

function coloursOf(element: HTMLElement): Colours {
  const style = getComputedStyle(element);
  return Object.fromEntries(
    colourNames.map((name) => [name, style.getPropertyValue(`--ow-chart-${name}`).trim()]),
  ) as Colours;
}

export type FanWords = {
  /** What a screen reader hears instead of the picture. */
  readonly label: string;
  /** A value for the axis and one for the read-out. */
  readonly axis: (value: number) => string;
  readonly value: (value: number) => string;
  /** The same without its unit. */
  readonly bare: (value: number) => string;
};

type Drawing = {
  readonly fan: Fan;
  readonly colours: Colours;
  readonly axis: (value: number) => string;
  readonly date: (day: number) => string;
  readonly festival: (family: string) => string;
  readonly words: Readonly<Record<'today' | 'band' | 'likely' | 'sold', string>>;
  readonly onDrawn: (plot: Plot) => void;
};

/** The library's part: drawn once. Options made anew with every render would be drawn anew with every render. */
const Drawn = memo(
  function Drawn(of: Drawing) {
    const [made] = useState(() => ({ series: seriesOf(of), options: fanOptions(of) }));
    return <Chart type="rangeArea" series={made.series} options={made.options} width="100%" height="100%" />;
  },
  () => true,
);

/** One fan, one language, one scheme: another of any of them is another chart, by its key. */
export function FanChart({ fan, words }: { readonly fan: Fan; readonly words: FanWords }) {
  const { say, language } = useWords();
  const box = useRef<HTMLDivElement>(null);
  const [colours, setColours] = useState<Colours | null>(null);
  const [plot, setPlot] = useState<Plot | null>(null);
  useEffect(() => {
    // The scheme stands on the page only after this render.
    const frame = requestAnimationFrame(() => {
      if (box.current !== null) setColours(coloursOf(box.current));
    });
    return () => cancelAnimationFrame(frame);
  }, []);
  return (
    <div ref={box} className="ow-chart" role="img" aria-label={words.label} data-testid="fan-chart">
      {colours === null ? null : (
        <Drawn
          fan={fan}
          colours={colours}
          axis={words.axis}
          date={(day) => dateText(dayFromNumber(day), language)}
          festival={(family) => festivalName(family, say)}
          words={{ today: say('fcToday'), band: say('fcBand'), likely: say('fcLikely'), sold: say('fcSold') }}
          onDrawn={(next) => setPlot((now) => (now !== null && isSamePlot(now, next) ? now : next))}
        />
      )}
      {plot === null ? null : <FanReadout fan={fan} plot={plot} value={words.value} bare={words.bare} />}
    </div>
  );
}

/** A word a week, or every second or third one where there are many. */
function ticksOf(first: number, last: number): number {
  const weeks = Math.max(1, Math.round((last - first) / 7));
  return Math.round(weeks / Math.ceil(weeks / mostTicks));
}

const isSamePlot = (a: Plot, b: Plot): boolean =>
  a.left === b.left && a.top === b.top && a.width === b.width && a.height === b.height;

const xy = <Y,>(points: readonly FanPoint[], y: (point: FanPoint) => Y) =>
  points.map((point) => ({ x: point.day, y: y(point) }));

/** Band, middle, past: in this order, so that the past lies on top. */
const seriesOf = ({ fan, words }: Drawing): NonNullable<ApexOptions['series']> =>
  [
    {
      name: words.band,
      type: 'rangeArea',
      data: xy(fan.points, ({ low, high }) => (low === null || high === null ? [null, null] : [low, high])),
    },
    { name: words.likely, type: 'line', data: xy(fan.points, ({ middle }) => middle) },
    // A day without stock is no day without demand: the line leaves it out.
    {
      name: words.sold,
      type: 'line',
      data: xy(fan.points, ({ sold, isOut, middle }) => (isOut && sold === 0 && middle === null ? null : sold)),
    },
  ] as NonNullable<ApexOptions['series']>;

function fanOptions(of: Drawing): ApexOptions {
  const { fan, colours } = of;
  const days = fan.points.map(({ day }) => day);
  const first = days[0] ?? 0;
  const last = days.at(-1) ?? first;
  const greatest = Math.max(...fan.points.map(({ high, sold }) => Math.max(high ?? 0, sold ?? 0)));
  const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce;
  const drawn = (_chart: unknown, told: { readonly globals?: Readonly<Record<string, number>> }): void => {
    const { translateX = 0, translateY = 0, gridWidth = 0, gridHeight = 0 } = told.globals ?? {};
    of.onDrawn({ left: translateX, top: translateY, width: gridWidth, height: gridHeight });
  };
  const label = (text: string, look: object) => ({
    text,
    orientation: 'horizontal',
    borderWidth: 0,
    borderRadius: 2,
    ...look,
  });
  const isNarrow = fan.step > 1;
  return {
    chart: {
      type: 'rangeArea',
      animations: { enabled: false },
      toolbar: { show: false },
      zoom: { enabled: false },
      selection: { enabled: false },
      background: 'transparent',
      foreColor: colours.text,
      fontFamily: 'inherit',
      parentHeightOffset: 0,
      ...(nonce === undefined || nonce === '' ? {} : { nonce }),
      events: { mounted: drawn, updated: drawn },
    },
    colors: [colours.band, colours.line, colours.past],
    fill: { type: 'solid', opacity: [0.34, 1, 1] },
    stroke: { curve: 'straight', width: [0, 3, 2.5] },
    markers: { size: isNarrow ? [0, 4, 4] : 0, strokeWidth: 0, hover: { sizeOffset: 0 } },
    legend: { show: false },
    dataLabels: { enabled: false },
    tooltip: { enabled: false },
    states: { hover: { filter: { type: 'none' } }, active: { filter: { type: 'none' } } },
    grid: { borderColor: colours.grid, padding: { top: 6, right: 12, bottom: 0, left: 4 } },
    xaxis: {
      type: 'numeric',
      min: first,
      max: last,
      tickAmount: ticksOf(first, last),
      decimalsInFloat: 0,
      labels: {
        formatter: (value: string) => of.date(Number(value)),
        style: { fontSize: '13px', colors: colours.text },
        rotate: 0,
        hideOverlappingLabels: true,
      },
      axisBorder: { show: false },
      axisTicks: { show: false },
      crosshairs: { show: false },
      tooltip: { enabled: false },
    },
    yaxis: {
      min: 0,
      max: axisTop(greatest),
      tickAmount: 4,
      labels: { formatter: of.axis, style: { fontSize: '13px', colors: colours.text } },
    },
    annotations: {
      xaxis: [
        {
          x: fan.today,
          strokeDashArray: 0,
          borderColor: colours.today,
          label: label(of.words.today, {
            position: 'bottom',
            offsetX: -24,
            offsetY: -8,
            style: {
              background: colours.ground,
              color: colours.text,
              fontSize: '13px',
              fontWeight: 600,
              padding: { left: 3, right: 3, top: 1, bottom: 2 },
            },
          }),
        },
        ...fan.festivals.map(({ date, family }) => ({
          x: dayNumber(date),
          strokeDashArray: 4,
          borderColor: colours.flagText,
          label: label(of.festival(family), {
            position: 'top',
            offsetY: -2,
            style: {
              background: colours.flag,
              color: colours.flagText,
              fontSize: '13px',
              fontWeight: 600,
              padding: { left: 6, right: 6, top: 3, bottom: 4 },
            },
          }),
        })),
      ],
    },
  };
}
