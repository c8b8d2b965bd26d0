import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {t} from '../../protocol/index.ts';
import type {LocalStore} from '../../stores/index.ts';
import {openLmdb} from '../../stores/lmdb/index.ts';
import {servingPolicy} from '../policy/serving-policy.ts';
import type {RequestFields} from '../request.ts';
import {HybridPredictions} from './hybrid-predictions.ts';
import {PrecomputedPredictions} from './precomputed-predictions.ts';

const MINUTE = 60_000;
const schema = {user: t.string};
const policy = servingPolicy({hybrid: {times: 3, over: '1h', entries: 2, every: '10m', maxAge: '25m'}}).hybrid!;
const user = (name: string): RequestFields => ({user: name});

let folder = '';
let store: LocalStore;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hybrid-'));
  store = await openLmdb(folder);
});
afterEach(async () => {
  await store.close();
  rmSync(folder, {recursive: true});
});
const open = () => new HybridPredictions(store, {model: 'm', schema, policy});
const made = (requests: readonly RequestFields[], at: number, version = 1) =>
  requests.map(request => ({request, prediction: String(request.user).length, version, at}));

describe('hybrid predictions', () => {
  test('are made for the most frequent requests, and answer until they are too old', async () => {
    const hybrid = open();
    for (const [name, times] of Object.entries({often: 5, more: 9, rare: 2, three: 3}))
      for (let i = 0; i < times; i++) hybrid.asked(user(name), i * MINUTE);
    expect(hybrid.due(10 * MINUTE)).toEqual([user('more'), user('often')]);
    await hybrid.replace(made([user('more'), user('often')], 10 * MINUTE), 10 * MINUTE);
    expect(hybrid.lookup(user('more'), 12 * MINUTE)).toEqual({prediction: 4, version: 1, at: 10 * MINUTE});
    expect(hybrid.lookup(user('three'), 12 * MINUTE)).toBeNull();
    expect(hybrid.lookup(user('often'), 35 * MINUTE)?.prediction).toBe(5);
    expect(hybrid.lookup(user('often'), 35 * MINUTE + 1)).toBeNull();
    expect(hybrid.figures(40 * MINUTE)).toEqual({
      hits: 2,
      misses: 2,
      tooOld: 1,
      hitRate: 0.5,
      frequent: 2,
      table: {entries: 2, madeAt: 10 * MINUTE, ageMs: 30 * MINUTE},
      batch: null,
      rule: 'Answers are made beforehand for requests asked at least 3 times within 1 h, the 2 most frequent of them, every 10 min; they are used until they are 25 min old.',
    });
  });

  test('are due at once where there are none, and then every so often, while the counts move on', async () => {
    const hybrid = open();
    expect(hybrid.due(0)).toEqual([]);
    await hybrid.replace([], 0);
    for (let i = 0; i < 3; i++) hybrid.asked(user('a'), i);
    expect(hybrid.due(9 * MINUTE)).toBeNull();
    expect(hybrid.due(10 * MINUTE)).toEqual([user('a')]);
    // Two hours on nobody has asked within the hour.
    expect(hybrid.due(130 * MINUTE)).toEqual([]);
  });

  test('by another version answer nobody who names the one in charge', async () => {
    const hybrid = open();
    await hybrid.replace(made([user('a')], 0, 4), 0);
    expect(hybrid.lookup(user('a'), 1, 5)).toBeNull();
    expect(hybrid.lookup(user('a'), 1, 4)?.version).toBe(4);
    expect(hybrid.figures(1)).toMatchObject({hits: 1, misses: 1, tooOld: 0});
  });

  test('of a batch run answer what nobody asks often', async () => {
    const batch = new PrecomputedPredictions(store, {model: 'm', name: 'batch', schema});
    await batch.replace(made([user('a'), user('seldom')], 0), {madeAt: 1 * MINUTE});
    const hybrid = open();
    await hybrid.replace([{request: user('a'), prediction: 0.5, version: 1, at: 5 * MINUTE}], 5 * MINUTE);
    expect(hybrid.lookup(user('a'), 6 * MINUTE)).toMatchObject({prediction: 0.5, at: 5 * MINUTE});
    expect(hybrid.lookup(user('seldom'), 6 * MINUTE)).toMatchObject({prediction: 6, at: 0});
    expect(hybrid.figures(6 * MINUTE).batch).toEqual({entries: 2, madeAt: MINUTE, ageMs: 5 * MINUTE});
  });

  test('outlive the process, with the time when the next ones are due', async () => {
    await open().replace(made([user('a')], 0), 0);
    await store.close();
    store = await openLmdb(folder);
    const again = open();
    expect(again.lookup(user('a'), MINUTE)?.prediction).toBe(1);
    expect(again.due(9 * MINUTE)).toBeNull();
    expect(again.due(10 * MINUTE)).toEqual([]);
  });
});
