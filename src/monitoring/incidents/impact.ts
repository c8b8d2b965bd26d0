/** How big an incident is: the change of a metric, its cost, and the slices where it shows. */

import type {Alert, Incident, Metrics, MonitorWindow} from '../../protocol/index.ts';
import {isTraffic, roleOf} from './alert-role.ts';
import type {IncidentContext} from './incident-context.ts';

export type Impact = Pick<Incident, 'change' | 'cost' | 'slices'>;

type Change = NonNullable<Incident['change']>;

/** Metrics that the test split has too, the one that most people know first. */
const COMPARED = ['auc', 'prAuc', 'logLoss', 'brier'] as const;
type Compared = (typeof COMPARED)[number];

const MOST_SLICES = 5;

/**
 * What a window shows; what it cannot tell stays as it was. A cost is told only where the whole interval of the value lies
 * below that of the test split. `open`: alerts of the incident.
 */
export function impactOf(
  window: MonitorWindow | null,
  open: readonly Alert[],
  {reference, value}: Pick<IncidentContext, 'reference' | 'value'>,
  before: Impact,
): Impact {
  if (window === null || open.every(alert => roleOf(alert) === 'service' || isTraffic(alert))) return before;
  const measured = open.some(({kind}) => kind === 'performance') ? measuredChange(window, reference) : null;
  // What labels told is not replaced by an estimate.
  const change = measured ?? (before.change?.measured ? before.change : estimatedChange(window, open, reference));
  const mean = window.estimate?.metrics.value;
  const isLoss = value !== null && mean !== undefined && mean.high < value.mean;
  const cost = isLoss ? {amount: (value.mean - mean.value) * window.predictions, unit: value.unit} : null;
  const slices = slicesOf(window);
  return {
    change: change ?? before.change,
    cost: cost ?? before.cost,
    slices: slices.length > 0 ? slices : before.slices,
  };
}

/** Of the version that the window was compared with: what a canary did beside it is another matter. */
function measuredChange({performance, profile}: MonitorWindow, reference: Metrics | null): Change | null {
  if (performance === null || reference === null) return null;
  const own = performance.byVersion.find(({version}) => version === profile)?.metrics;
  const {auc, aucLow, aucHigh} = own ?? performance.overall;
  if (auc === null || aucLow === null || aucHigh === null || reference.auc === null) return null;
  const [value, low, high] = [auc, aucLow, aucHigh].map(one => one - reference.auc!) as [number, number, number];
  return {metric: 'auc', measured: true, value, low, high};
}

/** Of the metric that an alert is about, or else of the first that is known on both sides. */
function estimatedChange({estimate}: MonitorWindow, open: readonly Alert[], reference: Metrics | null): Change | null {
  if (!estimate || reference === null) return null;
  const about = open.map(({subject}) => subject).filter(isCompared);
  for (const metric of [...about, ...COMPARED]) {
    const from = reference[metric];
    const to = estimate.metrics[metric];
    if (to && typeof from === 'number')
      return {metric, measured: false, value: to.value - from, low: to.low - from, high: to.high - from};
  }
  return null;
}

const isCompared = (subject: string): subject is Compared => (COMPARED as readonly string[]).includes(subject);

/** Those that drift, or whose AUC lies below that of all with its whole interval. */
function slicesOf({slices = [], performance}: MonitorWindow): string[] {
  const overall = performance?.overall.auc ?? null;
  return slices
    .filter(({drift, performance: own}) => {
      const isWorse = overall !== null && own !== null && own.aucHigh !== null && own.aucHigh < overall;
      return isWorse || drift.some(({verdict}) => verdict === 'drift');
    })
    .slice(0, MOST_SLICES)
    .map(({feature, value}) => `${feature} = ${value}`);
}
