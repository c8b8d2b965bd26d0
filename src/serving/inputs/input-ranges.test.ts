import {describe, expect, test} from 'vitest';
import type {FeatureSpec} from '../../models/index.ts';
import {InputRanges} from './input-ranges.ts';

const features: FeatureSpec[] = [
  {name: 'delay', kind: 'numeric'},
  {name: 'place', kind: 'categorical', vocabulary: ['ATL', 'BOS']},
  {name: 'unjudged', kind: 'numeric'},
];
const ranges = new Map([['delay', {min: 0, max: 10}]]);
const {NaN: missing} = Number;

describe('what training saw', () => {
  const trained = new InputRanges(features, ranges, 0);

  test.each([
    [[0, 0, 99], [true, true, true], []],
    [[10, 1, 99], [true, true, true], []],
    [[10.5, 1, 99], [true, true, true], ['delay']],
    [
      [-1, missing, 0],
      [true, true, true],
      ['delay', 'place'],
    ],
    // A value that is missing is not outside.
    [[missing, missing, missing], [false, false, false], []],
  ])('%j is outside at %j', (vector, given, expected) => {
    expect(trained.outside(Float64Array.from(vector), f => given[f]!)).toEqual(expected);
  });

  test('a margin widens it, and clipping moves numbers to its edge', () => {
    const wider = new InputRanges(features, ranges, 0.1);
    const vector = Float64Array.of(10.5, 1, 99);
    expect(wider.outside(vector, () => true)).toEqual([]);
    trained.clip(vector);
    expect([...vector]).toEqual([10, 1, 99]);
  });

  test.each([
    [[5, 0, 1], [5.9, 0, 1], false],
    [[5, 0, 1], [6.1, 0, 1], true],
    [[5, 0, 1], [5, 1, 1], true],
    [[5, missing, 1], [5, missing, 1], false],
    [[5, 0, 1], [missing, 0, 1], true],
    [[5, 0, missing], [5, 0, 1], true],
  ])('from %j to %j is a material change: %j', (before, now, expected) => {
    expect(trained.moved(Float64Array.from(before), Float64Array.from(now), 0.1)).toBe(expected);
  });
});
