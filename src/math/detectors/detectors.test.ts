import {expect, test} from 'vitest';
import {normal, seededRandom} from '../random.ts';
import {Adwin} from './adwin.ts';
import {Ddm} from './ddm.ts';
import type {DriftDetector} from './detector.ts';
import {Eddm} from './eddm.ts';
import {HddmA} from './hddm-a.ts';
import {HddmW} from './hddm-w.ts';
import {Kswin} from './kswin.ts';
import {PageHinkley} from './page-hinkley.ts';

const ofErrors: [string, () => DriftDetector<unknown>][] = [
  ['Ddm', () => new Ddm()],
  ['Eddm', () => new Eddm()],
  ['HddmA', () => new HddmA()],
  ['HddmW', () => new HddmW()],
];
const ofNumbers: [string, () => DriftDetector<unknown>][] = [
  ['Adwin', () => new Adwin()],
  ['PageHinkley', () => new PageHinkley({threshold: 20})],
  ['Kswin', () => new Kswin({seed: 1, alpha: 1e-5})],
];
const all = [...ofErrors, ...ofNumbers];

test.each(all)('%s never sees drift in a constant', (_, make) => {
  for (const constant of [0, 1]) {
    const detector = make();
    for (let i = 0; i < 2000; i++) expect(detector.update(constant)).not.toBe('drift');
  }
});

test.each(all)('%s sees an error rate that jumps from 5 to 60 %, once, and then starts afresh', (_, make) => {
  const random = seededRandom(3);
  const detector = make();
  const empty = JSON.stringify(make().snapshot());
  for (let i = 0; i < 500; i++) detector.update(Number(random() < 0.05));
  detector.reset();
  for (let i = 0; i < 500; i++) detector.update(Number(i % 20 === 0));
  let delay = 0;
  while (detector.update(Number(random() < 0.6)) !== 'drift') delay++;
  expect(delay).toBeLessThan(150);
  const {draws: _draws, ...state} = detector.snapshot() as {draws?: number};
  const {draws: _none, ...fresh} = JSON.parse(empty);
  expect(state).toEqual(fresh);
});

test.each(ofNumbers)('%s refuses what is not a number', (_, make) => {
  expect(() => make().update(Number.NaN)).toThrow('a detector takes finite numbers, got NaN');
});

test.each(ofErrors)('%s refuses what is no error', (_, make) => {
  expect(() => make().update(2)).toThrow(/takes (1 \(wrong\) or 0 \(right\)|0 to 1), got 2$/);
});

test('Adwin keeps a logarithm of its window, and its mean', () => {
  const random = seededRandom(4);
  const detector = new Adwin();
  let sum = 0;
  for (let i = 0; i < 20_000; i++) {
    const value = normal(random);
    sum += value;
    expect(detector.update(value)).toBe('none');
  }
  expect(detector.width).toBe(20_000);
  expect(detector.mean).toBeCloseTo(sum / 20_000, 12);
  const {levels} = detector.snapshot();
  expect(levels.flat().length).toBeLessThan(5 * Math.log2(20_000));
});

test('Adwin has the squares of its window by one value at a time', () => {
  const values = [3, -1, 4, 1, 5, -9, 2, 6];
  const detector = new Adwin();
  for (const value of values) detector.update(value);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  expect(detector.snapshot().squares).toBeCloseTo(squares, 12);
});

test('Kswin chooses by its seed alone, also after a restart', () => {
  const values = Array.from({length: 3000}, seededRandom(5));
  const verdicts = (seed: number, restartAt: number): string => {
    let detector = new Kswin({seed, alpha: 0.01});
    return values
      .map((value, i) => {
        if (i === restartAt) {
          const stored = JSON.stringify(detector.snapshot());
          detector = new Kswin({seed, alpha: 0.01});
          detector.restore(JSON.parse(stored));
        }
        return detector.update(value)[0];
      })
      .join('');
  };
  expect(verdicts(1, 1234)).toBe(verdicts(1, -1));
  expect(verdicts(1, -1)).toContain('d');
  expect(verdicts(2, -1)).not.toBe(verdicts(1, -1));
});

test('settings that contradict each other are refused', () => {
  expect(() => new Eddm({alpha: 0.8, beta: 0.9})).toThrow('alpha must be at least beta, got 0.8 and 0.9');
  expect(() => new Kswin({seed: 1, windowSize: 50})).toThrow(
    'statSize must be from 1 to half of windowSize, got 30 of 50',
  );
});
