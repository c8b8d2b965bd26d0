// Every route asks who is there before its handler runs. What it needs is decided when the route is declared.
import type {FastifyInstance, FastifyReply, FastifyRequest, onRequestHookHandler} from 'fastify';
import {bitsOf, type Host, type Principal, RateLimited} from '../../app/index.ts';
import {MillraceError, type Scope} from '../../protocol/index.ts';
import type {AdminPort} from './admin-port.ts';
import {isServing, routeAccess} from './route-scopes.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; null where everyone may. */
    principal: Principal | null;
  }
}

/** Call it before the routes are declared: those before stay open. */
export function guardRoutes(server: FastifyInstance, host: Pick<Host, 'access'>, admin: AdminPort): void {
  server.decorateRequest('principal', null);
  server.addHook('onReady', () => host.access.open());
  server.addHook('onClose', async () => {
    await admin.close();
    await host.access.close();
  });
  server.addHook('onRoute', route => {
    const methods = [route.method].flat();
    const guards: onRequestHookHandler[] = [];
    const access = routeAccess(methods[0]!, route.url);
    if (!isServing(methods[0]!, route.url)) guards.push(adminPortOnly(admin));
    if (access !== 'everyone') guards.push(guardOf(host, access));
    route.onRequest = [...guards, ...[route.onRequest ?? []].flat()];
  });
}

/** On the main port such a route does not exist, once admins have a port of their own. */
const adminPortOnly =
  (admin: AdminPort): onRequestHookHandler =>
  (request, _reply, done) => {
    const port = admin.number;
    if (port === null || request.raw.socket.localPort === port) done();
    else
      done(
        new MillraceError('ROUTE_NOT_FOUND', `There is nothing at ${request.method} ${request.url.slice(0, 200)}.`, {
          fix: 'Ask on the admin port of this server, from its own machine.',
        }),
      );
  };

function guardOf({access}: Pick<Host, 'access'>, scopes: readonly Scope[]): onRequestHookHandler {
  const wanted = bitsOf(scopes);
  const letIn = scopes.includes('admin') ? letInToChange : letInToUse;
  return (request, reply, done) => {
    try {
      const {authorization} = request.headers;
      const {model} = request.params as {model?: string};
      const asked = access.admit({authorization, scopes, model}, request.ip, wanted);
      if (asked instanceof Promise)
        asked.then(
          principal => letIn(request, principal, done),
          (error: unknown) => refuse(error, reply, done),
        );
      else letIn(request, asked, done);
    } catch (error) {
      refuse(error, reply, done);
    }
  };
}

function letInToUse(request: FastifyRequest, principal: Principal, done: Done): void {
  request.principal = principal;
  done();
}

/**
 * A page of a stranger's can let its own name lead to this machine (DNS rebinding) and is then of the same origin. Where
 * nobody shows a key, changes are made only under names that nobody else can give.
 */
function letInToChange(request: FastifyRequest, principal: Principal, done: Done): void {
  request.principal = principal;
  if (principal.kind === 'open' && !isOwnName(request.headers.host)) done(strangeName());
  else done();
}

type Done = (error?: Error) => void;

function refuse(error: unknown, reply: FastifyReply, done: Done): void {
  if (error instanceof RateLimited) reply.header('retry-after', String(error.retryAfterSeconds));
  else if (error instanceof MillraceError && error.code === 'UNAUTHENTICATED')
    reply.header('www-authenticate', 'Bearer realm="millrace"');
  done(error as Error);
}

/** Whether a `Host` is an address in numbers, or localhost. */
function isOwnName(host: string | undefined): boolean {
  const name = (host ?? '').replace(/:\d+$/, '');
  return name === 'localhost' || name.endsWith('.localhost') || /^(\d+\.\d+\.\d+\.\d+|\[[\da-f:.]+\])$/i.test(name);
}

const strangeName = (): MillraceError =>
  new MillraceError('FORBIDDEN', 'Without a key, changes are made only at localhost or an address of numbers.', {
    fix: 'Use http://127.0.0.1, or make a key: millrace keys create ops --scope admin.',
  });
