// A password in the URL of Redis is in no error and in nothing that is printed.
import {inspect} from 'node:util';
import {afterAll, afterEach, beforeAll, describe, expect, test, vi} from 'vitest';
import {openRedis} from './index.ts';
import {missing, RedisServer} from './redis-server.fixture.ts';

const SECRET = 'sesame p@ss';
const secret = encodeURIComponent(SECRET);

/** Everything a log could show of the error. */
async function failureOf(opening: Promise<unknown>): Promise<{code: string; text: string}> {
  const error = await opening.then(
    () => expect.fail('It was opened.'),
    reason => reason,
  );
  const text = `${inspect(error, {depth: 10, showHidden: true})} ${error.stack} ${JSON.stringify(error)}`;
  return {code: error.code, text};
}

const withoutSecret = (text: string) => !text.includes(SECRET) && !text.includes(secret) && !text.includes('sesame');

afterEach(() => vi.restoreAllMocks());

test.each([
  `http://user:${secret}@host:1`,
  `redis://user:${secret}@host:port`,
  `redis://user:${secret}@host:1/zero`,
  `redis://user:${secret}%@host:1`,
])('a URL that is none is refused without it: %#', async url => {
  const {code, text} = await failureOf(openRedis({url}));
  expect(code).toBe('REQUEST_INVALID');
  expect(text).toSatisfy(withoutSecret);
});

test('a server that is not there is named without it', async () => {
  const {code, text} = await failureOf(openRedis({url: `redis://:${secret}@127.0.0.1:1`}));
  expect(code).toBe('STORE_UNAVAILABLE');
  expect(text).toContain('Redis at 127.0.0.1:1 cannot be reached: connect ECONNREFUSED 127.0.0.1:1.');
  expect(text).toSatisfy(withoutSecret);
});

describe.skipIf(missing !== null)('with a password', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await RedisServer.start(['--requirepass', SECRET]);
  });
  afterAll(() => server.remove());
  const at = (user: string) => `redis://${user}@127.0.0.1:${server.port}`;

  test('the right one opens, a wrong one is refused without it', async () => {
    await (await openRedis({url: at(`:${secret}`)})).close();
    for (const user of [`:${secret}x`, `somebody:${secret}`]) {
      const {code, text} = await failureOf(openRedis({url: at(user)}));
      expect(code).toBe('STORE_FAILED');
      expect(text).toContain('WRONGPASS');
      expect(text).toSatisfy(withoutSecret);
    }
  });

  test('none is refused, saying what to check', async () => {
    await expect(openRedis({url: server.url})).rejects.toMatchObject({
      code: 'STORE_FAILED',
      message: expect.stringContaining(`Redis at 127.0.0.1:${server.port} does not let us in: NOAUTH`),
      fix: expect.stringContaining('password'),
    });
  });
});
