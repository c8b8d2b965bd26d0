/** The charts over windows; those of one page share cursor and brush. */
import type {Incident, ModelDetail, MonitorWindow} from 'millrace/protocol';
import {CURRENT, REFERENCE, versionColour} from '../charts/colours.ts';
import {TimeChart} from '../charts/time-chart.tsx';
import {compact, count, micros, percent, ratio, ratioTick} from '../format/numbers.ts';
import {type Times, useTimes} from '../format/times.ts';
import {useRange} from '../frame/range.ts';
import {extentOf, immatureOf, marksOf, middle} from './timeline.ts';

export type ChartProps = {
  readonly windows: readonly MonitorWindow[];
  readonly detail: ModelDetail;
  readonly incidents: readonly Incident[];
  readonly height?: number;
};

export function useAxis({windows, detail, incidents, height}: ChartProps) {
  const {brush} = useRange();
  const times = useTimes();
  const frame = {
    times: windows.map(middle),
    extent: extentOf(windows),
    marks: marksOf(detail, incidents),
    sync: detail.model,
    onBrush: brush,
    ...(height === undefined ? {} : {height}),
  };
  return {frame, at: (i: number) => stretch(windows[i], times)};
}

/** `12 Apr 2001 UTC`, or both ends of a window that is not a day. */
function stretch(window: MonitorWindow | undefined, times: Times): string {
  if (!window) return '';
  const day = window.to - window.from === 86_400_000 && times.zone === 'UTC';
  return day
    ? `${times.day(window.from)} ${times.zoneName}`
    : `${times.minute(window.from)} – ${times.minute(window.to)} ${times.zoneName}`;
}

export function CalibrationChart(props: ChartProps) {
  const {windows} = props;
  const {frame, at} = useAxis(props);
  const rates = windows.map(window => window.performance?.overall.baseRate ?? null);
  const newest = rates.findLastIndex(rate => rate !== null);
  const predicted = windows[newest]?.meanPrediction ?? null;
  return (
    <TimeChart
      {...frame}
      title={
        newest < 0
          ? 'Mean prediction; no labels are mature yet'
          : `Predicted ${ratio(predicted)}, came ${ratio(rates[newest])}`
      }
      axis="mean prediction and base rate per window; axis does not start at 0"
      series={[
        {label: 'base rate', values: rates, colour: REFERENCE},
        {
          label: 'predicted',
          values: windows.map(window => (window.predictions > 0 ? window.meanPrediction : null)),
          colour: CURRENT,
        },
      ]}
      immature={immatureOf(windows)}
      format={ratioTick}
      readout={i =>
        `${at(i)}: mean prediction ${ratio(windows[i]?.meanPrediction)}, base rate ${rates[i] === null ? 'not known yet' : ratio(rates[i])}`
      }
    />
  );
}

export function VolumeChart(props: ChartProps) {
  const {windows} = props;
  const {frame, at} = useAxis(props);
  const versions = [...new Set(windows.flatMap(window => window.byVersion.map(part => part.version)))].sort(
    (a, b) => a - b,
  );
  const of = (window: MonitorWindow, version: number) =>
    window.byVersion.find(part => part.version === version)?.predictions ?? 0;
  // Stacked: each bar reaches to the sum of its version and those below, the tallest drawn first.
  const series = versions
    .map((version, k) => ({
      label: `v${version}`,
      values: windows.map(window => versions.slice(0, k + 1).reduce((sum, below) => sum + of(window, below), 0)),
      colour: versionColour(version),
      kind: 'bars' as const,
      unlabelled: true,
    }))
    .reverse();
  const last = windows.at(-1);
  const who = last?.byVersion
    .map(part => `v${part.version} ${percent(part.predictions / Math.max(1, last.predictions))}`)
    .join(', ');
  return (
    <TimeChart
      {...frame}
      title={last ? `${compact(last.predictions)} predictions in the newest window` : 'Predictions'}
      axis={`per window, by version ${versions.map(version => `v${version}`).join(', ')}; from 0`}
      series={series}
      zero
      format={compact}
      readout={i => {
        const window = windows[i];
        return window
          ? `${at(i)}: ${count(window.predictions)} predictions (${window.byVersion.map(part => `v${part.version} ${count(part.predictions)}`).join(', ')}), ${count(window.errors)} errors`
          : (who ?? '');
      }}
    />
  );
}

export function LatencyChart(props: ChartProps) {
  const {windows} = props;
  const {frame, at} = useAxis(props);
  const last = windows.findLast(window => window.latencyUs !== null)?.latencyUs;
  return (
    <TimeChart
      {...frame}
      title={
        last
          ? `Half of the answers within ${micros(last.p50)}, 99 % within ${micros(last.p99)}`
          : 'Latency: nothing was predicted'
      }
      axis="latency measured in this run, by the wall clock; from 0"
      series={[
        {label: 'p99', values: windows.map(window => window.latencyUs?.p99 ?? null), colour: CURRENT},
        {label: 'p50', values: windows.map(window => window.latencyUs?.p50 ?? null), colour: '--n7'},
      ]}
      zero
      format={micros}
      readout={i => `${at(i)}: p50 ${micros(windows[i]?.latencyUs?.p50)}, p99 ${micros(windows[i]?.latencyUs?.p99)}`}
    />
  );
}
