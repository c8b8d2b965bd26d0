// An executor that may keep next to nothing in memory, is stopped and opened at random moments and cuts busy keys into
// tiny pages, against one that keeps everything: the same bits at every read.
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {seededRandom} from '../../math/index.ts';
import type {LocalStore} from '../../stores/index.ts';
import {openLmdb} from '../../stores/lmdb/index.ts';
import {between, habits, history, payments, START, spend, user} from '../contract/history.ts';
import {readLive} from '../contract/read-live.ts';
import {featureView} from '../definitions/view.ts';
import {lifetime} from '../definitions/window.ts';
import {loadCheckpoint, saveCheckpoint} from './checkpoint.ts';
import {StreamExecutor} from './executor.ts';

const HOUR = 3_600_000;
const USERS = ['busy', 'a', 'b', 'c', 'ö', '日本', 'nobody'];
const ever = featureView('ever', {
  from: payments,
  entity: user,
  keys: {user: 'user'},
  features: a => ({
    n: a.count().over('3m', lifetime()),
    total: a.sum('amount').over('1h', lifetime()),
    top: a.topK('country', 2).over('24h', lifetime()),
  }),
});
const VIEWS = [spend, habits, between, ever];

let folder: string;
let store: LocalStore;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'state-cache-'));
  store = await openLmdb(folder);
});
afterEach(async () => {
  await store.close();
  rmSync(folder, {recursive: true});
});

function everything(executor: StreamExecutor, q: number) {
  return USERS.flatMap(key => [
    readLive(executor, spend, [key], q),
    readLive(executor, habits, [key], q),
    readLive(executor, ever, [key], q),
    readLive(executor, between, [key, 's'], q),
  ]);
}

test.each([1, 2, 3])('what leaves memory comes back with the same bits, seed %i', async seed => {
  const random = seededRandom(seed);
  const tiny = {budgetBytes: 20_000, pageEvents: 4, mostDirty: 12};
  const steady = new StreamExecutor(VIEWS);
  let bounded = await loadCheckpoint(VIEWS, store, undefined, tiny);
  let [restarts, most] = [0, 0];
  for (const batch of history(seed, 2_000, 23)) {
    const clock = batch.arrivalTimes[0]! - (random() < 0.5 ? 0 : HOUR);
    for (const executor of [steady, bounded]) {
      executor.advanceTo(clock);
      executor.apply(batch);
    }
    if (bounded.checkpointDue || random() < 0.1) await saveCheckpoint(bounded, store);
    if (random() < 0.15) {
      // What was taken since is lost: it is taken from the log again.
      await saveCheckpoint(bounded, store);
      bounded = await loadCheckpoint(VIEWS, store, undefined, tiny);
      restarts++;
    }
    most = Math.max(most, ...bounded.views.map(({states}) => states.size));
    if (random() < 0.2) expect(everything(bounded, steady.clock)).toEqual(everything(steady, steady.clock));
  }
  const end = START + 5 * 24 * HOUR;
  expect(everything(bounded, end)).toEqual(everything(steady, end));
  expect(restarts).toBeGreaterThan(5);
  const pages = [];
  for await (const [key] of store.scan('p')) pages.push(key);
  expect(pages.length).toBeGreaterThan(50);
});

test('memory stays near its budget whatever the number of keys', async () => {
  const keys = Array.from({length: 30_000}, (_, i) => `user ${i}`);
  const [example] = history(1, 1);
  const budgetBytes = 2_000_000;
  const executor = await loadCheckpoint([between], store, undefined, {budgetBytes, mostDirty: 1_000});
  executor.advanceTo(START + HOUR);
  let most = 0;
  for (let round = 0; round < 2; round++)
    for (let from = 0; from < keys.length; from += 500) {
      const users = keys.slice(from, from + 500);
      executor.apply({
        ...example!,
        position: round * keys.length + from,
        count: 500,
        ids: users.map(key => `${round} ${key}`),
        eventTimes: new Float64Array(500).fill(START + round),
        arrivalTimes: new Float64Array(500).fill(START + round),
        columns: {...example!.columns, user: users, shop: users.map(() => 's'), amount: new Float64Array(500).fill(1)},
      });
      if (executor.checkpointDue) await saveCheckpoint(executor, store);
      most = Math.max(most, executor.meter.bytes);
    }
  expect(most).toBeLessThan(1.5 * budgetBytes);
  for (const key of ['user 0', 'user 12345', 'user 29999'])
    expect(readLive(executor, between, [key, 's'], START + HOUR).pairN_24h).toBe(2);
});
