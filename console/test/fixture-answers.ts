/** Fixture: the parts put together into what each endpoint answers. */
import type {
  ModelDetail,
  ModelVersion,
  MonitorWindow,
  Overview,
  PredictionRecord,
  RunSummary,
  StageRecord,
} from '../../src/protocol/index.ts';
import {alerts} from './fixture-alerts.ts';
import {watched} from './fixture-monitoring.ts';
import {AIRPORTS, CLOCK, DAY, DAYS, features, HOUR, MODEL, START, streams} from './fixture-project.ts';
import {type Random, seeded} from './fixture-random.ts';
import {retrains} from './fixture-retrains.ts';
import {versions} from './fixture-versions.ts';
import {distributions, plans, windows} from './fixture-windows.ts';

const stage = (name: string, seconds: number, rows: number, message: string): StageRecord => ({
  name,
  state: 'done',
  seconds,
  rows,
  rowsPerSecond: rows / seconds,
  message,
});

const stages: readonly StageRecord[] = [
  stage('ingest', 18.4, 5_992_984, '334 events rejected, 41 duplicates'),
  stage('dataset', 11.4, 1_460_500, '14 features as of 1 Apr 2001'),
  stage('train', 15.8, 1_012_300, 'boosted trees and logistic regression'),
  stage('evaluate', 3.2, 243_400, '4 of 4 gates passed'),
  stage('replay', 301.7, 1_466_212, '91 windows, 2 retrains'),
  stage('consistency', 22.9, 20_526_968, '0 mismatches'),
];

function predictionsOf(random: Random, newest: MonitorWindow | undefined, count: number): PredictionRecord[] {
  const to = newest?.to ?? CLOCK;
  return Array.from({length: count}, (_, i) => {
    const origin = AIRPORTS[Math.floor(random.uniform() * AIRPORTS.length)] ?? 'ATL';
    const share = Math.min(0.9, Math.abs(0.18 + 0.12 * random.normal()));
    const prediction = Math.min(0.95, Math.max(0.01, share * 0.9 + 0.05 * random.normal()));
    const destination = AIRPORTS[(i + 3) % AIRPORTS.length] ?? 'ORD';
    const distance = 300 + Math.round(random.uniform() * 2_000);
    return {
      id: `${MODEL}-${1_466_212 - i}`,
      at: to - i * 5_200,
      level: 'model',
      version: 2,
      prediction,
      label: i < 60 ? null : random.uniform() < prediction ? 1 : 0,
      latencyUs: Math.round(58 + 20 * Math.abs(random.normal())),
      request: {origin, destination, distance},
      features: {
        origin_late_share_2h: share,
        hour: 17 - (i % 12),
        destination_late_share_2h: random.uniform() * 0.4,
        origin_late_share_24h: 0.2,
        distance,
        origin,
        destination,
        weekday: 'Sat',
      },
    };
  });
}

export type Answers = {
  readonly overview: Overview;
  readonly versions: readonly ModelVersion[];
  readonly detail: ModelDetail | null;
  readonly windows: readonly MonitorWindow[];
  readonly distributions: ReturnType<typeof distributions>;
  readonly predictions: readonly PredictionRecord[];
  readonly alerts: typeof alerts;
  readonly retrains: typeof retrains;
  readonly features: typeof features;
  readonly streams: typeof streams;
  readonly summary: RunSummary;
};

const POLICY = [
  'Retrain when AUC on labelled predictions falls 0.015 below that of the test set.',
  'Retrain when mean prediction and base rate differ by a third.',
  'Retrain after 30 days at the latest.',
  'A challenger shadows 20,000 labelled predictions, then answers a tenth of the traffic.',
];

