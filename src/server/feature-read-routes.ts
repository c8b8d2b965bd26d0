import type {FastifyInstance} from 'fastify';
import {type Host, readFeatures, whyValue} from '../app/index.ts';

/**
 * POST /v1/features/:set/read: features of many entities in one answer, as packed rows, now or at a time of the past.
 * POST /v1/features/:set/why: the events behind one value.
 */
export function featureReadRoutes(server: FastifyInstance, host: Host): void {
  server.post<{Params: {set: string}; Body: unknown}>('/v1/features/:set/read', async (request, reply) => {
    const rows = await readFeatures(host.live(), request.params.set, request.body);
    // Written here: rows of plain values need no schema.
    return reply.type('application/json; charset=utf-8').send(JSON.stringify(rows));
  });
  server.post<{Params: {set: string}; Body: unknown}>('/v1/features/:set/why', request =>
    whyValue(host.live(), request.params.set, request.body),
  );
}
