import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {ManualClock} from '../../protocol/index.ts';
import {daysFolder, materialiseDays} from '../features/plan-features.ts';
import {readFeatures} from '../features/read-features.ts';
import {LivePlatform} from '../live/live-platform.ts';
import {loadProject} from '../project/load.ts';
import {ingestHistory, prepareSources} from '../runtime/history.ts';
import {openRuntime} from '../runtime/open.ts';
import type {Runtime} from '../runtime/runtime.ts';
import {entityValues, findEntityNamed, streamsOf} from './entity-streams.ts';
import {eraseEverywhere, erasures, findEverywhere} from './erase-everywhere.ts';

const project = await loadProject(resolve(import.meta.dirname, '../../../test/projects/couriers'));
const NOW = Date.UTC(2024, 0, 2, 2);
const kitchen = (name: string) => {
  const entity = findEntityNamed(project, 'kitchen');
  return streamsOf(project, entity, entityValues(entity, {name}));
};

let folder = '';
let runtime: Runtime;
const open = async () => {
  runtime = await openRuntime(project, {folder, clock: new ManualClock(NOW), threads: 1, durability: 'process'});
};
const reopen = async () => {
  await runtime.close();
  await open();
};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-erase-'));
  await open();
  await prepareSources(runtime, 1_000, () => {});
  await ingestHistory(runtime, project.sources);
});
afterEach(async () => {
  await runtime.close();
  rmSync(folder, {recursive: true, force: true});
});

/** What eight kitchens' features are now. */
async function features() {
  const platform = await LivePlatform.open(runtime, {training: 'wait'});
  const entities = Array.from({length: 8}, (_, k) => ({kitchen: `k${k}`, distance: 1}));
  const {values} = await readFeatures(platform, 'atOrder', {entities});
  await platform.checkpoint();
  return values;
}

async function count(stream: string, of: (name: string) => boolean) {
  let found = 0;
  for await (const {columns} of runtime.log.read({stream}))
    found += (columns.kitchen as readonly string[]).filter(of).length;
  return found;
}

/** Answers of a model that were asked for each kitchen, twice, with a shadow. */
async function predict() {
  const columns = [{name: 'request.kitchen', type: 'string' as const, nullable: true}];
  const writer = runtime.predictions.writer('punctuality', columns);
  for (let i = 0; i < 16; i++) {
    const row = {id: `p${i}`, at: NOW + i, version: 1, prediction: 0.5, latencyUs: 1};
    writer.served({
      ...row,
      role: 'champion',
      propensity: 1,
      level: 'model',
      outside: [],
      position: 0,
      features: [`k${i % 8}`],
    });
    writer.shadowed({...row, version: 2});
  }
  await runtime.predictions.flush();
}

async function logged() {
  const ids: string[] = [];
  for await (const batch of runtime.predictions.served('punctuality')) ids.push(...batch.ids);
  for await (const batch of runtime.predictions.shadowed('punctuality')) ids.push(...batch.ids);
  return ids;
}

describe('an entity that is erased everywhere', () => {
  test('is in no event, refused row, prediction or live value; all others are as they were', async () => {
    await predict();
    await runtime.gate.push('orders', [{orderId: 'x', kitchen: 'k3', distance: -1, orderedAt: NOW}]);
    const before = await features();
    const [orders, others] = [await count('orders', k => k === 'k3'), await count('orders', k => k !== 'k3')];
    expect(orders).toBeGreaterThan(50);
    const days = {stream: 'orders', from: Date.UTC(2024, 0, 1), to: NOW};
    expect((await materialiseDays(runtime, 'atOrder', days)).computed.length).toBeGreaterThan(0);
    const found = await findEverywhere(runtime, kitchen('k3'));
    expect(found).toMatchObject({
      streams: [
        {stream: 'deliveries', columns: ['kitchen'], refused: 0},
        {stream: 'orders', columns: ['kitchen'], events: orders, refused: 1},
      ],
      untouched: [],
      predictions: [{model: 'punctuality', answers: 2}],
      views: ['recent', 'load'],
      madeFrom: [],
    });
    expect(await count('orders', k => k === 'k3')).toBe(orders);
    const record = await eraseEverywhere(runtime, kitchen('k3'), {id: 'e1', by: 'ann'});
    expect(record).toMatchObject({...found, id: 'e1', by: 'ann', at: NOW, finishedAt: NOW});

    expect(existsSync(daysFolder(runtime))).toBe(false);
    await reopen();
    expect(await count('orders', k => k === 'k3')).toBe(0);
    expect(await count('orders', k => k !== 'k3')).toBe(others);
    expect((await logged()).filter(id => id === 'p3' || id === 'p11')).toEqual([]);
    expect(await logged()).toHaveLength(28);
    const after = await features();
    const hour = after[3]!.length - 3;
    expect(after[3]!.slice(0, hour)).toEqual([null, null, null, 0, 0, null]);
    expect(after.filter((_, k) => k !== 3)).toEqual(before.filter((_, k) => k !== 3));
    expect(readFileSync(join(folder, 'quarantine.jsonl'), 'utf8')).not.toContain('k3');
    expect(await findEverywhere(runtime, kitchen('k3'))).toMatchObject({
      streams: [{events: 0}, {events: 0, refused: 0}],
      predictions: [],
      views: [],
    });
  });

  test('leaves a line in the audit log that tells whether a known key was erased, and no value', async () => {
    await eraseEverywhere(runtime, kitchen('k3'), {id: 'e1', by: 'ann'});
    await eraseEverywhere(runtime, kitchen('k5'), {id: 'e2', by: 'bob'});
    const lines = await erasures(runtime);
    expect(lines.map(({id, by}) => [id, by])).toEqual([
      ['e2', 'bob'],
      ['e1', 'ann'],
    ]);
    expect(JSON.stringify(lines)).not.toMatch(/k[35]/);
    expect(new Set(lines.flatMap(({keys}) => keys.map(({hash}) => hash))).size).toBe(2);
  });

  test('can be erased where the log was truncated, and the live state is made again from the archive', async () => {
    const before = await features();
    expect(await runtime.archive.truncateLog(runtime.log.end())).toBe(runtime.log.end());
    await eraseEverywhere(runtime, kitchen('k3'), {id: 'e1', by: 'ann'});
    await reopen();
    expect((await features()).filter((_, k) => k !== 3)).toEqual(before.filter((_, k) => k !== 3));
  });

  test('is named by keys that are its own', () => {
    const entity = findEntityNamed(project, 'kitchen');
    expect(() => findEntityNamed(project, 'kitchn')).toThrow(
      expect.objectContaining({code: 'NAME_UNKNOWN', fix: 'Did you mean kitchen?'}),
    );
    expect(() => entityValues(entity, {nme: 'k3'})).toThrow(
      expect.objectContaining({
        code: 'USAGE',
        message: "These are not the keys of 'kitchen': 'kitchen' has no key 'nme'. The key 'name' is missing.",
        fix: 'Give --key name=….',
      }),
    );
  });
});
