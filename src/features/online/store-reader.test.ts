import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import type {LocalStore} from '../../stores/index.ts';
import {openLmdb} from '../../stores/lmdb/index.ts';
import {atPayment, history, START} from '../contract/history.ts';
import {loadCheckpoint, saveCheckpoint} from '../stream/checkpoint.ts';
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
      expect(await reader.read(requests, q), `at ${i}`).toEqual(want);
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
    expect(await reader.read(requests, Math.max(q, executor.clock))).toEqual(
      requests.map(request => live.read(request, Math.max(q, executor.clock))),
    );
});

test('a store without the views says which is missing', async () => {
  await expect(StoreReader.open(atPayment, store)).rejects.toMatchObject({
    code: 'NOT_READY',
    message: expect.stringMatching(/^The store holds no state of 'spend@/),
  });
});
