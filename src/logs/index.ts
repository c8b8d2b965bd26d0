export type {PredictionKey} from './erase-predictions.ts';
export {
  type KnownSoFar,
  LabelJoiner,
  type LabelJoinerOptions,
  type LabelWindow,
  type MaturedRow,
  type Shadow,
} from './label-joiner.ts';
export {PredictionLog, type PredictionLogOptions, type PredictionWriter, type TimeRange} from './prediction-log.ts';
export {type History, rebuildJoiner} from './rebuild.ts';
export type {FeatureValues, ServedBatch, ServedRow, ShadowBatch, ShadowRow} from './rows.ts';
