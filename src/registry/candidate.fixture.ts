/** A small but complete candidate for tests. */
import type {Metrics} from '../protocol/index.ts';
import type {Candidate} from './model-registry.ts';

const metrics = (auc: number): Metrics => ({
  rows: 1_200,
  positives: 240,
  baseRate: 0.2,
  meanPrediction: 0.21,
  auc,
  aucLow: auc - 0.02,
  aucHigh: auc + 0.02,
  logLoss: 0.46123,
  prAuc: 0.41,
  brier: 0.15,
  ece: 0.012,
});

export function candidate(changes: Partial<Candidate> = {}): Candidate {
  const from = Date.UTC(2001, 0, 1);
  const to = Date.UTC(2001, 3, 1);
  return {
    model: 'late',
    createdAt: to,
    algorithm: 'gradient-boosted trees',
    parameters: {trees: 100, depth: 6, learningRate: 0.1, loss: 'logLoss'},
    features: [
      {name: 'hour', kind: 'numeric', importance: 0.3},
      {name: 'origin_late_2h', kind: 'numeric', importance: 0.6},
      {name: 'origin', kind: 'categorical', importance: 0.1},
    ],
    dataset: {
      id: 'late-20010401',
      model: 'late',
      createdAt: to,
      asOf: to,
      from,
      to,
      rows: 12_000,
      positives: 2_400,
      pending: 31,
      unknown: 4,
      features: ['hour', 'origin_late_2h', 'origin'],
      hash: 'd4735e3a265e16ee',
      leakage: [
        {check: 'single feature', feature: null, severity: 'ok', measured: 0.66, message: 'No AUC above 0.95.'},
      ],
      seconds: 1.5,
    },
    metrics: metrics(0.74),
    evaluation: {
      splits: [{name: 'test', from, to, rows: 1_200, positives: 240}],
      gapMs: 43_200_000,
      candidates: [
        {
          name: 'gradient-boosted trees',
          kind: 'model',
          metrics: metrics(0.74),
          calibration: [],
          slices: [{feature: 'origin', value: 'A|B', metrics: metrics(0.7)}],
        },
        {
          name: 'zero rule',
          kind: 'baseline',
          metrics: {...metrics(0.5), auc: null, aucLow: null, aucHigh: null},
          calibration: [],
          slices: [],
        },
      ],
      chosen: 'gradient-boosted trees',
      gates: [{gate: 'auc', passed: true, measured: 0.74, required: 0.7, message: 'AUC 0.74 is at least 0.70.'}],
      passed: true,
    },
    lineage: {
      incumbent: null,
      parent: null,
      retrain: null,
      definitionHash: '9f86d081884c7d65',
      logPosition: 123_456,
      seed: 7,
    },
    trainingSeconds: 4.25,
    bytes: Uint8Array.of(1, 2, 3, 4),
    onnx: null,
    ...changes,
  };
}
