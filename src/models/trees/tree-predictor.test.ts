import {describe, expect, test} from 'vitest';
import {seededRandom} from '../../math/index.ts';
import {encodeArtifact} from '../artifact.ts';
import {loadModel} from '../load-model.ts';
import {type Matrix, readRow} from '../matrix.ts';
import type {ModelSpec} from '../model-spec.ts';
import {exportOnnx} from '../onnx/export-onnx.ts';
import {checkOnnx} from '../onnxruntime/index.ts';
import {sigmoid} from '../predictor.ts';
import type {Forest} from './forest.ts';
import {TreePredictor} from './tree-predictor.ts';

type Random = () => number;
const CODES = 70;

/** Features 0 to 2 are numeric, 3 and 4 categorical with 70 and 3 codes. */
const kinds = ['numeric', 'numeric', 'numeric', 'categorical', 'categorical'] as const;
const codesOf = [0, 0, 0, CODES, 3];

function specOf(task: ModelSpec['task']): ModelSpec {
  return {
    format: 1,
    kind: 'trees',
    task,
    features: kinds.map((kind, f) => ({name: `f${f}`, kind})),
    trainer: {kind: 'test', version: 1, parameters: {}},
    training: {rows: 0, validationRows: 0, seed: 0, iterations: 0, parent: null},
    checks: {rows: [], predictions: []},
  };
}

/** Random trees with consistent covers; `depth` splits at most on a way. */
function randomForest(random: Random, trees: number, depth: number): Forest {
  const nodes: {
    feature: number;
    threshold: number;
    left: number;
    right: number;
    missingLeft: number;
    set: number;
    value: number;
    cover: number;
  }[] = [];
  const sets: number[] = [];
  const roots: number[] = [];
  const grow = (level: number, cover: number): number => {
    const n = nodes.length;
    const node = {
      feature: -1,
      threshold: 0,
      left: 0,
      right: 0,
      missingLeft: random() < 0.5 ? 1 : 0,
      set: -1,
      value: 0,
      cover,
    };
    nodes.push(node);
    if (level === depth || cover < 2 || random() < 0.15) {
      node.value = Math.fround(random() - 0.5);
      return n;
    }
    node.feature = Math.floor(random() * kinds.length);
    const codes = codesOf[node.feature]!;
    if (codes === 0) node.threshold = Math.fround(random() * 2 - 1);
    else {
      node.set = sets.length;
      const words = new Uint32Array(Math.ceil(codes / 32));
      for (let k = 0; k < 1 + random() * codes * 0.4; k++) {
        const code = Math.floor(random() * codes);
        words[code >>> 5]! |= 1 << (code & 31);
      }
      sets.push(words.length, ...words);
    }
    const leftCover = 1 + Math.floor(random() * (cover - 1));
    node.left = grow(level + 1, leftCover);
    node.right = grow(level + 1, cover - leftCover);
    return n;
  };
  for (let t = 0; t < trees; t++) roots.push(grow(0, 1_000));
  return {
    base: Float64Array.of(Math.fround(-0.3)),
    roots: Int32Array.from(roots),
    feature: Int32Array.from(nodes, n => n.feature),
    threshold: Float32Array.from(nodes, n => n.threshold),
    left: Int32Array.from(nodes, n => n.left),
    right: Int32Array.from(nodes, n => n.right),
    missingLeft: Uint8Array.from(nodes, n => n.missingLeft),
    set: Int32Array.from(nodes, n => n.set),
    sets: Uint32Array.from(sets),
    value: Float32Array.from(nodes, n => n.value),
    gain: Float32Array.from(nodes, () => 1),
    cover: Float64Array.from(nodes, n => n.cover),
  };
}

/** Values around the thresholds, one in ten missing, some codes that no vocabulary has. */
function randomMatrix(random: Random, rows: number): Matrix {
  const columns = codesOf.map(codes =>
    Float64Array.from({length: rows}, () => {
      if (random() < 0.1) return Number.NaN;
      return codes === 0 ? random() * 2 - 1 : Math.floor(random() * (codes + 3));
    }),
  );
  return {rows, columns, names: kinds.map((_, f) => `f${f}`), kinds};
}

