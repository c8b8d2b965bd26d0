/** MLflow's scoring protocol: `/invocations`, as clients of `mlflow models serve` ask it. */
import {isUtf8} from 'node:buffer';
import type {FastifyInstance, FastifyRequest} from 'fastify';
import type {ModelRepository, TensorModel} from '../../app/index.ts';
import {type ErrorCode, MillraceError, type Tensor, wallClock} from '../../protocol/index.ts';
import {errorText} from '../inference/error-text.ts';
import type {InferenceOptions} from '../inference/inference-routes.ts';
import {InferenceStatistics} from '../inference/inference-statistics.ts';
import {JsonBody} from '../inference/json-body.ts';
import {protocolScope} from '../inference/protocol-scope.ts';
import {BODY_LIMIT, rawBody} from '../inference/raw-bodies.ts';
import {isReady} from '../inference/repository-state.ts';
import {runInfer} from '../inference/run-infer.ts';
import {hangUpSignal, SignalledRequest} from '../inference/signalled-request.ts';
import {wasDegraded} from '../load-shedding.ts';
import {VERSION} from '../product.ts';
import {readCells} from './csv-cells.ts';
import {readCsv, readInvocation} from './invocation-data.ts';
import {invocationInputs} from './invocation-inputs.ts';
import {writePredictions} from './predictions.ts';

type Asked = {Params: {readonly model?: string}; Querystring: {readonly model?: unknown; readonly version?: unknown}};

/** POST /invocations and /models/:model/invocations, GET /ping and /version. */
export function mlflowRoutes(
  server: FastifyInstance,
  repository: () => ModelRepository,
  {statistics = new InferenceStatistics(wallClock), bodyLimit = BODY_LIMIT}: InferenceOptions = {},
): void {
  server.register(async scope => {
    protocolScope(scope, bodyLimit, error => ({
      error_code: CODE[error.code] ?? 'INTERNAL_ERROR',
      message: errorText(error),
    }));
    scope.get('/ping', async (_request, reply) => reply.code(isReady(repository()) ? 200 : 503).send('\n'));
    scope.get('/version', async (_request, reply) => reply.send(VERSION));
    for (const path of ['/invocations', '/models/:model/invocations'])
      scope.post<Asked>(path, async (request, reply) => {
        const model = modelOf(repository(), request);
        const asked = {inputs: inputsOf(request, model), overloaded: wasDegraded(request.raw)};
        const call = new SignalledRequest(asked, () => hangUpSignal(reply.raw));
        const {outputs} = await runInfer(model, call, statistics);
        return reply.type('application/json; charset=utf-8').send(writePredictions(outputs));
      });
  });
}

/** The model that is named in the path or the query, or the only one there is. */
function modelOf(repository: ModelRepository, {params, query}: FastifyRequest<Asked>): TensorModel {
  const version = textOf(query.version, 'version');
  const named = params.model ?? textOf(query.model, 'model');
  if (named !== undefined) return repository.model(named, version);
  const names = [...new Set(repository.index().map(({name}) => name))];
  if (names.length === 1) return repository.model(names[0]!, version);
  throw new MillraceError('REQUEST_INVALID', `There are ${names.length} models, and the request names none.`, {
    fix: `Ask /invocations?model=<name>, with one of ${names.slice(0, 20).join(', ')}.`,
  });
}

function textOf(given: unknown, name: string): string | undefined {
  if (given === undefined || typeof given === 'string') return given;
  throw new MillraceError('REQUEST_INVALID', `'${name}' is given more than once.`, {fix: 'Give it once.'});
}

function inputsOf(request: FastifyRequest<Asked>, {inputs}: TensorModel): Tensor[] {
  const bytes = rawBody(request);
  const type = request.headers['content-type'];
  if (type?.startsWith('text/csv')) {
    if (!isUtf8(bytes)) throw new MillraceError('REQUEST_INVALID', 'The CSV is not UTF-8.', {fix: 'Send it as UTF-8.'});
    return invocationInputs(readCells(readCsv(bytes.toString('utf8')), inputs), inputs);
  }
  if (type !== undefined && !type.includes('json'))
    throw new MillraceError('REQUEST_INVALID', `The body's type is '${type.slice(0, 60)}'.`, {
      fix: 'Send application/json or text/csv.',
    });
  const body = new JsonBody(bytes);
  return invocationInputs(readInvocation(body.value), inputs, () => readInvocation(body.exact()));
}

/** MLflow's names of our errors. */
const CODE: Partial<Record<ErrorCode, string>> = {
  REQUEST_INVALID: 'BAD_REQUEST',
  REQUEST_TOO_LARGE: 'BAD_REQUEST',
  MODEL_NOT_FOUND: 'RESOURCE_DOES_NOT_EXIST',
  VERSION_NOT_FOUND: 'RESOURCE_DOES_NOT_EXIST',
  QUEUE_FULL: 'REQUEST_LIMIT_EXCEEDED',
  RATE_LIMITED: 'REQUEST_LIMIT_EXCEEDED',
  UNAUTHENTICATED: 'UNAUTHENTICATED',
  FORBIDDEN: 'PERMISSION_DENIED',
  NOT_READY: 'TEMPORARILY_UNAVAILABLE',
  STORE_BUSY: 'TEMPORARILY_UNAVAILABLE',
  STORE_UNAVAILABLE: 'TEMPORARILY_UNAVAILABLE',
  DEADLINE_EXCEEDED: 'TEMPORARILY_UNAVAILABLE',
};
