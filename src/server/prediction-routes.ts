import type {FastifyInstance, FastifyReply, FastifyRequest} from 'fastify';
import {
  answerInstances,
  type Host,
  type LiveModel,
  predictInstances,
  type Run,
  rankCandidates,
  type ServedPrediction,
  takeFeedback,
} from '../app/index.ts';
import {
  type AnswerOptions,
  MillraceError,
  type PredictAnswer,
  type PushAnswer,
  type RankAnswer,
} from '../protocol/index.ts';
import {wasDegraded} from './load-shedding.ts';
import {nameAnswer, stagesOf, traceOf} from './traces/request-traces.ts';

/** Instances of one request. */
const MAX_INSTANCES = 1_000;
const OPTIONS = ['features', 'explain', 'freshness'] as const;

type Model = {Params: {model: string}; Body: unknown};

/** The live model of this name. Throws NOT_READY before the platform is open, MODEL_NOT_FOUND. */
export function liveModel(host: Host, name: string): LiveModel {
  return host.live().model(name);
}

/** What is asked of a model while somebody waits: predictions, rankings, and what came back about them. */
export function predictionRoutes(server: FastifyInstance, host: Host): void {
  server.post<Model>('/v1/models/:model/predict', async (request, reply): Promise<PredictAnswer> => {
    const {imported} = host;
    if (imported && host.isImported(request.params.model)) {
      const at = host.runtime.clock.now();
      return predictInstances(imported, request.params.model, request.body, {at});
    }
    const model = liveModel(host, request.params.model);
    const {answer, served} = answerInstances(
      model,
      instancesOf(request.body),
      optionsOf(request.body),
      runOf(request, reply),
    );
    nameAnswer(traceOf(request.raw), request.params.model, served);
    shadowLater(model, served, reply);
    return answer;
  });
  server.post<Model>('/v1/models/:model/rank', async (request, reply): Promise<RankAnswer> => {
    const model = liveModel(host, request.params.model);
    const {answer, served} = rankCandidates(model, request.body, runOf(request, reply));
    nameAnswer(traceOf(request.raw), request.params.model, served);
    shadowLater(model, served, reply);
    return answer;
  });
  server.post<Model>(
    '/v1/models/:model/feedback',
    ({params, body}): Promise<PushAnswer> => takeFeedback(host.live(), params.model, body),
  );
}

/** Versions that did not answer score the request when the answer has gone out. */
function shadowLater(model: LiveModel, served: readonly ServedPrediction[], reply: FastifyReply): void {
  reply.raw.once('finish', () => {
    for (const prediction of served) model.shadow(prediction);
  });
}

export const runOf = (request: FastifyRequest, reply: FastifyReply): Run => ({
  arrivedAt: performance.now() - reply.elapsedTime,
  overloaded: wasDegraded(request.raw),
  ...stagesOf(traceOf(request.raw)),
});

/** Throws REQUEST_INVALID. */
export function optionsOf(body: unknown): AnswerOptions {
  const given = body as Record<string, unknown>;
  for (const option of OPTIONS)
    if (given[option] !== undefined && typeof given[option] !== 'boolean')
      throw new MillraceError('REQUEST_INVALID', `'${option}' is ${JSON.stringify(given[option])?.slice(0, 40)}.`, {
        fix: 'Give true or false, or leave it out.',
      });
  return given as AnswerOptions;
}

/** Throws REQUEST_INVALID. */
export function instancesOf(body: unknown): readonly unknown[] {
  const instances = (body as {instances?: unknown} | null)?.instances;
  if (!Array.isArray(instances))
    throw new MillraceError('REQUEST_INVALID', "The body has no list 'instances'.", {
      fix: 'Send {"instances": [{…}]} with the entity keys and request fields of each prediction.',
    });
  if (instances.length === 0 || instances.length > MAX_INSTANCES)
    throw new MillraceError('REQUEST_INVALID', `'instances' holds ${instances.length}.`, {
      fix: `Send 1 to ${MAX_INSTANCES} at a time.`,
    });
  return instances;
}
