import {describe, expect, test} from 'vitest';
import {loadModel} from '../models/index.ts';
import {MillraceError} from '../protocol/index.ts';
import {categoryOf, rowEncoder} from './encoder.ts';
import {FEATURES, smallModel} from './model.fixture.ts';

const {spec} = loadModel(smallModel(0, 1));

describe('the encoder of a model version', () => {
  test('takes its features by name, in its own order', () => {
    const out = new Float64Array(2);
    rowEncoder(spec, ['other', 'place', 'x'])(['a', 'BOS', 4], out);
    expect([...out]).toEqual([4, 1]);
  });

  test('writes a category that it never saw, and a missing value, as missing', () => {
    const encode = rowEncoder(spec, ['x', 'place']);
    const out = new Float64Array(2);
    for (const place of ['DEN', '', null]) {
      encode([Number.NaN, place], out);
      expect([...out], String(place)).toEqual([Number.NaN, Number.NaN]);
    }
    encode([0, 'ATL'], out);
    expect([...out], 'nothing is left of the row before').toEqual([0, 0]);
  });

  test('names numbers that stand for categories by their digits, as training does', () => {
    const out = new Float64Array(2);
    const byHour = loadModel(
      smallModel(0, 1, [FEATURES[0]!, {name: 'hour', kind: 'categorical', vocabulary: ['7', '0']}]),
    );
    const encode = rowEncoder(byHour.spec, ['x', 'hour']);
    for (const [hour, code] of [
      [7, 0],
      [0, 1],
      [-0, 1],
      [23, Number.NaN],
      [Number.NaN, Number.NaN],
    ] as const) {
      encode([1, hour], out);
      expect(out[1], String(hour)).toBe(code);
    }
    expect([7, 1.5, Number.NaN].map(categoryOf)).toEqual(['7', '1.5', null]);
  });

  test('says which feature the project no longer has', () => {
    expect(() => rowEncoder(spec, ['x', 'city'])).toThrow(MillraceError);
    expect(() => rowEncoder(spec, ['x', 'city'])).toThrow(/'place', which the project no longer defines/);
  });
});
