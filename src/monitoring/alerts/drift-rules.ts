import type {DriftReport} from '../../protocol/index.ts';
import type {FeatureProfile} from '../profiles/training-profile.ts';
import {type Reading, stateOf} from './persistence.ts';
import {type AlertRule, oftenOf, persisted} from './rule.ts';
import {figure, listWords, windowWords} from './words.ts';

/** Share of the importance that `important` features hold together. */
const IMPORTANT_SHARE = 0.9;
const NAMED = 3;

/**
 * One ticket for all features that drift, named by effect × importance. Each feature has its own k of n;
 * the ticket resolves when none fires and all are clear of the threshold.
 */
export const featureDriftRule: AlertRule = ({policy, profile, windows}) => {
  const rule = policy.drift;
  const current = windows.at(-1)!;
  if (!rule || current.drift.every(({verdict}) => verdict === 'insufficient data')) return null;
  const watched = rule.features === 'all' ? profile.features : importantFeatures(profile.features);
  const recent = windows.slice(-rule.for.n);

  const judged = watched.flatMap(feature => {
    const reports = recent.map(window => window.drift.find(({subject}) => subject === feature.name));
    const report = reports.at(-1);
    if (!report) return [];
    const readings = reports.map(one => readDrift(one, rule.effect, policy.hysteresis));
    return [{report, readings, state: stateOf(readings, rule.for), rank: report.effect * feature.importance}];
  });
  if (judged.length === 0) return null;
  const firing = judged
    .filter(({state}) => state === 'firing')
    .sort((a, b) => b.rank - a.rank || b.report.effect - a.report.effect);
  const strongest = firing[0] ?? judged.reduce((a, b) => (b.report.effect > a.report.effect ? b : a));
  const named = firing.slice(0, NAMED).map(({report}) => `${report.subject} (effect ${figure(report.effect)})`);
  const more = firing.length > NAMED ? [`${firing.length - NAMED} more`] : [];
  return {
    kind: 'drift',
    severity: 'ticket',
    subject: 'features',
    state: firing.length > 0 ? 'firing' : judged.every(({state}) => state === 'clear') ? 'clear' : 'unchanged',
    measured: strongest.report.effect,
    threshold: rule.effect,
    title: firing.length === 1 ? `${strongest.report.subject} drifts` : `${firing.length} features drift`,
    message: `Away from the training data on ${windowWords(current)}, by a de-biased PSI of ${rule.effect} or more${oftenOf(strongest.readings)}: ${listWords([...named, ...more])}. Ranked by effect and importance to the model.`,
  };
};

export const predictionDriftRule: AlertRule = ({policy, windows}) => {
  const rule = policy.predictionDrift;
  const current = windows.at(-1)!;
  if (!rule || current.prediction.verdict === 'insufficient data') return null;
  const {state, often} = persisted(windows, rule.for, ({prediction}) =>
    readDrift(prediction, rule.effect, policy.hysteresis),
  );
  return {
    kind: 'prediction-drift',
    severity: 'ticket',
    subject: 'prediction',
    state,
    measured: current.prediction.effect,
    threshold: rule.effect,
    title: 'Predictions drift',
    message: `Predictions on ${windowWords(current)} differ from those on the test split by a de-biased PSI of ${figure(current.prediction.effect)}, ${rule.effect} is the limit${often}; their mean is ${figure(current.meanPrediction)}.`,
  };
};

function readDrift(report: DriftReport | undefined, limit: number, hysteresis: number): Reading {
  if (!report || report.verdict === 'insufficient data') return 'nothing';
  if (report.verdict === 'drift' && report.effect >= limit) return 'bad';
  return report.effect < limit * (1 - hysteresis) ? 'good' : 'between';
}

/** The fewest features that hold nine tenths of the importance; all when none has any. */
export function importantFeatures(features: readonly FeatureProfile[]): readonly FeatureProfile[] {
  const total = features.reduce((sum, {importance}) => sum + importance, 0);
  if (total === 0) return features;
  let held = 0;
  return [...features]
    .sort((a, b) => b.importance - a.importance)
    .filter(({importance}) => {
      const needed = held < IMPORTANT_SHARE * total;
      held += importance;
      return needed;
    });
}
