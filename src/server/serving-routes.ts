import type {FastifyInstance} from 'fastify';
import {type Host, servingStatus} from '../app/index.ts';
import {MillraceError, type ReleasePlan, type Retrain, type Review} from '../protocol/index.ts';
import {whoAsks} from './access/who-asks.ts';
import {liveModel} from './prediction-routes.ts';

type Model = {Params: {model: string}; Body: unknown};
type Fields = Readonly<Record<string, unknown>>;

/** How models answer, what waits for people, and what changes production. */
export function servingRoutes(server: FastifyInstance, host: Host): void {
  server.get('/api/serving', () => servingStatus(host));
  server.get<{Params: {model: string}; Querystring: {state?: string; limit?: string}}>(
    '/api/models/:model/reviews',
    async ({params, query}): Promise<Review[]> => {
      const {state, limit} = query;
      if (state !== undefined && state !== 'open' && state !== 'decided')
        throw wrong('state', state, 'open or decided');
      const most = limit === undefined ? 100 : Number(limit);
      if (!(Number.isSafeInteger(most) && most >= 0)) throw wrong('limit', limit, 'a whole number, 0 or more');
      const {reviews} = liveModel(host, params.model);
      return reviews.list({...(state ? {state} : {}), limit: Math.min(most, 1_000)});
    },
  );
  server.post<Model>('/api/models/:model/reviews', async ({params, body}): Promise<Review> => {
    const {id, decision, by} = fieldsOf(body, ['id', 'decision', 'by']);
    if (typeof id !== 'string') throw wrong('id', id, 'the id of the prediction');
    if (decision !== 0 && decision !== 1) throw wrong('decision', decision, '0 or 1');
    if (by !== undefined && typeof by !== 'string') throw wrong('by', by, 'a name');
    return host.live().decide(params.model, id, decision, by ?? 'somebody');
  });
  server.post<Model>('/api/models/:model/deploy', async (request): Promise<ReleasePlan> => {
    const {version, reason} = fieldsOf(request.body, ['version', 'reason']);
    if (version !== undefined && !Number.isSafeInteger(version)) throw wrong('version', version, 'a whole number');
    const plan = await host
      .live()
      .deploy(request.params.model, version as number | undefined, reasonOf(reason), whoAsks(request));
    host.touch();
    return plan;
  });
  server.post<Model>('/api/models/:model/retrain', async (request, reply): Promise<Retrain> => {
    const {reason} = fieldsOf(request.body, ['reason']);
    const retrain = await host.live().retrain(request.params.model, reasonOf(reason), whoAsks(request));
    host.touch();
    return reply.code(202).send(retrain);
  });
}

function fieldsOf(body: unknown, known: readonly string[]): Fields {
  if (body === null || typeof body !== 'object' || Array.isArray(body)) throw wrong('body', body, 'an object');
  const stranger = Object.keys(body).find(field => !known.includes(field));
  if (stranger !== undefined)
    throw new MillraceError('REQUEST_INVALID', `'${stranger.slice(0, 80)}' is no field of this request.`, {
      fix: `Known are ${known.join(', ')}.`,
    });
  return body as Fields;
}

function reasonOf(reason: unknown): string {
  if (reason === undefined) return 'By hand, over HTTP.';
  if (typeof reason === 'string' && reason.length <= 500) return reason;
  throw wrong('reason', reason, 'a text of at most 500 characters');
}

const wrong = (name: string, given: unknown, expected: string): MillraceError =>
  new MillraceError(
    'REQUEST_INVALID',
    `'${name}' is ${given === undefined ? 'missing' : JSON.stringify(given).slice(0, 80)}.`,
    {
      fix: `Give ${expected}.`,
    },
  );
