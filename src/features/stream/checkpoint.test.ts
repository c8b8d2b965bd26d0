import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import type {PositionedBatch} from '../../protocol/index.ts';
import type {LocalStore} from '../../stores/index.ts';
import {openLmdb} from '../../stores/lmdb/index.ts';
import {atPayment, between, history, payments, START, spend, user} from '../contract/history.ts';
import {readLive} from '../contract/read-live.ts';
import {viewKey} from '../definitions/version.ts';
import {featureView} from '../definitions/view.ts';
import {lifetime} from '../definitions/window.ts';
import {OnlineReader} from '../online/reader.ts';
import {loadCheckpoint, saveCheckpoint} from './checkpoint.ts';
import {StreamExecutor} from './executor.ts';
import {removeGone} from './stored-view.ts';

const HOUR = 3_600_000;
const VIEWS = [spend, between];
let folder: string;
let store: LocalStore;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'checkpoint-'));
  store = await openLmdb(folder);
});
afterEach(async () => {
  await store.close();
  rmSync(folder, {recursive: true});
});

const USERS = ['busy', 'a', 'b', 'c', 'ö', '日本', 'nobody'];

function everything(executor: StreamExecutor, q: number) {
  return USERS.map(key => [readLive(executor, spend, [key], q), readLive(executor, between, [key, 's'], q)]);
}

describe('checkpoints of the live state', () => {
  test.each([1, 2])('give the same bits with a restart after every few batches as without one, seed %i', async seed => {
    const batches = history(seed, 900);
    const steady = new StreamExecutor(VIEWS);
    let restarted = await loadCheckpoint(VIEWS, store);
    for (const [i, batch] of batches.entries()) {
      // Two hours behind the log: much of it is held when the process stops.
      const clock = batch.arrivalTimes[0]! - 2 * HOUR;
      for (const executor of [steady, restarted]) {
        executor.advanceTo(clock);
        executor.apply(batch);
      }
      if (i % 4 === 3) {
        expect(restarted.held.length).toBeGreaterThan(0);
        await saveCheckpoint(restarted, store);
        restarted = await loadCheckpoint(VIEWS, store);
        expect(restarted.position).toBe(steady.position);
        expect(restarted.clock).toBe(clock);
        expect(new Set(restarted.held)).toEqual(new Set(steady.held));
      }
      if (i % 6 === 5) expect(everything(restarted, clock + HOUR)).toEqual(everything(steady, clock + HOUR));
    }
    const end = START + 5 * 24 * HOUR;
    expect(everything(restarted, end)).toEqual(everything(steady, end));
    expect(everything(restarted, end).map(([s]) => s!.lastCountry_2h)).toContain(null);
    const reader = (executor: StreamExecutor) => new OnlineReader(atPayment, executor);
    const request = {user: 'busy', shop: 's', amount: 3, zone: 'UTC'};
    expect(reader(restarted).read(request, end)).toEqual(reader(steady).read(request, end));
  });

  test('keep a lifetime, whose old events are gone', async () => {
    const ever = featureView('ever', {
      from: payments,
      entity: user,
      keys: {user: 'user'},
      features: a => ({
        n: a.count().over('3m', lifetime()),
        total: a.sum('amount').over(lifetime()),
        kinds: a.distinct('country').over(lifetime()),
        people: a.distinctSketch('paymentId').over(lifetime()),
      }),
    });
    const steady = await loadCheckpoint([ever], await openLmdb(join(folder, 'steady')));
    let restarted = await loadCheckpoint([ever], store);
    for (const batch of history(8, 900)) {
      for (const executor of [steady, restarted]) {
        executor.advanceTo(batch.arrivalTimes[0]!);
        executor.apply(batch);
        readLive(executor, ever, ['busy'], batch.arrivalTimes[0]!);
      }
      await saveCheckpoint(restarted, store);
      restarted = await loadCheckpoint([ever], store);
    }
    const q = START + 5 * 24 * HOUR;
    expect(readLive(restarted, ever, ['busy'], q).n_ever).toBeGreaterThan(400);
    for (const key of USERS) expect(readLive(restarted, ever, [key], q)).toEqual(readLive(steady, ever, [key], q));
  });

  test('write only what changed', async () => {
    const [first, ...others] = history(3, 200, 50);
    const executor = await loadCheckpoint(VIEWS, store);
    executor.advanceTo(START + 30 * 24 * HOUR);
    executor.apply(first!);
    expect(await saveCheckpoint(executor, store)).toBeGreaterThan(5);
    expect(await saveCheckpoint(executor, store)).toBe(0);
    executor.apply({...others[0]!, count: 1});
    expect(await saveCheckpoint(executor, store)).toBeLessThanOrEqual(2);
  });

  test('that could not be written lose nothing: the next one writes it too', async () => {
    const batches = history(4, 200, 100);
    const executor = await loadCheckpoint(VIEWS, store);
    executor.advanceTo(START + 5 * 24 * HOUR);
    executor.apply(batches[0]!);
    const full = {putMany: () => Promise.reject(new Error('no space left on device'))};
    await expect(saveCheckpoint(executor, full)).rejects.toThrow('no space left');
    executor.apply({...batches[1]!, count: 1});
    await saveCheckpoint(executor, store);
    const again = await loadCheckpoint(VIEWS, store);
    const q = START + 5 * 24 * HOUR;
    expect(everything(again, q)).toEqual(everything(executor, q));
  });

  test('of a log that has been replaced are given up', async () => {
    const executor = await loadCheckpoint([spend], store);
    executor.advanceTo(START + 5 * 24 * HOUR);
    for (const batch of history(7, 100)) executor.apply(batch);
    await saveCheckpoint(executor, store);
    expect((await loadCheckpoint([spend], store, 100)).position).toBe(100);
    const again = await loadCheckpoint([spend], store, 99);
    expect(again.position).toBe(0);
    expect(readLive(again, spend, ['busy'], START + 5 * 24 * HOUR).n_3d).toBe(0);
    expect((await loadCheckpoint([spend], store)).position).toBe(0);
    await removeGone(store);
    const entries = [];
    for await (const [key] of store.scan('')) entries.push(key);
    expect(entries).toEqual(['stream/gone', `stream/view/${viewKey(spend)}`]);
  });

  test('hold keys of any length and content', async () => {
    const keys = ['x'.repeat(5_000), `${'x'.repeat(5_000)}y`, 'a/b', '', '\ud800', '\ud801', 'a\u001fb'];
    const [example] = history(1, 1);
    const batch: PositionedBatch = {
      ...example!,
      count: keys.length,
      ids: keys.map((_, i) => `i${i}`),
      eventTimes: new Float64Array(keys.length).fill(START),
      arrivalTimes: new Float64Array(keys.length).fill(START),
      columns: Object.fromEntries(
        Object.entries(example!.columns).map(([name, column]) => [
          name,
          name === 'user'
            ? keys
            : name === 'amount'
              ? Float64Array.from(keys, (_, i) => i)
              : column instanceof Float64Array
                ? new Float64Array(keys.length)
                : keys.map(() => 's'),
        ]),
      ),
    };
    const executor = await loadCheckpoint(VIEWS, store);
    executor.advanceTo(START);
    executor.apply(batch);
    await saveCheckpoint(executor, store);
    const again = await loadCheckpoint(VIEWS, store);
    for (const [i, key] of keys.entries()) {
      expect(readLive(again, spend, [key], START + 1).lastAmount_1h, `key ${i}`).toBe(i);
      expect(readLive(again, between, [key, 's'], START + 1).pairMean_24h, `pair ${i}`).toBe(i);
    }
  });
});
