export {categoryOf} from './encoder.ts';
export {LoadedVersion} from './loaded-version.ts';
export {PredictionService, type ServedPrediction, type ServiceOptions} from './prediction-service.ts';
export {parseRequest, type RequestFields} from './request.ts';
export type {InferAnswer, InferRequest, ModelRepository, RepositoryEntry, TensorModel} from './tensor-model.ts';