export function fullAnswers(seed: number): Answers {
  const random = seeded(seed);
  const made = versions(random);
  const series = watched(windows(random));
  const predicted = series.reduce((sum, window) => sum + window.predictions, 0);
  const plan = plans[0] ?? null;
  const detail: ModelDetail = {
    model: MODEL,
    description: 'Does this flight arrive more than 15 minutes late?',
    owner: 'operations',
    plan,
    plans,
    versions: [...made].reverse(),
    retrains,
    policy: POLICY,
    allowedDrop: 0.02,
    importanceDrift: [
      {
        from: 1,
        to: 2,
        spearman: 0.94,
        moved: 0.112,
        features: [
          {feature: 'origin_late_share_2h', before: 0.214, now: 0.281},
          {feature: 'hour', before: 0.208, now: 0.172},
          {feature: 'distance', before: 0.081, now: 0.055},
        ],
      },
    ],
  };
  const mature = series.filter(window => window.performance !== null);
  const auc = mature.at(-1)?.performance?.overall.auc ?? null;
  return {
    overview: {
      project: 'flights',
      clock: CLOCK,
      verdict: {
        level: 'bad',
        sentence: `late: nulls in origin_late_share_24h at most 5 %: broken (view origin): since 2001-06-27, nothing was done about it yet. AUC ${auc?.toFixed(3)} on the newest window with mature labels.`,
      },
      models: [
        {
          model: MODEL,
          description: detail.description,
          champion: 2,
          versions: made.length,
          plan,
          auc,
          windows: series.map(window => ({
            from: window.from,
            predictions: window.predictions,
            auc: window.performance?.overall.auc ?? null,
            meanPrediction: window.meanPrediction,
            baseRate: window.performance?.overall.baseRate ?? null,
          })),
        },
      ],
      streams,
      features: features.length,
      predictions: predicted,
      openAlerts: alerts.filter(alert => alert.resolvedAt === null),
      openIncidents: [],
      retrains,
      stages,
      consistency: {values: 20_526_968, mismatches: 0},
    },
    versions: detail.versions,
    detail,
    windows: series,
    distributions: distributions(random),
    predictions: predictionsOf(random, series.at(-1), 200),
    alerts,
    retrains,
    features,
    streams,
    summary: {
      project: 'flights',
      rows: 3_000_000,
      startedAt: '2026-01-05T09:00:00.000Z',
      finished: true,
      clock: CLOCK,
      replay: {from: START, to: START + DAYS * DAY, predictions: predicted, overHttp: 2_000, landed: predicted - 1_204},
      policy: POLICY,
      stages,
      streams,
      dataset: made[0]?.dataset ?? null,
      evaluation: made[0]?.evaluation ?? null,
      versions: made,
      plan,
      windows: series,
      alerts,
      retrains,
      promotions: [{version: 2, at: START + 39 * DAY, reason: 'AUC +0.0094 [0.0021, 0.0167] as a canary.'}],
      consistency: {
        predictions: predicted,
        values: 20_526_968,
        mismatches: 0,
        features: features.slice(0, 14).map(feature => ({
          feature: feature.name,
          compared: predicted,
          mismatches: 0,
          missing: 0,
          extra: 0,
          maxDifference: 0,
        })),
        seconds: 22.9,
      },
      peakMemoryMb: 1_812,
      seconds: 373.4,
    },
  };
}

/** The first day of serving: one window, whose labels are not complete. */
export function youngAnswers(seed: number): Answers {
  const full = fullAnswers(seed);
  const [first] = full.windows;
  const [summary] = full.overview.models;
  if (!first || !summary || !full.detail) throw new Error('the full fixture has a model and windows');
  const [oldest] = full.detail.plans.slice(-1);
  const versions = full.versions.filter(({version}) => version === 1);
  return {
    ...full,
    overview: {
      ...full.overview,
      clock: first.to,
      verdict: {level: 'good', sentence: 'Healthy: no labels have matured yet, nothing open.'},
      models: [
        {
          ...summary,
          plan: oldest ?? null,
          champion: 1,
          versions: 1,
          auc: null,
          windows: summary.windows.slice(0, 1).map(row => ({...row, auc: null, baseRate: null})),
        },
      ],
      predictions: first.predictions,
      openAlerts: [],
      retrains: [],
      stages: [
        ...stages.slice(0, 4),
        {name: 'replay', state: 'running', seconds: 4.1, rows: first.predictions, rowsPerSecond: 4_860, message: ''},
        {name: 'consistency', state: 'waiting', seconds: 0, rows: 0, rowsPerSecond: null, message: ''},
      ],
      consistency: null,
    },
    versions,
    detail: {...full.detail, versions, retrains: [], plan: oldest ?? null, plans: oldest ? [oldest] : []},
    windows: [
      {
        ...first,
        performance: null,
        labels: (first.labels ?? []).slice(0, 1),
        slices: (first.slices ?? []).map(slice => ({...slice, performance: null})),
      },
    ],
    alerts: [],
    retrains: [],
  };
}

/** A project that was just made: nothing ingested, nothing trained. */
export function emptyAnswers(seed: number): Answers {
  const full = fullAnswers(seed);
  return {
    ...full,
    overview: {
      ...full.overview,
      clock: START - HOUR,
      verdict: {level: 'unknown', sentence: 'Nothing has run yet: no events, no model.'},
      models: [],
      streams: [],
      features: 0,
      predictions: 0,
      openAlerts: [],
      retrains: [],
      stages: [],
      consistency: null,
    },
    versions: [],
    detail: null,
    windows: [],
    distributions: [],
    predictions: [],
    alerts: [],
    retrains: [],
    features: [],
    streams: [],
    summary: {
      ...full.summary,
      finished: false,
      versions: [],
      windows: [],
      alerts: [],
      retrains: [],
      promotions: [],
      stages: [],
      streams: [],
      consistency: null,
      plan: null,
      dataset: null,
      evaluation: null,
      replay: null,
    },
  };
}
