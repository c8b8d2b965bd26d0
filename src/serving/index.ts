export {categoryOf} from './encoder.ts';
export {LoadedVersion} from './loaded-version.ts';
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
export {PredictionService, type ServedPrediction, type ServiceOptions} from './prediction-service.ts';
export {parseRequest, type RequestFields} from './request.ts';
export type {InferAnswer, InferRequest, ModelRepository, RepositoryEntry, TensorModel} from './tensor-model.ts';
