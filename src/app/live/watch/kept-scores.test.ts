import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {seededRandom} from '../../../math/index.ts';
import {monitorPolicy} from '../../../monitoring/index.ts';
import {openFiles} from '../../../stores/files/index.ts';
import type {ObjectStore} from '../../../stores/index.ts';
import {saveReferenceRows} from '../../train/reference-rows.ts';
import {KeptScores} from './kept-scores.ts';
import {ModelEstimates} from './model-estimates.ts';

const HOUR = 3_600_000;
const folder = mkdtempSync(join(tmpdir(), 'kept-scores-'));
let objects: ObjectStore;
beforeAll(async () => {
  objects = await openFiles(folder);
});
afterAll(() => rmSync(folder, {recursive: true}));

/** Half of them without the outcome that scores promise. */
function rowsOf(hours: number) {
  const random = seededRandom(5);
  return Array.from({length: hours * 50}, (_, i) => {
    const score = random();
    const promised = i < hours * 25 ? score : 1 - score;
    return {at: i * (HOUR / 50), version: 1 + (i % 10 === 0 ? 1 : 0), score, label: random() < promised ? 1 : 0};
  });
}

test('what is kept goes on as if nothing had happened, rows that come again included', async () => {
  const rows = rowsOf(40);
  const steady = new KeptScores(1, -1);
  let stopped = new KeptScores(1, -1);
  for (let at = 0; at < rows.length; at += 100) {
    steady.add(rows.slice(at, at + 100));
    if (at === 1_000) {
      await stopped.save(objects, 'late');
      stopped = (await KeptScores.load(objects, 'late', 1))!;
    }
    stopped.add(rows.slice(Math.max(0, at - 200), at + 100));
  }
  expect(stopped.scores.columns()).toEqual(steady.scores.columns());
  expect(stopped.to).toBe(steady.to);
  expect(stopped.detections).toEqual(steady.detections);
  expect(steady.detections[0]).toMatchObject({detector: 'ADWIN', version: 1});
  expect(steady.detections[0]!.at).toBeGreaterThan(20 * HOUR);
});

test('rows of another version, without a label, or from before it took over are left out', () => {
  const kept = new KeptScores(1, 10);
  kept.add([
    {at: 10, version: 1, score: 0.5, label: 1},
    {at: 11, version: 2, score: 0.5, label: 1},
    {at: 12, version: 1, score: 0.5, label: null},
    {at: 13, version: 1, score: 0.7, label: 0},
  ]);
  expect(kept.scores.columns().scores).toEqual(Float64Array.of(0.7));
});

test('those of another version are none, and a damaged file is refused', async () => {
  await new KeptScores(1, 0).save(objects, 'late');
  expect(await KeptScores.load(objects, 'late', 2)).toBeNull();
  expect(await KeptScores.load(objects, 'other', 1)).toBeNull();
  await objects.put('monitoring/late/matured-scores', Uint8Array.of(9, 0, 0, 0, 1));
  await expect(KeptScores.load(objects, 'late', 1)).rejects.toThrow("'monitoring/late/matured-scores' cannot be read.");
});

test('a file that cannot be read keeps no server from starting: estimates begin afresh, and people are told', async () => {
  const random = seededRandom(3);
  const columns = [Float64Array.from({length: 50}, (_, i) => i)];
  const scores = Float64Array.from({length: 50}, () => random());
  const labels = scores.map(score => (random() < score ? 1 : 0));
  const rows = {rows: 50, of: 50, names: ['a'], columns, categorical: [false], scores, labels};
  await saveReferenceRows({objects}, 'late', 1, rows);
  await objects.put('monitoring/late/matured-scores', new TextEncoder().encode('\x02\0\0\0{}'));
  const estimates = new ModelEstimates(objects, 'late', monitorPolicy());
  await estimates.follow(1, 7);
  expect(estimates.maturedTo(1)).toBe(7);
  expect(estimates.problems).toEqual([
    "'monitoring/late/matured-scores' cannot be read. Estimates go by the test split until labels have come again.",
  ]);
  const again = new ModelEstimates(objects, 'late', monitorPolicy());
  await again.follow(1, 9);
  expect([again.maturedTo(1), again.problems]).toEqual([7, []]);
});
