/** From what a chart should show to what uPlot wants to know. */
import uPlot from 'uplot';
import {resolved} from './colours.ts';
import {paintImmature, paintMarks, paintNames} from './time-chart-paint.ts';
import type {Band, TimeChartProps} from './time-chart-types.ts';

/** Narrower charts name their lines in the readout only. */
const WIDE = 420;

export function chartData({times, series, bands = []}: TimeChartProps): uPlot.AlignedData {
  const rows: (readonly (number | null)[])[] = series.map(one => one.values);
  for (const band of bands) rows.push(band.high, band.low);
  return [times.map(ms => ms / 1_000), ...rows.map(row => [...row])] as uPlot.AlignedData;
}

export function chartOptions(
  props: TimeChartProps,
  size: {width: number; height: number; zone: string},
  onCursor: (index: number | null) => void,
): uPlot.Options {
  const {series, bands = [], zero, extent} = props;
  const named = size.width >= WIDE;
  const longest = Math.max(0, ...series.filter(one => !one.unlabelled).map(one => one.label.length));
  const grid = {stroke: resolved('--n3'), width: 1};
  const font = `11.5px ${resolved('--sans')}`;
  return {
    width: size.width,
    height: size.height,
    padding: [18, named && longest > 0 ? Math.round(longest * 6.2) + 14 : 22, 0, 0],
    tzDate: seconds => uPlot.tzDate(new Date(seconds * 1_000), size.zone),
    legend: {show: false},
    cursor: {
      sync: {key: props.sync, setSeries: false},
      y: false,
      drag: {x: props.onBrush !== undefined, y: false, setScale: false},
      points: {size: 6},
    },
    scales: {
      x: {min: extent.from / 1_000, max: extent.to / 1_000, range: () => [extent.from / 1_000, extent.to / 1_000]},
      y: {range: (_plot, low, high) => yRange(low, high, zero ?? false)},
    },
    axes: [
      {
        stroke: resolved('--n7'),
        font,
        grid: {show: false},
        ticks: {...grid, size: 4},
        size: 30,
        gap: 4,
        space: 72,
        values: dayNames,
      },
      {
        stroke: resolved('--n7'),
        font,
        grid,
        ticks: {show: false},
        size: 52,
        gap: 6,
        space: 36,
        values: (_plot, splits) => splits.map(value => props.format(value, (splits[1] ?? 1) - (splits[0] ?? 0))),
      },
    ],
    series: [
      {},
      ...series.map(one => ({
        label: one.label,
        stroke: resolved(one.colour),
        width: one.kind === 'bars' ? 0 : 1.6,
        spanGaps: false,
        points: {
          show: false,
          size: 5,
          filter: (plot: uPlot, i: number) => (one.kind === 'bars' ? null : lonely(plot.data[i] ?? [])),
        },
        ...(one.dashed ? {dash: [4, 4]} : {}),
        ...(one.kind === 'step' ? {paths: uPlot.paths.stepped!({align: 1})} : {}),
        ...(one.kind === 'bars' ? {fill: resolved(one.colour), paths: uPlot.paths.bars!({size: [0.72, 28]})} : {}),
      })),
      ...bands.flatMap(band => ['high', 'low'].map(label => bound(label, band))),
    ],
    bands: bands.map((band, i) => ({
      series: [series.length + 1 + 2 * i, series.length + 2 + 2 * i],
      fill: `${resolved(band.colour)}${band.estimated ? '14' : '2b'}`,
    })),
    hooks: {
      drawClear: [plot => paintImmature(plot, props)],
      draw: [
        plot => {
          paintMarks(plot, props.marks ?? []);
          if (named) paintNames(plot, series);
        },
      ],
      setCursor: [plot => onCursor(plot.cursor.idx ?? null)],
      setSelect: [
        plot => {
          if (plot.select.width < 4) return;
          const at = (px: number) => plot.posToVal(px, 'x') * 1_000;
          props.onBrush?.({from: at(plot.select.left), to: at(plot.select.left + plot.select.width)});
        },
      ],
    },
  };
}

/** The edge of a band. */
const bound = (label: string, {estimated, colour}: Band): uPlot.Series =>
  estimated
    ? {label, width: 1, stroke: `${resolved(colour)}73`, dash: [2, 3], points: {show: false}}
    : {label, width: 0, points: {show: false}};

/** Values between two gaps: no line reaches them, so they are drawn as points. */
function lonely(values: ArrayLike<number | null | undefined>): number[] {
  const known = (i: number) => values[i] !== null && values[i] !== undefined;
  return Array.from({length: values.length}, (_, i) => i).filter(i => known(i) && !known(i - 1) && !known(i + 1));
}

/** Amounts start at zero; rates take the range of the data and a little air. */
function yRange(low: number, high: number, zero: boolean): [number, number] {
  if (low === null || high === null || !Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  if (zero) return [0, high > 0 ? high * 1.08 : 1];
  const air = Math.max((high - low) * 0.12, Math.abs(high) * 0.03, 1e-6);
  return [low - air, high + air];
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `12 Apr`, or the hour where the axis is finer than a day. */
function dayNames(plot: uPlot, splits: number[]): string[] {
  const zoned = (seconds: number) => uPlot.tzDate(new Date(seconds * 1_000), plot.root.dataset.zone ?? 'UTC');
  return splits.map(seconds => {
    const date = zoned(seconds);
    const hour = date.getHours();
    return hour === 0 ? `${date.getDate()} ${MONTHS[date.getMonth()]}` : `${String(hour).padStart(2, '0')}:00`;
  });
}
