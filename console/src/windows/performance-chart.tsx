/** Does it do what its test set promised: measured where labels came, estimated where they have not. */
import type {MonitorWindow} from 'millrace/protocol';
import {CURRENT, ESTIMATED, LIMIT, REFERENCE} from '../charts/colours.ts';
import {TimeChart} from '../charts/time-chart.tsx';
import {count, interval, ratio, ratioTick, signed} from '../format/numbers.ts';
import {expectedAuc, immatureOf} from './timeline.ts';
import {type ChartProps, useAxis} from './window-charts.tsx';

export const estimatedAuc = (window: MonitorWindow | undefined) => window?.estimate?.metrics.auc ?? null;

export function PerformanceChart(props: ChartProps) {
  const {windows, detail} = props;
  const {frame, at} = useAxis(props);
  const measured = windows.map(window => window.performance?.overall ?? null);
  const estimated = windows.map(estimatedAuc);
  const expected = expectedAuc(windows, detail);
  const {allowedDrop} = detail;
  const allowed = allowedDrop === null ? [] : expected.map(auc => (auc === null ? null : auc - allowedDrop));
  const isEstimated = estimated.some(estimate => estimate !== null);
  return (
    <TimeChart
      {...frame}
      title={titleOf(windows, expected)}
      axis={`AUC per window with its 95 % interval${isEstimated ? ', measured and estimated' : ''}; axis does not start at 0`}
      series={[
        {label: 'test set', values: expected, colour: REFERENCE, kind: 'step', dashed: true},
        ...(allowed.length === 0
          ? []
          : [{label: 'allowed', values: allowed, colour: LIMIT, kind: 'step' as const, dashed: true}]),
        ...(isEstimated
          ? [
              {
                label: 'estimated',
                values: estimated.map(estimate => estimate?.value ?? null),
                colour: ESTIMATED,
                dashed: true,
              },
            ]
          : []),
        {label: 'measured', values: measured.map(metrics => metrics?.auc ?? null), colour: CURRENT},
      ]}
      bands={[
        ...(isEstimated
          ? [
              {
                low: estimated.map(estimate => estimate?.low ?? null),
                high: estimated.map(estimate => estimate?.high ?? null),
                colour: ESTIMATED,
                estimated: true as const,
              },
            ]
          : []),
        {
          low: measured.map(metrics => metrics?.aucLow ?? null),
          high: measured.map(metrics => metrics?.aucHigh ?? null),
          colour: CURRENT,
        },
      ]}
      immature={immatureOf(windows)}
      format={ratioTick}
      readout={i => {
        const [metrics, estimate] = [measured[i], estimated[i]];
        const parts = [
          metrics
            ? `measured ${ratio(metrics.auc)} ${interval(metrics.aucLow, metrics.aucHigh)}, n\u00a0${count(metrics.rows)}`
            : 'labels not complete',
          estimate ? `estimated ${ratio(estimate.value)} ${interval(estimate.low, estimate.high)}` : '',
          expected[i] == null ? '' : `test set ${ratio(expected[i])}`,
          allowed[i] == null ? '' : `allowed ${ratio(allowed[i])}`,
        ];
        return `${at(i)}: ${parts.filter(part => part !== '').join('; ')}`;
      }}
    />
  );
}

function titleOf(windows: readonly MonitorWindow[], expected: readonly (number | null)[]): string {
  const newest = windows.findLastIndex(window => window.performance?.overall.auc != null);
  const auc = windows[newest]?.performance?.overall.auc ?? null;
  const test = expected[newest] ?? null;
  const estimate = estimatedAuc(windows.at(-1));
  const thought = newest < windows.length - 1 && estimate !== null ? `; estimated ${ratio(estimate.value)} now` : '';
  if (auc === null) return `AUC: no window here has mature labels yet${thought}`;
  return `AUC ${ratio(auc)}${test === null ? '' : `, ${signed(auc - test, 3)} from the test set`}${thought}`;
}
