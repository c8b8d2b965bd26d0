import type {FastifyInstance} from 'fastify';
import type {Host} from '../app/index.ts';
import {MillraceError, type PushAnswer} from '../protocol/index.ts';

const MAX_EVENTS = 10_000;

/** POST /v1/events/:stream: accepted events are durable and visible to features when this answers. */
export function eventRoutes(server: FastifyInstance, host: Host): void {
  server.post<{Params: {stream: string}; Body: unknown}>('/v1/events/:stream', async (request): Promise<PushAnswer> => {
    const platform = host.live();
    const events = (request.body as {events?: unknown} | null)?.events;
    if (!Array.isArray(events))
      throw new MillraceError('REQUEST_INVALID', "The body has no list 'events'.", {fix: 'Send {"events": [{…}]}.'});
    if (events.length > MAX_EVENTS)
      throw new MillraceError('REQUEST_INVALID', `'events' holds ${events.length}.`, {
        fix: `Send at most ${MAX_EVENTS} at a time.`,
      });
    return platform.push(request.params.stream, events);
  });
}
