/** What a store in this process promises beside what every online store does. */
import {describe, expect} from 'vitest';
import type {LocalStore} from '../online-store.ts';
import {type ContractOptions, promises} from './promises.ts';

export function describeLocalStore(adapter: string, options: ContractOptions<LocalStore>): void {
  describe(`local store: ${adapter}`, () => {
    const {promise, end} = promises(options, store => store.close());
    const bytesOf = (store: LocalStore, key: string) => {
      const bytes = store.get(key);
      return bytes && [...bytes];
    };

    promise('answers at once with what was written, of every size', async store => {
      const sizes = [0, 1, 100, 4_096, 100_000];
      const values = sizes.map(size => Uint8Array.from({length: size}, (_, i) => (i * 7 + size) & 0xff));
      await store.putMany(values.map((value, i) => [`k${i}`, value] as const));
      for (const [i, value] of values.entries()) expect(bytesOf(store, `k${i}`)).toEqual([...value]);
      expect(store.get('absent')).toBeUndefined();
    });

    promise('shows a write as soon as it has resolved, and a removal', async store => {
      for (let round = 0; round < 50; round++) {
        await store.putMany([['a', Uint8Array.of(round)]]);
        expect(bytesOf(store, 'a')).toEqual([round]);
      }
      await store.putMany([['a', undefined]]);
      expect(store.get('a')).toBeUndefined();
    });

    promise('shows all of a write or nothing of it while it is under way', async store => {
      const keys = Array.from({length: 500}, (_, i) => `k${i}`);
      const writing = (round: number) => store.putMany(keys.map(key => [key, Uint8Array.of(round)] as const));
      await writing(0);
      for (let round = 1; round < 10; round++) {
        const done = writing(round);
        const seen = new Set(keys.map(key => bytesOf(store, key)![0]));
        expect([...seen]).toEqual([round - 1]);
        await done;
      }
    });

    promise('refuses what it cannot hold, and everything once closed', async store => {
      expect(() => store.get('')).toThrow(expect.objectContaining({code: 'REQUEST_INVALID'}));
      await store.close();
      expect(() => store.get('a')).toThrow(expect.objectContaining({code: 'STORE_CLOSED'}));
    });

    end();
  });
}
