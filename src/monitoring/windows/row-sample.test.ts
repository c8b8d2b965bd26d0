import {expect, test} from 'vitest';
import {seededRandom} from '../../math/index.ts';
import {RowSampler} from './row-sample.ts';

const FEATURES = [
  {name: 'x', kind: 'numeric'},
  {name: 'größe', kind: 'categorical'},
] as const;

function sampleOf(rows: number, most: number) {
  const sampler = new RowSampler(FEATURES, seededRandom(3), most);
  for (let i = 0; i < rows; i++) sampler.offer(Float64Array.of(i, i % 7), i / rows);
  return sampler.sample();
}

test('all rows of a small window are kept, whole', () => {
  const sample = sampleOf(700, 1_000);
  expect([sample.rows, sample.of]).toEqual([700, 700]);
  expect(sample.columns[0]).toEqual(Float64Array.from({length: 700}, (_, i) => i));
  expect(sample.scores[350]).toBe(0.5);
  expect(sample).toMatchObject({names: ['x', 'größe'], categorical: [false, true]});
});

test('of a large one a uniform sample of whole rows, the same for the same seed', () => {
  const sample = sampleOf(50_000, 1_000);
  expect([sample.rows, sample.of]).toEqual([1_000, 50_000]);
  for (let i = 0; i < 1_000; i++) {
    const row = sample.columns[0]![i]!;
    expect([sample.columns[1]![i], sample.scores[i]]).toEqual([row % 7, row / 50_000]);
  }
  expect(new Set(sample.columns[0]).size).toBe(1_000);
  const mean = sample.columns[0]!.reduce((sum, x) => sum + x, 0) / 1_000;
  expect(Math.abs(mean - 25_000)).toBeLessThan(4 * (50_000 / Math.sqrt(12 * 1_000)));
  expect(sampleOf(50_000, 1_000)).toEqual(sample);
});

test('a sample that was taken does not change when more rows come', () => {
  const sampler = new RowSampler(FEATURES, seededRandom(1), 2);
  sampler.offer([1, null], 0.1);
  const first = sampler.sample();
  sampler.offer([2, 'text'], 0.2);
  expect(first.columns).toEqual([Float64Array.of(1), Float64Array.of(Number.NaN)]);
  expect(sampler.sample().columns[1]).toEqual(Float64Array.of(Number.NaN, Number.NaN));
});
