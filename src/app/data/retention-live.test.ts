// A platform whose log is truncated by its own tick goes on, and starts again, as if nothing were gone.
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {ManualClock} from '../../protocol/index.ts';
import {readFeatures} from '../features/read-features.ts';
import {LivePlatform} from '../live/live-platform.ts';
import {loadProject} from '../project/load.ts';
import type {Project} from '../project/project.ts';
import {ingestHistory, prepareSources} from '../runtime/history.ts';
import {openRuntime} from '../runtime/open.ts';

const DAY = 86_400_000;
const couriers = await loadProject(resolve(import.meta.dirname, '../../../test/projects/couriers'));
const project: Project = {...couriers, sources: couriers.sources.map(source => ({...source, retentionMs: DAY}))};

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-retention-'));
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

test('the tick drops what is over a day old; a start without a checkpoint reads it from the archive', async () => {
  const clock = new ManualClock(Date.UTC(2024, 0, 2, 2));
  const options = {folder, clock, threads: 1, durability: 'process'} as const;
  const first = await openRuntime(project, options);
  await prepareSources(first, 1_000, () => {});
  await ingestHistory(first, project.sources);
  const platform = await LivePlatform.open(first, {training: 'wait'});
  const read = async (of: LivePlatform) => {
    const entities = Array.from({length: 8}, (_, k) => ({kitchen: `k${k}`, distance: 1}));
    return (await readFeatures(of, 'atOrder', {entities})).values;
  };
  await platform.tick();
  expect(first.log.start()).toBe(0);
  clock.advanceTo(Date.UTC(2024, 0, 6));
  await platform.tick();
  expect(first.log.start()).toBe(first.log.end());
  const [order] = [{orderId: 'new', kitchen: 'k1', distance: 2, orderedAt: clock.now() - 1}];
  await platform.push('orders', [order]);
  const before = await read(platform);
  await first.close();

  rmSync(join(folder, 'online'), {recursive: true});
  const second = await openRuntime(project, options);
  const again = await LivePlatform.open(second, {training: 'wait'});
  expect(await read(again)).toEqual(before);
  expect(again.events.executor.position).toBe(second.log.end());
  await second.close();
});
