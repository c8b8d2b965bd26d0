import type {FastifyInstance} from 'fastify';
import {type Host, openDesk} from '../app/index.ts';
import {MillraceError, type Silence} from '../protocol/index.ts';
import {whoAsks} from './access/who-asks.ts';

/** GET, POST /api/silences, DELETE /api/silences/:id: all silences; a new one; the end of one, which stays in the list. */
export function silenceRoutes(server: FastifyInstance, host: Host): void {
  const stored = openDesk(host.runtime);
  const {audit, clock} = host.runtime;
  server.get('/api/silences', (): Promise<readonly Silence[]> => (host.platform?.incidents ?? stored).silences());
  server.post<{Body: unknown}>('/api/silences', async (request, reply) => {
    const who = whoAsks(request);
    const {by = who, ...asked} = objectOf(request.body);
    if (typeof by !== 'string' || by.trim() === '' || by.length > 100)
      throw new MillraceError('REQUEST_INVALID', "'by' is no name.", {fix: 'Give a name of at most 100 characters.'});
    const desk = host.live().incidents;
    const made = await audit.during(
      {who, action: 'silence.create', what: 'silence'},
      () => desk.silence(asked, by, clock.now()),
      ({id, matches, from, to, reason}) => ({id, matches: {...matches}, from, to, reason}),
    );
    host.touch();
    return reply.code(201).send(made);
  });
  server.delete<{Params: {id: string}}>('/api/silences/:id', async (request): Promise<Silence> => {
    const {id} = request.params;
    const desk = host.live().incidents;
    const change = {who: whoAsks(request), action: 'silence.end', what: id.slice(0, 100)} as const;
    const ended = await audit.during(change, () => desk.unsilence(id, clock.now()));
    host.touch();
    return ended;
  });
}

function objectOf(body: unknown): Record<string, unknown> {
  if (body !== null && typeof body === 'object' && !Array.isArray(body)) return body as Record<string, unknown>;
  throw new MillraceError('REQUEST_INVALID', 'A silence is asked for with a JSON object.', {
    fix: 'Send {"matches": {"model": "…"}, "for": "2h", "reason": "…"} with content-type: application/json.',
  });
}
