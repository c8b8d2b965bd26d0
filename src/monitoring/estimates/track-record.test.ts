import {expect, test} from 'vitest';
import {normal, seededRandom} from '../../math/index.ts';
import type {MonitorWindow, PerformanceEstimate} from '../../protocol/index.ts';
import {windowWith} from '../testing/windows.ts';
import {widenByRecord} from './track-record.ts';

const HALF = 0.01;
const estimated = (auc: number): PerformanceEstimate => ({
  method: 'cbpe',
  rows: 5_000,
  metrics: {
    auc: {value: auc, low: auc - HALF, high: auc + HALF},
    recall: {value: 0.95, low: 0.93, high: 0.97},
    value: {value: 2, low: 1, high: 3},
  },
  notes: ['before'],
});
/** Windows whose AUC came out this far from the estimate of 0.75. */
const history = (errors: readonly number[]): MonitorWindow[] =>
  errors.map((error, day) => windowWith({day, estimate: estimated(0.75), scored: {auc: 0.75 + error}}));

test('an interval becomes as wide as the errors of the last estimates, and others with it', () => {
  const widened = widenByRecord(estimated(0.7), history([0.03, -0.03, 0.03, -0.03, 0.03, -0.03]));
  const reach = 2.446912 * 0.03; // t with 6 degrees of freedom
  expect(widened.metrics.auc!.value).toBe(0.7);
  expect(widened.metrics.auc!.high).toBeCloseTo(0.7 + reach, 6);
  expect(widened.metrics.auc!.low).toBeCloseTo(0.7 - reach, 6);
  expect(widened.metrics.recall).toMatchObject({value: 0.95, high: 1});
  expect(widened.metrics.value!.low).toBeCloseTo(2 - reach / HALF, 4);
  expect(widened.notes).toEqual([
    'before',
    'Intervals are up to 7.3 times as wide as of independent rows: so far off were the last 6 estimates.',
  ]);
});

test('an interval never shrinks', () => {
  const {metrics, notes} = widenByRecord(estimated(0.7), history(new Array(10).fill(0.001)));
  expect(metrics).toEqual(estimated(0.7).metrics);
  expect(notes.at(-1)).toBe('The last 10 estimates were as near as their intervals said.');
});

test('windows that were not scored, or estimated otherwise, are no record', () => {
  const few = history([0.1, 0.1, 0.1, 0.1]);
  const other = history([0.1, 0.1]).map(w => ({
    ...w,
    estimate: {...estimated(0.75), method: 'importance-weighted' as const},
  }));
  const open = [{...few[0]!, performance: null}];
  const {metrics, notes} = widenByRecord(estimated(0.7), [...few, ...other, ...open]);
  expect(metrics).toEqual(estimated(0.7).metrics);
  expect(notes.at(-1)).toMatch('too few windows were scored');
});

test('where days differ, what labels show lies inside in about 95 % of windows once there is a record', () => {
  const random = seededRandom(91);
  let inside = 0;
  const WINDOWS = 400;
  for (let window = 0; window < WINDOWS; window++) {
    const errors = Array.from({length: 10}, () => 0.03 * normal(random));
    const {auc} = widenByRecord(estimated(0.75), history(errors.slice(1))).metrics;
    if (0.75 + errors[0]! >= auc!.low && 0.75 + errors[0]! <= auc!.high) inside++;
  }
  expect(inside / WINDOWS).toBeGreaterThan(0.92);
  expect(inside / WINDOWS).toBeLessThan(0.98);
});

test('a canary that does badly beside the version that was estimated widens nothing', () => {
  const beside = history(new Array(10).fill(0)).map((window): MonitorWindow => {
    const {overall, byVersion, ...scored} = window.performance!;
    const [own] = byVersion as [(typeof byVersion)[number]];
    const canary = {version: 2, metrics: {...own.metrics, auc: 0.6}};
    return {...window, performance: {...scored, overall: {...overall, auc: 0.68}, byVersion: [own, canary]}};
  });
  expect(widenByRecord(estimated(0.7), beside).metrics).toEqual(estimated(0.7).metrics);
});
