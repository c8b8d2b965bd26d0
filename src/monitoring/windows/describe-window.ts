/** The record of a window that has closed: what it counted beside what it is compared with. */

import type {FeatureHistogram, LongerSpan, MonitorWindow} from '../../protocol/index.ts';
import {DRIFT_DEFAULTS} from '../drift/drift-settings.ts';
import type {MonitorPolicy} from '../policy/monitor-policy.ts';
import type {TrainingProfile} from '../profiles/training-profile.ts';
import {type Comparison, type ComparisonReports, judgeFamily} from './drift-family.ts';
import {type ComparedSlice, comparedSlices, sliceWindow} from './slices.ts';
import {recordTallies, type TalliesRecord, talliesOf, trainingTallies} from './tallies.ts';
import type {Tallies} from './window-bins.ts';
import type {ClosedWindow} from './window-monitor.ts';

/** Windows put together, over the bins of the same profile. */
export type SpanTallies = Pick<LongerSpan, 'span' | 'from'> & {readonly tallies: TalliesRecord};

/** What a window is compared with, and what is compared beside it. */
export type WindowSurroundings = {
  /** Windows of the same season before; null: the training data. */
  readonly season: {readonly tallies: Tallies; readonly windows: number} | null;
  /** This window included; both are compared with the training data. */
  readonly spans: readonly SpanTallies[];
  /** Floors of effects by subject, learned from quiet windows. */
  readonly floors: ReadonlyMap<string, number>;
};

export type DescribedWindow = {
  readonly window: MonitorWindow;
  readonly histograms: readonly FeatureHistogram[];
  /** What it counted, to be put together with others. */
  readonly tallies: TalliesRecord;
};

/** Fewer rows of a version are not compared by themselves. */
const VERSION_ROWS = 100;
const ALONE: WindowSurroundings = {season: null, spans: [], floors: new Map()};

export const windowId = (model: string, from: number): string => `${model}@${new Date(from).toISOString()}`;

/** All its drift is judged as one family of tests. */
export function describeWindow(
  {profile, counts, from, to}: ClosedWindow,
  policy: MonitorPolicy,
  {season, spans, floors}: WindowSurroundings = ALONE,
): DescribedWindow {
  const current = counts.bins.read(counts.block);
  const training = trainingTallies(profile);
  const reference = season?.tallies ?? training;
  const versions = counts.versions.length > 1 ? counts.versions.filter(v => v.predictions >= VERSION_ROWS) : [];
  const slices = comparedSlices(counts, profile);
  const comparisons: Comparison[] = [
    {reference, current, inputs: true},
    ...versions.map(({block}) => ({reference, current: counts.bins.read(block), inputs: false})),
    ...spans.map(({tallies}) => ({reference: training, current: talliesOf(tallies), inputs: false})),
    ...slices.flatMap(({comparison}) => comparison ?? []),
  ];
  const drift = policy.drift ?? DRIFT_DEFAULTS;
  const settings = {...drift, predictionEffect: policy.predictionDrift?.effect ?? drift.effect, floors};
  const reports = judgeFamily(profile, comparisons, settings);
  const whole = reports.shift()!;
  const ofVersion = new Map(versions.map(({version}) => [version, reports.shift()!]));
  const longer = spans.map(({span, from: since, tallies}) => {
    const {features, prediction} = reports.shift()!;
    return {span, from: since, predictions: tallies.rows, drift: [...features, prediction]};
  });
  const sliced = slices.map((slice: ComparedSlice) =>
    sliceWindow(slice, slice.comparison ? (reports.shift() ?? null) : null),
  );

  const {predictions, latency} = counts;
  const window: MonitorWindow = {
    id: windowId(profile.model, from),
    model: profile.model,
    from,
    to,
    predictions,
    byVersion: versionsOf(counts, ofVersion),
    meanPrediction: predictions === 0 ? 0 : counts.predictionSum / predictions,
    latencyUs: quantilesOf(latency),
    errors: counts.errors,
    prediction: whole.prediction,
    drift: whole.features,
    ...(profile.inputs ? {inputs: whole.inputs} : {}),
    ...(longer.length > 0 ? {longer} : {}),
    ...(counts.slices.length > 0 ? {slices: sliced} : {}),
    ...(counts.displaced > 0 ? {displaced: counts.displaced} : {}),
    ...(policy.reference.kind === 'season' ? {reference: {windows: season?.windows ?? 0}} : {}),
    profile: profile.version,
    performance: null,
  };
  return {
    window,
    histograms: histogramsOf(profile, reference, current),
    tallies: recordTallies(profile.version, predictions, current),
  };
}

function versionsOf(
  {versions}: ClosedWindow['counts'],
  reports: ReadonlyMap<number, ComparisonReports>,
): MonitorWindow['byVersion'] {
  return versions.map(({version, predictions, predictionSum, latency}) => {
    if (versions.length === 1) return {version, predictions};
    const drift = reports.get(version);
    return {
      version,
      predictions,
      meanPrediction: predictionSum / predictions,
      latencyUs: quantilesOf(latency),
      ...(drift ? {drift: [...drift.features, drift.prediction]} : {}),
    };
  });
}

function quantilesOf(latency: {quantile(q: number): number | null}): MonitorWindow['latencyUs'] {
  const [p50, p99] = [latency.quantile(0.5), latency.quantile(0.99)];
  return p50 === null || p99 === null ? null : {p50, p99};
}

/** Reference and current counts of every feature, then of every input, for drawing. */
function histogramsOf(profile: TrainingProfile, reference: Tallies, current: Tallies): FeatureHistogram[] {
  return (['features', 'inputs'] as const).flatMap(level =>
    (profile[level] ?? []).map((feature, f) => ({
      feature: feature.name,
      kind: feature.kind,
      edges: feature.kind === 'numeric' ? feature.edges : [],
      categories: feature.kind === 'categorical' ? feature.categories : [],
      reference: reference[level][f]!.counts,
      current: current[level][f]!.counts,
      referenceNulls: reference[level][f]!.nulls,
      currentNulls: current[level][f]!.nulls,
    })),
  );
}