/** A walk written as the definition reads. */
function naiveMargin(forest: Forest, row: Float64Array): number {
  let margin = forest.base[0]!;
  for (const root of forest.roots) {
    let n = root;
    while (forest.feature[n] !== -1) n = (goesLeft(forest, n, row) ? forest.left : forest.right)[n]!;
    margin += forest.value[n]!;
  }
  return margin;
}

function goesLeft(forest: Forest, n: number, row: Float64Array): boolean {
  const x = Math.fround(row[forest.feature[n]!]!);
  if (Number.isNaN(x)) return forest.missingLeft[n] === 1;
  if (forest.set[n] === -1) return x <= forest.threshold[n]!;
  const codes = new Set<number>();
  const start = forest.set[n]!;
  for (let w = 0; w < forest.sets[start]!; w++)
    for (let bit = 0; bit < 32; bit++) if (((forest.sets[start + 1 + w]! >>> bit) & 1) === 1) codes.add(w * 32 + bit);
  return codes.has(x);
}

describe('evaluating trees', () => {
  const random = seededRandom(1);
  const forest = randomForest(random, 40, 7);
  const model = new TreePredictor(specOf('binary'), forest);

  test.each([1, 127, 128, 129, 700])('a batch of %i rows equals single rows and the naive walk to the bit', rows => {
    const matrix = randomMatrix(random, rows);
    const margins = model.marginBatch(matrix);
    const probabilities = model.predictBatch(matrix);
    for (let i = 0; i < rows; i++) {
      const row = readRow(matrix, i);
      expect(margins[i]).toBe(naiveMargin(forest, row));
      expect(model.marginRow(row)).toBe(margins[i]);
      expect(model.predictRow(row)).toBe(probabilities[i]);
      expect(probabilities[i]).toBe(sigmoid(margins[i]!));
    }
  });

  test('a value between two float32 neighbours takes the branch of its rounding', () => {
    const threshold = Math.fround(0.1);
    const stump: Forest = {
      ...randomForest(random, 0, 0),
      roots: Int32Array.of(0),
      feature: Int32Array.of(0, -1, -1),
      threshold: Float32Array.of(threshold, 0, 0),
      left: Int32Array.of(1, 0, 0),
      right: Int32Array.of(2, 0, 0),
      missingLeft: Uint8Array.of(0, 0, 0),
      set: Int32Array.of(-1, -1, -1),
      value: Float32Array.of(0, 1, 2),
      gain: Float32Array.of(1, 0, 0),
      cover: Float64Array.of(2, 1, 1),
      base: Float64Array.of(0),
    };
    const values = new TreePredictor(specOf('regression'), stump);
    expect(values.predictRow(Float64Array.of(threshold + 1e-12, 0, 0, 0, 0))).toBe(1);
    expect(values.predictRow(Float64Array.of(threshold + 1e-8, 0, 0, 0, 0))).toBe(2);
  });

  test('an artifact read back predicts the same bits, wherever it starts in its buffer', () => {
    const bytes = encodeArtifact(specOf('binary'), forest);
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    const matrix = randomMatrix(random, 50);
    expect(loadModel(shifted.subarray(3)).predictBatch(matrix)).toEqual(model.predictBatch(matrix));
    expect(encodeArtifact(specOf('binary'), forest)).toEqual(bytes);
  });

  test('damaged artifacts are refused', () => {
    const bytes = encodeArtifact(specOf('binary'), forest);
    expect(() => loadModel(bytes.subarray(0, bytes.length - 8))).toThrow(/ends inside/);
    expect(() => loadModel(Uint8Array.of(1, 2, 3))).toThrow(/MRM1/);
    const looping = {...forest, left: forest.left.map(() => 0)};
    expect(() => loadModel(encodeArtifact(specOf('binary'), looping))).toThrow(/no such children/);
    const wrong = {...specOf('binary'), checks: {rows: [[0, 0, 0, 0, null]], predictions: [0.123]}};
    expect(() => loadModel(encodeArtifact(wrong, forest))).toThrow(/check 1 predicts/);
  });
});

