import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, afterEach, describe, expect, test} from 'vitest';
import type {ConsistencyRun} from '../../protocol/index.ts';
import {checkConsistency} from './check-consistency.ts';
import {ConsistencyRecords, KEPT_RUNS} from './consistency-records.ts';
import {ConsistencyRuns} from './consistency-runs.ts';
import {consistencyPolicy, describeConsistencyPolicy} from './policy.ts';
import {KITCHENS, openCouriers, type Row, START, serveRequests} from './served.fixture.ts';

const folders: string[] = [];
const open: {close(): Promise<void>}[] = [];
afterEach(async () => {
  for (const runtime of open.splice(0)) await runtime.close();
});
afterAll(() => {
  for (const folder of folders) rmSync(folder, {recursive: true});
});

async function served(count: number, falsify?: (row: Row, i: number) => void) {
  const folder = mkdtempSync(join(tmpdir(), 'consistency-'));
  folders.push(folder);
  const made = await openCouriers(folder);
  open.push(made.runtime);
  await serveRequests(made, count, falsify);
  return {...made, definition: made.runtime.project.models[0]!};
}

const tablesOf = async ({sql}: {sql: {rows(text: string): Promise<unknown[]>}}) =>
  sql.rows("SELECT table_name FROM information_schema.tables WHERE table_schema = 'main'");

/** Makes some values of a feature other than they were. */
function falsifier(names: readonly string[]) {
  const at = (name: string) => names.indexOf(name);
  return (row: Row, i: number) => {
    if (i === 200) row[at('queue_30m')] = Number(row[at('queue_30m')]) + 3;
    if (i >= 201 && i < 206) row[at('km')] = null;
    if (i === 210) row[at('place')] = 'nowhere';
    if (i === 0) row[at('delay_2h')] = 7.5;
  };
}

const NAMES = ['late_1h', 'late_6h', 'delay_2h', 'out_1h', 'queue_30m', 'lastDistance_30m', 'km', 'hour', 'place'];

describe('served features against the log', () => {
  test('are equal where nobody touched them, numbers, strings and derived ones', async () => {
    const {runtime, definition} = await served(300);
    expect(definition.features.features.map(f => f.name)).toEqual(NAMES);
    const result = await checkConsistency(runtime, definition);
    expect(result).toMatchObject({predictions: 300, values: 300 * NAMES.length, mismatches: 0});
    expect(result.features.find(f => f.feature === 'place')).toMatchObject({compared: 300, smape: null, examples: []});
    expect(result.features.find(f => f.feature === 'out_1h')!.smape).toBe(0);
    expect(await tablesOf(runtime)).toEqual([]);
  });

  test('are counted by what is wrong with them, with a few examples that can be looked up', async () => {
    const {runtime, definition} = await served(300, falsifier(NAMES));
    const result = await checkConsistency(runtime, definition);
    const of = (name: string) => result.features.find(f => f.feature === name)!;
    expect(result.mismatches).toBe(1 + 5 + 1 + 1);
    expect(of('queue_30m')).toMatchObject({mismatches: 1, missing: 0, extra: 0, maxDifference: 3});
    const [example] = of('queue_30m').examples;
    expect(example).toMatchObject({
      kind: 'mismatch',
      id: 'p200',
      at: START + 201 * 60_000,
      position: 201,
      request: {kitchen: KITCHENS[200 % KITCHENS.length], distance: 20},
    });
    const [a, b] = [Number(example!.served), Number(example!.recomputed)];
    expect(a - b).toBe(3);
    expect(of('queue_30m').smape).toBeCloseTo((2 * 3) / (a + b) / 300, 12);
    expect(of('km')).toMatchObject({mismatches: 0, missing: 5, extra: 0, maxDifference: 0, smape: 0});
    expect(of('km').examples.map(e => e.id)).toEqual(['p201', 'p202', 'p203']);
    expect(of('place')).toMatchObject({mismatches: 1, smape: null, examples: [{served: 'nowhere'}]});
    expect(of('delay_2h')).toMatchObject({extra: 1, examples: [{kind: 'extra', served: 7.5, recomputed: null}]});
  });

  test('are sampled by key: all requests of a kitchen or none', async () => {
    const {runtime, definition} = await served(300, (row, i) => {
      row[NAMES.indexOf('km')] = -i;
    });
    const result = await checkConsistency(runtime, definition, {sample: 0.5});
    expect(result.predictions % 50).toBe(0);
    expect(result.predictions).toBeGreaterThan(0);
    expect(result.predictions).toBeLessThan(300);
    expect(await checkConsistency(runtime, definition, {sample: 0.5})).toMatchObject({predictions: result.predictions});
  });

  test('are compared in the time range that was asked for', async () => {
    const {runtime, definition} = await served(100, falsifier(NAMES));
    const minute = (n: number) => START + n * 60_000;
    expect(await checkConsistency(runtime, definition, {from: minute(2), to: minute(12)})).toMatchObject({
      predictions: 10,
      mismatches: 0,
    });
    expect((await checkConsistency(runtime, definition, {to: minute(2)})).mismatches).toBe(1);
  });

  test('leave no table behind when the comparison fails', async () => {
    const {runtime, definition} = await served(20);
    const archive = Object.assign(Object.create(runtime.archive) as typeof runtime.archive, {
      update: () => runtime.archive.update(),
      relation: () => 'no_such_relation',
    });
    await expect(checkConsistency({...runtime, archive}, definition)).rejects.toThrow('no_such_relation');
    expect(await tablesOf(runtime)).toEqual([]);
  });
});

