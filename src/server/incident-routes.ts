import type {FastifyInstance, FastifyRequest} from 'fastify';
import {findModel, type Host, type IncidentDesk, type IncidentQuery, openDesk} from '../app/index.ts';
import {
  type AlertPrecision,
  type AuditAction,
  type Delivery,
  type Incident,
  type IncidentDetail,
  MillraceError,
} from '../protocol/index.ts';
import {whoAsks} from './access/who-asks.ts';

type Of = {readonly Params: {readonly id: string}; readonly Body: unknown};
type Query = Readonly<Record<string, string | undefined>>;

/** Incidents, the messages about them, and how good they were; acknowledging and judging them. */
export function incidentRoutes(server: FastifyInstance, host: Host): void {
  const stored = openDesk(host.runtime);
  const reading = (): IncidentDesk => host.platform?.incidents ?? stored;
  const {audit, clock, project} = host.runtime;

  server.get<{Querystring: Query}>('/api/incidents', ({query}): Promise<Incident[]> => {
    const {model} = query;
    if (model !== undefined) findModel(project, model);
    const state = oneOf('state', query.state, ['open', 'resolved'] as const);
    const asked: IncidentQuery = {limit: limitOf(query), ...(state ? {state} : {}), ...(model ? {model} : {})};
    return reading().list(asked);
  });
  server.get<Of>('/api/incidents/:id', ({params}): Promise<IncidentDetail> => reading().get(params.id));
  server.get('/api/alert-precision', (): Promise<readonly AlertPrecision[]> => reading().precision());
  server.get<{Querystring: Query}>('/api/deliveries', ({query}): Promise<Delivery[]> => {
    const state = oneOf('state', query.state, ['waiting', 'delivered', 'failed'] as const);
    return reading().deliveries({limit: limitOf(query), ...(state ? {state} : {})});
  });

  const change = async <T>(request: FastifyRequest, action: AuditAction, what: string, make: () => Promise<T>) => {
    const made = await audit.during({who: whoAsks(request), action, what: what.slice(0, 100)}, make);
    host.touch();
    return made;
  };
  server.post<Of>('/api/incidents/:id/acknowledge', request => {
    const {by} = fieldsOf(request.body, ['by']);
    const {id} = request.params;
    const desk = host.live().incidents;
    const name = nameOf(by, request);
    return change(request, 'incident.acknowledge', id, () => desk.acknowledge(id, name, clock.now()));
  });
  server.post<Of>('/api/incidents/:id/feedback', request => {
    const {verdict, by} = fieldsOf(request.body, ['verdict', 'by']);
    if (verdict !== 'useful' && verdict !== 'noise') throw wrong('verdict', verdict, 'useful or noise');
    const {id} = request.params;
    const desk = host.live().incidents;
    const name = nameOf(by, request);
    return change(request, 'incident.judge', `${id} ${verdict}`, () => desk.judge(id, verdict, name, clock.now()));
  });
  server.get('/api/channels', () => reading().notifications.channels.map(({name, kind}) => ({name, kind})));
  server.post<{Params: {name: string}; Body: unknown}>('/api/channels/:name/test', request => {
    fieldsOf(request.body, []);
    const {name} = request.params;
    const desk = host.live().incidents;
    return change(request, 'channel.test', name, () => desk.testChannel(name));
  });
}

function nameOf(by: unknown, request: FastifyRequest): string {
  if (by === undefined) return whoAsks(request);
  if (typeof by === 'string' && by.trim() !== '' && by.length <= 100) return by;
  throw wrong('by', by, 'a name of at most 100 characters');
}

/** The body keeps pages of other origins out: they may send a form, but no JSON. */
function fieldsOf(body: unknown, known: readonly string[]): Readonly<Record<string, unknown>> {
  if (body === null || typeof body !== 'object' || Array.isArray(body)) throw wrong('body', body, 'a JSON object');
  const stranger = Object.keys(body).find(field => !known.includes(field));
  if (stranger !== undefined) throw wrong(stranger.slice(0, 40), 'given', `nothing but ${known.join(', ') || '{}'}`);
  return body as Readonly<Record<string, unknown>>;
}

function oneOf<T extends string>(name: string, given: string | undefined, allowed: readonly T[]): T | undefined {
  if (given === undefined || given === '') return undefined;
  const found = allowed.find(one => one === given);
  if (found === undefined) throw wrong(name, given, allowed.join(' or '));
  return found;
}

function limitOf({limit}: Query): number {
  if (limit === undefined || limit === '') return 200;
  const most = Number(limit);
  if (Number.isSafeInteger(most) && most >= 0) return Math.min(most, 1_000);
  throw wrong('limit', limit, 'a whole number, 0 or more');
}

function wrong(name: string, given: unknown, expected: string): MillraceError {
  const shown = given === undefined ? 'missing' : JSON.stringify(given).slice(0, 80);
  return new MillraceError('REQUEST_INVALID', `'${name}' is ${shown}.`, {fix: `Give ${expected}.`});
}
