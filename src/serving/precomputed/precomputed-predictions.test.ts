import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {seededRandom} from '../../math/index.ts';
import {t} from '../../protocol/index.ts';
import type {LocalStore} from '../../stores/index.ts';
import {openLmdb} from '../../stores/lmdb/index.ts';
import {dropPrecomputed, type PrecomputedEntry, PrecomputedPredictions} from './precomputed-predictions.ts';

const schema = {user: t.string, amount: t.number.orNull()};
let folder = '';
let store: LocalStore;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'precomputed-'));
  store = await openLmdb(folder);
});
afterEach(async () => {
  await store.close();
  rmSync(folder, {recursive: true});
});

const open = (options: Partial<ConstructorParameters<typeof PrecomputedPredictions>[1]> = {}) =>
  new PrecomputedPredictions(store, {model: 'm', name: 'batch', schema, ...options});
const entry = (user: string, prediction: number, at = 5): PrecomputedEntry => ({
  request: {user, amount: 1},
  prediction,
  version: 3,
  at,
});
async function keys(): Promise<string[]> {
  const found: string[] = [];
  for await (const [key] of store.scan('')) found.push(key);
  return found;
}

describe('predictions made beforehand', () => {
  test('are found by exactly the request that they were made for, and outlive the process', async () => {
    const table = open();
    expect([table.record, table.age(9), table.get({user: 'a', amount: 1})]).toEqual([null, null, null]);
    const long = 'x'.repeat(3_000);
    const entries = [entry('a', 0.25), entry('ψωμί', Number.MIN_VALUE, 7), entry(long, 0.5)];
    expect(await table.replace(entries, {madeAt: 8})).toEqual({entries: 3, madeAt: 8});
    await store.close();
    store = await openLmdb(folder);
    const again = open();
    expect(again.get({amount: 1, user: 'a'})).toEqual({prediction: 0.25, version: 3, at: 5});
    expect(again.get({user: 'ψωμί', amount: 1})).toEqual({prediction: Number.MIN_VALUE, version: 3, at: 7});
    expect(again.get({user: long, amount: 1})?.prediction).toBe(0.5);
    for (const other of [
      {user: 'a', amount: 2},
      {user: 'a', amount: null},
      {user: `${long}x`, amount: 1},
    ])
      expect(again.get(other)).toBeNull();
    expect([again.record, again.age(18)]).toEqual([{entries: 3, madeAt: 8}, 10]);
  });

  test('never answer a long request with one that has the same hash', async () => {
    const table = open();
    const [a, b] = ['a', 'b'].map(c => ({user: c.repeat(2_000), amount: 1}));
    await table.replace([{...entry('', 0.25), request: a!}], {madeAt: 1});
    const [key] = (await keys()).filter(k => k.includes('#'));
    await table.replace([{...entry('', 0.75), request: b!}], {madeAt: 2});
    const [other] = (await keys()).filter(k => k.includes('#'));
    const [bytes] = await store.getMany([other!]);
    // As if the hashes were one.
    await store.putMany([[key!.replace('/1/', '/2/'), bytes]]);
    expect(table.get(a!)).toBeNull();
    expect(table.get(b!)?.prediction).toBe(0.75);
  });

  test('are replaced as a whole: the table before answers until the new one is there, and leaves nothing', async () => {
    const table = open();
    await table.replace([entry('a', 0.25), entry('gone', 0.5)], {madeAt: 1});
    const seen: (number | undefined)[] = [];
    async function* slowly() {
      for (let i = 0; i < 5_000; i++) {
        if (i % 1_000 === 0) seen.push(table.get({user: 'a', amount: 1})?.prediction);
        yield entry(i === 0 ? 'a' : `u${i}`, 0.75);
      }
    }
    expect(await table.replace(slowly(), {madeAt: 2})).toEqual({entries: 5_000, madeAt: 2});
    expect(seen).toEqual([0.25, 0.25, 0.25, 0.25, 0.25]);
    expect(table.get({user: 'a', amount: 1})?.prediction).toBe(0.75);
    expect(table.get({user: 'gone', amount: 1})).toBeNull();
    expect(await keys()).toHaveLength(5_001);
  });

  test('that could not all be made leave the table before in charge', async () => {
    const table = open();
    await table.replace([entry('a', 0.25)], {madeAt: 1});
    const many = Array.from({length: 2_500}, (_, i) => entry(`u${i}`, 0.5));
    await expect(table.replace(many, {madeAt: 2, maxEntries: 2_400})).rejects.toMatchObject({
      code: 'REQUEST_TOO_LARGE',
    });
    function* failing() {
      yield* many;
      throw new Error('no more');
    }
    await expect(table.replace(failing(), {madeAt: 2})).rejects.toThrow('no more');
    expect(table.record).toEqual({entries: 1, madeAt: 1});
    expect(table.get({user: 'a', amount: 1})?.prediction).toBe(0.25);
    expect(await keys()).toHaveLength(2);
  });

  test('whose writer was killed are swept by the next one', async () => {
    await open().replace([entry('a', 0.25)], {madeAt: 1});
    await store.putMany([['precomputed/m/batch/2/["half"]', Uint8Array.of(1)]]);
    const table = open();
    expect(table.get({user: 'a', amount: 1})?.prediction).toBe(0.25);
    await table.replace([entry('b', 0.5)], {madeAt: 2});
    expect(await keys()).toHaveLength(2);
  });

  test('count a request once, the last of its answers', async () => {
    const table = open();
    const twice = Array.from({length: 5_000}, (_, i) => entry(`u${i % 2_500}`, i));
    expect(await table.replace(twice, {madeAt: 1})).toEqual({entries: 2_500, madeAt: 1});
    expect(table.get({user: 'u7', amount: 1})?.prediction).toBe(2_507);
  });

  test('belong to one model and one kind of request', async () => {
    await open().replace([entry('a', 0.25)], {madeAt: 1});
    await open({name: 'frequent'}).replace([entry('a', 0.5)], {madeAt: 1});
    await open({model: 'm/batch'}).replace([entry('a', 0.75)], {madeAt: 1});
    expect(open().get({user: 'a', amount: 1})?.prediction).toBe(0.25);
    expect(open({name: 'frequent'}).get({user: 'a', amount: 1})?.prediction).toBe(0.5);
    const wider = open({schema: {...schema, more: t.int.orNull()}});
    expect(wider.record).toBeNull();
    await wider.replace([entry('b', 1)], {madeAt: 3});
    expect(open().record).toBeNull();
    await dropPrecomputed(store);
    expect(await keys()).toEqual([]);
  });

  test('are found as a map finds them, over many requests and tables', async () => {
    const random = seededRandom(11);
    const table = open();
    for (let round = 1; round <= 3; round++) {
      const expected = new Map<string, number>();
      const entries = Array.from({length: 3_000}, () => {
        const user = `u${Math.floor(random() * 4_000)}`;
        const prediction = random();
        expected.set(user, prediction);
        return entry(user, prediction);
      });
      await table.replace(entries, {madeAt: round});
      expect(table.record?.entries).toBe(expected.size);
      for (let u = 0; u < 4_000; u++)
        expect(table.get({user: `u${u}`, amount: 1})?.prediction).toBe(expected.get(`u${u}`));
    }
  });
});
