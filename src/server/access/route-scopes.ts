import type {Scope} from '../../protocol/index.ts';
import {PLACES} from '../console-routes.ts';

/** Who may call a route: everyone, or whoever has one of these scopes. */
export type RouteAccess = 'everyone' | readonly Scope[];

const SERVING: readonly Scope[] = ['predict', 'read'];

/** The first that fits counts. Methods: `*` is any; a path is a route as it is declared, with its `:parameters`. */
const RULES: readonly (readonly [method: string, path: RegExp, access: RouteAccess])[] = [
  ['GET', /^\/health\//, 'everyone'],
  ['GET', /^\/v2\/health\//, 'everyone'],
  ['GET', /^\/(ping|health|version)$/, 'everyone'],

  ['POST', /^\/v1\/models\/:model(\/versions\/:version)?\/(predict|rank|explain)$/, ['predict']],
  ['POST', /^\/v2\/models\/:[^/]+(\/versions\/:version)?\/infer$/, ['predict']],
  ['POST', /^(\/models\/:model(\/versions\/:version)?)?\/invocations$/, ['predict']],
  ['POST', /^\/v1\/models\/:model\/feedback$/, ['feedback']],
  ['POST', /^\/v1\/events\/:stream$/, ['events']],
  ['POST', /^\/v1\/features\/:set\/(read|why)$/, ['read']],
  ['POST', /^\/v2\/repository\/index$/, SERVING],
  ['GET', /^\/v2(\/|$)/, SERVING],
  ['GET', /^\/(v1\/)?openapi\.json$/, SERVING],

  ['*', /^\/api\/admin\//, ['admin']],
  // What a person decides in place of a model is a label.
  ['POST', /^\/api\/models\/:model\/reviews$/, ['feedback']],
  ['GET', /^\/(api\/|metrics$)/, ['read']],
  ['GET', /^\/v1\//, ['read']],
  ['*', /^\/(api|v1|v2)\//, ['admin']],
];

/** The console: files without any data. */
const CONSOLE: ReadonlySet<string> = new Set(['/', '/*', ...PLACES.flatMap(place => [place, `${place}/*`])]);

/** Who may call a route. A route that no rule names is for admins, so that a forgotten one is closed, not open. */
export function routeAccess(method: string, path: string): RouteAccess {
  const asked = method === 'HEAD' ? 'GET' : method;
  if (asked === 'GET' && CONSOLE.has(path)) return 'everyone';
  return RULES.find(([of, fits]) => (of === '*' || of === asked) && fits.test(path))?.[2] ?? ['admin'];
}

const HEALTH = /^\/(v2\/)?health\/|^\/(ping|health|version)$/;

/** Whether a route stays on the main port when there is a separate one for admins: what serves, and health. */
export function isServing(method: string, path: string): boolean {
  const access = routeAccess(method, path);
  if (access === 'everyone') return HEALTH.test(path);
  if (path.startsWith('/api/')) return false;
  return access.some(scope => scope === 'predict' || scope === 'feedback' || scope === 'events');
}
