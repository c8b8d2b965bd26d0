import {randomUUID} from 'node:crypto';
import type {FastifyInstance} from 'fastify';
import {featureObject, type Host, type LiveModel} from '../app/index.ts';
import {MillraceError, type PredictAnswer} from '../protocol/index.ts';

/** Instances of one request. */
const MAX_INSTANCES = 1_000;

/** The live model of this name. Throws NOT_READY before the platform is open, MODEL_NOT_FOUND. */
export function liveModel(host: Host, name: string): LiveModel {
  if (!host.platform)
    throw new MillraceError('NOT_READY', 'The platform is not open yet.', {
      fix: 'Try again shortly; /health/ready tells when.',
    });
  return host.platform.model(name);
}

/** POST /v1/models/:model/predict: fetch features, predict, log. */
export function predictionRoutes(server: FastifyInstance, host: Host): void {
  server.post<{Params: {model: string}; Body: unknown}>(
    '/v1/models/:model/predict',
    async (request, reply): Promise<PredictAnswer> => {
      const model = liveModel(host, request.params.model);
      const instances = instancesOf(request.body);
      const parsed = instances.map((instance, i) => ({
        request: model.parse(instance, `instances[${i}]`),
        id: idOf(instance, i),
      }));
      const served = model.predictAll(parsed);
      reply.raw.once('finish', () => {
        for (const prediction of served) model.shadow(prediction);
      });
      return {
        model: request.params.model,
        predictions: served.map(prediction => ({
          id: prediction.id,
          prediction: prediction.prediction,
          version: prediction.version,
          role: prediction.role,
          at: prediction.at,
          features: featureObject(model.definition.features, prediction),
        })),
      };
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

/** The caller's own id makes the answer sticky and joins it with its label; without one it gets a random id. */
function idOf(instance: unknown, index: number): string {
  const {id} = instance as {id?: unknown};
  if (id === undefined) return randomUUID();
  if (typeof id === 'string' && id.length > 0 && id.length <= 200 && !/\p{Surrogate}/u.test(id)) return id;
  throw new MillraceError('REQUEST_INVALID', `instances[${index}].id is ${JSON.stringify(id)?.slice(0, 80)}.`, {
    fix: 'Give a string of 1 to 200 characters, or leave it out.',
  });
}
