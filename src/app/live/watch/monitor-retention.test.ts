import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import type {MetadataStore} from '../../../stores/index.ts';
import {openLibsql} from '../../../stores/libsql/index.ts';
import {MonitorRetention, type Watched} from './monitor-retention.ts';

const DAY = 86_400_000;
const NOW = 20_000 * DAY;
const folder = mkdtempSync(join(tmpdir(), 'monitor-retention-'));
let metadata: MetadataStore;
beforeAll(async () => {
  metadata = await openLibsql(join(folder, 'metadata.db'));
});
afterAll(async () => {
  await metadata.close();
  rmSync(folder, {recursive: true});
});

const KINDS = ['window', 'window-histograms', 'window-tallies', 'delivery', 'alert'] as const;
const daily: Watched['policy'] = {windowMs: DAY, sliding: 7, reference: {kind: 'training'}};
const busy = [{to: NOW, predictions: 9}];

/** Days before now of the oldest record of each kind that is left of 400. */
async function left(...models: Watched[]): Promise<Record<string, number>> {
  for (const kind of KINDS)
    await metadata.write(
      Array.from({length: 400}, (_, i) => ({kind, id: `late@${i}`, at: NOW - (i + 1) * DAY, value: {}})),
    );
  const retention = new MonitorRetention(metadata);
  for (let i = 0; i < 3; i++) await retention.tick(NOW, models);
  const oldest = await Promise.all(KINDS.map(kind => metadata.list(kind, {limit: 1})));
  return Object.fromEntries(KINDS.map((kind, i) => [kind, (NOW - oldest[i]![0]!.at) / DAY]));
}

test('what windows counted goes 90 days after it can be a part of others, deliveries after 90 days; the rest stays', async () => {
  const kept = {window: 400, alert: 400, delivery: 90, 'window-histograms': 98, 'window-tallies': 98};
  expect(await left({policy: daily, windows: busy})).toEqual(kept);
});

test('the longest season counts', async () => {
  const season: Watched['policy'] = {...daily, reference: {kind: 'season', weeks: 8}};
  const kept = await left({policy: daily, windows: busy}, {policy: season, windows: busy});
  expect(kept['window-tallies']).toBe(90 + 8 * 7 + 1);
});

test('of a model that was silent since, what it had stays', async () => {
  const silent = [{to: NOW - 200 * DAY, predictions: 9}, ...busy.map(window => ({...window, predictions: 0}))];
  const kept = await left({policy: daily, windows: busy}, {policy: daily, windows: silent});
  expect(kept['window-histograms']).toBe(298);
});
