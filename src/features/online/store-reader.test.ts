import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import type {LocalStore, OnlineStore} from '../../stores/index.ts';
import {openLmdb} from '../../stores/lmdb/index.ts';
import {atPayment, history, START, spend} from '../contract/history.ts';
import {viewKey} from '../definitions/version.ts';
import {loadCheckpoint, saveCheckpoint} from '../stream/checkpoint.ts';
import {dropUnused, goneEntry} from '../stream/stored-view.ts';
import {OnlineReader} from './reader.ts';
import {StoreReader} from './store-reader.ts';

const HOUR = 3_600_000;
const VIEWS = atPayment.views.map(({view}) => view);
const USERS = ['busy', 'a', 'b', 'ö', '日本', 'nobody'];
const requests = USERS.flatMap(user => ['s', 't'].map(shop => ({user, shop, amount: 3, zone: 'Europe/Athens'})));

let folder = '';
let store: LocalStore;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'store-reader-'));
  store = await openLmdb(folder);
});
afterEach(async () => {
  await store.close();
  rmSync(folder, {recursive: true});
});

test.each([
  {seed: 1, pageEvents: 1_024},
  {seed: 2, pageEvents: 8},
])(
  'a reader that holds nothing gives what the live state gives, seed $seed, pages of $pageEvents',
  async ({seed, pageEvents}) => {
    const executor = await loadCheckpoint(VIEWS, store, 0, {pageEvents});
    const live = new OnlineReader(atPayment, executor);
    await saveCheckpoint(executor, store);
    // Opened before any event: strings and pages that come later are read when a state names them.
    const reader = await StoreReader.open(atPayment, store);
    for (const [i, batch] of history(seed, 1_200).entries()) {
      executor.advanceTo(batch.arrivalTimes.at(-1)!);
      executor.apply(batch);
      if (i % 8 !== 7) continue;
      await saveCheckpoint(executor, store);
      const q = executor.clock + (i % 3);
      const want = requests.map(request => live.read(request, q));
      expect(await reader.read(requests, q), `at ${i}`).toEqual({at: q, rows: want});
      executor.advanceTo(q);
    }
  },
);

test('windows move on though nothing is written any more', async () => {
  const executor = await loadCheckpoint(VIEWS, store, 0, {pageEvents: 8});
  for (const batch of history(3, 600)) {
    executor.advanceTo(batch.arrivalTimes.at(-1)!);
    executor.apply(batch);
  }
  await saveCheckpoint(executor, store);
  const reader = await StoreReader.open(atPayment, store);
  const live = new OnlineReader(atPayment, executor);
  for (let q = START + 4 * 24 * HOUR; q < START + 8 * 24 * HOUR; q += 5 * HOUR)
    expect((await reader.read(requests, Math.max(q, executor.clock))).rows).toEqual(
      requests.map(request => live.read(request, Math.max(q, executor.clock))),
    );
});

test('states that are gone are no entities without events, and states made anew are read anew', async () => {
  const applied = async () => {
    const executor = await loadCheckpoint(VIEWS, store, 0, {pageEvents: 8});
    for (const batch of history(3, 300)) {
      executor.advanceTo(batch.arrivalTimes.at(-1)!);
      executor.apply(batch);
    }
    return executor;
  };
  const executor = await applied();
  await saveCheckpoint(executor, store);
  const reader = await StoreReader.open(atPayment, store);
  const q = executor.clock + 1;
  const want = await reader.read(requests, q);
  const kept: [string, Uint8Array][] = [];
  for await (const [key, value] of store.scan('')) kept.push([key, Uint8Array.from(value)]);
  await store.putMany(kept.map(([key]) => [key, undefined]));
  await expect(reader.read(requests, q)).rejects.toMatchObject({code: 'NOT_READY'});
  await store.putMany(kept);
  expect(await reader.read(requests, q)).toEqual(want);
  // Under other numbers, as after an erasure.
  await dropUnused(
    store,
    VIEWS.map(view => viewKey(view)),
  );
  await store.putMany([goneEntry([17])]);
  await saveCheckpoint(await applied(), store);
  expect(await reader.read(requests, q)).toEqual(want);
});

