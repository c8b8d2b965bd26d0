import type {IncomingMessage} from 'node:http';
import type {FastifyInstance} from 'fastify';
import type {RequestTimes} from '../request-times.ts';
import {traceOf} from '../traces/request-traces.ts';
import type {AccessLog} from './access-log.ts';

export type Noted = Pick<RequestTimes, 'note'> & {
  /** Requests that somebody else answers in the end, and counts. */
  readonly skips?: (request: IncomingMessage) => boolean;
};

/** Counts, logs and ends the traces of what the router has answered. */
export function noteRequests(server: FastifyInstance, access: AccessLog, times: Noted): void {
  server.addHook('onResponse', async (request, reply) => {
    const {method, headers, routeOptions, params, raw} = request;
    const {statusCode: status, elapsedTime} = reply;
    const trace = traceOf(raw);
    trace?.end(status);
    if (times.skips?.(raw)) return;
    const route = routeOptions.url ?? 'none';
    const seconds = elapsedTime / 1_000;
    times.note(method, route, status, seconds);
    const {model} = (params ?? {}) as {model?: string};
    access.note({method, route, status, seconds, headers, model, trace});
  });
}
