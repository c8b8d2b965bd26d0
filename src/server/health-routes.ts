import type {FastifyInstance} from 'fastify';
import type {Host} from '../app/index.ts';

/** What an imported model that somebody took out of service says of itself. */
const UNLOADED = 'It was unloaded.';

/**
 * Live: the process answers. Ready: a model answers, and no imported one is missing, or 503. A model that was never
 * deployed, or was unloaded, is listed as not ready and keeps nobody from the others.
 */
export function healthRoutes(server: FastifyInstance, host: Host): void {
  server.get('/health/live', async () => ({status: 'live'}));
  server.get('/health/ready', async (_request, reply) => {
    const live = host.platform?.models ?? [];
    const imported = host.imported?.models.index() ?? [];
    const models = [
      ...live.map(({definition, service, unloaded}) => ({
        model: definition.name,
        ready: service.plan !== null && !unloaded,
      })),
      ...imported.map(({name, state}) => ({model: name, ready: state === 'READY'})),
    ];
    const missing = imported.some(({state, reason}) => state !== 'READY' && reason !== UNLOADED);
    const ready = models.some(m => m.ready) && !missing;
    return reply
      .code(ready ? 200 : 503)
      .send({status: ready ? 'ready' : 'not ready', models, stage: host.stages.running?.name ?? null});
  });
}
