import {wilsonInterval} from '../../math/index.ts';
import type {Metrics, MonitorWindow} from '../../protocol/index.ts';
import {metricsOfVersion} from './performance-rule.ts';
import type {Reading} from './persistence.ts';
import {type AlertRule, persisted} from './rule.ts';
import {figure, wholeNumber, windowWords} from './words.ts';

/**
 * Pages when mean prediction / observed rate lies outside the allowed ratios with its whole 95 % interval
 * (Wilson's, of the observed rate). The interval takes rows for independent: where whole days are
 * good or bad, ask for more windows.
 */
export const calibrationRule: AlertRule = ({policy, profile, windows}) => {
  const rule = policy.calibration;
  const current = windows.at(-1)!;
  const metrics = metricsOfVersion(current, profile.version, policy.minLabelled);
  if (!rule || !metrics || metrics.positives === 0) return null;

  const [low, high] = rule.ratio;
  const read = (window: MonitorWindow): Reading => {
    const own = metricsOfVersion(window, profile.version, policy.minLabelled);
    if (!own || own.positives === 0) return 'nothing';
    const ratio = ratioOf(own);
    if (ratio.high < low || ratio.low > high) return 'bad';
    const margin = policy.hysteresis;
    return ratio.value >= low + margin * (1 - low) && ratio.value <= high - margin * (high - 1) ? 'good' : 'between';
  };
  const {state, often} = persisted(windows, rule.for, read);
  const ratio = ratioOf(metrics);
  return {
    kind: 'calibration',
    severity: 'page',
    subject: 'mean prediction / observed rate',
    state,
    measured: ratio.value,
    threshold: ratio.value > 1 ? high : low,
    title: `Predicts ${figure(ratio.value)} times the observed rate`,
    message: `Mean prediction ${figure(metrics.meanPrediction)} of version ${profile.version} at an observed rate of ${figure(metrics.baseRate)} on ${windowWords(current)} (${wholeNumber(metrics.rows)} labelled predictions): ${figure(ratio.value)} times [${figure(ratio.low)}, ${figure(ratio.high)}], outside ${low} to ${high}${often}.`,
  };
};

function ratioOf({meanPrediction, baseRate, positives, rows}: Metrics): {value: number; low: number; high: number} {
  const rate = wilsonInterval(positives, rows);
  return {value: meanPrediction / baseRate, low: meanPrediction / rate.high, high: meanPrediction / rate.low};
}
