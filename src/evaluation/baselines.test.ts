import {expect, test} from 'vitest';
import {fitBaseline, historicalRate, randomScores, zeroRule} from './baselines.ts';

const train = {
  labels: Float64Array.of(1, 0, 0, 1, 0, 0, 0, 0),
  columns: {
    origin: ['ATL', 'ATL', 'ATL', 'ORD', 'ORD', null, null, 'JFK'],
    hour: Float64Array.of(1, 1, 2, 2, 2, 2, 2, 2),
  },
};
const later = {labels: new Float64Array(4), columns: {origin: ['ORD', 'ATL', 'XNA', null]}};

test('the zero rule predicts the base rate of the training split for every row', () => {
  expect([...fitBaseline(zeroRule(), train).score(later)]).toEqual([0.25, 0.25, 0.25, 0.25]);
});

test('random scores are seeded: equal for equal seeds, and within (0, 1)', () => {
  const scores = fitBaseline(randomScores({seed: 5}), train).score(later);
  expect(fitBaseline(randomScores({seed: 5}), train).score(later)).toEqual(scores);
  expect(fitBaseline(randomScores({seed: 6}), train).score(later)).not.toEqual(scores);
  expect(scores.every(score => score > 0 && score < 1)).toBe(true);
});

test('the historical rate is smoothed towards the base rate, which new and null keys get', () => {
  const fitted = fitBaseline(historicalRate('origin', {smoothing: 4}), train);
  expect([...fitted.score(later)]).toEqual([(1 + 4 * 0.25) / 6, (1 + 4 * 0.25) / 7, 0.25, 0.25]);
});

test('the historical rate takes number keys, and never reads the labels it is scored on', () => {
  const fitted = fitBaseline(historicalRate('hour', {smoothing: 0, name: 'rate by hour'}), train);
  const rows = {columns: {hour: Float64Array.of(1, 2, 3, Number.NaN)}};
  const scores = fitted.score({...rows, labels: Float64Array.of(0, 0, 0, 0)});
  expect([...scores]).toEqual([0.5, 1 / 6, 0.25, 0.25]);
  expect(fitted.score({...rows, labels: Float64Array.of(1, 1, 1, 1)})).toEqual(scores);
  expect(fitted.name).toBe('rate by hour');
});

test('a key column that does not exist is named, with those that do', () => {
  expect(() => fitBaseline(historicalRate('airport'), train)).toThrow(
    expect.objectContaining({code: 'NAME_UNKNOWN', fix: 'Take one of origin, hour.'}),
  );
});
