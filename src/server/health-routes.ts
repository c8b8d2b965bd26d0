import type {FastifyInstance} from 'fastify';
import type {Host} from '../app/index.ts';

/** Live: the process answers. Ready: every model has a version deployed, or 503. */
export function healthRoutes(server: FastifyInstance, host: Host): void {
  server.get('/health/live', async () => ({status: 'live'}));
  server.get('/health/ready', async (_request, reply) => {
    const live = host.platform?.models ?? [];
    const imported = host.imported?.models.index() ?? [];
    const models = [
      ...live.map(({definition, service}) => ({model: definition.name, ready: service.plan !== null})),
      ...imported.map(({name, state}) => ({model: name, ready: state === 'READY'})),
    ];
    const ready = models.length > 0 && models.every(m => m.ready);
    return reply
      .code(ready ? 200 : 503)
      .send({status: ready ? 'ready' : 'not ready', models, stage: host.stages.running?.name ?? null});
  });
}
