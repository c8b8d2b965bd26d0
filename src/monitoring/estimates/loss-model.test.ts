import {readFileSync} from 'node:fs';
import {beforeAll, describe, expect, test} from 'vitest';
import {normal, type Random, seededRandom} from '../../math/index.ts';
import type {ReferenceRows} from '../windows/row-sample.ts';
import {estimateLoss, fitLossModel, type LossModel} from './loss-model.ts';

type Columns = Record<'size' | 'age' | 'kind' | 'yhat' | 'y', number[]>;
type Golden = {
  readonly versions: Record<string, string>;
  readonly reference: Columns;
  readonly windows: Record<'clean' | 'shifted', {rows: Columns; estimates: Record<'mae' | 'mse' | 'rmse', number>}>;
};

/** Made by bench/peers/monitoring/estimates_dle.py. */
const golden: Golden = JSON.parse(readFileSync(new URL('dle.golden.json', import.meta.url), 'utf8'));

const rowsOf = ({size, age, kind, yhat, y}: Columns): ReferenceRows => ({
  rows: y.length,
  of: y.length,
  names: ['size', 'age', 'kind'],
  columns: [size, age, kind].map(column => Float64Array.from(column)),
  categorical: [false, false, true],
  scores: Float64Array.from(yhat),
  labels: Float64Array.from(y),
});

/** Noise that grows with the first input. */
function noisy(rows: number, random: Random, shift = 0): ReferenceRows {
  const columns: Columns = {size: [], age: [], kind: [], yhat: [], y: []};
  for (let i = 0; i < rows; i++) {
    const size = shift + normal(random);
    columns.size.push(i % 50 === 0 ? Number.NaN : size);
    columns.age.push(random());
    columns.kind.push(Math.floor(3 * random()));
    columns.yhat.push(2 * size);
    columns.y.push(2 * size + Math.exp(0.5 * size) * normal(random));
  }
  return rowsOf(columns);
}

const realised = ({scores, labels}: ReferenceRows) => {
  const errors = labels.map((y, i) => y - scores[i]!);
  const mse = errors.reduce((sum, e) => sum + e * e, 0) / errors.length;
  return {mae: errors.reduce((sum, e) => sum + Math.abs(e), 0) / errors.length, mse, rmse: Math.sqrt(mse)};
};

describe(`NannyML ${golden.versions.nannyml} with LightGBM ${golden.versions.lightgbm}`, () => {
  let [absolute, squared]: (LossModel | null)[] = [null, null];
  beforeAll(async () => {
    absolute = await fitLossModel(rowsOf(golden.reference), 'absolute', {seed: 1});
    squared = await fitLossModel(rowsOf(golden.reference), 'squared', {seed: 1});
  });

  test.each(['clean', 'shifted'] as const)('estimates the losses of a %s window alike, within the interval', name => {
    const {rows, estimates} = golden.windows[name];
    const ours = {...estimateLoss(absolute!, rowsOf(rows)), ...estimateLoss(squared!, rowsOf(rows))};
    for (const [metric, expected] of Object.entries(estimates)) {
      const {value, low, high} = ours[metric]!;
      expect(value / expected, `${metric}: ${value} and ${expected}`).toBeGreaterThan(0.95);
      expect(value / expected, `${metric}: ${value} and ${expected}`).toBeLessThan(1.05);
      expect(expected).toBeGreaterThan(low);
      expect(expected).toBeLessThan(high);
    }
  });

  test('of no rows is not estimated', () => {
    expect(estimateLoss(absolute!, noisy(0, seededRandom(53)))).toEqual({});
  });
});

describe('the estimated loss', () => {
  test('has the loss that labels show inside its interval in about 95 % of clean windows', async () => {
    const random = seededRandom(51);
    let inside = 0;
    let windows = 0;
    for (let reference = 0; reference < 3; reference++) {
      const model = await fitLossModel(noisy(1_000, random), 'absolute', {seed: 1});
      for (let window = 0; window < 50; window++, windows++) {
        const rows = noisy(400, random);
        const {low, high} = estimateLoss(model, rows).mae!;
        const {mae} = realised(rows);
        if (mae >= low && mae <= high) inside++;
      }
    }
    expect(inside / windows).toBeGreaterThan(0.86);
  });

  test('rises where the inputs move to where errors are larger', async () => {
    const random = seededRandom(52);
    const reference = noisy(2_500, random);
    const model = await fitLossModel(reference, 'squared', {seed: 1});
    const shifted = noisy(2_000, random, 0.7);
    const {rmse} = estimateLoss(model, shifted);
    expect(rmse!.low).toBeGreaterThan(realised(reference).rmse);
    expect(rmse!.value / realised(shifted).rmse).toBeGreaterThan(0.8);
    expect(rmse!.value / realised(shifted).rmse).toBeLessThan(1.2);
  });
});
