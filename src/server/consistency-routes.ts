import type {FastifyInstance} from 'fastify';
import {ConsistencyRuns, findModel, type Host, startConsistency} from '../app/index.ts';

type Of = {Params: {model: string}; Body: unknown};

/**
 * GET /api/models/:model/consistency: the comparisons of served features with what the event log gives.
 * POST /v1/models/:model/consistency: starts one and answers 202 with its record; 409 while one is under way.
 */
export function consistencyRoutes(server: FastifyInstance, host: Host): void {
  const stored = new ConsistencyRuns(host.runtime);
  server.get<Of>('/api/models/:model/consistency', async ({params}) => {
    const {name} = findModel(host.runtime.project, params.model);
    return (host.platform?.consistency ?? stored).list(name);
  });
  server.post<Of>('/v1/models/:model/consistency', async ({params, body}, reply) => {
    const {definition} = host.live().model(params.model);
    const run = await startConsistency(host.live().consistency, definition, body);
    host.touch();
    return reply.code(202).send(run);
  });
}
