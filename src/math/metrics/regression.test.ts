import {expect, test} from 'vitest';
import {mae, r2, rmse} from './regression.ts';

// i = np.arange(1000); the targets are ((i*7919)%1009)/1009. Golden values: scikit-learn 1.9.1.
const rows = Array.from({length: 1000}, (_, i) => i);
const targets = rows.map(i => ((i * 7919) % 1009) / 1009);
const predictions = rows.map(i => (targets[i]! + ((i * 271) % 503) / 503) / 2);

test('rmse, mae and r2 equal root_mean_squared_error, mean_absolute_error and r2_score', () => {
  expect(rmse(predictions, targets)).toBeCloseTo(0.20458471407915102, 13);
  expect(mae(predictions, targets)).toBeCloseTo(0.16698179998305507, 13);
  expect(r2(predictions, targets)).toBeCloseTo(0.49803711384394755, 13);
});

test('the mean as a prediction explains nothing, and constant targets leave nothing to explain', () => {
  expect(r2([2, 2, 2], [1, 2, 3])).toBe(0);
  expect(r2([1, 2], [5, 5])).toBeNaN();
});

test('unequal lengths are refused', () => {
  expect(() => rmse([1], [1, 2])).toThrow('predictions and targets must have the same length, got 1 and 2');
});
