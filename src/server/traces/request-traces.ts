/** Which trace a request belongs to, while it is answered by the router. */
import type {IncomingMessage} from 'node:http';
import type {FastifyInstance} from 'fastify';
import type {RequestTrace, Run, ServedPrediction, Tracing} from '../../app/index.ts';

const traces = new WeakMap<IncomingMessage, RequestTrace>();

/** Machines ask for these all the time, and the console for its files. */
const UNTRACED = /^\/((v2\/)?health(\/|$)|metrics$|api\/live$|ping$|\*$|$)/;

export const traceOf = (request: IncomingMessage): RequestTrace | null => traces.get(request) ?? null;

/** What a run is to be told, so that its steps are seen in the trace. */
export const stagesOf = (trace: RequestTrace | null): Pick<Run, 'stages'> | undefined =>
  trace?.stages ? {stages: trace.stages} : undefined;

/** Begins a trace for every request of a server. Whoever answers ends it. */
export function traceRequests(server: FastifyInstance, tracing: Tracing): void {
  server.addHook('onRequest', async (request, reply) => {
    const route = request.routeOptions.url;
    if (route === undefined || UNTRACED.test(route)) return;
    const arrivedAt = performance.now() - reply.elapsedTime;
    traces.set(request.raw, tracing.begin(request.method, route, request.headers, arrivedAt));
  });
}

/** Says in the trace who answered; of several predictions, the first. */
export function nameAnswer(trace: RequestTrace | null, model: string, served: readonly ServedPrediction[]): void {
  if (trace === null || trace.stages === null) return;
  const first = served[0];
  trace.note({
    'millrace.model': model,
    ...(first === undefined ? {} : {'millrace.version': first.version, 'millrace.level': first.level}),
  });
}
