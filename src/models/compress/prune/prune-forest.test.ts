import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {encodeArtifact, type ModelArrays} from '../../artifact.ts';
import {loadModel} from '../../load-model.ts';
import {readRow} from '../../matrix.ts';
import {sigmoid} from '../../predictor.ts';
import type {Forest} from '../../trees/forest.ts';
import {TreePredictor} from '../../trees/tree-predictor.ts';
import {pruneModel, quantiseModel} from '../compress-artifact.ts';
import {type ForestShape, forestSpec, randomForest, randomRows} from '../random-forest.fixture.ts';
import {prefixLosses} from './prune-by-loss.ts';
import {leafCount, mergeEqualLeaves, pruneForest} from './prune-forest.ts';

const SHAPE: ForestShape = {trees: 12, leaves: 20, numeric: 4, categorical: 1, seed: 4};
const arraysOf = (forest: Forest) => forest as unknown as ModelArrays;
const predictorOf = (forest: Forest) => new TreePredictor(forestSpec(SHAPE), arraysOf(forest));

/** Weakest-link pruning the slow way: look at every subtree, cut the weakest, begin again. */
function naiveLeaves(forest: Forest, leaves: number): number[] {
  const cut = new Set<number>();
  const below = (n: number): {gain: number; leaves: number} => {
    if (forest.feature[n] === -1 || cut.has(n)) return {gain: 0, leaves: 1};
    const [l, r] = [below(forest.left[n]!), below(forest.right[n]!)];
    return {gain: forest.gain[n]! + l.gain + r.gain, leaves: l.leaves + r.leaves};
  };
  const open = (n: number): number[] =>
    forest.feature[n] === -1 || cut.has(n) ? [] : [n, ...open(forest.left[n]!), ...open(forest.right[n]!)];
  const total = () => [...forest.roots].reduce((sum, root) => sum + below(root).leaves, 0);
  while (total() > leaves) {
    const strength = (n: number) => below(n).gain / (below(n).leaves - 1);
    const splits = [...forest.roots].flatMap(open);
    if (splits.length === 0) break;
    cut.add(splits.reduce((weakest, n) => (strength(n) < strength(weakest) ? n : weakest)));
  }
  return [...forest.roots].map(root => below(root).leaves);
}

const leavesOfTrees = (forest: Forest): number[] =>
  [...forest.roots].map((root, t) => {
    const end = forest.roots[t + 1] ?? forest.feature.length;
    return forest.feature.subarray(root, end).filter(feature => feature === -1).length;
  });

describe('pruning', () => {
  test('cuts the weakest links of all trees, as looking at every subtree each time would', () => {
    fc.assert(
      fc.property(fc.integer({min: 1, max: 500}), fc.integer({min: 1, max: 90}), (seed, leaves) => {
        const forest = randomForest({...SHAPE, trees: 4, seed});
        const pruned = pruneForest(forest, {leaves});
        expect(leavesOfTrees(pruned)).toEqual(naiveLeaves(forest, leaves));
      }),
      {seed: 8, numRuns: 30},
    );
  });

  test('keeps the first trees as they are', () => {
    const forest = randomForest(SHAPE);
    const matrix = randomRows(SHAPE, 200, forest);
    const pruned = pruneForest(forest, {trees: 5});
    const whole = predictorOf({...forest, roots: forest.roots.slice(0, 5)});
    expect(predictorOf(pruned).marginBatch(matrix)).toEqual(whole.marginBatch(matrix));
    expect(pruned.feature.length).toBeLessThan(forest.feature.length / 2);
  });

  test('leaves the base of explanations where it was, and contributions still add up', () => {
    const forest = randomForest(SHAPE);
    const [before, after] = [predictorOf(forest), predictorOf(pruneForest(forest, {leaves: 60}))];
    const matrix = randomRows(SHAPE, 20, forest);
    for (let i = 0; i < matrix.rows; i++) {
      const row = readRow(matrix, i);
      const {base, contributions} = after.explain(row);
      expect(base).toBeCloseTo(before.explain(row).base, 5);
      expect(contributions.reduce((a, b) => a + b, base)).toBeCloseTo(after.marginRow(row), 9);
    }
  });

  test('merges leaves of equal value without changing an answer', () => {
    const forest = randomForest(SHAPE);
    const coarse = {...forest, value: forest.value.map(value => Math.round(2 * value) / 2)};
    const merged = mergeEqualLeaves(coarse);
    expect(leafCount(merged)).toBeLessThan(leafCount(coarse) * 0.9);
    const matrix = randomRows(SHAPE, 300, forest);
    expect(predictorOf(merged).marginBatch(matrix)).toEqual(predictorOf(coarse).marginBatch(matrix));
    expect(mergeEqualLeaves(merged)).toEqual(merged);
  });
});

describe('pruning by validation loss', () => {
  // Trees from the fifth on are noise, and so is every split of little gain.
  const forest = randomForest(SHAPE);
  const value = forest.value.map((v, n) => (n >= forest.roots[4]! ? v * 1e-4 : v));
  const noisy = {...forest, value};
  const matrix = randomRows(SHAPE, 1_500, forest);
  const margins = predictorOf(noisy).marginBatch(matrix);
  const labels = margins.map((margin, i) => ((i * 0.618034) % 1 < sigmoid(margin) ? 1 : 0));
  const checks = {rows: [[0.2, 0.1, null, -0.3, 4]], predictions: []};
  const artifact = encodeArtifact({...forestSpec(SHAPE), checks}, arraysOf(noisy));

  test('measures the loss of the first trees as predicting with them does', () => {
    const losses = prefixLosses(forestSpec(SHAPE), noisy, {matrix, labels});
    expect(losses).toHaveLength(13);
    for (const trees of [0, 3, 12]) {
      const scores = predictorOf(pruneForest(noisy, {trees})).predictBatch(matrix);
      const loss = scores.reduce((sum, p, i) => sum - Math.log(labels[i] === 1 ? p : 1 - p), 0) / matrix.rows;
      expect(losses[trees]).toBeCloseTo(loss, 9);
    }
  });

  test('drops what is noise, and loses no more than it may', () => {
    const tolerance = 0.002;
    const pruned = loadModel(pruneModel(artifact, {validation: {matrix, labels}, tolerance})) as TreePredictor;
    expect(pruned.forest.roots).toHaveLength(4);
    expect(leafCount(pruned.forest)).toBeLessThan(80);
    const loss = (f: Forest) => prefixLosses(forestSpec(SHAPE), f, {matrix, labels}).at(-1)!;
    expect(loss(pruned.forest)).toBeLessThanOrEqual(loss(noisy) + tolerance);
    expect(pruned.spec.compression).toEqual([
      {method: 'prune', parameters: {trees: 4, leaves: leafCount(pruned.forest), tolerance}},
    ]);
  });

  test('can be followed by quantising, not the other way round', () => {
    const both = loadModel(quantiseModel(pruneModel(artifact, {trees: 3}), 8));
    expect(both.spec.compression!.map(({method}) => method)).toEqual(['prune', 'quantise-8']);
    expect(() => pruneModel(quantiseModel(artifact, 8), {trees: 3})).toThrow(
      "A model of kind 'quantised-trees' cannot be pruned; trees can.",
    );
  });
});
