import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {StreamExecutor} from '../../features/index.ts';
import {openLmdb} from '../../stores/lmdb/index.ts';
import {openSegmentLog} from '../../stores/segments/index.ts';
import {LiveEvents} from './live-events.ts';

test('whoever waits for its events does not wait for those that come after them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'live-events-'));
  const log = await openSegmentLog(join(folder, 'events'), {durability: 'process'});
  const store = await openLmdb(join(folder, 'online'));
  const append = (i: number) =>
    log.append({
      stream: 'orders',
      count: 1,
      ids: [String(i)],
      eventTimes: Float64Array.of(i),
      arrivalTimes: Float64Array.of(i),
      columns: {},
    });
  await append(0);
  const events = new LiveEvents(log, new StreamExecutor([]), store);
  const more: Promise<unknown>[] = [];
  events.listen(() => {
    if (more.length < 60) more.push(append(more.length + 1), append(more.length + 2));
  });
  await events.catchUp(100);
  expect(events.executor.position).toBeGreaterThanOrEqual(1);
  expect(events.executor.position).toBeLessThan(10);
  await Promise.all(more);
  await events.catchUp(100);
  expect(events.executor.position).toBeGreaterThan(1);
  await Promise.all(more);
  await log.close();
  await store.close();
  rmSync(folder, {recursive: true});
});
