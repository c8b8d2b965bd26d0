import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {type MaturedRow, PredictionLog} from '../../../logs/index.ts';
import {seededRandom} from '../../../math/index.ts';
import {monitorPolicy} from '../../../monitoring/index.ts';
import type {MonitorWindow} from '../../../protocol/index.ts';
import {openFiles} from '../../../stores/files/index.ts';
import {openSegmentLog, type SegmentLog} from '../../../stores/segments/index.ts';
import {LoopWatch} from './loop-watch.ts';

const ROWS = 2_000;
const ITEMS = 400;
const DAY = 86_400_000;

const windowOf = (day: number): MonitorWindow => {
  const nothing = {method: 'psi' as const, effect: 0, pValue: 1, verdict: 'stable' as const, rows: ROWS};
  return {
    id: `late@${new Date(day * DAY).toISOString()}`,
    model: 'late',
    from: day * DAY,
    to: (day + 1) * DAY,
    predictions: ROWS,
    byVersion: [{version: 1, predictions: ROWS}],
    meanPrediction: 0.5,
    latencyUs: null,
    errors: 0,
    prediction: {subject: 'prediction', ...nothing},
    drift: [],
    profile: 1,
    performance: null,
  };
};
const policy = monitorPolicy({loop: {item: 'itemId'}});
let folder: string;
let log: SegmentLog;
let predictions: PredictionLog;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'loop-watch-'));
  log = await openSegmentLog(join(folder, 'log'));
  predictions = new PredictionLog(log);
});
afterEach(async () => {
  await log.close();
  rmSync(folder, {recursive: true});
});

const watch = async () => new LoopWatch({predictions, objects: await openFiles(join(folder, 'objects'))}, policy);

/** A day on which items are shown with a liking for the first ones; every third is clicked. */
function liveDay(day: number, liking: number): {window: MonitorWindow; rows: MaturedRow[]} {
  const writer = predictions.writer('late', [{name: 'request.itemId', type: 'string', nullable: true}]);
  const window = windowOf(day);
  const random = seededRandom(day + 1);
  const rows = Array.from({length: ROWS}, (_, i): MaturedRow => {
    const [id, at] = [`${day}-${i}`, window.from + i];
    const item = `i${Math.floor(ITEMS * random() ** liking)}`;
    const score = 0.5;
    const served = {id, at, version: 1, role: 'champion' as const, prediction: score, latencyUs: 5};
    writer.served({...served, propensity: 1, level: 'model', outside: [], position: 1, features: [item]});
    return {id, at, version: 1, role: 'champion', score, shadows: [], label: i % 3 === 0 ? 1 : 0, knownAt: at};
  });
  return {window, rows};
}

test('tells what was shown, what came of it, and how it narrows against the first window of the version', async () => {
  const wide = liveDay(0, 1.2);
  const narrow = liveDay(1, 4);
  const first = (await (await watch()).reportOf(wide.window, [])).loop!;
  expect(first).toMatchObject({rows: ROWS, hitRates: [{bucket: 'head', rate: null}, {}, {}]});
  expect(first.items).toBeGreaterThan(300);
  expect(first.longTail).toBeCloseTo(0.2, 1);
  // Another process, with the popularity that was kept.
  const later = (await (await watch()).reportOf(narrow.window, narrow.rows)).loop!;
  expect(later.diversity!).toBeLessThan(0.9 * first.diversity!);
  expect(later.longTail).toBeLessThan(first.longTail);
  const [head] = later.hitRates;
  expect(head!.labelled).toBe(head!.shown);
  expect(head!.rate!.value).toBeCloseTo(1 / 3, 1);
});

test('says nothing where the policy names no item, or rows are too few to know what is popular', async () => {
  const objects = await openFiles(join(folder, 'objects'));
  const {window} = liveDay(0, 1);
  expect(await new LoopWatch({predictions, objects}, monitorPolicy()).reportOf(window, [])).toEqual({});
  expect(await (await watch()).reportOf(windowOf(5), [])).toEqual({loop: null});
});
