/** Windows and profiles with chosen figures, for the tests of rules. */

import type {DriftReport, Metrics, MonitorWindow} from '../../protocol/index.ts';
import type {TrainingProfile} from '../profiles/training-profile.ts';

const DAY = 86_400_000;
export const FIRST_DAY = Date.UTC(2001, 3, 1);

const metrics = (values: Partial<Metrics>): Metrics => ({
  rows: 6_000,
  positives: 1_200,
  baseRate: 0.2,
  meanPrediction: 0.2,
  auc: 0.741,
  aucLow: 0.734,
  aucHigh: 0.748,
  logLoss: 0.4,
  prAuc: 0.4,
  brier: 0.14,
  ece: 0.01,
  ...values,
});

const drift = (subject: string, effect: number, rows: number): DriftReport => ({
  subject,
  method: 'psi',
  effect,
  pValue: effect > 0.02 ? 1e-9 : 0.5,
  verdict: rows < 500 ? 'insufficient data' : effect >= 0.2 ? 'drift' : 'stable',
  rows,
});

/** A model with four features; the last has hardly any importance. Tested at an AUC of 0.741. */
export function profileWith(version = 1): TrainingProfile {
  const feature = (name: string, importance: number) => ({
    kind: 'numeric' as const,
    name,
    importance,
    edges: [0],
    counts: [5, 5],
    nulls: 0,
  });
  return {
    model: 'late',
    version,
    rows: 10,
    baseRate: 0.2,
    features: [feature('late_2h', 0.5), feature('late_24h', 0.3), feature('hour', 0.19), feature('distance', 0.01)],
    prediction: {edges: [0.5], counts: [5, 5]},
    test: metrics({}),
  };
}

export type WindowGiven = {
  /** Days after 1 April 2001. */
  readonly day: number;
  readonly predictions?: number;
  readonly errors?: number;
  readonly p99?: number;
  /** Effects by feature; 0 unless given. */
  readonly effects?: {readonly [feature: string]: number};
  readonly predictionEffect?: number;
  /** Scored with these figures; `version` 1 unless given. */
  readonly scored?: Partial<Metrics> & {readonly version?: number};
  /** Subjects whose drift is severe. */
  readonly severe?: readonly string[];
  /** Effects of the last windows together. */
  readonly sliding?: {readonly [feature: string]: number};
} & Partial<Pick<MonitorWindow, 'estimate' | 'quality' | 'multivariate' | 'shifts' | 'inputs' | 'reference'>>;

/** A quiet day, apart from what is given. */
export function windowWith(given: WindowGiven): MonitorWindow {
  const {predictions = 6_000, effects = {}, scored, severe = [], sliding} = given;
  const from = FIRST_DAY + given.day * DAY;
  const {version = 1, ...figures} = scored ?? {};
  const all = metrics(figures);
  return {
    id: `late@${new Date(from).toISOString()}`,
    model: 'late',
    from,
    to: from + DAY,
    predictions,
    byVersion: [{version, predictions}],
    meanPrediction: 0.2,
    latencyUs: {p50: 40, p99: given.p99 ?? 100},
    errors: given.errors ?? 0,
    prediction: drift('prediction', given.predictionEffect ?? 0, predictions),
    drift: profileWith().features.map(({name}) => ({
      ...drift(name, effects[name] ?? 0, predictions),
      ...(severe.includes(name) ? {severe: true} : {}),
    })),
    ...(sliding
      ? {
          longer: [
            {
              span: 'sliding' as const,
              from: from - 6 * DAY,
              predictions: 7 * predictions,
              drift: profileWith().features.map(({name}) => drift(name, sliding[name] ?? 0, 7 * predictions)),
            },
          ],
        }
      : {}),
    profile: version,
    ...pick(given, ['estimate', 'quality', 'multivariate', 'shifts', 'inputs', 'reference']),
    performance: scored
      ? {labelled: all.rows, unknown: 0, overall: all, byVersion: [{version, metrics: all}], scoredAt: from + 2 * DAY}
      : null,
  };
}

function pick<T extends object, K extends keyof T>(from: T, keys: readonly K[]): {[P in K]?: T[P]} {
  const picked: {[P in K]?: T[P]} = {};
  for (const key of keys) if (from[key] !== undefined) picked[key] = from[key];
  return picked;
}
