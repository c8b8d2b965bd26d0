/** Fixture: 91 daily windows, the distributions of the newest one, and who answered when. */
import type {DriftReport, FeatureHistogram, MonitorWindow, ReleasePlan} from '../../src/protocol/index.ts';
import {AIRPORTS, DAY, DAYS, features, HOUR, MODEL, START} from './fixture-project.ts';
import type {Random} from './fixture-random.ts';
import {metrics} from './fixture-versions.ts';

export const PROMOTED_ON = 39;
export const CANARY_ON = 36;

function drift(subject: string, random: Random, level: number, rows: number): DriftReport {
  const effect = Math.max(0, level + 0.012 * random.normal());
  return {
    subject,
    method: 'psi',
    effect,
    pValue: effect > 0.02 ? 1e-9 : random.uniform(),
    verdict: rows < 400 ? 'insufficient data' : effect > 0.1 ? 'drift' : 'stable',
    rows,
  };
}

export function windows(random: Random): MonitorWindow[] {
  return Array.from({length: DAYS}, (_, day): MonitorWindow => {
    const from = START + day * DAY;
    const weekend = new Date(from).getUTCDay() % 6 === 0;
    const predictions = Math.round((weekend ? 14_300 : 16_900) + 400 * random.normal());
    const promoted = day >= PROMOTED_ON;
    const canary = day >= CANARY_ON && !promoted;
    const decay = promoted ? 0.0002 * (day - PROMOTED_ON) : 0.0009 * Math.max(0, day - 6);
    const auc = 0.746 - decay + 0.006 * random.normal();
    const baseRate = 0.185 - 0.04 * Math.sin((day / DAYS) * Math.PI) + 0.03 * Math.abs(random.normal());
    const bias = (promoted ? 0.004 : 0.0006 * day) + 0.005 * random.normal();
    const second = canary ? Math.round(predictions * 0.1) : promoted ? predictions : 0;
    const overall = metrics(predictions - 120, auc, baseRate, bias);
    return {
      id: `${MODEL}/${new Date(from).toISOString().slice(0, 10)}`,
      model: MODEL,
      from,
      to: from + DAY,
      predictions,
      byVersion: [
        {version: 1, predictions: predictions - second},
        {version: 2, predictions: second},
      ].filter(part => part.predictions > 0),
      meanPrediction: baseRate + bias,
      latencyUs: {p50: 61 + 3 * random.normal(), p99: 240 + 40 * Math.abs(random.normal())},
      errors: day === 50 ? 3 : 0,
      prediction: drift('prediction', random, 0.02 + 0.0005 * day, predictions),
      drift: features
        .slice(0, 14)
        .map((feature, i) =>
          drift(
            feature.name,
            random,
            [0.03, 0.005, 0.05, 0.0014 * day, 0.04][i] ?? 0.012,
            feature.name.startsWith('route') && day < 2 ? 120 : predictions,
          ),
        ),
      performance:
        day >= DAYS - 1
          ? null
          : {
              labelled: predictions - 120,
              unknown: 120,
              overall,
              byVersion: canary
                ? [
                    {version: 1, metrics: metrics(predictions - second, auc - 0.001, baseRate, bias)},
                    {version: 2, metrics: metrics(second, auc + 0.009, baseRate, 0.003)},
                  ]
                : [{version: promoted ? 2 : 1, metrics: overall}],
              scoredAt: from + DAY + 6 * HOUR,
            },
    };
  });
}

/** A hump over twenty bins. */
function hump(centre: number, width: number, total: number, random: Random): number[] {
  const weights = Array.from({length: 20}, (_, i) => Math.exp(-(((i + 0.5) / 20 - centre) ** 2) / (2 * width * width)));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map(w => Math.max(0, Math.round((w / sum) * total * (1 + 0.05 * random.normal()))));
}

export function distributions(random: Random): FeatureHistogram[] {
  return features.slice(0, 14).map((feature, i): FeatureHistogram => {
    const shift = feature.name === 'origin_late_share_24h' ? 0.16 : 0;
    if (feature.type === 'string') {
      const categories =
        feature.name === 'weekday' ? ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] : [...AIRPORTS, 'other'];
      const counts = (total: number) =>
        categories.map((_, k) => Math.round((total / (k + 2)) * (1 + 0.1 * random.uniform())));
      return {
        feature: feature.name,
        kind: 'categorical',
        edges: [],
        categories,
        reference: counts(1_000_000),
        current: counts(16_000),
        referenceNulls: 0,
        currentNulls: 0,
      };
    }
    const scale = feature.name.includes('share')
      ? 1
      : feature.name === 'distance'
        ? 3_000
        : feature.name === 'hour'
          ? 24
          : 80;
    const centre = 0.25 + 0.03 * (i % 7);
    return {
      feature: feature.name,
      kind: 'numeric',
      edges: Array.from({length: 19}, (_, k) => ((k + 1) / 20) * scale),
      categories: [],
      reference: hump(centre, 0.16, 1_000_000, random),
      current: hump(centre + shift, 0.15, 16_000, random),
      referenceNulls: feature.window === null ? 0 : 18_400,
      currentNulls: feature.window === null ? 0 : shift > 0 ? 7_250 : 210,
    };
  });
}

export const day = (n: number, hours = 0) => START + n * DAY + hours * HOUR;
export const windowId = (n: number) => `${MODEL}/${new Date(day(n)).toISOString().slice(0, 10)}`;

export const plans: readonly ReleasePlan[] = [
  {
    model: MODEL,
    revision: 7,
    at: day(73),
    arms: [{version: 2, role: 'champion', share: 1}],
    salt: 'a1',
    reason: 'v3 rejected in shadow: log loss +0.0011 on 61,204 labelled predictions.',
  },
  {
    model: MODEL,
    revision: 6,
    at: day(68, 3),
    arms: [
      {version: 2, role: 'champion', share: 1},
      {version: 3, role: 'shadow', share: 0},
    ],
    salt: 'a1',
    reason: 'v3 passed its gates; shadow for at least 20,000 labelled predictions.',
  },
  {
    model: MODEL,
    revision: 4,
    at: day(PROMOTED_ON),
    arms: [{version: 2, role: 'champion', share: 1}],
    salt: 'a1',
    reason: 'v2 promoted: AUC +0.0094 [0.0021, 0.0167] as a canary.',
  },
  {
    model: MODEL,
    revision: 3,
    at: day(CANARY_ON),
    arms: [
      {version: 1, role: 'champion', share: 0.9},
      {version: 2, role: 'canary', share: 0.1},
    ],
    salt: 'a1',
    reason: 'v2 was not worse in shadow on 31,118 labelled predictions; canary with a tenth of the traffic.',
  },
  {
    model: MODEL,
    revision: 2,
    at: day(34, 3),
    arms: [
      {version: 1, role: 'champion', share: 1},
      {version: 2, role: 'shadow', share: 0},
    ],
    salt: 'a1',
    reason: 'v2 passed its gates; shadow for at least 20,000 labelled predictions.',
  },
  {
    model: MODEL,
    revision: 1,
    at: day(0),
    arms: [{version: 1, role: 'champion', share: 1}],
    salt: 'a1',
    reason: 'First deployment.',
  },
];
