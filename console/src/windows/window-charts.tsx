/** The charts over windows; those of one page share cursor and brush. */
import type {Alert, ModelDetail, MonitorWindow} from 'millrace/protocol';
import {CURRENT, REFERENCE, versionColour} from '../charts/colours.ts';
import {TimeChart} from '../charts/time-chart.tsx';
import {compact, count, interval, micros, percent, ratio, signed} from '../format/numbers.ts';
import {type Times, useTimes} from '../format/times.ts';
import {useRange} from '../frame/range.ts';
import {expectedAuc, extentOf, immatureOf, marksOf, middle} from './timeline.ts';

type Props = {
  readonly windows: readonly MonitorWindow[];
  readonly detail: ModelDetail;
  readonly alerts: readonly Alert[];
  readonly height?: number;
};

function useAxis({windows, detail, alerts, height}: Props) {
  const {brush} = useRange();
  const times = useTimes();
  const frame = {
    times: windows.map(middle),
    extent: extentOf(windows),
    marks: marksOf(detail, alerts),
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

export function AucChart(props: Props) {
  const {windows, detail} = props;
  const {frame, at} = useAxis(props);
  const measured = windows.map(window => window.performance?.overall ?? null);
  const expected = expectedAuc(windows, detail);
  const newest = measured.findLastIndex(metrics => metrics !== null && metrics.auc !== null);
  const auc = measured[newest]?.auc ?? null;
  const test = expected[newest] ?? null;
  return (
    <TimeChart
      {...frame}
      title={
        auc === null
          ? 'AUC: no window here has mature labels yet'
          : `AUC ${ratio(auc)}${test === null ? '' : `, ${signed(auc - test, 3)} from the test set`}`
      }
      axis="AUC per window, 95 % DeLong band; axis does not start at 0"
      series={[
        {label: 'test set', values: expected, colour: REFERENCE, kind: 'step', dashed: true},
        {label: 'AUC', values: measured.map(metrics => metrics?.auc ?? null), colour: CURRENT},
      ]}
      band={{
        low: measured.map(metrics => metrics?.aucLow ?? null),
        high: measured.map(metrics => metrics?.aucHigh ?? null),
        colour: CURRENT,
      }}
      immature={immatureOf(windows)}
      format={(value, step) => ratio(value, step < 0.01 ? 3 : 2)}
      readout={i => {
        const metrics = measured[i];
        return metrics
          ? `${at(i)}: AUC ${ratio(metrics.auc)} ${interval(metrics.aucLow, metrics.aucHigh)}, test set ${ratio(expected[i])}, n\u00a0${count(metrics.rows)}`
          : `${at(i)}: labels not complete`;
      }}
    />
  );
}

export function CalibrationChart(props: Props) {
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
      format={(value, step) => ratio(value, step < 0.01 ? 3 : 2)}
      readout={i =>
        `${at(i)}: mean prediction ${ratio(windows[i]?.meanPrediction)}, base rate ${rates[i] === null ? 'not known yet' : ratio(rates[i])}`
      }
    />
  );
}

export function VolumeChart(props: Props) {
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

export function LatencyChart(props: Props) {
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

/** What the vertical marks mean. */
export function MarksKey() {
  return (
    <p className="legend">
      <span>
        <Stroke dash="" colour="var(--n7)" /> v deploy
      </span>
      <span>
        <Stroke dash="4 3" colour="var(--accent)" /> ↻ retrain
      </span>
      <span>
        <Stroke dash="1 3" colour="var(--bad)" /> ! alert
      </span>
      <span>
        <svg width="14" height="12" aria-hidden="true">
          <path d="M-2 12 10-0M4 14 16 2M-8 12 4-0" stroke="var(--n5)" />
        </svg>
        labels not complete
      </span>
      <span>Drag to choose a time range, double-click to see all.</span>
    </p>
  );
}

function Stroke({dash, colour}: {dash: string; colour: string}) {
  return (
    <svg width="4" height="14" aria-hidden="true">
      <path d="M2 0V14" stroke={colour} strokeWidth="1.5" strokeDasharray={dash} />
    </svg>
  );
}
