import {randomUUID} from 'node:crypto';
import {MillraceError, type PredictAnswer} from '../../protocol/index.ts';
import type {ServedPrediction} from '../../serving/index.ts';
import type {LiveModel} from './live-model.ts';
import {featureObject} from './recent-predictions.ts';

/**
 * Answers the instances of one request, all of them or none. `served` is for the shadows, when the answer has
 * gone out. Throws REQUEST_INVALID, NOT_READY.
 */
export function answerInstances(
  model: LiveModel,
  instances: readonly unknown[],
): {readonly answer: PredictAnswer; readonly served: readonly ServedPrediction[]} {
  const {name, features} = model.definition;
  const requests = instances.map((instance, i) => ({
    request: model.parse(instance, `instances[${i}]`),
    id: idOf(instance, i),
  }));
  const served = model.predictAll(requests);
  const predictions = served.map(prediction => ({
    id: prediction.id,
    prediction: prediction.prediction,
    version: prediction.version,
    role: prediction.role,
    at: prediction.at,
    features: featureObject(features, prediction),
  }));
  return {answer: {model: name, predictions}, served};
}

/** The caller's own id makes the answer sticky and joins it with its label; without one it gets a random id. */
function idOf(instance: unknown, index: number): string {
  const {id} = instance as {id?: unknown};
  if (id === undefined) return randomUUID();
  if (typeof id === 'string' && id.length > 0 && id.length <= 200 && !/\p{Surrogate}/u.test(id)) return id;
  throw new MillraceError('REQUEST_INVALID', `instances[${index}].id is ${JSON.stringify(id)?.slice(0, 80)}.`, {
    fix: 'Give a string of 1 to 200 characters, or leave it out.',
  });
}
