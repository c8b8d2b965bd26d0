/** Fixture: what windows hold beside counts: estimates, labels on their way, slices, quality, shifts, longer spans. */
import type {
  DriftReport,
  Estimate,
  LongerSpan,
  MonitorWindow,
  PerformanceEstimate,
  QualityResult,
  Shift,
  SliceWindow,
} from '../../src/protocol/index.ts';
import {AIRPORTS, DAY, HOUR, START} from './fixture-project.ts';
import {type Random, seeded} from './fixture-random.ts';
import {metrics} from './fixture-versions.ts';

/** From this day on a third of the airports sends no arrivals. */
const TROUBLE = 86;
const LATE_24H = 'origin_late_share_24h';

const about = (value: number, half: number): Estimate => ({value, low: value - half, high: value + half});

function estimateOf(window: MonitorWindow, day: number, random: Random): PerformanceEstimate {
  const known = window.performance?.overall.auc ?? 0.739;
  const auc = known - (day >= TROUBLE ? 0.014 : 0) + 0.002 * random.normal();
  const rate = window.meanPrediction;
  return {
    method: 'cbpe',
    rows: Math.min(10_000, window.predictions),
    metrics: {
      auc: about(auc, 0.012),
      prAuc: about(0.412, 0.018),
      accuracy: about(0.823, 0.008),
      logLoss: about(0.431 + 0.2 * (0.745 - auc), 0.012),
      brier: about(0.134, 0.005),
      baseRate: about(rate, 0.009),
    },
    notes: [
      'Assumes that the same inputs still lead to the same outcomes: a change of that shows only in labels.',
      'Scores are calibrated on 10,000 rows served until 21 June 2001, 1,892 of them positive.',
    ],
  };
}

function slicesOf(window: MonitorWindow, random: Random): SliceWindow[] {
  const overall = window.performance?.overall;
  return AIRPORTS.slice(0, 6).map((origin, i): SliceWindow => {
    const predictions = Math.round(window.predictions / (5 + i));
    const auc = (overall?.auc ?? 0.74) - (origin === 'DFW' ? 0.034 : 0.003 * (i - 2)) + 0.003 * random.normal();
    return {
      feature: 'origin',
      value: origin,
      predictions,
      meanPrediction: window.meanPrediction + 0.01 * (i - 2),
      drift: window.drift.slice(0, 4).map(report => ({...report, rows: predictions})),
      performance: overall ? metrics(predictions, auc, overall.baseRate, 0.004) : null,
    };
  });
}

const rule = (
  check: string,
  subjects: readonly string[],
  rows: number,
  broken: number,
  change: Partial<QualityResult>,
): QualityResult => ({
  check,
  level: 'feature',
  subjects,
  severity: 'page',
  verdict: 'kept',
  rows,
  broken,
  message: `${broken} of ${rows} rows break it.`,
  ...change,
});

function qualityOf({predictions}: MonitorWindow, day: number): QualityResult[] {
  const nulls = day >= TROUBLE ? Math.round(predictions * 0.312) : Math.round(predictions * 0.018);
  return [
    rule('distance between 30 and 5,000', ['distance'], predictions, 0, {level: 'input'}),
    rule(`nulls in ${LATE_24H} at most 5 %`, [LATE_24H], predictions, nulls, {
      severity: 'ticket',
      measured: nulls / predictions,
      limit: 0.05,
      verdict: day >= TROUBLE ? 'broken' : 'kept',
      message: `${nulls} of ${predictions} rows (${((100 * nulls) / predictions).toFixed(1)} %) are null; 5 % may be. Look at the stream that it is computed from.`,
    }),
    rule('origin_late_share_2h between 0 and 1', ['origin_late_share_2h'], predictions, 0, {}),
    rule('prediction varies within a window', ['prediction'], predictions, 0, {level: 'prediction'}),
    rule('route_count_24h >= 0, in 99 % of rows', ['route_count_24h'], 18, 0, {
      verdict: 'insufficient data',
      severity: 'ticket',
      message: 'Only 18 rows hold a value; 30 are needed.',
    }),
  ];
}

