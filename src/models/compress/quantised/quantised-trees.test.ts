import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {decodeArtifact, encodeArtifact, type ModelArrays} from '../../artifact.ts';
import {loadModel} from '../../load-model.ts';
import {readRow} from '../../matrix.ts';
import {exportOnnx} from '../../onnx/export-onnx.ts';
import {checkOnnx} from '../../onnxruntime/index.ts';
import type {Forest} from '../../trees/forest.ts';
import {TreePredictor} from '../../trees/tree-predictor.ts';
import {quantiseModel} from '../compress-artifact.ts';
import {type ForestShape, forestSpec, randomForest, randomRows} from '../random-forest.fixture.ts';
import {type Bits, quantiseForest} from './quantise-forest.ts';
import {isWide} from './quantised-forest.ts';
import {QuantisedTreePredictor} from './quantised-tree-predictor.ts';

const arraysOf = (forest: unknown) => forest as ModelArrays;
const SHAPE: ForestShape = {trees: 30, leaves: 31, numeric: 6, categorical: 2, seed: 1, grid: 20};

function both(shape: ForestShape, bits: Bits) {
  const forest = randomForest(shape);
  const spec = forestSpec(shape);
  const quantised = quantiseForest(forest, spec.features.length, bits);
  const compact = new QuantisedTreePredictor({...spec, kind: 'quantised-trees'}, arraysOf(quantised));
  return {forest, spec, quantised, compact, exact: new TreePredictor(spec, arraysOf(forest))};
}

describe('a quantised forest', () => {
  test('answers as its dequantised trees do, to the bit, rows and batches, whatever the forest', () => {
    const shapes = fc.record({
      trees: fc.integer({min: 0, max: 6}),
      leaves: fc.integer({min: 1, max: 60}),
      numeric: fc.integer({min: 1, max: 4}),
      categorical: fc.integer({min: 0, max: 3}),
      seed: fc.integer({min: 1, max: 1_000}),
    });
    fc.assert(
      fc.property(shapes, fc.constantFrom<Bits>(8, 16), (shape, bits) => {
        const {compact, forest, spec} = both(shape, bits);
        const plain = new TreePredictor(spec, arraysOf(compact.forest));
        const matrix = randomRows(shape, 150, forest);
        const expected = plain.marginBatch(matrix);
        expect(compact.marginBatch(matrix)).toEqual(expected);
        for (let i = 0; i < matrix.rows; i++) expect(compact.marginRow(readRow(matrix, i))).toBe(expected[i]);
      }),
      {seed: 3, numRuns: 60},
    );
  });

  test.each([
    [8, false],
    [16, false],
    [8, true],
    [16, true],
  ] as const)(
    'of %i bits takes the branches of the exact one and moves its sums by half a step a tree (wide: %s)',
    (bits, wide) => {
      const shape = wide ? {...SHAPE, categorical: 0, numeric: 1, leaves: 300, grid: 40, trees: 3} : SHAPE;
      const {forest, compact, exact, quantised} = both(wide && bits === 16 ? {...shape, grid: 4_000} : shape, bits);
      expect(isWide(quantised)).toBe(wide && bits === 16);
      expect(quantised.leaf.BYTES_PER_ELEMENT).toBe(bits / 8);
      const half = quantised.leafScale.reduce((sum, scale) => sum + scale / 2, 0);
      const matrix = randomRows(shape, 2_000, forest);
      const [ours, theirs] = [compact.marginBatch(matrix), exact.marginBatch(matrix)];
      const most = ours.reduce((worst, margin, i) => Math.max(worst, Math.abs(margin - theirs[i]!)), 0);
      expect(most).toBeGreaterThan(0);
      expect(most).toBeLessThan(2 * half + 1e-6); // half a step for each tree, and as much again for the base
    },
  );

  test('merges thresholds beyond 256 of a feature in 8 bits, evenly by gain, and keeps them all in 16', () => {
    const shape = {...SHAPE, numeric: 1, categorical: 0, trees: 20, leaves: 60, grid: 4_000};
    const distinct = new Set(randomForest(shape).threshold).size - 1;
    expect(distinct).toBeGreaterThan(600);
    expect(both(shape, 16).quantised.thresholds).toHaveLength(distinct);
    const {thresholds} = both(shape, 8).quantised;
    expect(thresholds).toHaveLength(256);
    expect([...thresholds]).toEqual([...thresholds].sort((a, b) => a - b));
  });

  test('keeps the mean margin of the training rows, covers and importances', () => {
    const {forest, compact, exact} = both(SHAPE, 8);
    const row = readRow(randomRows(SHAPE, 1), 0);
    expect(compact.explain(row).base).toBeCloseTo(exact.explain(row).base, 9);
    const leafCovers = ({feature, cover}: Forest) =>
      [...cover].filter((_, n) => feature[n] === -1).sort((a, b) => a - b);
    expect(leafCovers(compact.forest)).toEqual(leafCovers(forest));
    compact.importance().forEach(({share, uses}, f) => {
      expect(uses).toBe(exact.importance()[f]!.uses);
      expect(share).toBeCloseTo(exact.importance()[f]!.share, 6);
    });
  });

  test('explains itself: contributions add up to its own margin and are near those of the exact one', () => {
    const {compact, exact} = both(SHAPE, 8);
    const matrix = randomRows(SHAPE, 20);
    for (let i = 0; i < matrix.rows; i++) {
      const row = readRow(matrix, i);
      const {base, contributions} = compact.explain(row);
      expect(contributions.reduce((a, b) => a + b, base)).toBeCloseTo(compact.marginRow(row), 9);
      const expected = exact.explain(row).contributions;
      for (const [f, value] of contributions.entries()) expect(value).toBeCloseTo(expected[f]!, 1);
    }
  });
});

