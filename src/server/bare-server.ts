// What every HTTP server of ours has before its routes: limits, errors as JSON, and headers that browsers heed.
import Fastify, {type FastifyInstance, type FastifyReply, type FastifyRequest} from 'fastify';
import {type Log, openLog} from '../app/index.ts';
import {MillraceError} from '../protocol/index.ts';
import type {Tls} from './access/tls.ts';
import {answerError, startErrorAnswer} from './errors.ts';
import {errorText} from './inference/error-text.ts';
import {takeJsonBodies} from './json-bodies.ts';
import {answerNoHttp} from './no-http.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Where failures are told. Fastify's own log stays off: it writes headers and addresses. */
    failures: Log;
  }
}

/** Bodies larger than this are refused (bytes). */
export const BODY_LIMIT = 4 * 1_024 * 1_024;
/** How long headers and whole requests may take to arrive, and how often that is looked at (milliseconds). */
const HEADERS_TIMEOUT_MS = 15_000;
const REQUEST_TIMEOUT_MS = 30_000;
const CHECK_EVERY_MS = 5_000;

/** A server without routes. `where`: what to tell whoever asks for something that is not there. `tls`: over https. `log`: where failures are told. */
export function bareServer(where: string, tls: Tls | null = null, log: Log = failuresOnly()): FastifyInstance {
  const patience = {
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionsCheckingInterval: CHECK_EVERY_MS,
  };
  const server = Fastify({
    // The types know https by another server; all that is used of it here is the same.
    ...((tls === null ? {http: patience} : {https: {...tls, ...patience}}) as object),
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    routerOptions: {maxParamLength: 200},
    clientErrorHandler: answerNoHttp,
    frameworkErrors: (error, request, reply) => answerNoPath(error, request, reply),
  });
  server.decorate('failures', log);
  takeJsonBodies(server);
  server.setErrorHandler((error, _request, reply) => answerError(error, reply));
  server.setNotFoundHandler((request, reply) =>
    answerError(
      new MillraceError('ROUTE_NOT_FOUND', `There is nothing at ${request.method} ${request.url.slice(0, 200)}.`, {
        fix: where,
      }),
      reply,
    ),
  );
  server.addHook('onSend', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff');
    reply.header('referrer-policy', 'no-referrer');
  });
  return server;
}

/** For servers that nobody gave a log. */
export const failuresOnly = (): Log => openLog({format: 'text', level: 'warn'});

/** A path that is none has no route, and so no scope that knows the shape of its protocol's errors. */
function answerNoPath(error: unknown, {url}: FastifyRequest, reply: FastifyReply): void {
  if (url.startsWith('/v2/')) reply.send({error: errorText(startErrorAnswer(error, reply))});
  else answerError(error, reply);
}
