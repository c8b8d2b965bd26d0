import {expect, test} from 'vitest';
import {metricsOf} from '../../evaluation/index.ts';
import {normal, type Random, seededRandom} from '../../math/index.ts';
import {monitorPolicy} from '../policy/monitor-policy.ts';
import {buildTrainingProfile} from '../profiles/training-profile.ts';
import {describeWindow} from './describe-window.ts';
import {profileSlices, type SplitRows, sliceValues} from './slices.ts';
import {WindowMonitor} from './window-monitor.ts';

const ROWS = 20_000;
const AIRPORTS = ['ATL', 'JFK', 'ORD'];

/** What is flown differs by airport, which is no drift. */
function flights(random: Random, rows: number, shift: Readonly<Record<string, number>> = {}) {
  return Array.from({length: rows}, () => {
    const origin = AIRPORTS[Math.floor(random() * 3)]!;
    const distance = normal(random) + 2 * AIRPORTS.indexOf(origin) + (shift[origin] ?? 0);
    return {vector: Float64Array.of(distance), request: {origin}, score: random()};
  });
}

const trained = flights(seededRandom(1), ROWS);
const scores = Float64Array.from(trained, ({score}) => score);
const plain = buildTrainingProfile({
  model: 'late',
  version: 1,
  baseRate: 0.5,
  features: [
    {name: 'distance', kind: 'numeric', importance: 1, values: Float64Array.from(trained, ({vector}) => vector[0]!)},
  ],
  inputs: [{name: 'origin', kind: 'categorical', importance: 0, values: trained.map(({request}) => request.origin)}],
  predictions: scores,
  test: metricsOf(
    scores,
    scores.map(p => (p > 0.5 ? 1 : 0)),
  ),
});
const rows: SplitRows = {rows: ROWS, vector: i => trained[i]!.vector, request: i => trained[i]!.request};
const profile = {...plain, slices: profileSlices(plain, ['origin', 'gone'], rows, {...rows, scores})};

function windowOf(shift: Readonly<Record<string, number>>, count: number, seed = 2) {
  const policy = monitorPolicy({slices: ['origin']});
  const monitor = new WindowMonitor(profile, policy, {from: 0});
  for (const {vector, request, score} of flights(seededRandom(seed), count, shift))
    monitor.observe(vector, score, 1, 50, 1, request);
  return describeWindow(monitor.preview(), policy).window;
}

test('each value of a slice is compared with the same value in training', () => {
  const {slices, drift} = windowOf({}, 6_000);
  const found = slices!.map(({feature, value, drift: own}) => [feature, value, own.length]);
  expect(found.sort()).toEqual([
    ['origin', 'ATL', 0],
    ['origin', 'JFK', 0],
    ['origin', 'ORD', 0],
  ]);
  expect(slices!.reduce((sum, {predictions}) => sum + predictions, 0)).toBe(6_000);
  expect(drift.map(({verdict}) => verdict)).toEqual(['stable']);
});

test('what drifts in one slice only is found there', () => {
  const {slices} = windowOf({JFK: 0.9}, 6_000);
  expect(slices!.filter(({drift}) => drift.length > 0).map(({value, drift}) => [value, drift[0]!.subject])).toEqual([
    ['JFK', 'distance'],
  ]);
});

test('slices with few rows are counted, not compared', () => {
  const {slices} = windowOf({JFK: 50}, 90);
  expect(slices!.every(({drift, predictions}) => drift.length === 0 && predictions > 0)).toBe(true);
});

test('values are named: categories as they are, numbers by their bin, what is missing as such', () => {
  expect(sliceValues(profile, 'origin')).toEqual([
    ...[...AIRPORTS].sort((a, b) => count(b) - count(a)),
    'other',
    'missing',
  ]);
  const ranges = sliceValues(profile, 'distance');
  expect([ranges.length, ranges.at(-1)]).toEqual([11, 'missing']);
  expect(ranges[0]).toMatch(/^below /);
  expect(ranges[9]).toMatch(/ or more$/);
  expect(sliceValues(profile, 'gone')).toEqual([]);
});

const count = (airport: string): number => trained.filter(({request}) => request.origin === airport).length;