describe('consistency runs', () => {
  test('are kept with what they compared, and open an alert that the next clean run resolves', async () => {
    const {runtime, definition, clock} = await served(300, falsifier(NAMES));
    const told: string[] = [];
    const runs = new ConsistencyRuns(runtime, {
      onAlerts: (_, changed) => told.push(...changed.map(a => (a.resolvedAt === null ? 'opened' : 'resolved'))),
    });
    const bad = await runs.run(definition);
    expect(bad).toMatchObject({
      number: 1,
      state: 'done',
      trigger: 'manual',
      sample: 1,
      keys: ['kitchen'],
      mismatches: 8,
    });
    expect([bad.from, bad.to]).toEqual([clock.now() - 86_400_000, clock.now()]);
    const [alert] = await runtime.monitoring.alerts(definition.name);
    expect(alert).toMatchObject({kind: 'skew', severity: 'page', resolvedAt: null, windowId: bad.id});
    expect(alert!.message).toContain('8 of 2,691 values differ, in km (5)');
    await runs.run(definition);
    expect(told).toEqual(['opened']);
    await runs.run(definition, {from: START + 250 * 60_000});
    expect(told).toEqual(['opened', 'resolved']);
    expect((await runtime.monitoring.alerts()).map(a => a.resolvedAt)).toEqual([clock.now()]);
    expect((await runs.list(definition.name)).map(r => [r.number, r.mismatches])).toEqual([
      [3, 0],
      [2, 8],
      [1, 8],
    ]);
    expect(await runs.latest()).toMatchObject({number: 3});
  });

  test('are one at a time', async () => {
    const {runtime, definition} = await served(60);
    const runs = new ConsistencyRuns(runtime);
    const first = runs.run(definition);
    await expect(runs.run(definition)).rejects.toMatchObject({code: 'STORE_CONFLICT'});
    await expect(runs.start(definition)).rejects.toMatchObject({code: 'STORE_CONFLICT'});
    expect((await runs.list(definition.name)).length).toBeLessThanOrEqual(1);
    await first;
    expect((await runs.start(definition)).number).toBe(2);
    expect((await runs.list(definition.name))[0]).toMatchObject({number: 2, state: 'running'});
    await runs.stop();
    expect(runs.running).toBeNull();
    expect(await tablesOf(runtime)).toEqual([]);
  });

  test('start by themselves when a day has passed, for models that are deployed', async () => {
    const {runtime, definition, clock} = await served(60);
    const runs = new ConsistencyRuns(runtime);
    const settled = async () => {
      while (runs.running) await new Promise(resolve => setTimeout(resolve, 5));
      return (await runs.list(definition.name)).length;
    };
    await runs.tick(clock.now());
    expect(await settled()).toBe(0);
    const {name} = definition;
    const plan = {model: name, revision: 1, at: START, arms: [], salt: '', reason: ''};
    await runtime.metadata.write([{kind: 'release-plan', id: name, at: START, value: plan}]);
    await runs.tick(clock.now());
    expect(await settled()).toBe(1);
    clock.advanceTo(clock.now() + 86_399_999);
    await runs.tick(clock.now());
    expect(await settled()).toBe(1);
    clock.advanceTo(clock.now() + 1);
    await runs.tick(clock.now());
    expect(await settled()).toBe(2);
    expect((await runs.list(name))[0]).toMatchObject({trigger: 'scheduled', state: 'done'});
  });

  test('that fail say why', async () => {
    const {runtime, definition} = await served(5);
    const archive = Object.assign(Object.create(runtime.archive) as typeof runtime.archive, {
      update: async () => {
        throw new Error('the disk is full');
      },
    });
    const runs = new ConsistencyRuns({...runtime, archive});
    await expect(runs.run(definition)).rejects.toThrow('the disk is full');
    expect(await runs.list(definition.name)).toMatchObject([{state: 'failed', error: 'the disk is full', values: 0}]);
    expect(await runtime.monitoring.alerts()).toEqual([]);
  });

  test('are kept up to a number, the newest', async () => {
    const {runtime, definition} = await served(1);
    const run = await new ConsistencyRuns(runtime).run(definition);
    const records = new ConsistencyRecords(runtime.metadata);
    for (let number = 2; number <= KEPT_RUNS + 5; number++)
      await records.save({...run, number, startedAt: run.startedAt + number} satisfies ConsistencyRun);
    const numbers = (await records.list(definition.name)).map(r => r.number);
    expect(numbers).toHaveLength(KEPT_RUNS);
    expect([numbers[0], numbers.at(-1)]).toEqual([KEPT_RUNS + 5, 6]);
  });
});

describe('the policy of consistency', () => {
  test('is a day of predictions every day unless told, and says so', () => {
    expect(consistencyPolicy()).toEqual({everyMs: 86_400_000, overMs: 86_400_000, sample: null});
    expect(describeConsistencyPolicy(consistencyPolicy({every: '6h', over: '2d', sample: 0.1}))).toBe(
      'Consistency: every 6 h, the features served in the last 2 d to 10 % of keys are computed again from the event log.',
    );
  });

  test('names all that is wrong with it', () => {
    expect(() => consistencyPolicy({every: 'soon' as '1d', sample: 2})).toThrow(/soon.*2 is no share/);
  });
});
