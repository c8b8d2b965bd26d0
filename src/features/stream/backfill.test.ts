import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import type {PositionedBatch} from '../../protocol/index.ts';
import type {EventLog, LocalStore} from '../../stores/index.ts';
import {openLmdb} from '../../stores/lmdb/index.ts';
import {openSegmentLog} from '../../stores/segments/index.ts';
import {atPayment, between, habits, history, START, spend} from '../contract/history.ts';
import {readLive} from '../contract/read-live.ts';
import {viewKey} from '../definitions/version.ts';
import {OnlineReader} from '../online/reader.ts';
import {Backfill} from './backfill.ts';
import {loadCheckpoint, saveCheckpoint} from './checkpoint.ts';
import {StreamExecutor} from './executor.ts';
import {dropUnused, storedViews} from './stored-view.ts';

const HOUR = 3_600_000;
const END = START + 5 * 24 * HOUR;
const USERS = ['busy', 'a', 'b', 'c', 'ö', '日本', 'nobody'];
let folder: string;
let store: LocalStore;
let log: EventLog;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'backfill-'));
  store = await openLmdb(join(folder, 'online'));
  log = await openSegmentLog(join(folder, 'events'), {durability: 'process'});
});
afterEach(async () => {
  await store.close();
  await log.close();
  rmSync(folder, {recursive: true});
});

/** All values of these views that are kept live. */
const everything = (executor: StreamExecutor, views: readonly (typeof spend | typeof habits | typeof between)[]) =>
  USERS.flatMap(key =>
    views.map(view => readLive(executor, view, Object.keys(view.entity.keys).length === 2 ? [key, 's'] : [key], END)),
  );

function steady(batches: readonly PositionedBatch[], clock: number): StreamExecutor {
  const executor = new StreamExecutor([spend, habits, between]);
  executor.advanceTo(clock);
  for (const batch of batches) executor.apply(batch);
  return executor;
}

/** Appends batches to the log and shows them to the executor. */
async function push(batches: readonly PositionedBatch[], executor: StreamExecutor): Promise<void> {
  for (const batch of batches) {
    await log.append(batch);
    executor.apply(batch);
  }
}

describe('a view that is new', () => {
  test('is filled from the log while others are read and events come, and is then as if it had always been there', async () => {
    const batches = history(1, 2_000);
    const cut = Math.floor(batches.length * 0.6);
    // Two hours behind: some events are still held when the new view joins.
    const clock = batches.at(-1)!.arrivalTimes[0]! - 2 * HOUR;
    const before = await loadCheckpoint([spend], store);
    before.advanceTo(clock);
    await push(batches.slice(0, cut), before);
    await saveCheckpoint(before, store);

    const executor = await loadCheckpoint([spend, between, habits], store, log.end());
    expect(executor.position).toBe(before.position);
    expect(executor.behind).toHaveLength(1);
    const reader = new OnlineReader(atPayment, executor);
    const request = {user: 'busy', shop: 's', amount: 3, zone: 'UTC'};
    expect(() => reader.read(request, clock)).toThrow(
      expect.objectContaining({code: 'NOT_READY', message: expect.stringMatching(/'\w+' is new .*: 0 of 1,\d\d\d /)}),
    );
    const backfill = new Backfill(executor, log, store, {sliceEvents: 50, checkpointEvents: 300});
    const reads: number[] = [];
    let [done, next] = [false, cut];
    const filling = backfill.run().then(() => {
      done = true;
    });
    while (!done) {
      for (const {view, read, total, from} of backfill.progress) {
        expect(from).toBe(0);
        expect(read).toBeLessThanOrEqual(total);
        if (view === viewKey(between)) reads.push(read);
      }
      expect(readLive(executor, spend, ['busy'], clock).n_3d).toBeGreaterThan(0);
      if (next < batches.length) await push(batches.slice(next, ++next), executor);
      else await new Promise(setImmediate);
    }
    await filling;
    await push(batches.slice(next), executor);
    expect(new Set(reads).size).toBeGreaterThan(5);
    expect(reads).toEqual(reads.toSorted((a, b) => a - b));
    expect(backfill.progress).toEqual([]);
    const same = steady(batches, clock);
    expect(executor.held.length).toBe(same.held.length);
    expect(executor.held.length).toBeGreaterThan(0);
    expect(reader.read(request, END)).toEqual(new OnlineReader(atPayment, same).read(request, END));
    expect(everything(executor, [spend, habits, between])).toEqual(everything(same, [spend, habits, between]));

    await saveCheckpoint(executor, store);
    const again = await loadCheckpoint([spend, between, habits], store, log.end());
    expect(again.behind).toEqual([]);
    expect(everything(again, [spend, habits, between])).toEqual(everything(same, [spend, habits, between]));
  });

  test('goes on where it was when the process stopped, and says so', async () => {
    const batches = history(2, 1_500);
    const before = await loadCheckpoint([spend], store);
    before.advanceTo(END);
    await push(batches, before);
    await saveCheckpoint(before, store);
    const views = [spend, habits, between];
    let from = 0;
    for (let start = 0; start < 3; start++) {
      const executor = await loadCheckpoint(views, store, log.end());
      executor.advanceTo(END);
      const backfill = new Backfill(executor, log, store, {sliceEvents: 40, checkpointEvents: 200});
      expect(backfill.progress.map(p => p.from)).toEqual([from, from]);
      const running = backfill.run();
      while (backfill.progress[0]!.read < 350) await new Promise(setImmediate);
      backfill.stop();
      await running;
      const {position} = (await storedViews(store)).get(viewKey(between))!;
      expect(position).toBeGreaterThanOrEqual(from + 200);
      from = position;
    }
    const executor = await loadCheckpoint(views, store, log.end());
    executor.advanceTo(END);
    await new Backfill(executor, log, store).run();
    expect(everything(executor, views)).toEqual(everything(steady(batches, END), views));
  });
});

