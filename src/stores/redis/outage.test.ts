// A real Redis server that freezes, is killed and comes back while events stream into it.
import {setTimeout as delay} from 'node:timers/promises';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {MillraceError} from '../../protocol/index.ts';
import {openRedis, type RedisStore} from './index.ts';
import {DURABLE, missing, RedisServer} from './redis-server.fixture.ts';
import {SlowPath} from './slow-path.fixture.ts';

const TIMEOUT_MS = 300;
const AWAY = {code: 'STORE_UNAVAILABLE'};

const number = (value: number): Uint8Array => Buffer.from(Float64Array.of(value).buffer);
const asNumber = (value: Uint8Array | undefined) => value && Buffer.from(value).readDoubleLE();

/** Calls again while Redis is away. */
async function again<T>(call: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++)
    try {
      return await call();
    } catch (error) {
      if ((error as MillraceError).code !== AWAY.code || attempt === 300) throw error;
      await delay(20);
    }
}

describe.skipIf(missing !== null)('a Redis that goes away', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await RedisServer.start(DURABLE);
  });
  afterAll(() => server.remove());
  const open = (prefix: string): Promise<RedisStore> => openRedis({url: server.url, prefix, timeoutMs: TIMEOUT_MS});

  test('frozen: pending calls fail within the timeout, later ones at once, and after it everything works', async () => {
    const store = await open('frozen:');
    await store.putMany([['a', number(1)]]);
    server.freeze();
    const started = performance.now();
    const pending = await Promise.allSettled([
      ...Array.from({length: 500}, () => store.getMany(['a'])),
      store.putMany([['a', number(2)]]),
      store.scan('').next(),
    ]);
    expect(performance.now() - started).toBeLessThan(TIMEOUT_MS * 3);
    for (const call of pending)
      expect(call).toMatchObject({
        reason: {
          ...AWAY,
          message: `Redis at 127.0.0.1:${server.port} does not answer within ${TIMEOUT_MS} ms.`,
          fix: expect.stringContaining('See that the server runs'),
        },
      });
    const refused = performance.now();
    await expect(store.getMany(['a'])).rejects.toMatchObject(AWAY);
    expect(performance.now() - refused).toBeLessThan(50);
    server.thaw();
    await again(() => store.putMany([['a', number(3)]]));
    expect((await store.getMany(['a'])).map(asNumber)).toEqual([3]);
    await store.close();
  });

  test('cut off: a write that failed, and reaches the server late, is not applied after a later one', async () => {
    const path = await SlowPath.to(server.port);
    const store = await openRedis({url: `redis://127.0.0.1:${path.port}`, timeoutMs: TIMEOUT_MS});
    await store.putMany([['a', number(1)]]);
    path.hold();
    await expect(store.putMany([['a', number(2)]])).rejects.toMatchObject(AWAY);
    await again(() => store.putMany([['a', number(3)]]));
    path.release();
    await delay(100);
    expect((await store.getMany(['a'])).map(asNumber)).toEqual([3]);
    await store.close();
    path.close();
  });

  test('killed in mid-stream: nothing acknowledged is lost, no write is there in half', async () => {
    const store = await open('stream:');
    const failures: string[] = [];
    let acknowledged = -1;
    const outages = new Map([
      [
        200,
        () => {
          server.freeze();
          setTimeout(() => server.thaw(), 2 * TIMEOUT_MS);
        },
      ],
      [
        500,
        () => {
          void server
            .kill()
            .then(() => delay(200))
            .then(() => server.start());
        },
      ],
    ]);
    for (let event = 0; event < 1_000; event++) {
      await again(async () => {
        const [sum, last] = (await store.getMany(['sum', `event ${(event + 9) % 10}`])).map(asNumber);
        // What was not acknowledged may have been applied, but then both values of it.
        if (event > 0) expect([event - 1, event]).toContain(sum);
        if (event > 0 && sum === event - 1) expect(last).toBe(event - 1);
        outages.get(event)?.();
        outages.delete(event);
        const write = store.putMany([
          ['sum', number(event)],
          [`event ${event % 10}`, number(event)],
        ]);
        await write.catch((error: MillraceError) => {
          failures.push(`${event}: ${error.code}`);
          throw error;
        });
      });
      acknowledged = event;
    }
    expect(acknowledged).toBe(999);
    expect(failures).toContain('200: STORE_UNAVAILABLE');
    const entries: number[] = [];
    for await (const [, value] of store.scan('event')) entries.push(asNumber(value)!);
    expect(entries).toEqual([990, 991, 992, 993, 994, 995, 996, 997, 998, 999]);
    await store.close();
  });

  test.each(['everysec', 'no'])('killed with appendfsync %s: what is left is a whole write', async policy => {
    const own = await RedisServer.start(['--appendonly', 'yes', '--appendfsync', policy]);
    const store = await openRedis({url: own.url, timeoutMs: TIMEOUT_MS});
    let sent = -1;
    let killed: Promise<void> | undefined;
    const values = new Uint8Array(100_000);
    await expect(
      (async () => {
        for (;;) {
          const write = store.putMany([
            ['first', number(++sent)],
            ['large', values],
            ['last', number(sent)],
            [`removed ${sent}`, undefined],
          ]);
          if (sent === 50) killed = own.kill();
          await write;
        }
      })(),
    ).rejects.toMatchObject(AWAY);
    await killed;
    await own.start();
    const [first, last] = (await again(() => store.getMany(['first', 'last']))).map(asNumber);
    expect(first).toBe(last);
    if (first !== undefined) expect(first).toBeLessThanOrEqual(sent);
    await store.close();
    await own.remove();
  });

  test('away: a store that is closed meanwhile leaves nothing open', async () => {
    const own = await RedisServer.start();
    const store = await openRedis({url: own.url, timeoutMs: TIMEOUT_MS});
    await own.kill();
    for (let i = 0; i < 5; i++) {
      await expect(store.getMany(['a'])).rejects.toMatchObject(AWAY);
      await delay(50);
    }
    await store.close();
    await expect(store.getMany(['a'])).rejects.toMatchObject({code: 'STORE_CLOSED'});
    await own.remove();
  });

  test('frozen from the start: opening fails within the timeout', async () => {
    server.freeze();
    const started = performance.now();
    await expect(open('')).rejects.toMatchObject(AWAY);
    expect(performance.now() - started).toBeLessThan(TIMEOUT_MS * 3);
    server.thaw();
  });
});
