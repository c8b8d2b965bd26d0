// What is saved when views that were behind have just joined: nothing may be written twice, or as of another position.
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import type {LocalStore} from '../../stores/index.ts';
import {openLmdb} from '../../stores/lmdb/index.ts';
import {habits, history, START, spend} from '../contract/history.ts';
import {readLive} from '../contract/read-live.ts';
import {viewKey} from '../definitions/version.ts';
import {loadCheckpoint, saveCheckpoint} from './checkpoint.ts';
import {StreamExecutor} from './executor.ts';
import {storedViews} from './stored-view.ts';

const END = START + 5 * 86_400_000;
const USERS = ['busy', 'a', 'b', 'c'];
let folder: string;
let store: LocalStore;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'save-order-'));
  store = await openLmdb(folder);
});
afterEach(async () => {
  await store.close();
  rmSync(folder, {recursive: true});
});

const values = (executor: StreamExecutor) => USERS.map(user => readLive(executor, habits, [user], END));

/** A store that writes when it is told to. */
function slow(): Pick<LocalStore, 'putMany'> & {waiting: (() => void)[]} {
  const waiting: (() => void)[] = [];
  return {
    waiting,
    putMany: async entries => {
      await new Promise<void>(resolve => waiting.push(resolve));
      await store.putMany(entries);
    },
  };
}

const turn = () => new Promise(setImmediate);

/** An executor with a view that has just come to where it is, of which half is not saved yet. */
async function joining(budgetBytes: number) {
  const batches = history(7, 900);
  const half = Math.floor(batches.length / 2);
  const first = await loadCheckpoint([spend], store);
  first.advanceTo(END);
  for (const batch of batches.slice(0, half)) first.apply(batch);
  await saveCheckpoint(first, store);
  const main = await loadCheckpoint([spend, habits], store, Number.POSITIVE_INFINITY, {budgetBytes});
  const [behind] = main.behind;
  main.advanceTo(END);
  behind!.advanceTo(END);
  for (const batch of batches.slice(0, half)) behind!.apply(batch);
  const never = new StreamExecutor([spend, habits]);
  never.advanceTo(END);
  for (const batch of batches) never.apply(batch);
  return {main, behind: behind!, rest: batches.slice(half), want: values(never)};
}

test('a state that is being written by one checkpoint does not leave memory when an earlier one ends', async () => {
  const {main, behind, rest, want} = await joining(1);
  const later = slow();
  const early = saveCheckpoint(behind, later);
  await turn();
  main.adopt(behind);
  for (const batch of rest) main.apply(batch);
  const late = saveCheckpoint(main, later);
  await turn();
  later.waiting.shift()!();
  await early;
  await turn();
  for (const {states} of main.views) states.sweep(1_000);
  expect(values(main)).toEqual(want);
  for (const resolve of later.waiting) resolve();
  await late;
  expect(values(await loadCheckpoint([spend, habits], store))).toEqual(want);
});

test('an executor whose views were taken over saves nothing any more', async () => {
  const {main, behind, rest, want} = await joining(1e9);
  main.adopt(behind);
  for (const batch of rest) main.apply(batch);
  await saveCheckpoint(main, store);
  const {position} = (await storedViews(store)).get(viewKey(habits))!;
  expect(await saveCheckpoint(behind, store)).toBe(0);
  expect((await storedViews(store)).get(viewKey(habits))!.position).toBe(position);
  expect(values(await loadCheckpoint([spend, habits], store))).toEqual(want);
});
