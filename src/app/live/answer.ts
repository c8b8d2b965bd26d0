import {randomUUID} from 'node:crypto';
import {type AnswerOptions, MillraceError, type PredictAnswer, type Prediction} from '../../protocol/index.ts';
import type {Run, ServedPrediction} from '../../serving/index.ts';
import type {LiveModel} from './live-model.ts';
import {featureObject} from './recent-predictions.ts';

/** What answers requests of one model: the live model, or what stands for it in another process. */
export type Answering = Pick<LiveModel, 'definition' | 'parse' | 'predictAll' | 'freshness'> & {
  readonly service: Pick<LiveModel['service'], 'explain'>;
};

/** Explanations cost a hundred predictions each. */
const MAX_EXPLAINED = 100;

/**
 * Answers the instances of one request, all of them or none. `served` is for the shadows, when the answer has
 * gone out. Throws REQUEST_INVALID, NOT_READY.
 */
export function answerInstances(
  model: Answering,
  instances: readonly unknown[],
  options: AnswerOptions = {},
  run?: Run,
): {readonly answer: PredictAnswer; readonly served: readonly ServedPrediction[]} {
  if (options.explain && instances.length > MAX_EXPLAINED)
    throw new MillraceError('REQUEST_INVALID', `${instances.length} instances are to be explained.`, {
      fix: `Ask for explanations of at most ${MAX_EXPLAINED} at a time.`,
    });
  const requests = instances.map((instance, i) => ({
    request: model.parse(instance, `instances[${i}]`),
    id: idOf(instance, `instances[${i}]`) ?? randomUUID(),
  }));
  const served = model.predictAll(requests, run);
  const predictions = served.map(prediction => told(model, prediction, options));
  return {answer: {model: model.definition.name, predictions}, served};
}

/** A prediction as its asker is told of it: what is as usual is not said. On the path of every answer. */
function told(
  model: Answering,
  served: ServedPrediction,
  {features = true, explain, freshness}: AnswerOptions,
): Prediction {
  const {id, prediction, version, role, at, level, skipped, outside, abstained, request} = served;
  return {
    id,
    prediction: abstained ? null : prediction,
    version,
    role,
    at,
    level,
    ...(features && level !== 'precomputed' ? {features: featureObject(model.definition.features, served)} : undefined),
    ...(skipped.length > 0 ? {skipped} : undefined),
    ...(outside.length > 0 ? {outside} : undefined),
    ...(abstained ? {abstained: true, score: prediction} : undefined),
    ...(explain ? {explanation: model.service.explain(served)} : undefined),
    ...(freshness ? {freshness: model.freshness(request, at)} : undefined),
  };
}

/** The caller's own id makes the answer sticky and joins it with its label. Throws REQUEST_INVALID. */
export const idOf = (instance: unknown, path: string): string | undefined =>
  checkId((instance as {id?: unknown}).id, path);

/** The same of an id that was found. */
export function checkId(id: unknown, path: string): string | undefined {
  if (id === undefined) return undefined;
  if (typeof id === 'string' && id.length > 0 && id.length <= 200 && !/\p{Surrogate}/u.test(id)) return id;
  throw new MillraceError('REQUEST_INVALID', `${path}.id is ${JSON.stringify(id)?.slice(0, 80)}.`, {
    fix: 'Give a string of 1 to 200 characters, or leave it out.',
  });
}
