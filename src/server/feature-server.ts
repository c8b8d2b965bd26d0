import Fastify, {type FastifyInstance} from 'fastify';
import type {FeatureReplica} from '../app/index.ts';
import {MillraceError} from '../protocol/index.ts';
import {answerError} from './errors.ts';

const BODY_LIMIT = 4 * 1_024 * 1_024;
const REQUEST_TIMEOUT_MS = 30_000;

/** The HTTP server of a replica: POST /v1/features/:set/read and /health/live, nothing else. Not listening yet. */
export function buildFeatureServer(replica: FeatureReplica): FastifyInstance {
  const server = Fastify({
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    routerOptions: {maxParamLength: 200},
    frameworkErrors: (error, _request, reply) => answerError(error, reply),
  });
  server.setErrorHandler((error, _request, reply) => answerError(error, reply));
  server.setNotFoundHandler((request, reply) =>
    answerError(
      new MillraceError('ROUTE_NOT_FOUND', `A replica has nothing at ${request.method} ${request.url.slice(0, 200)}.`, {
        fix: `POST to /v1/features/<set>/read; sets are ${replica.sets.map(s => s.name).join(', ')}.`,
      }),
      reply,
    ),
  );
  server.get('/health/live', async () => ({status: 'ok'}));
  server.post<{Params: {set: string}; Body: unknown}>('/v1/features/:set/read', async (request, reply) => {
    const rows = await replica.read(request.params.set, request.body);
    return reply.type('application/json; charset=utf-8').send(JSON.stringify(rows));
  });
  return server;
}
