import {existsSync} from 'node:fs';
import {join, resolve} from 'node:path';
import fastifyStatic from '@fastify/static';
import type {FastifyInstance} from 'fastify';

const FOLDER = resolve(import.meta.dirname, '../../console/dist');

const NOT_BUILT =
  '<!doctype html><meta charset="utf-8"><title>Millrace</title><p>The console is not built. Run <code>npm run build:console</code>. The API works without it.</p>';

/** The console's files; every other page address gets its one page, which routes by itself. */
export async function consoleRoutes(server: FastifyInstance): Promise<void> {
  if (!existsSync(join(FOLDER, 'index.html'))) {
    server.get('/', (_request, reply) => reply.type('text/html').send(NOT_BUILT));
    return;
  }
  await server.register(fastifyStatic, {
    root: FOLDER,
    wildcard: false,
    immutable: true,
    maxAge: '1y',
    index: false,
    cacheControl: true,
  });
  const page = (_request: unknown, reply: import('fastify').FastifyReply) =>
    reply
      .header(
        'content-security-policy',
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'",
      )
      .sendFile('index.html', {maxAge: 0, immutable: false});
  server.get('/', page);
  for (const path of ['/data', '/features', '/models', '/serving', '/monitoring', '/experiments']) {
    server.get(path, page);
    server.get(`${path}/*`, page);
  }
}
