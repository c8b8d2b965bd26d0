import type {FastifyInstance} from 'fastify';
import {type Host, openApi} from '../app/index.ts';
import {VERSION} from './product.ts';

/** GET /openapi.json: the API of the project, made from its definitions. */
export function openApiRoute(server: FastifyInstance, {runtime}: Host): void {
  const document = JSON.stringify(openApi(runtime.project, VERSION));
  server.get('/openapi.json', async (_request, reply) => reply.type('application/json; charset=utf-8').send(document));
}
