import type {FastifyInstance} from 'fastify';
import {type Host, QuarantineCounts, quarantinePage, replayWaiting, streamDetails} from '../app/index.ts';
import {MillraceError} from '../protocol/index.ts';
import {whoAsks} from './access/who-asks.ts';

type OfStream = {readonly Params: {readonly stream: string}};

const MAX_ROWS = 200;

/** Streams with their checks, quarantine and partitions; replaying what was refused. */
export function dataRoutes(server: FastifyInstance, host: Host): void {
  const {runtime} = host;
  const counts = new QuarantineCounts(runtime.quarantine);
  server.get('/api/streams', async () => streamDetails(runtime, await counts.read(), host.followers?.states()));
  server.get<OfStream & {Querystring: {readonly limit?: unknown}}>(
    '/api/streams/:stream/quarantine',
    async ({params, query}) => quarantinePage(runtime, params.stream, limitOf(query.limit), await counts.read()),
  );
  // The body keeps pages of other origins out: they may send a form, but no JSON.
  server.post<OfStream & {Body: unknown}>('/api/streams/:stream/quarantine/replay', async request => {
    const {params, body} = request;
    if (typeof body !== 'object' || body === null)
      throw new MillraceError('REQUEST_INVALID', 'A replay is asked for with a JSON object.', {
        fix: 'Send {} with content-type: application/json.',
      });
    try {
      return await replayWaiting(runtime, params.stream, host.live(), whoAsks(request));
    } finally {
      counts.recount();
      host.touch();
    }
  });
}

function limitOf(given: unknown): number {
  if (given === undefined || given === '') return 50;
  const limit = Number(given);
  if (Number.isInteger(limit) && limit >= 0) return Math.min(MAX_ROWS, limit);
  throw new MillraceError('REQUEST_INVALID', `'limit' is '${String(given).slice(0, 40)}'.`, {
    fix: `Give a whole number from 0 to ${MAX_ROWS}.`,
  });
}
