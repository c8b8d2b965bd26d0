import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {seededRandom} from '../math/index.ts';
import {CopiedStore} from './copied-store.ts';
import {openLmdb} from './lmdb/index.ts';
import type {OnlineStore} from './online-store.ts';
import {openRedis} from './redis/index.ts';
import {DURABLE, missing, RedisServer} from './redis/redis-server.fixture.ts';

let folder = '';
let server: RedisServer;

const text = (bytes: Uint8Array | undefined) => (bytes === undefined ? undefined : Buffer.from(bytes).toString());

async function contents(store: OnlineStore): Promise<Record<string, string | undefined>> {
  const all: Record<string, string | undefined> = {};
  for await (const [key, value] of store.scan('')) if (key !== '_copy') all[key] = text(value);
  return all;
}

const redis = () => openRedis({url: server.url, timeoutMs: 500});

if (missing !== null) console.warn(`The copy in Redis is not tested: ${missing}`);

describe.skipIf(missing !== null)('a local store with a copy in Redis', () => {
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'copied-'));
    server = await RedisServer.start(DURABLE);
  });
  afterEach(async () => {
    await server.remove();
    rmSync(folder, {recursive: true});
  });

  const put = (store: OnlineStore, entries: Record<string, string | undefined>) =>
    store.putMany(Object.entries(entries).map(([k, v]) => [k, v === undefined ? undefined : Buffer.from(v)] as const));

  test('makes the copy even with what it finds, and keeps it so', async () => {
    const local = await openLmdb(folder);
    await put(local, {a: '1', b: '2', head: 'h'});
    const other = await redis();
    await put(other, {b: 'old', gone: 'x'});
    const store = new CopiedStore(local, await redis(), {last: 'head'});
    await store.even();
    expect(await contents(other)).toEqual({a: '1', b: '2', head: 'h'});
    await put(store, {a: undefined, c: '3', head: 'i'});
    expect(text(store.get('c'))).toBe('3');
    await store.even();
    expect(store.state()).toEqual({state: 'even', behind: 0, error: null});
    expect(await contents(other)).toEqual({b: '2', c: '3', head: 'i'});
    await other.close();
    await store.close();
  });

  test('keeps for itself what is its own', async () => {
    const local = await openLmdb(folder);
    await put(local, {a: '1', 'own/a': '2', head: 'h'});
    const other = await redis();
    const store = new CopiedStore(local, await redis(), {last: 'head', own: 'own/'});
    await store.even();
    await put(store, {b: '3', 'own/b': '4'});
    expect(text(store.get('own/b'))).toBe('4');
    await store.even();
    expect(await contents(other)).toEqual({a: '1', b: '3', head: 'h'});
    await other.close();
    await store.close();
  });

  test('loses nothing while the server is away, says so, and catches up when it is back', async () => {
    const store = new CopiedStore(await openLmdb(folder), await redis(), {last: 'head'});
    const random = seededRandom(4);
    const want: Record<string, string> = {};
    for (let i = 0; i < 60; i++) {
      if (i === 15) await server.kill();
      if (i === 40) {
        expect(store.state()).toMatchObject({state: 'waiting', error: {code: 'STORE_UNAVAILABLE'}});
        expect(store.state().behind).toBeGreaterThan(0);
        await server.start();
      }
      const entries: Record<string, string> = {head: String(i)};
      for (let k = 0; k < 20; k++) entries[`k${Math.floor(random() * 100)}`] = `${i}-${k}`;
      await put(store, entries);
      Object.assign(want, entries);
      await pause(10);
    }
    await store.even();
    const other = await redis();
    expect(await contents(other)).toEqual(want);
    await other.close();
    await store.close();
  }, 20_000);

  test.each([
    {what: 'empty', settings: [], missed: 0},
    {what: 'empty, with more to send', settings: [], missed: 3},
  ])('sends everything again to a server that comes back $what', async ({settings, missed}) => {
    const forgetful = await RedisServer.start(settings);
    const connect = () => openRedis({url: forgetful.url, timeoutMs: 500});
    const store = new CopiedStore(await openLmdb(folder), await connect(), {last: 'head'}, 20);
    await put(store, {a: '1', b: '2', head: '0'});
    await store.even();
    await forgetful.kill();
    for (let i = 1; i <= missed; i++) await put(store, {[`c${i}`]: 'x', head: String(i)});
    await forgetful.start();
    const other = await connect();
    const want = {a: '1', b: '2', head: String(missed), ...(missed ? {c1: 'x', c2: 'x', c3: 'x'} : {})};
    await expect.poll(() => contents(other), {timeout: 5_000}).toEqual(want);
    await other.close();
    await store.close();
    await forgetful.remove();
  });

  test('sends again what a server that came back from a backup has lost', async () => {
    const store = new CopiedStore(await openLmdb(folder), await redis(), {last: 'head'}, 20);
    const other = await redis();
    await put(store, {a: '1', head: '1'});
    await store.even();
    const backup: (readonly [string, Uint8Array])[] = [];
    for await (const [key, value] of other.scan('')) backup.push([key, value]);
    await put(store, {b: '2', head: '2'});
    await store.even();
    await other.putMany([['b', undefined], ...backup]);
    await expect.poll(() => contents(other), {timeout: 5_000}).toEqual({a: '1', b: '2', head: '2'});
    await other.close();
    await store.close();
  });

  test('never has the head of a write before the rest of it', async () => {
    const store = new CopiedStore(await openLmdb(folder), await redis(), {last: 'head'});
    const other = await redis();
    await store.even();
    for (let i = 1; i <= 30; i++) {
      await put(store, {
        ...Object.fromEntries(Array.from({length: 50}, (_, k) => [`k${k}`, String(i)])),
        head: String(i),
      });
      const [head] = await other.getMany(['head']);
      const values = await other.getMany(Array.from({length: 50}, (_, k) => `k${k}`));
      if (head !== undefined)
        for (const value of values) expect(Number(text(value))).toBeGreaterThanOrEqual(Number(text(head)));
    }
    await other.close();
    await store.close();
  });
});

describe('a local store with a copy beside it', () => {
  test('goes on sending what it has while more is written, and in parts that are not large', async () => {
    const folders = ['copied-', 'copy-'].map(name => mkdtempSync(join(tmpdir(), name)));
    const [local, copy] = [await openLmdb(folders[0]!), await openLmdb(folders[1]!)];
    const entry = (i: number, size: number) => [`k${String(i).padStart(5, '0')}`, Buffer.alloc(size, i)] as const;
    await local.putMany(Array.from({length: 2_500}, (_, i) => entry(i, i < 30 ? 2 ** 20 : 9)));
    const seen = {scans: 0, puts: 0, most: 0};
    const counted: OnlineStore = {
      getMany: keys => copy.getMany(keys),
      scan: prefix => {
        seen.scans++;
        return copy.scan(prefix);
      },
      putMany: async entries => {
        const bytes = entries.reduce((sum, [, value]) => sum + (value?.byteLength ?? 0), 0);
        seen.most = Math.max(seen.most, bytes);
        if (seen.puts++ < 20) await store.putMany([entry(7, seen.puts)]);
        await copy.putMany(entries);
      },
      close: () => copy.close(),
    };
    const store: CopiedStore = new CopiedStore(local, counted, {last: 'head'}, 60_000, 10);
    await store.even();
    expect(seen.scans).toBe(1);
    expect(seen.most).toBeLessThan(10 * 2 ** 20);
    const [last] = await copy.getMany(['k00007']);
    expect(last).toHaveLength(20);
    await store.close();
    for (const each of folders) rmSync(each, {recursive: true});
  });
});