describe('trees as ONNX', () => {
  test.each(['binary', 'regression'] as const)(
    'ONNX Runtime agrees on a %s model, missing and unseen values included',
    async task => {
      const random = seededRandom(2);
      const model = new TreePredictor(specOf(task), randomForest(random, 60, 8));
      const matrix = randomMatrix(random, 10_000);
      const {maxDifference, rows} = await checkOnnx(exportOnnx(model), matrix, model.predictBatch(matrix));
      expect(maxDifference).toBeLessThan(1e-6);
      expect(rows).toBe(10_000);
    },
  );

  test('a model without trees exports, too', async () => {
    const random = seededRandom(3);
    const model = new TreePredictor(specOf('binary'), randomForest(random, 0, 0));
    const matrix = randomMatrix(random, 10);
    await checkOnnx(exportOnnx(model), matrix, model.predictBatch(matrix));
  });

  test('another prediction is an export mismatch', async () => {
    const random = seededRandom(4);
    const model = new TreePredictor(specOf('binary'), randomForest(random, 5, 3));
    const matrix = randomMatrix(random, 10);
    const expected = model.predictBatch(matrix).map((p, i) => (i === 7 ? p + 1e-5 : p));
    await expect(checkOnnx(exportOnnx(model), matrix, expected)).rejects.toMatchObject({code: 'EXPORT_MISMATCH'});
  });
});

describe('explaining trees', () => {
  /** Mean margin when only the features of `known` are known: others split by cover. */
  function conditional(forest: Forest, row: Float64Array, known: number): number {
    const from = (n: number): number => {
      const feature = forest.feature[n]!;
      if (feature === -1) return forest.value[n]!;
      const left = forest.left[n]!;
      const right = forest.right[n]!;
      if ((known >> feature) & 1) return from(goesLeft(forest, n, row) ? left : right);
      return (forest.cover[left]! * from(left) + forest.cover[right]! * from(right)) / forest.cover[n]!;
    };
    return [...forest.roots].reduce((sum, root) => sum + from(root), forest.base[0]!);
  }

  test('contributions are the Shapley values of a sum over all subsets of features', () => {
    const random = seededRandom(5);
    const forest = randomForest(random, 6, 5);
    const model = new TreePredictor(specOf('binary'), forest);
    const matrix = randomMatrix(random, 25);
    const features = kinds.length;
    const factorial = [1, 1, 2, 6, 24, 120];
    for (let i = 0; i < matrix.rows; i++) {
      const row = readRow(matrix, i);
      const {base, contributions} = model.explain(row);
      expect(base).toBeCloseTo(conditional(forest, row, 0), 10);
      for (let f = 0; f < features; f++) {
        let phi = 0;
        for (let known = 0; known < 2 ** features; known++) {
          if ((known >> f) & 1) continue;
          const size = known.toString(2).replaceAll('0', '').length;
          const weight = (factorial[size]! * factorial[features - size - 1]!) / factorial[features]!;
          phi += weight * (conditional(forest, row, known | (1 << f)) - conditional(forest, row, known));
        }
        expect(contributions[f]).toBeCloseTo(phi, 9);
      }
      const sum = contributions.reduce((a, b) => a + b, base);
      expect(sum).toBeCloseTo(model.marginRow(row), 9);
    }
  });

  test('importance counts splits and shares their gain', () => {
    const forest = randomForest(seededRandom(6), 10, 4);
    const importance = new TreePredictor(specOf('binary'), forest).importance();
    const splits = forest.feature.filter(f => f !== -1).length;
    expect(importance.reduce((sum, {uses}) => sum + uses, 0)).toBe(splits);
    expect(importance.reduce((sum, {share}) => sum + share, 0)).toBeCloseTo(1, 12);
    expect(importance[0]!.share).toBeCloseTo(importance[0]!.uses / splits, 6);
  });
});