/** With null shares and the rows that a verdict needs. */
function told(report: DriftReport, day: number, predictions: number): DriftReport {
  const {subject} = report;
  const reference = subject.includes('share') || subject.includes('mean') ? 0.018 : 0;
  const current = subject === LATE_24H && day >= TROUBLE ? 0.312 : reference;
  const short = subject === 'route_mean_delay_24h' && day >= 88;
  return {
    ...report,
    ...(short ? {rows: 212, verdict: 'insufficient data' as const} : {}),
    ...(current > 0.3 && report.verdict === 'drift' ? {severe: true} : {}),
    needed: predictions < 400 || short ? 641 : 388,
    nullShare: {reference, current},
  };
}

const shiftsOf = (day: number): Shift[] =>
  day < TROUBLE
    ? []
    : [
        {
          kind: 'schema',
          pattern: 'sudden',
          subjects: [LATE_24H],
          since: START + TROUBLE * DAY,
          message: `${LATE_24H} is null in 31.2 % of rows; it was in 1.8 %.`,
        },
        {
          kind: 'covariate',
          pattern: 'gradual',
          subjects: [LATE_24H, 'origin_late_share_2h'],
          since: START + 71 * DAY,
          message: 'Airports are late more often than in the training data, a little more each week.',
        },
      ];

const span = (name: LongerSpan['span'], window: MonitorWindow, days: number, share: number): LongerSpan => ({
  span: name,
  from: window.to - days * DAY,
  predictions: Math.round(window.predictions * days * 0.97),
  drift: [...window.drift, window.prediction].map(report => ({
    ...report,
    effect: report.effect * share,
    rows: report.rows * days,
    verdict: report.effect * share > 0.1 ? 'drift' : 'stable',
  })),
});

/** The windows with everything that is told of them. */
export function watched(windows: readonly MonitorWindow[]): MonitorWindow[] {
  const random = seeded(77);
  return windows.map((window, day): MonitorWindow => {
    const drift = window.drift.map(report => told(report, day, window.predictions));
    const known = {...window, drift};
    const labelled = (share: number) => Math.round(window.predictions * share);
    const ages = window.performance ? [0, 0.25, 0.5, 1] : [0];
    return {
      ...known,
      profile: window.byVersion[0]?.version ?? 1,
      estimate: estimateOf(window, day, random),
      labels: ages.map(age => {
        const share = 0.62 + 0.37 * age;
        return {
          ageMs: age * 6 * HOUR,
          labelled: labelled(share),
          pending: window.predictions - labelled(share),
          provisional: null,
        };
      }),
      slices: slicesOf(known, random),
      quality: qualityOf(window, day),
      shifts: shiftsOf(day),
      inputs: ['distance', 'origin', 'destination'].map(subject =>
        told({...(window.drift[5] as DriftReport), subject, verdict: 'stable'}, day, window.predictions),
      ),
      loop: {
        rows: window.predictions,
        items: 281 - day,
        catalogue: 312,
        diversity: 0.86 - 0.0018 * day,
        perRows: 1_000,
        gini: 0.41 + 0.0011 * day,
        evenness: 0.83 - 0.0009 * day,
        longTail: 0.2 - 0.0006 * day,
        hitRates: (['head', 'middle', 'tail'] as const).map((bucket, i) => ({
          bucket,
          shown: Math.round(window.predictions * ([0.86, 0.1, 0.04][i] ?? 0)),
          labelled: window.performance ? Math.round(window.predictions * ([0.85, 0.1, 0.04][i] ?? 0)) : 0,
          rate: window.performance ? about(0.19 + 0.01 * i, 0.006 + 0.01 * i) : null,
        })),
      },
      longer: [span('sliding', known, Math.min(7, day + 1), 0.8), span('cumulative', known, day + 1, 0.5)],
      multivariate: [
        {
          method: 'domain-classifier',
          value: day >= TROUBLE ? 0.684 : 0.531,
          threshold: 0.6,
          pValue: day >= TROUBLE ? 1e-6 : 0.21,
          verdict: day >= TROUBLE ? 'drift' : 'stable',
          rows: 2_000,
          features: [
            {feature: LATE_24H, share: 0.71},
            {feature: 'origin_late_share_2h', share: 0.18},
            {feature: 'hour', share: 0.04},
          ],
        },
      ],
    };
  });
}
