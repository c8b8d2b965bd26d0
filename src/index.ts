// The door of the package: everything a project file is written with, and what runs it from code.
export {type ModelDefinition, model} from './app/index.ts';
export {type RetrainPolicy, retrainPolicy} from './continual/index.ts';
export {
  atLeast,
  atMost,
  beats,
  calibratedWithin,
  type Gate,
  historicalRate,
  notWorseThan,
  randomScores,
  sliceBy,
  sliceNotWorse,
  zeroRule,
} from './evaluation/index.ts';
export {type Check, csv, events, inRange, jsonLines, matches, oneOf, parquet, type Source} from './events/index.ts';
export {type RolloutPolicy, rolloutPolicy} from './experiments/index.ts';
export {
  choose,
  coarse,
  derive,
  type Entity,
  entity,
  type FeatureSet,
  type FeatureView,
  featureSet,
  featureView,
  hopping,
  joined,
  lastRows,
  latest,
  lifetime,
  session,
  sliding,
  tumbling,
  use,
} from './features/index.ts';
export {eventLabel, type Label, valueLabel} from './labels/index.ts';
export {type MonitorPolicy, monitorPolicy} from './monitoring/index.ts';
export {MillraceError, t} from './protocol/index.ts';
export {gradientBoostedTrees, logisticRegression, type TrainerDefinition} from './training/index.ts';
