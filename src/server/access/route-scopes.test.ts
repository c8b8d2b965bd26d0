import {expect, test} from 'vitest';
import {isServing, routeAccess} from './route-scopes.ts';

const EVERYONE = 'everyone';
const SERVING = ['predict', 'read'];

test.each([
  ['GET', '/health/live', EVERYONE, true],
  ['GET', '/v2/health/ready', EVERYONE, true],
  ['POST', '/v1/models/:model/predict', ['predict'], true],
  ['POST', '/v1/models/:model/rank', ['predict'], true],
  ['POST', '/v2/models/:model/infer', ['predict'], true],
  ['POST', '/v2/models/:model/versions/:version/infer', ['predict'], true],
  ['POST', '/invocations', ['predict'], true],
  ['POST', '/models/:model/invocations', ['predict'], true],
  ['POST', '/v1/models/:model/feedback', ['feedback'], true],
  ['POST', '/v1/events/:stream', ['events'], true],
  ['GET', '/v2/models/:model/config', SERVING, true],
  ['HEAD', '/v2/models/:model/config', SERVING, true],
  ['GET', '/v2', SERVING, true],
  ['POST', '/v2/repository/index', SERVING, true],
  ['POST', '/v2/repository/models/:model/load', ['admin'], false],
  ['POST', '/v1/features/:set/read', ['read'], false],
  ['POST', '/v1/models/:model/consistency', ['admin'], false],
  ['GET', '/api/overview', ['read'], false],
  ['GET', '/api/live', ['read'], false],
  ['GET', '/metrics', ['read'], false],
  ['POST', '/api/models/:model/deploy', ['admin'], false],
  ['POST', '/api/models/:model/reviews', ['feedback'], false],
  ['GET', '/api/admin/keys', ['admin'], false],
  ['DELETE', '/api/admin/keys/:id', ['admin'], false],
  ['GET', '/', EVERYONE, false],
  ['GET', '/models', EVERYONE, false],
  ['GET', '/models/*', EVERYONE, false],
  ['GET', '/*', EVERYONE, false],
  ['GET', '/admin', EVERYONE, false],
  ['POST', '/something/forgotten', ['admin'], false],
  ['GET', '/forgotten', ['admin'], false],
  ['PUT', '/v1/models/:model', ['admin'], false],
])('%s %s is for %s; on the main port beside one for admins: %s', (method, path, access, main) => {
  expect(routeAccess(method, path)).toEqual(access);
  expect(isServing(method, path)).toBe(main);
});
