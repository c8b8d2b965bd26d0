import {wilsonInterval} from '../../math/index.ts';
import type {Metrics, MonitorWindow} from '../../protocol/index.ts';
import {metricsOfVersion} from './performance-rule.ts';
import type {Reading} from './persistence.ts';
import {type AlertRule, persisted} from './rule.ts';
import {figure, wholeNumber, windowWords} from './words.ts';

/**
 * Pages when mean prediction / observed rate lies outside the allowed ratios with its whole 95 % interval
 * (Wilson's, of the observed rate). The interval takes rows for independent: where whole days are
 * good or bad, ask for more windows. Of labels that are all 0 only the lower end of the ratio is known: it counts.
 */
export const calibrationRule: AlertRule = ({policy, profile, windows}) => {
  const rule = policy.calibration;
  const current = windows.at(-1)!;
  const metrics = metricsOfVersion(current, profile.version, policy.minLabelled);
  if (!rule || !metrics) return null;

  const [low, high] = rule.ratio;
  const read = (window: MonitorWindow): Reading => {
    const own = metricsOfVersion(window, profile.version, policy.minLabelled);
    if (!own) return 'nothing';
    const ratio = ratioOf(own);
    if (ratio.high < low || ratio.low > high) return 'bad';
    const margin = policy.hysteresis;
    return ratio.value >= low + margin * (1 - low) && ratio.value <= high - margin * (high - 1) ? 'good' : 'between';
  };
  const {state, often} = persisted(windows, rule.for, read);
  const ratio = ratioOf(metrics);
  const none = metrics.positives === 0;
  const times = none
    ? `${figure(ratio.low)} times or more`
    : `${figure(ratio.value)} times [${figure(ratio.low)}, ${figure(ratio.high)}]`;
  return {
    kind: 'calibration',
    severity: 'page',
    subject: 'mean prediction / observed rate',
    state,
    measured: ratio.value,
    threshold: ratio.value > 1 ? high : low,
    title: none
      ? `Predicts a rate of ${figure(metrics.meanPrediction)}, none is observed`
      : `Predicts ${figure(ratio.value)} times the observed rate`,
    message: `Mean prediction ${figure(metrics.meanPrediction)} of version ${profile.version} at an observed rate of ${figure(metrics.baseRate)} on ${windowWords(current, policy.zone)} (${wholeNumber(metrics.rows)} labelled predictions): ${times}, outside ${low} to ${high}${often}.`,
  };
};

function ratioOf({meanPrediction, baseRate, positives, rows}: Metrics): {value: number; low: number; high: number} {
  const rate = wilsonInterval(positives, rows);
  const low = meanPrediction / rate.high;
  if (positives === 0) return {value: low, low, high: Number.POSITIVE_INFINITY};
  return {value: meanPrediction / baseRate, low, high: meanPrediction / rate.low};
}