describe('a view that was removed', () => {
  test('keeps its state for a rollback, and then takes only what it missed', async () => {
    const batches = history(3, 1_200);
    const third = Math.floor(batches.length / 3);
    const first = await loadCheckpoint([spend, between], store);
    first.advanceTo(END);
    await push(batches.slice(0, third), first);
    await saveCheckpoint(first, store);
    const second = await loadCheckpoint([spend], store, log.end());
    await push(batches.slice(third), second);
    await saveCheckpoint(second, store);

    const last = await loadCheckpoint([spend, between], store, log.end());
    const backfill = new Backfill(last, log, store);
    expect(backfill.progress).toEqual([
      {view: viewKey(between), from: first.position, read: 0, total: second.position - first.position, failure: null},
    ]);
    await backfill.run();
    expect(everything(last, [spend, between])).toEqual(everything(steady(batches, END), [spend, between]));
  });

  test('is forgotten when it is told to be, and nothing else', async () => {
    const batches = history(4, 1_200);
    const executor = await loadCheckpoint([spend, between], store, undefined, {pageEvents: 8});
    executor.advanceTo(END);
    await push(batches, executor);
    await saveCheckpoint(executor, store);
    expect([...(await storedViews(store)).keys()].sort()).toEqual([viewKey(between), viewKey(spend)].sort());
    expect(await dropUnused(store, [viewKey(between), 'never@000000000000'])).toBe(1);
    const left: string[] = [];
    for await (const [key] of store.scan('')) left.push(key.split('/')[0]!);
    expect(new Set(left)).toEqual(new Set(['c1', 'p1', 's1', 'stream']));
    const again = await loadCheckpoint([spend], store, log.end());
    expect(everything(again, [spend])).toEqual(everything(steady(batches, END), [spend]));
  });
});

test('a fill that fails says why, and the others can be read', async () => {
  const batches = history(5, 300);
  const before = await loadCheckpoint([spend], store);
  before.advanceTo(END);
  await push(batches, before);
  await saveCheckpoint(before, store);
  const executor = await loadCheckpoint([spend, between], store, log.end());
  executor.advanceTo(END);
  const full = {putMany: () => Promise.reject(new Error('no space left on device'))};
  const backfill = new Backfill(executor, log, full, {checkpointEvents: 50});
  await expect(backfill.run()).rejects.toThrow('no space left');
  expect(backfill.progress).toMatchObject([{view: viewKey(between), failure: 'no space left on device'}]);
  expect(() => readLive(executor, between, ['busy', 's'], END)).toThrow(/not filled yet.*no space left on device/);
  expect(readLive(executor, spend, ['busy'], END)).toEqual(readLive(before, spend, ['busy'], END));
});
