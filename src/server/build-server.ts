import Fastify, {type FastifyInstance} from 'fastify';
import type {Host} from '../app/index.ts';
import {MillraceError} from '../protocol/index.ts';
import {catalogueRoutes} from './catalogue-routes.ts';
import {consistencyRoutes} from './consistency-routes.ts';
import {consoleRoutes} from './console-routes.ts';
import {dataRoutes} from './data-routes.ts';
import {answerError} from './errors.ts';
import {eventRoutes} from './event-routes.ts';
import {featureReadRoutes} from './feature-read-routes.ts';
import {healthRoutes} from './health-routes.ts';
import {liveRoute} from './live-route.ts';
import {metricsRoute} from './metrics-route.ts';
import {predictionRoutes} from './prediction-routes.ts';
import {readRoutes} from './read-routes.ts';

/** Bodies larger than this are refused (bytes). */
const BODY_LIMIT = 4 * 1_024 * 1_024;
const REQUEST_TIMEOUT_MS = 30_000;

/** The HTTP server of a host, not listening yet. */
export async function buildServer(host: Host): Promise<FastifyInstance> {
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
      new MillraceError('ROUTE_NOT_FOUND', `There is nothing at ${request.method} ${request.url.slice(0, 200)}.`, {
        fix: 'See docs/rooms/server.md for the routes.',
      }),
      reply,
    ),
  );
  server.addHook('onSend', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff');
    reply.header('referrer-policy', 'no-referrer');
  });
  healthRoutes(server, host);
  metricsRoute(server, host);
  predictionRoutes(server, host);
  featureReadRoutes(server, host);
  eventRoutes(server, host);
  readRoutes(server, host);
  dataRoutes(server, host);
  consistencyRoutes(server, host);
  catalogueRoutes(server, host);
  liveRoute(server, host);
  await consoleRoutes(server);
  return server;
}