test('a store without the views says which is missing', async () => {
  await expect(StoreReader.open(atPayment, store)).rejects.toMatchObject({
    code: 'NOT_READY',
    message: expect.stringMatching(/^The store holds no state of 'spend@/),
  });
});

/** An executor that has taken a history, and saved it. */
async function written(seed: number, count: number) {
  const executor = await loadCheckpoint(VIEWS, store, Number.POSITIVE_INFINITY, {pageEvents: 8});
  for (const batch of history(seed, count)) {
    executor.advanceTo(batch.arrivalTimes.at(-1)!);
    executor.apply(batch);
  }
  await saveCheckpoint(executor, store);
  return executor;
}

test('many reads at once find the same new strings', async () => {
  const executor = await loadCheckpoint(VIEWS, store, Number.POSITIVE_INFINITY, {pageEvents: 8});
  await saveCheckpoint(executor, store);
  const reader = await StoreReader.open(atPayment, store);
  const filled = await written(4, 400);
  const q = filled.clock;
  const live = new OnlineReader(atPayment, filled);
  const want = requests.map(request => live.read(request, q));
  for (const {rows} of await Promise.all(Array.from({length: 8}, () => reader.read(requests, q))))
    expect(rows).toEqual(want);
});

test('a reader follows when the states are made anew elsewhere, and says when they are gone', async () => {
  await written(5, 300);
  const reader = await StoreReader.open(atPayment, store);
  // The log was lost: what was made from it is given up.
  const again = await loadCheckpoint(VIEWS, store, 0);
  const q = START + 9 * 24 * HOUR;
  again.advanceTo(q);
  const live = new OnlineReader(atPayment, again);
  const reads = await Promise.all([reader.read(requests, q), reader.read(requests, q)]);
  for (const {rows} of reads) expect(rows).toEqual(requests.map(request => live.read(request, q)));
  await dropUnused(store, VIEWS.map(viewKey));
  await expect(reader.read(requests, q)).rejects.toMatchObject({code: 'NOT_READY'});
});

test('a view that is still being filled is not read', async () => {
  const [first, ...others] = VIEWS;
  const spent = await loadCheckpoint([first!], store);
  for (const batch of history(6, 100)) spent.apply(batch);
  await saveCheckpoint(spent, store);
  const executor = await loadCheckpoint([first!, ...others], store);
  await saveCheckpoint(executor.behind[0]!, store);
  await expect(StoreReader.open(atPayment, store)).rejects.toMatchObject({
    code: 'NOT_READY',
    message: expect.stringContaining('not filled yet'),
  });
});

test('pages that the writer replaces after their states were read are read again with them', async () => {
  const executor = await written(7, 600);
  const q = executor.clock + 1;
  const live = new OnlineReader(atPayment, executor);
  let pages = 0;
  const racing: OnlineStore = {
    putMany: entries => store.putMany(entries),
    scan: prefix => store.scan(prefix),
    close: async () => {},
    getMany: async keys => {
      // Between the read of a state and that of its first page, the writer moves on.
      if (keys[0]!.startsWith('p') && pages++ === 0) {
        const one = history(7, 600).find(({count, columns}) => count === 1 && columns.user![0] === 'busy')!;
        const arrival = executor.clock;
        for (let i = 0; i < 30; i++) {
          const time = arrival - spend.source.latenessMs + i * 60_000;
          const {position} = executor;
          const times = {eventTimes: Float64Array.of(time), arrivalTimes: Float64Array.of(arrival)};
          executor.apply({...one, ...times, position, ids: [`late ${i}`]});
        }
        await saveCheckpoint(executor, store);
      }
      return store.getMany(keys);
    },
  };
  const reader = await StoreReader.open(atPayment, racing);
  const {rows} = await reader.read(requests, q);
  expect(pages).toBeGreaterThan(0);
  expect(rows).toEqual(requests.map(request => live.read(request, q)));
});

test("a reader whose clock is behind reads as of the writer's", async () => {
  const executor = await written(8, 300);
  const reader = await StoreReader.open(atPayment, store);
  const {at, rows} = await reader.read(requests, executor.clock - HOUR);
  expect(at).toBe(executor.clock);
  const live = new OnlineReader(atPayment, executor);
  expect(rows).toEqual(requests.map(request => live.read(request, executor.clock)));
});
