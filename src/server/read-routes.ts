import type {FastifyInstance} from 'fastify';
import {type Host, modelDetail, monitoredWindows, overview, runSummary} from '../app/index.ts';
import {MillraceError} from '../protocol/index.ts';
import {liveModel} from './prediction-routes.ts';

type Query = Readonly<Record<string, string | undefined>>;

function numberOf(query: Query, name: string): number | undefined {
  const text = query[name];
  if (text === undefined || text === '') return undefined;
  const value = Number(text);
  if (Number.isFinite(value)) return value;
  throw new MillraceError('REQUEST_INVALID', `'${name}' is '${text.slice(0, 40)}'.`, {fix: 'Give a number.'});
}

function limitOf(query: Query): number {
  const limit = numberOf(query, 'limit') ?? 50;
  if (Number.isInteger(limit) && limit >= 0) return Math.min(200, limit);
  throw new MillraceError('REQUEST_INVALID', `'limit' is ${limit}.`, {fix: 'Give a whole number, 0 or more.'});
}

/** Everything that the console reads. */
export function readRoutes(server: FastifyInstance, host: Host): void {
  const {runtime} = host;
  const {project, registry, monitoring, retrains} = runtime;
  server.get('/api/overview', () => overview(host));
  server.get('/api/summary', () => runSummary(host));
  server.get('/api/alerts', () => monitoring.alerts());
  server.get('/api/slos', () => (host.platform?.models ?? []).flatMap(m => m.slos.statuses(runtime.clock.now())));
  server.get('/api/retrains', () => retrains.list());
  server.get('/api/models', async () => (await Promise.all(project.models.map(m => registry.versions(m.name)))).flat());
  server.get<{Params: {model: string}}>('/api/models/:model', ({params}) => modelDetail(host, params.model));
  server.get<{Params: {model: string; version: string}}>('/api/models/:model/versions/:version', ({params}) =>
    registry.version(params.model, numberOf(params, 'version') ?? 0),
  );
  server.get<{Params: {model: string}; Querystring: Query}>('/api/models/:model/windows', async ({params, query}) => {
    const [from, to] = [numberOf(query, 'from'), numberOf(query, 'to')];
    return monitoredWindows(host, params.model, {
      ...(from === undefined ? {} : {from}),
      ...(to === undefined ? {} : {to}),
    });
  });
  server.get<{Params: {model: string}; Querystring: Query}>(
    '/api/models/:model/distributions',
    async ({params, query}) => {
      if (query.window !== undefined) {
        const found = query.window.startsWith(`${params.model}@`) && (await monitoring.histograms(query.window));
        if (found) return found;
        throw new MillraceError(
          'RECORD_NOT_FOUND',
          `'${params.model.slice(0, 60)}' has no window '${query.window.slice(0, 100)}'.`,
          {
            fix: `GET /api/models/${params.model.slice(0, 60)}/windows lists them.`,
          },
        );
      }
      return host.platform ? liveModel(host, params.model).watch.distributions() : [];
    },
  );
  server.get<{Params: {model: string}; Querystring: Query}>(
    '/api/models/:model/predictions',
    async ({params, query}) => (host.platform ? liveModel(host, params.model).recent.newest(limitOf(query)) : []),
  );
}
