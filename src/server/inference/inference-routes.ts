/** The Open Inference Protocol (v2) over HTTP, with binary tensors and Triton's model repository. */
import type {FastifyInstance, FastifyRequest} from 'fastify';
import type {ModelRepository} from '../../app/index.ts';
import {MillraceError, wallClock} from '../../protocol/index.ts';
import {wasDegraded} from '../load-shedding.ts';
import {errorText} from './error-text.ts';
import {writeInferAnswer} from './infer-answer.ts';
import {readHeaderLength, readInferBody} from './infer-body.ts';
import {InferenceStatistics} from './inference-statistics.ts';
import {modelConfig, modelMetadata, SERVER_METADATA} from './model-metadata.ts';
import {protocolScope} from './protocol-scope.ts';
import {BODY_LIMIT, rawBody} from './raw-bodies.ts';
import {repositoryRoutes} from './repository-routes.ts';
import {isReady} from './repository-state.ts';
import {runInfer} from './run-infer.ts';
import {hangUpSignal, SignalledRequest} from './signalled-request.ts';

export type InferenceOptions = {
  /** Shared with gRPC, so that either tells of both. */
  readonly statistics?: InferenceStatistics;
  /** Bodies larger than this are refused, packed or not (bytes). */
  readonly bodyLimit?: number;
};

export type OfModel = {Params: {readonly model: string; readonly version?: string}};

/** `/v2/…`. `repository` may throw NOT_READY until there is one. */
export function inferenceRoutes(
  server: FastifyInstance,
  repository: () => ModelRepository,
  {statistics = new InferenceStatistics(wallClock), bodyLimit = BODY_LIMIT}: InferenceOptions = {},
): void {
  server.register(
    async scope => {
      const answerError = protocolScope(scope, bodyLimit, error => ({error: errorText(error)}));
      scope.setNotFoundHandler(({method, url}, reply) => answerError(nothingThere(method, url), reply));
      scope.get('/', async () => SERVER_METADATA);
      scope.get('/health/live', async () => ({live: true}));
      scope.get('/health/ready', async (_request, reply) => {
        const ready = isReady(repository());
        return reply.code(ready ? 200 : 503).send({ready});
      });
      repositoryRoutes(scope, repository, statistics);
      for (const path of ['/models/:model', '/models/:model/versions/:version']) {
        const modelOf = ({params}: FastifyRequest<OfModel>) => repository().model(params.model, params.version);
        scope.get<OfModel>(path, async request =>
          modelMetadata(modelOf(request), repository().versions(request.params.model)),
        );
        scope.get<OfModel>(`${path}/ready`, async request => ({name: modelOf(request).name, ready: true}));
        scope.get<OfModel>(`${path}/config`, async request => modelConfig(modelOf(request)));
        scope.post<OfModel>(`${path}/infer`, async (request, reply) => {
          const model = modelOf(request);
          const headerBytes = readHeaderLength(request.headers['inference-header-content-length']);
          const body = readInferBody(rawBody(request), headerBytes);
          const asked = {...body, overloaded: wasDegraded(request.raw)};
          const answer = await runInfer(model, new SignalledRequest(asked, () => hangUpSignal(reply.raw)), statistics);
          const written = writeInferAnswer(model, body, answer);
          if (written.headerBytes === undefined) return reply.type(JSON_TYPE).send(written.body);
          return reply
            .header('inference-header-content-length', String(written.headerBytes))
            .type('application/octet-stream')
            .send(written.body);
        });
      }
    },
    {prefix: '/v2'},
  );
}

const JSON_TYPE = 'application/json; charset=utf-8';

const nothingThere = (method: string, url: string): MillraceError =>
  new MillraceError('ROUTE_NOT_FOUND', `There is nothing at ${method} ${url.slice(0, 200)}.`, {
    fix: 'docs/open-inference.md lists what is offered of the protocol and its extensions.',
  });
