import type {FastifyInstance} from 'fastify';
import type {FeatureReplica} from '../app/index.ts';
import {bareServer} from './bare-server.ts';

/** The HTTP server of a replica: POST /v1/features/:set/read and /health/live, nothing else. Not listening yet. */
export function buildFeatureServer(replica: FeatureReplica): FastifyInstance {
  const names = replica.sets.map(set => set.name).join(', ');
  const server = bareServer(`POST to /v1/features/<set>/read; sets are ${names}.`);
  server.get('/health/live', async () => ({status: 'ok'}));
  server.post<{Params: {set: string}; Body: unknown}>('/v1/features/:set/read', async (request, reply) => {
    const rows = await replica.read(request.params.set, request.body);
    return reply.type('application/json; charset=utf-8').send(JSON.stringify(rows));
  });
  return server;
}
