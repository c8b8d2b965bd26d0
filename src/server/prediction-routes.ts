import type {FastifyInstance} from 'fastify';
import {answerInstances, type Host, type LiveModel} from '../app/index.ts';
import {MillraceError, type PredictAnswer} from '../protocol/index.ts';

/** Instances of one request. */
const MAX_INSTANCES = 1_000;

/** The live model of this name. Throws NOT_READY before the platform is open, MODEL_NOT_FOUND. */
export function liveModel(host: Host, name: string): LiveModel {
  return host.live().model(name);
}

/** POST /v1/models/:model/predict: fetch features, predict, log. */
export function predictionRoutes(server: FastifyInstance, host: Host): void {
  server.post<{Params: {model: string}; Body: unknown}>(
    '/v1/models/:model/predict',
    async (request, reply): Promise<PredictAnswer> => {
      const model = liveModel(host, request.params.model);
      const {answer, served} = answerInstances(model, instancesOf(request.body));
      reply.raw.once('finish', () => {
        for (const prediction of served) model.shadow(prediction);
      });
      return answer;
    },
  );
}

function instancesOf(body: unknown): readonly unknown[] {
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