describe('its artifact', () => {
  const checks = [[0.1, -0.2, 1, null, 0.4, 2, 3, 40]];
  const artifact = encodeArtifact(
    {...forestSpec(SHAPE), checks: {rows: checks, predictions: []}},
    arraysOf(randomForest(SHAPE)),
  );

  test('is a fraction of the exact one, says what was done, and is the same each time', () => {
    const [small, medium] = [quantiseModel(artifact, 8), quantiseModel(artifact, 16)];
    expect(small.length).toBeLessThan(medium.length);
    expect(medium.length).toBeLessThan(artifact.length / 4);
    expect(Buffer.compare(quantiseModel(artifact, 8), small)).toBe(0);
    const {spec} = loadModel(small);
    expect(spec).toMatchObject({kind: 'quantised-trees', compression: [{method: 'quantise-8', parameters: {}}]});
    expect(spec.checks.predictions).toHaveLength(1);
  });

  test('runs as ONNX with the same answers', async () => {
    const model = loadModel(quantiseModel(artifact, 8));
    const matrix = randomRows(SHAPE, 500);
    await expect(checkOnnx(exportOnnx(model), matrix, model.predictBatch(matrix))).resolves.toMatchObject({rows: 500});
  });

  test('is refused when cut short or when any array breaks the structure', () => {
    const bytes = quantiseModel(artifact, 16);
    for (const end of [3, 20, bytes.length >> 1, bytes.length - 9])
      expect(() => loadModel(bytes.subarray(0, end))).toThrow(expect.objectContaining({code: 'MODEL_INVALID'}));
    const {spec, arrays} = decodeArtifact(bytes);
    const damaged: ModelArrays[] = [
      {...arrays, words: arrays.words!.map(word => word | 0x7ff00)},
      {...arrays, words: arrays.words!.map(word => word | (0xfff << 19))},
      {...arrays, treeSplits: arrays.treeSplits!.map(splits => splits + 1)},
      {...arrays, numericStart: arrays.numericStart!.map(() => 0)},
      {...arrays, numericFeature: arrays.numericFeature!.map(() => 99)},
      {...arrays, setAt: arrays.setAt!.map(() => arrays.sets!.length)},
      {...arrays, leaf: arrays.leaf!.slice(1)},
      {...arrays, leaf: Float64Array.from(arrays.leaf!)},
    ];
    for (const wrong of damaged)
      expect(() => loadModel(encodeArtifact(spec, wrong))).toThrow(expect.objectContaining({code: 'MODEL_INVALID'}));
    expect(() =>
      loadModel(encodeArtifact(spec, {...arrays, cover: arrays.cover!.slice(1)})).explain(
        Float64Array.from(checks[0]!, x => x ?? 0),
      ),
    ).toThrow(expect.objectContaining({code: 'MODEL_INVALID'}));
    const other = {...arrays, leaf: arrays.leaf!.map(step => step ^ 0x8000)};
    expect(() => loadModel(encodeArtifact(spec, other))).toThrow(/check 1 predicts/);
  });

  test('is not quantised twice', () => {
    expect(() => quantiseModel(quantiseModel(artifact, 16), 8)).toThrow(
      "A model of kind 'quantised-trees' cannot be quantised; trees and linear can.",
    );
  });
});
