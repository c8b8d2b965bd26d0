/** Fixture: three versions of the model with their evaluations. */
import type {CandidateReport, EvaluationReport, GateResult, Metrics, ModelVersion} from '../../src/protocol/index.ts';
import {AIRPORTS, DAY, featureUses, HOUR, MODEL, START} from './fixture-project.ts';
import {hex, type Random} from './fixture-random.ts';

/** Metrics whose interval has about the width that DeLong's would have on that many rows. */
export function metrics(rows: number, auc: number, baseRate: number, bias: number): Metrics {
  const positives = Math.round(rows * baseRate);
  const half = 1.96 * Math.sqrt((auc * (1 - auc) * 1.3) / Math.max(1, positives));
  const entropy = -(baseRate * Math.log(baseRate) + (1 - baseRate) * Math.log(1 - baseRate));
  return {
    rows,
    positives,
    baseRate,
    meanPrediction: baseRate + bias,
    auc,
    aucLow: auc - half,
    aucHigh: Math.min(1, auc + half),
    logLoss: entropy * (1 - (auc - 0.5) * 0.45),
    prAuc: baseRate + (auc - 0.5) * 0.9,
    brier: baseRate * (1 - baseRate) * (1 - (auc - 0.5) * 0.3),
    ece: Math.abs(bias) + 0.004,
  };
}

function candidate(
  random: Random,
  name: string,
  kind: CandidateReport['kind'],
  rows: number,
  auc: number,
  bias: number,
): CandidateReport {
  return {
    name,
    kind,
    metrics: metrics(rows, auc, 0.187, bias),
    calibration: Array.from({length: 10}, (_, i) => {
      const meanPrediction = 0.03 + 0.055 * i + 0.004 * i * i;
      return {
        low: meanPrediction - 0.02,
        high: meanPrediction + 0.04,
        count: Math.round(rows / 10),
        meanPrediction,
        rate: Math.max(0, meanPrediction - bias + 0.008 * random.normal()),
      };
    }),
    slices: [
      ...AIRPORTS.map((airport, i) => ({
        feature: 'origin',
        value: airport,
        metrics: metrics(
          Math.round(rows * (0.055 - i * 0.004)),
          auc + 0.022 * random.normal(),
          0.15 + 0.02 * (i % 5),
          bias,
        ),
      })),
      ...['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].map((day, i) => ({
        feature: 'weekday',
        value: day,
        metrics: metrics(Math.round(rows / 7), auc + 0.008 * random.normal(), 0.17 + 0.01 * (i % 4), bias),
      })),
    ],
  };
}

function gates(auc: number, incumbent: number | null): GateResult[] {
  const best = 0.702;
  return [
    {
      gate: 'better than every baseline',
      passed: true,
      measured: auc,
      required: best,
      message: `AUC ${auc.toFixed(3)} against ${best} of the airport's historical rate.`,
    },
    {gate: 'calibrated', passed: true, measured: 0.009, required: 0.03, message: 'ECE 0.009, at most 0.03 is allowed.'},
    {
      gate: 'no slice left behind',
      passed: true,
      measured: 0.671,
      required: 0.6,
      message: 'Worst slice origin = DEN has AUC 0.671, at least 0.6 is asked for.',
    },
    {
      gate: 'no leakage',
      passed: true,
      measured: 0,
      required: 0,
      message: 'No feature saw its own flight or an arrival that had not landed.',
    },
    ...(incumbent === null
      ? []
      : [
          {
            gate: 'not worse than the incumbent',
            passed: auc > incumbent - 0.002,
            measured: auc - incumbent,
            required: -0.002,
            message: `AUC ${(auc - incumbent).toFixed(4)} from the incumbent on the same rows; -0.002 is allowed.`,
          },
        ]),
  ];
}

type Sketch = {version: number; status: ModelVersion['status']; day: number; auc: number; retrain: string | null};

const sketches: readonly Sketch[] = [
  {version: 1, status: 'retired', day: 0, auc: 0.7412, retrain: null},
  {version: 2, status: 'champion', day: 34, auc: 0.7488, retrain: 'retrain-1'},
  {version: 3, status: 'rejected', day: 68, auc: 0.7461, retrain: 'retrain-2'},
];

export function versions(random: Random): ModelVersion[] {
  return sketches.map(({version, status, day, auc, retrain}) => {
    const at = START + day * DAY + 2 * HOUR;
    const incumbent = version === 1 ? null : Math.min(version - 1, 2);
    const rows = 212_400 + version * 31_000;
    const evaluation: EvaluationReport = {
      splits: [
        {name: 'train', from: at - 90 * DAY, to: at - 30 * DAY, rows: 1_012_300, positives: 214_100},
        {name: 'validation', from: at - 29 * DAY, to: at - 16 * DAY, rows: 204_800, positives: 41_300},
        {name: 'test', from: at - 15 * DAY, to: at, rows, positives: Math.round(rows * 0.187)},
      ],
      gapMs: DAY,
      candidates: [
        candidate(random, 'boosted trees', 'model', rows, auc, 0.005),
        candidate(random, 'logistic regression', 'model', rows, auc - 0.0214, -0.008),
        ...(incumbent === null
          ? []
          : [candidate(random, `incumbent v${incumbent}`, 'incumbent', rows, auc - 0.0071, 0.019)]),
        candidate(random, "airport's historical rate", 'baseline', rows, 0.7021, 0.024),
        candidate(random, 'zero rule', 'baseline', rows, 0.5, 0.021),
        candidate(random, 'random', 'baseline', rows, 0.4996, 0.31),
      ],
      chosen: 'boosted trees',
      gates: gates(auc, incumbent === null ? null : auc - 0.0071),
      passed: true,
    };
    return {
      model: MODEL,
      version,
      status,
      createdAt: at,
      algorithm: 'histogram gradient boosting',
      parameters: {trees: 100, depth: 6, learningRate: 0.1, bins: 255, minChildRows: 50, l2: 1},
      features: featureUses,
      dataset: {
        id: `late-${version}`,
        model: MODEL,
        createdAt: at,
        asOf: at - HOUR,
        from: at - 90 * DAY,
        to: at,
        rows: 1_429_500 + version * 31_000,
        positives: 291_300,
        pending: 6_412,
        unknown: 318,
        features: featureUses.map(use => use.name),
        hash: hex(random),
        leakage: [
          {
            check: 'label time after query time',
            feature: null,
            severity: 'ok',
            measured: 0,
            message: 'No row saw its own label.',
          },
          ...featureUses.map(use => ({
            check: 'own-or-future-event',
            feature: use.name,
            severity: 'ok' as const,
            measured: 0,
            message: '0 of 200 sampled rows differ from a recomputation.',
          })),
        ],
        seconds: 11.4,
      },
      metrics: metrics(rows, auc, 0.187, 0.005),
      evaluation,
      lineage: {
        incumbent,
        parent: version === 1 ? null : version - 1,
        retrain,
        definitionHash: hex(random),
        logPosition: 2_840_112 + version * 520_000,
        seed: 7,
      },
      artifact: {
        name: `late-v${version}.model`,
        bytes: 612_480 + version * 911,
        sha256: hex(random),
        onnxName: `late-v${version}.onnx`,
        onnxSha256: hex(random),
        onnxMaxDifference: 2.98e-7,
        onnxRows: 10_000,
      },
      trainingSeconds: 14.82 + version,
    };
  });
}
