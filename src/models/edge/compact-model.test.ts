import fc from 'fast-check';
import {expect, test} from 'vitest';
import {decodeArtifact, encodeArtifact, type ModelArrays} from '../artifact.ts';
import {quantiseModel} from '../compress/compress-artifact.ts';
import {loadModel} from '../load-model.ts';
import type {ModelSpec} from '../model-spec.ts';
import {compactModel, expandModel} from './compact-model.ts';
import {packArrays, unpackArrays} from './pack-arrays.ts';

const numbers = fc.array(
  fc.oneof(fc.double(), fc.integer({min: -300, max: 70_000}), fc.constantFrom(0, -0, Number.NaN)),
);
const arrays = fc.record({
  f64: numbers.map(list => Float64Array.from(list)),
  f32: numbers.map(list => Float32Array.from(list)),
  i32: numbers.map(list => Int32Array.from(list)),
  u32: numbers.map(list => Uint32Array.from(list)),
  u8: numbers.map(list => Uint8Array.from(list)),
});

test('arrays come back equal to the bit, of the same types', () => {
  fc.assert(
    fc.property(arrays, given => {
      const back = unpackArrays(packArrays(given));
      for (const [name, array] of Object.entries(given as ModelArrays)) {
        expect(back[name]).toBeInstanceOf(array.constructor);
        expect(
          [...back[name]!].every((value, i) => Object.is(value, array[i])),
          name,
        ).toBe(true);
        expect(back[name]).toHaveLength(array.length);
      }
    }),
    {seed: 4, numRuns: 300},
  );
});

test('children of nodes, leaves and counts take a byte or two each', () => {
  const n = 4_000;
  const left = Int32Array.from({length: n}, (_, i) => (i % 2 ? 0 : i + 1));
  const cover = Float64Array.from({length: n}, (_, i) => 100 + (i % 5_000));
  expect(packArrays({left}).bytes.length).toBeLessThan(n);
  expect(packArrays({cover}).bytes.length).toBe(2 * n);
});

test('bytes that were cut off are refused', () => {
  const packed = packArrays({left: Int32Array.of(5, 900, -7, 100_000), mask: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 3)});
  for (let length = 0; length < packed.bytes.length - 7; length++)
    expect(() => unpackArrays({...packed, bytes: packed.bytes.slice(0, length)})).toThrow(/ends inside/);
});

const SPEC: ModelSpec = {
  format: 1,
  kind: 'trees',
  task: 'regression',
  features: [{name: 'x', kind: 'numeric'}],
  trainer: {kind: 'by hand', version: 1, parameters: {}},
  training: {rows: 8, validationRows: 0, seed: 1, iterations: 1, parent: null},
  checks: {rows: [[3]], predictions: [0.5]},
};

const stump = (spec: ModelSpec) =>
  encodeArtifact(spec, {
    base: Float64Array.of(0.25),
    roots: Int32Array.of(0),
    feature: Int32Array.of(0, -1, -1),
    threshold: Float32Array.of(2.5, 0, 0),
    left: Int32Array.of(1, 0, 0),
    right: Int32Array.of(2, 0, 0),
    missingLeft: Uint8Array.of(1, 0, 0),
    set: Int32Array.of(-1, -1, -1),
    sets: new Uint32Array(0),
    value: Float32Array.of(0, -1, 0.25),
    gain: Float32Array.of(9, 0, 0),
    cover: Float64Array.of(8, 6, 2),
  });

test('a compact model predicts and explains as its artifact', () => {
  const artifact = stump(SPEC);
  const [model, compact] = [loadModel(artifact), loadModel(expandModel(compactModel(artifact)))];
  for (const x of [1, 2.5, 2.6, Number.NaN]) {
    const row = Float64Array.of(x);
    expect(compact.predictRow(row)).toBe(model.predictRow(row));
    expect(compact.explain(row)).toEqual(model.explain(row));
  }
  const names = Object.keys(decodeArtifact(artifact).arrays);
  expect(compactModel(artifact).arrays.map(({name}) => name)).toEqual(names);
});

test.each([16, 8] as const)('so does one that was quantised to %d bits', bits => {
  const artifact = quantiseModel(stump(SPEC), bits);
  const [model, compact] = [loadModel(artifact), loadModel(expandModel(compactModel(artifact)))];
  expect(compact.spec).toEqual(model.spec);
  for (const x of [1, 2.5, 2.6, Number.NaN])
    expect(compact.predictRow(Float64Array.of(x))).toBe(model.predictRow(Float64Array.of(x)));
});
