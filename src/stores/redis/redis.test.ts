import {randomUUID} from 'node:crypto';
import {Redis} from 'ioredis';
import {afterAll, beforeAll, beforeEach, describe, expect, test} from 'vitest';
import {describeOnlineStore} from '../contract/online-store.ts';
import {openRedis} from './index.ts';
import {DURABLE, missing, RedisServer} from './redis-server.fixture.ts';

if (missing !== null) console.warn(`Redis is not tested: ${missing}`);

const KILLED = 'keeps what was acknowledged when its server is killed';

describe.skipIf(missing !== null).each([
  {name: 'appendfsync always', settings: DURABLE, cannot: {}},
  {name: 'no appendonly', settings: [], cannot: {[KILLED]: 'without appendonly Redis keeps values in memory only'}},
])('Redis, $name', ({name, settings, cannot}) => {
  let server: RedisServer;
  let prefix = '';
  beforeAll(async () => {
    server = await RedisServer.start(settings);
  });
  beforeEach(() => {
    prefix = `${randomUUID()}:[*?]\\`;
  });
  afterAll(() => server.remove());

  describeOnlineStore(`Redis, ${name}`, {
    open: () => openRedis({url: server.url, prefix}),
    killServer: async () => {
      await server.kill();
      await server.start();
    },
    cannot,
  });
});

describe.skipIf(missing !== null)('a store in Redis', () => {
  let server: RedisServer;
  let admin: Redis;
  beforeAll(async () => {
    server = await RedisServer.start(['--appendonly', 'yes']);
    admin = new Redis(server.port);
  });
  beforeEach(() => admin.flushall());
  afterAll(async () => {
    admin.disconnect();
    await server.remove();
  });

  test('keeps one packed value per key, under its prefix', async () => {
    const store = await openRedis({url: server.url, prefix: 'p:'});
    await store.putMany([['view/7', Uint8Array.of(0, 255, 13, 10)]]);
    expect(await admin.keys('*')).toEqual(['p:view/7']);
    expect(await admin.getBuffer('p:view/7')).toEqual(Buffer.of(0, 255, 13, 10));
    await store.close();
  });

  test('does not see the keys of another prefix or another database', async () => {
    const stores = await Promise.all([
      openRedis({url: server.url, prefix: 'a*'}),
      openRedis({url: server.url, prefix: 'ab'}),
      openRedis({url: `${server.url}/1`, prefix: 'a*'}),
    ]);
    for (const [i, store] of stores.entries()) await store.putMany([[`k${i}`, Uint8Array.of(i)]]);
    for (const [i, store] of stores.entries()) {
      const keys: string[] = [];
      for await (const [key] of store.scan('')) keys.push(key);
      expect(keys).toEqual([`k${i}`]);
    }
    for (const store of stores) await store.close();
  });

  test('says what an acknowledged write survives', async () => {
    const durabilities: string[] = [];
    for (const policy of ['always', 'everysec', 'no']) {
      await admin.config('SET', 'appendfsync', policy);
      const store = await openRedis({url: server.url});
      durabilities.push(store.durability);
      await store.close();
    }
    await admin.config('SET', 'appendonly', 'no');
    const store = await openRedis({url: server.url});
    expect([...durabilities, store.durability]).toEqual(['always', 'second', 'system', 'none']);
    await store.close();
  });

  test('refuses a scan of more keys than it may hold', async () => {
    const store = await openRedis({url: server.url, maxScanKeys: 10});
    await store.putMany(Array.from({length: 11}, (_, i) => [`k${i}`, Uint8Array.of(i)] as const));
    await expect(store.scan('k').next()).rejects.toMatchObject({code: 'REQUEST_TOO_LARGE'});
    await store.close();
  });

  test('writes nothing when the memory is full, and says so', async () => {
    const store = await openRedis({url: server.url});
    await store.putMany([['old', Uint8Array.of(1)]]);
    await admin.config('SET', 'maxmemory', '1');
    const full = {code: 'STORE_FAILED', fix: expect.stringContaining('Nothing was written')};
    await expect(store.putMany([['a', Uint8Array.of(1)]])).rejects.toMatchObject(full);
    const both = [['a', Uint8Array.of(1)] as const, ['old', undefined] as const];
    await expect(store.putMany(both)).rejects.toMatchObject(full);
    await admin.config('SET', 'maxmemory', '0');
    expect(await store.getMany(['a', 'old'])).toEqual([undefined, Uint8Array.of(1)]);
    await store.close();
  });

  test('refuses a server that drops keys when its memory is full', async () => {
    await admin.config('SET', 'maxmemory', '100mb', 'maxmemory-policy', 'allkeys-lru');
    await expect(openRedis({url: server.url})).rejects.toMatchObject({
      code: 'STORE_FAILED',
      message: expect.stringContaining('allkeys-lru'),
      fix: expect.stringContaining('noeviction'),
    });
    await admin.config('SET', 'maxmemory', '0', 'maxmemory-policy', 'noeviction');
  });

  test('refuses calls beyond its limits, and takes them again later', async () => {
    const store = await openRedis({url: server.url, maxPending: 5, maxPendingBytes: 1_000});
    const reads = Array.from({length: 6}, () => store.getMany(['a']));
    await expect(reads[5]).rejects.toMatchObject({code: 'QUEUE_FULL'});
    await Promise.all(reads.slice(0, 5));
    const writes = [5_000, 1].map(size => store.putMany([['a', new Uint8Array(size)]]));
    await expect(writes[1]).rejects.toMatchObject({code: 'QUEUE_FULL'});
    await writes[0];
    await store.putMany([['a', Uint8Array.of(1)]]);
    await store.close();
  });
});
