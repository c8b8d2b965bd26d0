import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import type {ServedPrediction} from '../../serving/index.ts';
import type {MetadataStore} from '../../stores/index.ts';
import {openLibsql} from '../../stores/libsql/index.ts';
import {ReviewQueue} from './review-queue.ts';

let folder: string;
let store: MetadataStore;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'reviews-'));
  store = await openLibsql(join(folder, 'metadata.db'));
});
afterEach(async () => {
  await store.close();
  rmSync(folder, {recursive: true});
});

const unsure = (id: string, at = 1, prediction = 0.5) =>
  ({id, at, version: 1, prediction, request: {kitchen: 'k1'}}) as unknown as ServedPrediction;
const idsOf = (reviews: readonly {readonly id: string}[]) => reviews.map(({id}) => id).sort();

/** The same store, whose writes take their time: `during` runs in the middle of the first. */
function slow(during: () => void): MetadataStore {
  let first = true;
  return {
    get: (kind, id) => store.get(kind, id),
    list: (kind, query) => store.list(kind, query),
    remove: (kind, query) => store.remove(kind, query),
    close: () => store.close(),
    write: async writes => {
      const revisions = await store.write(writes);
      if (first) during();
      first = false;
      await new Promise(resolve => setTimeout(resolve, 5));
      return revisions;
    },
  };
}

describe('a queue of reviews', () => {
  test('loses nothing that comes while others are kept', async () => {
    const queue: ReviewQueue = new ReviewQueue(
      slow(() => queue.add(unsure('b'))),
      'm',
    );
    queue.add(unsure('a'));
    await Promise.all([queue.save(), queue.save()]);
    expect(idsOf(await queue.list())).toEqual(['a', 'b']);
  });

  test('keeps a decision when the same id is asked again', async () => {
    const queue = new ReviewQueue(store, 'm');
    queue.add(unsure('a'));
    await queue.decide('a', 1, 'Ada', 2);
    queue.add(unsure('a', 3));
    expect(await queue.list()).toMatchObject([{id: 'a', state: 'decided', by: 'Ada', decision: 1}]);
    // Before it is decided, the newest stands.
    queue.add(unsure('b', 4, 0.5));
    await queue.save();
    queue.add(unsure('b', 5, 0.625));
    expect(await queue.list({state: 'open'})).toMatchObject([{id: 'b', at: 5, score: 0.625}]);
  });

  test('is decided once; whoever says the same again is told the same', async () => {
    const queue = new ReviewQueue(store, 'm');
    queue.add(unsure('a'));
    const [decided, other] = await Promise.allSettled([
      queue.decide('a', 1, 'Ada', 2),
      queue.decide('a', 0, 'Grace', 2),
    ]);
    expect(other).toMatchObject({reason: {code: 'STORE_CONFLICT', message: "'a' was decided by Ada: 1."}});
    expect(await queue.decide('a', 1, 'Ada', 9)).toEqual((decided as {value: unknown}).value);
    await expect(queue.decide('nobody', 1, 'Ada', 2)).rejects.toMatchObject({code: 'RECORD_NOT_FOUND'});
  });

  test('shows an open one under any number of newer ones that are decided', async () => {
    const queue = new ReviewQueue(store, 'm');
    queue.add(unsure('old', 1));
    await queue.save();
    const decided = (i: number) => ({
      kind: 'review',
      id: `m/n${i}`,
      at: 10 + i,
      value: {id: `n${i}`, model: 'm', at: 10 + i, state: 'decided'},
    });
    await store.write(Array.from({length: 12_000}, (_, i) => decided(i)));
    expect(idsOf(await queue.list({state: 'open'}))).toEqual(['old']);
  });

  test('tries again what could not be kept', async () => {
    let down = true;
    const unsteady: MetadataStore = {
      get: (kind, id) => store.get(kind, id),
      list: (kind, query) => store.list(kind, query),
      remove: (kind, query) => store.remove(kind, query),
      close: () => store.close(),
      write: writes => (down ? Promise.reject(new Error('The disk is full.')) : store.write(writes)),
    };
    const queue = new ReviewQueue(unsteady, 'm');
    queue.add(unsure('a'));
    await expect(queue.save()).rejects.toThrow('The disk is full.');
    queue.add(unsure('b'));
    down = false;
    expect(idsOf(await queue.list())).toEqual(['a', 'b']);
  });
});
