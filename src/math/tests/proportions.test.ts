import {expect, test} from 'vitest';
import {twoProportionTest} from './proportions.ts';

test('twoProportionTest equals statsmodels.stats.proportion.proportions_ztest', () => {
  // statsmodels 0.15.0: proportions_ztest([45, 30], [200, 210]), whose z is first minus second
  const result = twoProportionTest(45, 200, 30, 210);
  expect(result.z).toBeCloseTo(-2.1504697756219544, 12);
  expect(result.pValue).toBeCloseTo(0.03151807425222708, 12);
  expect(twoProportionTest(0, 10, 0, 20)).toEqual({difference: 0, z: 0, pValue: 1});
});
