import type {FastifyInstance} from 'fastify';
import type {Host} from '../app/index.ts';
import {type LiveTick, MillraceError} from '../protocol/index.ts';

const EVERY_MS = 500;
/** A quiet stream says this often that it is alive. */
const ALIVE_MS = 15_000;
const MAX_LISTENERS = 64;

/** GET /api/live: server-sent events, one tick at most twice a second, and only when something changed. */
export function liveRoute(server: FastifyInstance, host: Host): void {
  let listeners = 0;
  const closers = new Set<() => void>();
  server.addHook('preClose', async () => {
    for (const close of closers) close();
  });
  server.get('/api/live', (request, reply) => {
    if (listeners >= MAX_LISTENERS)
      throw new MillraceError('QUEUE_FULL', `${listeners} pages listen already.`, {
        fix: 'Close some, or try again later.',
      });
    listeners++;
    reply.hijack();
    reply.raw.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      // A stream ends with its connection, so that pages which listen do not hold up the end of the server.
      connection: 'close',
    });
    let last = '';
    let written = 0;
    let before = {at: performance.now(), predictions: predictionsOf(host)};
    const tick = () => {
      const now = {at: performance.now(), predictions: predictionsOf(host)};
      const perSecond = ((now.predictions - before.predictions) * 1_000) / Math.max(1, now.at - before.at);
      before = now;
      const data = JSON.stringify({
        clock: host.runtime.clock.now(),
        predictions: now.predictions,
        predictionsPerSecond: Math.round(perSecond),
        events: host.runtime.log.end(),
        stage: host.stages.running,
        revision: host.revision,
      } satisfies LiveTick);
      if (data === last && now.at - written < ALIVE_MS) return;
      reply.raw.write(data === last ? ': alive\n\n' : `data: ${data}\n\n`);
      last = data;
      written = now.at;
    };
    tick();
    const timer = setInterval(tick, EVERY_MS);
    const close = () => {
      clearInterval(timer);
      closers.delete(close);
      reply.raw.end();
    };
    closers.add(close);
    request.raw.once('close', () => {
      if (closers.has(close)) close();
      listeners--;
    });
  });
}

const predictionsOf = (host: Host): number => host.platform?.models.reduce((sum, m) => sum + m.predictions, 0) ?? 0;
