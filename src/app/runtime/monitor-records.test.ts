import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import type {MonitorWindow} from '../../protocol/index.ts';
import type {MetadataStore} from '../../stores/index.ts';
import {openLibsql} from '../../stores/libsql/index.ts';
import {MonitorRecords} from './monitor-records.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-monitor-records-'));
const DAY = 86_400_000;
let metadata: MetadataStore;

beforeAll(async () => {
  metadata = await openLibsql(join(folder, 'metadata.db'));
});
afterAll(async () => {
  await metadata.close();
  rmSync(folder, {recursive: true, force: true});
});

const windowOf = (model: string, day: number): MonitorWindow => {
  const nothing = {subject: 'prediction', method: 'psi', effect: 0, pValue: 1, verdict: 'stable', rows: 0} as const;
  return {
    id: `${model}@${new Date(day * DAY).toISOString()}`,
    model,
    from: day * DAY,
    to: (day + 1) * DAY,
    predictions: 0,
    byVersion: [],
    meanPrediction: 0,
    latencyUs: null,
    errors: 0,
    prediction: nothing,
    drift: [],
    performance: null,
  };
};

test('of more windows than are read at once the newest are, oldest first: monitoring goes on after the last', async () => {
  const records = new MonitorRecords(metadata);
  for (const day of [3, 1, 4, 0, 2]) await records.saveWindow(windowOf('late', day), []);
  await records.saveWindow(windowOf('later', 9), []);
  const days = async (query: Parameters<MonitorRecords['windows']>[1]) =>
    (await records.windows('late', query)).map(({from}) => from / DAY);
  expect(await days({})).toEqual([0, 1, 2, 3, 4]);
  expect(await days({limit: 2})).toEqual([3, 4]);
  expect(await days({from: DAY, to: 4 * DAY, limit: 2})).toEqual([2, 3]);
});
