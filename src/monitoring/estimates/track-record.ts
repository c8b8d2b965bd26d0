/** Estimates are as sure as they have been right: intervals widened by how far earlier ones were from what labels showed. */

import {studentTQuantile} from '../../math/index.ts';
import type {Estimate, Metrics, MonitorWindow, PerformanceEstimate} from '../../protocol/index.ts';

/** Metrics that windows are measured by once their labels are there. */
const MEASURED = ['auc', 'prAuc', 'logLoss', 'brier', 'baseRate'] as const;
/** What metrics can be, where that is not 0 to 1. */
const BOUNDS: {readonly [metric: string]: readonly [number, number]} = {
  logLoss: [0, Infinity],
  value: [-Infinity, Infinity],
};
/** Fewer windows say nothing. */
const LEAST_WINDOWS = 5;
const MOST_WINDOWS = 28;

/**
 * Rows of a day share their weather and a week its season, so that an interval that takes rows for independent is too
 * sure. Where the last windows (5 to 28, of the same method, scored) were farther off than that, the interval of a
 * metric becomes ± t · the root mean square of its errors; metrics that windows are not measured by are widened like the
 * one that was widened most. Intervals never shrink, and the estimates stay.
 */
export function widenByRecord(estimate: PerformanceEstimate, past: readonly MonitorWindow[]): PerformanceEstimate {
  const scored = past
    .filter(({estimate: own, performance}) => own?.method === estimate.method && performance !== null)
    .slice(-MOST_WINDOWS);
  const errorsOf = (metric: (typeof MEASURED)[number]): number[] =>
    scored.flatMap(window => {
      const [then, was] = [window.estimate!.metrics[metric]?.value, measuredOf(window)?.[metric]];
      return then === undefined || was === undefined || was === null ? [] : [was - then];
    });
  const factors = new Map<string, number>();
  for (const metric of MEASURED) {
    const own = estimate.metrics[metric];
    const errors = errorsOf(metric);
    if (own === undefined || errors.length < LEAST_WINDOWS) continue;
    const size = Math.sqrt(errors.reduce((sum, e) => sum + e * e, 0) / errors.length);
    const reach = studentTQuantile(0.975, errors.length) * size;
    const stated = (own.high - own.low) / 2;
    if (stated > 0) factors.set(metric, Math.max(1, reach / stated));
  }
  if (factors.size === 0)
    return noted(
      estimate,
      'Intervals take rows for independent: too few windows were scored to tell how right that is.',
    );
  const most = Math.max(...factors.values());
  if (most === 1) return noted(estimate, `The last ${scored.length} estimates were as near as their intervals said.`);
  const metrics = Object.entries(estimate.metrics).map(([name, own]) => {
    const [least, top] = BOUNDS[name] ?? [0, 1];
    return [name, widen(own, factors.get(name) ?? most, least, top)];
  });
  return noted(
    {...estimate, metrics: Object.fromEntries(metrics)},
    `Intervals are up to ${most.toFixed(1)} times as wide as of independent rows: so far off were the last ${scored.length} estimates.`,
  );
}

/** Of the version that was estimated: a canary beside it is no fault of the estimate. */
const measuredOf = ({performance, profile}: MonitorWindow): Metrics | undefined =>
  profile === undefined
    ? performance?.overall
    : performance?.byVersion.find(({version}) => version === profile)?.metrics;

const widen = ({value, low, high}: Estimate, factor: number, least: number, most: number): Estimate => ({
  value,
  low: Math.max(least, value - factor * (value - low)),
  high: Math.min(most, value + factor * (high - value)),
});

const noted = (estimate: PerformanceEstimate, note: string): PerformanceEstimate => ({
  ...estimate,
  notes: [...estimate.notes, note],
});
