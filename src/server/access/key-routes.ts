import type {FastifyInstance} from 'fastify';
import {type Host, OPEN} from '../../app/index.ts';
import {type ApiKeyRequest, MillraceError} from '../../protocol/index.ts';
import {whoAsks} from './who-asks.ts';

type OfKey = {readonly Params: {readonly id: string}};
type Page = {readonly Querystring: {readonly limit?: string; readonly before?: string}};

/**
 * GET and POST /api/admin/keys, DELETE /api/admin/keys/:id: all keys; a new one, whose token is in this answer alone;
 * the end of one. GET /api/admin/audit?limit=&before=: who changed what, newest first.
 */
export function keyRoutes(server: FastifyInstance, host: Host): void {
  const {access} = host;
  server.get('/api/admin/keys', () => access.list());
  server.post<{Body: unknown}>('/api/admin/keys', async (request, reply) => {
    // Whatever it is, it is checked where keys are made.
    const asked = (request.body ?? {}) as ApiKeyRequest;
    const made = await access.create(asked, request.principal ?? OPEN, whoAsks(request));
    host.touch();
    return reply.code(201).header('cache-control', 'no-store').send(made);
  });
  server.delete<OfKey>('/api/admin/keys/:id', async request => {
    const revoked = await access.revoke(request.params.id, whoAsks(request));
    host.touch();
    return revoked;
  });
  server.get<Page>('/api/admin/audit', ({query}) => {
    const limit = Number(query.limit ?? 50);
    if (!Number.isInteger(limit) || limit < 1 || limit > 1_000)
      throw new MillraceError('REQUEST_INVALID', `'limit' is '${String(query.limit).slice(0, 40)}'.`, {
        fix: 'Give a whole number from 1 to 1000.',
      });
    return access.audit.list({limit, ...(query.before ? {before: query.before} : {})});
  });
}
