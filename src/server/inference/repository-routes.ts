import type {FastifyInstance, FastifyRequest} from 'fastify';
import type {ModelRepository} from '../../app/index.ts';
import {MillraceError} from '../../protocol/index.ts';
import {whoAsks} from '../access/who-asks.ts';
import type {OfModel} from './inference-routes.ts';
import type {InferenceStatistics, ModelStatistics} from './inference-statistics.ts';
import {JsonBody} from './json-body.ts';
import {type JsonObject, objectOf, parametersOf} from './json-fields.ts';
import {rawBody} from './raw-bodies.ts';
import {indexOf, versionsOf} from './repository-state.ts';

/** Triton's model repository and statistics: index, load, unload, stats. */
export function repositoryRoutes(
  scope: FastifyInstance,
  repository: () => ModelRepository,
  statistics: InferenceStatistics,
): void {
  scope.post('/repository/index', async request => indexOf(repository(), bodyOf(request).ready === true));
  scope.post<OfModel>('/repository/models/:model/load', async (request, reply) => {
    refuseLoadParameters([...parametersOf(bodyOf(request).parameters, 'the request').keys()]);
    await repository().load(request.params.model, whoAsks(request));
    return reply.send();
  });
  scope.post<OfModel>('/repository/models/:model/unload', async (request, reply) => {
    bodyOf(request);
    await repository().unload(request.params.model, whoAsks(request));
    return reply.send();
  });
  for (const path of ['/models/stats', '/models/:model/stats', '/models/:model/versions/:version/stats'])
    scope.get<OfModel>(path, async ({params}) => ({
      model_stats: versionsOf(repository(), params.model, params.version).map(({name, version}) =>
        statisticsRecord(statistics.of(name, version)),
      ),
    }));
}

/** Throws REQUEST_INVALID for settings of a load: nobody may bring a model or its configuration along. */
export function refuseLoadParameters(names: readonly string[]): void {
  if (names.length > 0)
    throw new MillraceError('REQUEST_INVALID', `A load takes no parameters, and got '${names[0]!.slice(0, 60)}'.`, {
      fix: 'Load the model as it lies in the registry or the project, without parameters.',
    });
}

/** The JSON object of a request; an empty body is an empty one. */
function bodyOf(request: FastifyRequest): JsonObject {
  const bytes = rawBody(request);
  return bytes.length === 0 ? {} : objectOf(new JsonBody(bytes).value, 'The body');
}

/** Times that are not measured (queue, input, output) are left out. */
const statisticsRecord = ({name, version, lastInference, inferenceCount, success, fail}: ModelStatistics) => ({
  name,
  version,
  last_inference: lastInference,
  inference_count: inferenceCount,
  inference_stats: {success, fail},
});
