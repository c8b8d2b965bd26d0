/** The promises every online store keeps, whatever is underneath. */
import {describe, expect} from 'vitest';
import type {OnlineStore} from '../online-store.ts';
import {type ContractOptions, promises} from './promises.ts';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

/** Values as plain arrays, so that a Buffer equals a Uint8Array. */
async function valuesOf(store: OnlineStore, keys: readonly string[]): Promise<(number[] | undefined)[]> {
  return (await store.getMany(keys)).map(value => value && [...value]);
}

async function scanned(store: OnlineStore, prefix: string): Promise<[string, number[]][]> {
  const entries: [string, number[]][] = [];
  for await (const [key, value] of store.scan(prefix)) entries.push([key, [...value]]);
  return entries;
}

export type OnlineStoreOptions = ContractOptions<OnlineStore> & {
  /** Of a store on a server: kills it with SIGKILL; resolves when it runs again. In-process stores: `crash.test.ts`. */
  readonly killServer?: () => Promise<void>;
};

export function describeOnlineStore(adapter: string, options: OnlineStoreOptions): void {
  describe(`online store: ${adapter}`, () => {
    const {promise, end} = promises(options, store => store.close());

    promise('returns undefined for absent keys', async store => {
      expect(await store.getMany(['absent', 'too'])).toEqual([undefined, undefined]);
      expect(await store.getMany([])).toEqual([]);
      expect(await scanned(store, '')).toEqual([]);
    });

    promise('returns values in the order of the keys, however often each is asked for', async store => {
      await store.putMany([
        ['a', bytes(1)],
        ['b', bytes(2)],
      ]);
      expect(await valuesOf(store, ['b', 'absent', 'a', 'b'])).toEqual([[2], undefined, [1], [2]]);
    });

    promise('replaces and removes', async store => {
      await store.putMany([
        ['a', bytes(1)],
        ['b', bytes(2)],
      ]);
      await store.putMany([
        ['a', bytes(3, 4)],
        ['b', undefined],
        ['never there', undefined],
      ]);
      expect(await valuesOf(store, ['a', 'b'])).toEqual([[3, 4], undefined]);
    });

    promise('keeps the last of several entries for a key', async store => {
      await store.putMany([
        ['a', bytes(1)],
        ['a', bytes(2)],
        ['b', bytes(1)],
        ['b', undefined],
      ]);
      expect(await valuesOf(store, ['a', 'b'])).toEqual([[2], undefined]);
    });

    promise('keeps an empty value apart from an absent one', async store => {
      await store.putMany([['a', bytes()]]);
      expect(await valuesOf(store, ['a', 'b'])).toEqual([[], undefined]);
    });

    promise('keeps values of every size', async store => {
      for (const size of [1, 100, 4_095, 4_096, 40_000, 1_000_000]) {
        const value = Uint8Array.from({length: size}, (_, i) => (i * 31 + size) & 0xff);
        await store.putMany([[`${size}`, value]]);
        expect(Buffer.compare((await store.getMany([`${size}`]))[0]!, value)).toBe(0);
      }
    });

    promise('keeps its own copy of a value from the moment of the call', async store => {
      const value = bytes(1, 2, 3);
      const writing = store.putMany([['a', value]]);
      value.fill(9);
      await writing;
      expect(await valuesOf(store, ['a'])).toEqual([[1, 2, 3]]);
    });

    promise('hands out bytes that are the caller’s own', async store => {
      for (const size of [3, 50_000]) {
        await store.putMany([['a', new Uint8Array(size).fill(1)]]);
        const [first] = await store.getMany(['a']);
        await store.putMany([['a', new Uint8Array(size).fill(2)]]);
        const [second] = await store.getMany(['a']);
        expect([first!.at(-1), second!.at(-1)]).toEqual([1, 2]);
        second!.fill(7);
        expect((await store.getMany(['a']))[0]!.at(-1)).toBe(2);
        for await (const [, value] of store.scan('a')) value.fill(8);
        expect((await store.getMany(['a']))[0]!.at(-1)).toBe(2);
      }
    });

    promise('takes any text as a key, up to 1,900 bytes', async store => {
      const keys = [
        'Αθήνα',
        '🛫',
        'a b',
        'a/b',
        '\u0000',
        '\u0001x',
        'a\u0000',
        'a\u0000b',
        'x'.repeat(1_900),
        '東'.repeat(633),
      ];
      await store.putMany(keys.map((key, i) => [key, bytes(i)] as const));
      expect(await valuesOf(store, keys)).toEqual(keys.map((_, i) => [i]));
      expect((await scanned(store, '')).map(([key]) => key).sort()).toEqual([...keys].sort());
    });

    promise('refuses keys it cannot hold, and then writes none of the entries', async store => {
      for (const key of ['', 'x'.repeat(1_901), '東'.repeat(634)]) {
        const refused = {code: 'REQUEST_INVALID'};
        await expect(
          store.putMany([
            ['good', bytes(1)],
            [key, bytes(2)],
          ]),
        ).rejects.toMatchObject(refused);
        await expect(store.getMany([key])).rejects.toMatchObject(refused);
      }
      expect(await valuesOf(store, ['good'])).toEqual([undefined]);
    });

    promise('scans a prefix in the order of the keys’ bytes', async store => {
      const keys = ['b', 'a', 'ab', 'a\u00ff', 'aé', 'a🛫', 'a\uffee', 'aZ', 'az', 'c', 'a\u0000'];
      await store.putMany(keys.map((key, i) => [key, bytes(i)] as const));
      const byBytes = keys.toSorted((x, y) => Buffer.compare(Buffer.from(x), Buffer.from(y)));
      const entries = byBytes.map(key => [key, [keys.indexOf(key)]]);
      expect(await scanned(store, '')).toEqual(entries);
      expect(await scanned(store, 'a')).toEqual(entries.filter(([key]) => (key as string).startsWith('a')));
      expect(await scanned(store, 'a🛫')).toEqual([['a🛫', [5]]]);
      expect(await scanned(store, 'zz')).toEqual([]);
    });

    promise('scans and gets many entries', async store => {
      const keys = Array.from({length: 5_000}, (_, i) => `key/${String(i).padStart(5, '0')}`);
      await store.putMany([...keys.map((key, i) => [key, bytes(i & 0xff, i >> 8)] as const), ['other', bytes(1)]]);
      expect(await scanned(store, 'key/')).toEqual(keys.map((key, i) => [key, [i & 0xff, i >> 8]]));
      expect(await valuesOf(store, keys.toReversed())).toEqual(keys.map((_, i) => [i & 0xff, i >> 8]).reverse());
    });

    promise('can be written while it is scanned', async store => {
      const keys = Array.from({length: 3_000}, (_, i) => `k${String(i).padStart(4, '0')}`);
      await store.putMany(keys.map(key => [key, bytes(0)] as const));
      const seen: string[] = [];
      for await (const [key] of store.scan('k')) {
        seen.push(key);
        if (seen.length % 500 === 0) await store.putMany([[key, bytes(1)]]);
      }
      expect(seen).toEqual(keys);
    });

    promise('applies writes in the order of the calls, without waiting between them', async store => {
      await Promise.all(
        Array.from({length: 50}, (_, i) =>
          store.putMany([
            ['a', bytes(i)],
            [`b${i}`, bytes(i)],
          ]),
        ),
      );
      expect(await valuesOf(store, ['a', 'b0', 'b49'])).toEqual([[49], [0], [49]]);
    });

    promise('takes an empty write', async store => {
      await store.putMany([]);
      expect(await scanned(store, '')).toEqual([]);
    });

    promise('refuses everything but close once closed', async store => {
      await store.close();
      await store.close();
      const closed = {code: 'STORE_CLOSED'};
      await expect(store.getMany(['a'])).rejects.toMatchObject(closed);
      await expect(store.putMany([['a', bytes(1)]])).rejects.toMatchObject(closed);
      await expect(scanned(store, 'a')).rejects.toMatchObject(closed);
    });

    promise('survives reopening', async (store, open) => {
      await store.putMany([
        ['a', bytes(1)],
        ['b', bytes(2)],
      ]);
      await store.close();
      expect(await scanned(await open(), '')).toEqual([
        ['a', [1]],
        ['b', [2]],
      ]);
    });

    const {killServer} = options;
    if (killServer !== undefined)
      promise('keeps what was acknowledged when its server is killed', async (store, open) => {
        for (let round = 0; round < 3; round++) {
          await store.putMany([
            ['a', bytes(round)],
            [`b${round}`, bytes(round)],
            [`b${round - 1}`, undefined],
          ]);
          await killServer();
          store = await open();
          expect(await scanned(store, '')).toEqual([
            ['a', [round]],
            [`b${round}`, [round]],
          ]);
        }
      });

    end();
  });
}
