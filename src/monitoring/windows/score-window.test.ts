import {expect, test} from 'vitest';
import {metricsOf} from '../../evaluation/index.ts';
import {windowWith} from '../testing/windows.ts';
import {scoreWindow} from './score-window.ts';

test('performance is that of labelled rows, overall and by version; the others are counted', () => {
  const scores = Float64Array.of(0.9, 0.2, 0.6, 0.4, 0.3, 0.8);
  const labels = Float64Array.of(1, 0, 0, 1, Number.NaN, Number.NaN);
  const {performance} = scoreWindow(windowWith({day: 0}), {scores, labels, versions: [2, 1, 2, 1, 1, 2]}, 99);
  expect(performance).toMatchObject({labelled: 4, unknown: 2, scoredAt: 99});
  expect(performance!.overall).toEqual(metricsOf(scores.slice(0, 4), labels.slice(0, 4)));
  expect(performance!.byVersion).toEqual([
    {version: 1, metrics: metricsOf(Float64Array.of(0.2, 0.4), Float64Array.of(0, 1))},
    {version: 2, metrics: metricsOf(Float64Array.of(0.9, 0.6), Float64Array.of(1, 0))},
  ]);
});

test('without any label there is no performance', () => {
  const rows = {scores: Float64Array.of(0.4), labels: Float64Array.of(Number.NaN), versions: [1]};
  expect(scoreWindow(windowWith({day: 0}), rows, 99).performance).toBeNull();
});
