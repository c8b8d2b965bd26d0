import {existsSync} from 'node:fs';
import {join, resolve} from 'node:path';
import fastifyStatic from '@fastify/static';
import type {FastifyInstance, FastifyReply} from 'fastify';

const FOLDER = resolve(import.meta.dirname, '../../console/dist');

const NOT_BUILT =
  '<!doctype html><meta charset="utf-8"><title>Millrace</title><p>The console is not built. Run <code>npm run build:console</code>. The API works without it.</p>';

const POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'";

/** Places of the console: each is its one page, which routes by itself. */
export const PLACES = ['/data', '/features', '/models', '/serving', '/monitoring', '/experiments', '/admin'];

/** The console's files. Those under /assets carry a hash in their names and never change. */
export async function consoleRoutes(server: FastifyInstance): Promise<void> {
  if (!existsSync(join(FOLDER, 'index.html'))) {
    server.get('/', (_request, reply) => reply.type('text/html').send(NOT_BUILT));
    return;
  }
  await server.register(fastifyStatic, {
    root: FOLDER,
    index: false,
    cacheControl: false,
    setHeaders: (response, path) =>
      response.setHeader(
        'cache-control',
        path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      ),
  });
  const page = (_request: unknown, reply: FastifyReply) =>
    reply.header('content-security-policy', POLICY).sendFile('index.html');
  server.get('/', page);
  for (const place of PLACES) {
    server.get(place, page);
    server.get(`${place}/*`, page);
  }
}
