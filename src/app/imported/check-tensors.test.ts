import {expect, test} from 'vitest';
import type {Tensor, TensorSpec} from '../../protocol/index.ts';
import {checkInputs, checkOutputs} from './check-tensors.ts';

const specs: TensorSpec[] = [
  {name: 'x', datatype: 'FP32', shape: [-1, 2]},
  {name: 'city', datatype: 'BYTES', shape: [-1]},
];
const x: Tensor = {name: 'x', datatype: 'FP32', shape: [1, 2], data: Float32Array.of(1, 2)};
const city: Tensor = {name: 'city', datatype: 'BYTES', shape: [1], data: [Buffer.from('Χανιά')]};

test('inputs come in the order of the model', () => {
  expect(checkInputs(specs, [city, x])).toEqual([x, city]);
});

test.each<[string, readonly Tensor[], RegExp]>([
  ['an unknown input', [{...x, name: 'y'}, city], /no input 'y'.*'x' is missing/],
  ['an input twice', [x, x, city], /given twice/],
  ['another datatype', [{...x, datatype: 'FP64', data: new Float64Array(2)}, city], /'x' is FP64/],
  ['another shape', [{...x, shape: [2]}, city], /shape \[2\]/],
  ['a negative dimension', [{...x, shape: [-1, 2]}, city], /comes with 2 values/],
  ['an overflowing one', [{...x, shape: [2 ** 53, 2]}, city], /comes with 2 values/],
  ['too few values', [{...x, shape: [2, 2]}, city], /comes with 2 values/],
  ['no row', [{...x, shape: [0, 2], data: new Float32Array()}, city], /'x' has no values/],
  ['rows that differ', [x, {...city, shape: [2], data: [Buffer.from('a'), Buffer.from('b')]}], /1, 2 rows/],
  ['bytes that are no text', [x, {...city, data: [Buffer.from([0xff])]}], /no UTF-8/],
  [
    'two faults',
    [
      {...x, shape: [2]},
      {...city, shape: [3]},
    ],
    /'x' has.*'city' of shape \[3\]/,
  ],
])('%s is refused with all that is wrong', (_, inputs, message) => {
  expect(() => checkInputs(specs, inputs)).toThrow(
    expect.objectContaining({code: 'REQUEST_INVALID', message: expect.stringMatching(message)}),
  );
});

test('an unknown output is refused, and none named means all', () => {
  expect(() => checkOutputs(specs, ['cty'])).toThrow(
    expect.objectContaining({problems: [expect.objectContaining({fix: 'Did you mean city?'})]}),
  );
  expect(() => checkOutputs(specs)).not.toThrow();
});
