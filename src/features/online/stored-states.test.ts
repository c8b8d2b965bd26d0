import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import type {LocalStore} from '../../stores/index.ts';
import {openLmdb} from '../../stores/lmdb/index.ts';
import {atPayment, history, START} from '../contract/history.ts';
import {viewKey} from '../definitions/version.ts';
import {loadCheckpoint, saveCheckpoint} from '../stream/checkpoint.ts';
import {dropUnused, goneEntry} from '../stream/stored-view.ts';
import {OnlineReader} from './reader.ts';
import {StoredStates} from './stored-states.ts';

const HOUR = 3_600_000;
const VIEWS = atPayment.views.map(({view}) => view);
const USERS = ['busy', 'a', 'b', 'ö', '日本', 'nobody'];
const requests = USERS.flatMap(user => ['s', 't'].map(shop => ({user, shop, amount: 3, zone: 'Europe/Athens'})));

let folder = '';
let store: LocalStore;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stored-states-'));
  store = await openLmdb(folder);
});
afterEach(async () => {
  await store.close();
  rmSync(folder, {recursive: true});
});

const readAll = (reader: OnlineReader, q: number) => requests.map(request => reader.read(request, q));
const latest = (reader: OnlineReader) => requests.map(request => VIEWS.map((_, v) => reader.latestEvent(v, request)));

test.each([
  {seed: 1, pageEvents: 1_024},
  {seed: 2, pageEvents: 8},
])('gives at once what the live state gives, seed $seed, pages of $pageEvents', async ({seed, pageEvents}) => {
  const executor = await loadCheckpoint(VIEWS, store, 0, {pageEvents});
  const live = new OnlineReader(atPayment, executor);
  await saveCheckpoint(executor, store);
  const states = new StoredStates(store);
  // Opened before any event: strings and pages that come later are read when a state names them.
  const stored = new OnlineReader(atPayment, states);
  for (const [i, batch] of history(seed, 1_200).entries()) {
    executor.advanceTo(batch.arrivalTimes.at(-1)!);
    executor.apply(batch);
    if (i % 8 !== 7) continue;
    await saveCheckpoint(executor, store);
    const q = states.look(executor.clock + (i % 3));
    expect({q, position: states.position}).toEqual({q: executor.clock + (i % 3), position: executor.position});
    expect(readAll(stored, q), `at ${i}`).toEqual(readAll(live, q));
    expect(latest(stored), `at ${i}`).toEqual(latest(live));
  }
});

test('what was read is what the live state gave at that position, however far that has gone on', async () => {
  const executor = await loadCheckpoint(VIEWS, store, 0, {pageEvents: 8});
  const live = new OnlineReader(atPayment, executor);
  const states = new StoredStates(store);
  const stored = new OnlineReader(atPayment, states);
  let kept: {position: number; q: number; rows: unknown} | null = null;
  for (const [i, batch] of history(3, 900).entries()) {
    executor.advanceTo(batch.arrivalTimes.at(-1)!);
    executor.apply(batch);
    if (i % 5 === 0) {
      await saveCheckpoint(executor, store);
      kept = {position: executor.position, q: executor.clock, rows: readAll(live, executor.clock)};
    }
    const q = states.look(kept!.q);
    expect({position: states.position, q, rows: readAll(stored, q)}, `at ${i}`).toEqual(kept);
  }
});

test('is read neither before the clock of its writer nor after an event that waits there for its time', async () => {
  const executor = await loadCheckpoint(VIEWS, store);
  const [first, ...others] = history(4, 400);
  executor.advanceTo(first!.arrivalTimes.at(-1)!);
  for (const batch of [first!, ...others]) executor.apply(batch);
  const next = Math.min(...executor.held.map(({arrival}) => arrival));
  await saveCheckpoint(executor, store);
  const states = new StoredStates(store);
  const stored = new OnlineReader(atPayment, states);
  expect(states.look(executor.clock - HOUR)).toBe(executor.clock);
  const q = states.look(next + HOUR);
  expect(q).toBe(next - 1);
  const rows = readAll(stored, q);
  expect(rows).toEqual(readAll(new OnlineReader(atPayment, executor), q));
});

test('a view that has no state, or is still being filled, says so when it is read, and is read once it has one', async () => {
  const states = new StoredStates(store);
  const stored = new OnlineReader(atPayment, states);
  const q = states.look(START);
  expect(() => stored.read(requests[0]!, q)).toThrow(expect.objectContaining({code: 'NOT_READY'}));
  const [first, ...others] = VIEWS;
  const spent = await loadCheckpoint([first!], store);
  for (const batch of history(6, 100)) spent.apply(batch);
  await saveCheckpoint(spent, store);
  const filling = await loadCheckpoint([first!, ...others], store);
  await saveCheckpoint(filling.behind[0]!, store);
  states.look(START);
  expect(() => stored.read(requests[0]!, START)).toThrow(expect.objectContaining({code: 'NOT_READY'}));
  await dropUnused(store, VIEWS.map(viewKey));
  const executor = await loadCheckpoint(VIEWS, store);
  await saveCheckpoint(executor, store);
  const later = states.look(START);
  expect(readAll(stored, later)).toEqual(readAll(new OnlineReader(atPayment, executor), later));
});

test('states that were made anew, under the same numbers and others, are read anew', async () => {
  const states = new StoredStates(store);
  const stored = new OnlineReader(atPayment, states);
  for (const [seed, gone] of [
    [5, null],
    [6, null],
    [7, 17],
  ] as const) {
    if (gone !== null) await store.putMany([goneEntry([gone])]);
    // What was made from another log is given up.
    const executor = await loadCheckpoint(VIEWS, store, 0);
    for (const batch of history(seed, 300)) {
      executor.advanceTo(batch.arrivalTimes.at(-1)!);
      executor.apply(batch);
    }
    await saveCheckpoint(executor, store);
    const q = states.look(executor.clock + 1);
    expect(readAll(stored, q)).toEqual(readAll(new OnlineReader(atPayment, executor), q));
    await dropUnused(store, VIEWS.map(viewKey));
    states.look(q);
    expect(() => stored.read(requests[0]!, q)).toThrow(expect.objectContaining({code: 'NOT_READY'}));
  }
});
