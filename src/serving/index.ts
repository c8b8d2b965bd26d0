export {makeArm, type VersionParts} from './arm.ts';
export {
  type Chained,
  type ChainOptions,
  Declined,
  FallbackChain,
  type Level,
  type LevelStatus,
  type Run,
  type Skip,
  type SkipReason,
} from './chain/fallback-chain.ts';
export {categoryOf} from './encoder.ts';
export {InputRanges, type TrainedRanges} from './inputs/input-ranges.ts';
export {Inputs} from './inputs/inputs.ts';
export {LoadedVersion} from './loaded-version.ts';
export {RecentMap} from './memory/recent-map.ts';
export {describeServing} from './policy/describe-policy.ts';
export {
  type BreakerPolicy,
  type Fallback,
  fixedValue,
  type HybridPolicy,
  type LoadPolicy,
  lastPrediction,
  rule,
  type ServingPolicy,
  type ServingPolicyInput,
  type StickyPolicy,
  servingPolicy,
  simpler,
} from './policy/serving-policy.ts';
export {
  describeHybrid,
  type HybridFigures,
  HybridPredictions,
} from './precomputed/hybrid-predictions.ts';
export {
  dropPrecomputed,
  type PrecomputedEntry,
  type PrecomputedPrediction,
  PrecomputedPredictions,
  type TableRecord,
} from './precomputed/precomputed-predictions.ts';
export {requestText} from './precomputed/request-text.ts';
export type {Chosen, Precomputed, ServiceOptions} from './prediction-service.ts';
export {PredictionService} from './prediction-service.ts';
export {parseRequest, type RequestFields} from './request.ts';
export {fromModel, isEvidence, isObserved, readFeaturesNow, type ServedPrediction} from './served-prediction.ts';
export {StageTimes} from './stage-times.ts';
export type {InferAnswer, InferRequest, ModelRepository, RepositoryEntry, TensorModel} from './tensor-model.ts';
