// The door of the package: everything a project file is written with, and what runs it from code.
export {
  type ConsistencyPolicy,
  consistencyPolicy,
  type ImportedModelDefinition,
  importedModel,
  type ModelDefinition,
  model,
} from './app/index.ts';
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
export {
  type Check,
  csv,
  events,
  fresh,
  inRange,
  jsonLines,
  kafkaTopic,
  matches,
  nullShare,
  oneOf,
  parquet,
  postgresTable,
  type Source,
  timeNotBackwards,
  unique,
  volume,
} from './events/index.ts';
export {type RolloutPolicy, rolloutPolicy} from './experiments/index.ts';
export {
  bearing,
  caseOf,
  choose,
  coalesce,
  coarse,
  cyclic,
  derive,
  distance,
  type Entity,
  entity,
  type FeatureSet,
  type FeatureView,
  featureSet,
  featureView,
  hashedWords,
  hopping,
  joined,
  lastRows,
  latest,
  lifetime,
  localTime,
  session,
  sliding,
  tumbling,
  use,
} from './features/index.ts';
export {eventLabel, feedback, type Label, valueLabel} from './labels/index.ts';
export {type MonitorPolicy, monitorPolicy, type ServiceObjective, slo} from './monitoring/index.ts';
export {MillraceError, t} from './protocol/index.ts';
export {
  fixedValue,
  lastPrediction,
  rule,
  type ServingPolicy,
  servingPolicy,
  simpler,
} from './serving/index.ts';
export {gradientBoostedTrees, logisticRegression, type TrainerDefinition} from './training/index.ts';
