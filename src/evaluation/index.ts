export {
  type BaselineDefinition,
  type BaselineRows,
  type FittedBaseline,
  fitBaseline,
  historicalRate,
  randomScores,
  zeroRule,
} from './baselines.ts';
export {type EvaluationInput, type EvaluationSplit, evaluate, type ScoredModel} from './evaluate.ts';
export {
  atLeast,
  atMost,
  beats,
  calibratedWithin,
  describeGate,
  type Gate,
  notWorseThan,
  type PairedMetric,
  type Rival,
  sliceNotWorse,
} from './gates.ts';
export {type Contender, judgeGate, type Trial} from './judge-gate.ts';
export {calibrationBins, METRIC_NAMES, type MetricName, metricsOf} from './metrics.ts';
export {type Improvement, pairedImprovement} from './paired-improvement.ts';
export {type LeakageColumns, type LeakageOptions, singleFeatureLeakage} from './single-feature-leakage.ts';
export {
  gatherSlice,
  groupRows,
  type SliceDefinition,
  type SliceGroups,
  sliceBy,
  sliceReports,
  worstSlice,
} from './slices.ts';
