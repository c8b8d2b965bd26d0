import type {AlertFeature, DriftReport, MonitorWindow} from '../../protocol/index.ts';
import {weightOf} from '../incidents/feature-origin.ts';
import type {FeatureProfile} from '../profiles/training-profile.ts';
import {driftTickets} from './drift-tickets.ts';
import {type Reading, stateOf} from './persistence.ts';
import {type AlertRule, type AlertRules, oftenOf, persisted} from './rule.ts';
import {figure, listWords, percent, windowWords} from './words.ts';

/** Share of the importance that `important` features hold together. */
const IMPORTANT_SHARE = 0.9;
const NAMED = 3;
/** A rise in the share of missing values that is worth its words. */
const MUCH_MISSING = 0.05;

/**
 * A ticket for all features that begin to drift in a window, ranked by effect × importance × change of the estimated
 * performance. Each feature has its own k of n, but for a change so large that one window is enough; the ticket resolves
 * when all that it names are clear of the threshold. Where window after window has too few rows for a verdict, that of the
 * sliding windows up to it counts; a single quiet window after busy ones brings nothing back.
 */
export const featureDriftRules: AlertRules = context => {
  const {policy, profile, windows, estimatedChanges} = context;
  const rule = policy.drift;
  const current = windows.at(-1)!;
  if (!rule) return [];
  const watched = rule.features === 'all' ? profile.features : importantFeatures(profile.features);
  const recent = windows.slice(-rule.for.n);

  const judged = watched.flatMap(({name, importance, kind}) => {
    const own = recent.map(window => window.drift.find(({subject}) => subject === name));
    const slow = current.predictions > 0 && own.every(one => one?.verdict === 'insufficient data');
    const reports = slow ? recent.map((window, i) => slidingReport(window, name) ?? own[i]) : own;
    const report = reports.at(-1);
    if (!report) return [];
    const readings = reports.map(one => readDrift(one, rule.effect, policy.hysteresis));
    const severe = report.severe === true;
    const known = severe ? ('firing' as const) : stateOf(readings, rule.for);
    const state = report.verdict === 'insufficient data' ? ('nothing' as const) : known;
    const estimatedChange = estimatedChanges.get(name) ?? null;
    const feature: AlertFeature = {feature: name, effect: report.effect, importance, estimatedChange};
    return [{report, readings, state, severe, feature, kind}];
  });
  judged.sort((a, b) => weightOf(b.feature) - weightOf(a.feature) || b.report.effect - a.report.effect);
  return driftTickets(context, judged, {
    subject: 'features',
    title: features => (features.length === 1 ? `${features[0]!.feature} drifts` : `${features.length} features drift`),
    words: firing => {
      const [{report, readings}] = firing as [(typeof judged)[number]];
      const named = firing.slice(0, NAMED).map(one => featureWords(one.report, one.feature, one.kind));
      const more = firing.length > NAMED ? [`${firing.length - NAMED} more`] : [];
      return {
        measured: report.effect,
        threshold: rule.effect,
        message: `Away from ${referenceWords(current)} on ${windowWords(current, policy.zone)}, by a de-biased PSI of ${rule.effect} or more${report.severe ? '' : oftenOf(readings)}: ${listWords([...named, ...more])}. Ranked by effect and importance to the model.`,
      };
    },
  });
};

/** Of the sliding windows up to it; undefined where these cannot tell either. */
function slidingReport({longer}: MonitorWindow, name: string): DriftReport | undefined {
  const sliding = longer?.find(({span}) => span === 'sliding')?.drift.find(({subject}) => subject === name);
  return sliding?.verdict === 'insufficient data' ? undefined : sliding;
}

function featureWords(
  {subject, effect, nullShare}: DriftReport,
  one: AlertFeature,
  kind: FeatureProfile['kind'],
): string {
  const {estimatedChange} = one;
  // A category that training never saw has no code: the model takes it for a missing one.
  const missed = kind === 'categorical' ? 'missing or never seen' : 'missing';
  const missing =
    nullShare && nullShare.current - nullShare.reference > MUCH_MISSING
      ? `, ${percent(nullShare.current)} ${missed} instead of ${percent(nullShare.reference)}`
      : '';
  const change = estimatedChange === null ? '' : `, estimated change ${signed(estimatedChange)}`;
  return `${subject} (effect ${figure(effect)}${missing}${change})`;
}

const signed = (value: number): string => `${value < 0 ? '−' : '+'}${figure(Math.abs(value))}`;

/** What drift is measured from. */
export const referenceWords = ({reference}: MonitorWindow): string =>
  reference && reference.windows > 0
    ? `the ${reference.windows} windows of the same time of the week before`
    : 'the training data';

export const predictionDriftRule: AlertRule = ({policy, windows}) => {
  const rule = policy.predictionDrift;
  const current = windows.at(-1)!;
  if (!rule || current.prediction.verdict === 'insufficient data') return null;
  const persistent = persisted(windows, rule.for, ({prediction}) =>
    readDrift(prediction, rule.effect, policy.hysteresis),
  );
  const severe = current.prediction.severe === true;
  const {state, often} = severe ? {state: 'firing' as const, often: ''} : persistent;
  return {
    kind: 'prediction-drift',
    severity: 'ticket',
    subject: 'prediction',
    state,
    measured: current.prediction.effect,
    threshold: rule.effect,
    title: 'Predictions drift',
    message: `Predictions on ${windowWords(current, policy.zone)} differ from those ${current.reference?.windows ? `of ${referenceWords(current)}` : 'on the test split'} by a de-biased PSI of ${figure(current.prediction.effect)}, ${rule.effect} is the limit${often}; their mean is ${figure(current.meanPrediction)}.`,
  };
};

export function readDrift(report: DriftReport | undefined, limit: number, hysteresis: number): Reading {
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
