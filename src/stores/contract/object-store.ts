/** The promises every object store keeps, whatever is underneath. */
import {describe, expect} from 'vitest';
import type {ObjectStore} from '../object-store.ts';
import {type ContractOptions, promises} from './promises.ts';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

async function read(store: ObjectStore, name: string): Promise<number[] | undefined> {
  const value = await store.get(name);
  return value && [...value];
}

export function describeObjectStore(adapter: string, options: ContractOptions<ObjectStore>): void {
  describe(`object store: ${adapter}`, () => {
    const {promise, end} = promises(options, async () => undefined);

    promise('is empty at first', async store => {
      expect(await store.list()).toEqual([]);
      expect(await store.get('absent')).toBeUndefined();
      expect(await store.get('absent/deeper')).toBeUndefined();
    });

    promise('gives back the bytes of an object', async store => {
      await store.put('models/late/3/model.onnx', bytes(1, 2, 3));
      await store.put('empty', bytes());
      expect(await read(store, 'models/late/3/model.onnx')).toEqual([1, 2, 3]);
      expect(await read(store, 'empty')).toEqual([]);
    });

    promise('keeps large objects', async store => {
      const large = Uint8Array.from({length: 3_000_000}, (_, i) => (i * 131) & 0xff);
      await store.put('large', large);
      expect(Buffer.compare((await store.get('large'))!, large)).toBe(0);
    });

    promise('replaces an object', async store => {
      await store.put('a', bytes(1, 2, 3));
      await store.put('a', bytes(4));
      expect(await read(store, 'a')).toEqual([4]);
      expect(await store.list()).toEqual(['a']);
    });

    promise('keeps its own copy from the moment of the call, and hands out copies', async store => {
      const value = bytes(1, 2);
      const writing = store.put('a', value);
      value.fill(9);
      await writing;
      (await store.get('a'))!.fill(8);
      expect(await read(store, 'a')).toEqual([1, 2]);
    });

    promise('lists names by prefix, sorted', async store => {
      for (const name of ['b', 'a/2', 'a/10', 'a/b/c', 'a.b', 'ab', 'a=1/x']) await store.put(name, bytes(1));
      expect(await store.list()).toEqual(['a.b', 'a/10', 'a/2', 'a/b/c', 'a=1/x', 'ab', 'b']);
      expect(await store.list('a/')).toEqual(['a/10', 'a/2', 'a/b/c']);
      expect(await store.list('a/b')).toEqual(['a/b/c']);
      expect(await store.list('a')).toEqual(['a.b', 'a/10', 'a/2', 'a/b/c', 'a=1/x', 'ab']);
      expect(await store.list('zz')).toEqual([]);
      expect(await store.list('../')).toEqual([]);
    });

    promise('removes an object, and does not mind if it is absent', async store => {
      await store.put('a/b', bytes(1));
      await store.put('a/c', bytes(2));
      await store.remove('a/b');
      await store.remove('a/b');
      await store.remove('never/there');
      await store.remove('a');
      expect(await store.get('a/b')).toBeUndefined();
      expect(await store.list()).toEqual(['a/c']);
    });

    promise('takes a name again after what stood there was removed', async store => {
      await store.put('a/b', bytes(1));
      await store.remove('a/b');
      await store.put('a', bytes(2));
      expect(await read(store, 'a')).toEqual([2]);
    });

    promise('refuses names that are no names', async store => {
      const names = [
        '',
        '.',
        '..',
        '/a',
        'a/',
        'a//b',
        '../a',
        'a/../b',
        './a',
        'a b',
        'a\\b',
        'é',
        'a\0',
        'a:b',
        '%2e%2e/a',
        'a\n',
      ];
      for (const name of names) {
        const refused = {code: 'REQUEST_INVALID'};
        await expect(store.put(name, bytes(1)), name).rejects.toMatchObject(refused);
        await expect(store.get(name), name).rejects.toMatchObject(refused);
        await expect(store.remove(name), name).rejects.toMatchObject(refused);
      }
      expect(await store.list()).toEqual([]);
    });

    promise('shows a reader the old bytes or the new, never a mixture', async store => {
      const versions = Array.from({length: 8}, (_, i) => new Uint8Array(200_000 + i).fill(i));
      await store.put('a', versions[0]!);
      const writing = (async () => {
        for (const version of versions) await store.put('a', version);
      })();
      for (let i = 0; i < 30; i++) {
        const seen = (await store.get('a'))!;
        expect(Buffer.compare(seen, versions[seen[0]!]!)).toBe(0);
      }
      await writing;
    });

    promise('keeps one of several objects put at the same time under a name', async store => {
      await Promise.all(Array.from({length: 10}, (_, i) => store.put('a', new Uint8Array(10_000).fill(i))));
      expect(new Set(await store.get('a')).size).toBe(1);
      expect(await store.list()).toEqual(['a']);
    });

    promise('can be written while its neighbours are removed', async store => {
      await Promise.all(
        Array.from({length: 40}, async (_, i) => {
          await store.put(`a/b/${i}`, bytes(i));
          if (i % 2 === 0) await store.remove(`a/b/${i}`);
        }),
      );
      expect(await store.list('a/b/')).toHaveLength(20);
    });

    promise('survives reopening', async (store, open) => {
      await store.put('a/b', bytes(1));
      const again = await open();
      expect(await again.list()).toEqual(['a/b']);
      expect(await read(again, 'a/b')).toEqual([1]);
    });

    end();
  });
}
