import {BinaryWriter, WireType} from '@bufbuild/protobuf/wire';
import fc from 'fast-check';
import {InferenceSession, Tensor} from 'onnxruntime-node';
import {describe, expect, test} from 'vitest';
import {type Random, seededRandom} from '../../../math/index.ts';
import type {ModelArrays} from '../../artifact.ts';
import {LinearPredictor} from '../../linear/linear-predictor.ts';
import type {ModelSpec} from '../../model-spec.ts';
import {TreePredictor} from '../../trees/tree-predictor.ts';
import {exportOnnx} from '../export-onnx.ts';
import {type Attribute, encodeModel, type Node} from '../messages.ts';
import {answerBuiltIn, builtInOutputs} from './answer-built-in.ts';
import {floatAt, floatBelow, floatFloor, largestFloat, placeOf} from './float32.ts';
import {readOnnx} from './read-onnx.ts';
import {recognise} from './recognise.ts';
import {type Branch, classifier, model, regressor} from './tables.fixture.ts';
import {withoutZipMap} from './without-zip-map.ts';

const F = 4;
const NUMERIC = ['BRANCH_LEQ', 'BRANCH_LT', 'BRANCH_GT', 'BRANCH_GTE'];
const LIMITS = [-1.5, -0, 0, 0.1, 1, 2.5, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map(Math.fround);

/** Features 0 to 2 are numbers, 3 is a category of 40. */
function randomTree(random: Random, depth: number, modes = NUMERIC): Branch {
  if (depth === 0 || random() < 0.1) return {leaf: random() - 0.5};
  const feature = Math.floor(random() * F);
  const category = feature === 3;
  return {
    mode: category ? 'BRANCH_EQ' : modes[Math.floor(random() * modes.length)]!,
    feature,
    value: category ? Math.floor(random() * 40) : LIMITS[Math.floor(random() * LIMITS.length)]!,
    missing: random() < 0.5,
    yes: randomTree(random, depth - 1, modes),
    no: randomTree(random, depth - 1, modes),
  };
}

const forest = (seed: number, trees = 30) => {
  const random = seededRandom(seed);
  return Array.from({length: trees}, () => randomTree(random, 5));
};

/** On the limits, one float32 beside them, anywhere; one in ten missing; codes that no tree knows. */
function randomRows(seed: number, rows: number): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from({length: rows * F}, (_, i) => {
    if (random() < 0.1) return Number.NaN;
    if (i % F === 3) return Math.floor(random() * 44);
    const limit = LIMITS[Math.floor(random() * LIMITS.length)]!;
    if (random() < 0.4) return limit;
    return Number.isFinite(limit) && random() < 0.5
      ? floatAt(placeOf(limit) + (random() < 0.5 ? -1 : 1))
      : random() * 6 - 3;
  });
}

async function runtime(bytes: Uint8Array, data: Float32Array, width = F) {
  const session = await InferenceSession.create(bytes, {intraOpNumThreads: 1, logSeverityLevel: 3});
  const answers = await session.run({x: new Tensor('float32', data, [data.length / width, width])});
  await session.release();
  return answers;
}

function taken(bytes: Uint8Array) {
  const {builtIn, reason} = recognise(readOnnx(bytes));
  expect(reason).toBe(null);
  return builtIn!;
}

describe('tree ensembles as our own trees', () => {
  test.each([1, 2, 3])('all ways to branch give the bits of ONNX Runtime (seed %i)', async seed => {
    const bytes = regressor(forest(seed), F, {base_values: Float32Array.of(0.3)});
    const data = randomRows(seed, 2_000);
    const [ours] = answerBuiltIn(taken(bytes), data, 2_000);
    expect(ours!.data).toEqual((await runtime(bytes, data)).y!.data);
  });

  test.each([1, 7, 128, 129, 1_000])('a row answers the same bits alone and among %i', rows => {
    const builtIn = taken(regressor(forest(4), F, {post_transform: 'LOGISTIC'}));
    const data = randomRows(5, rows);
    const all = answerBuiltIn(builtIn, data, rows)[0]!.data as Float32Array;
    for (let i = 0; i < rows; i++)
      expect((answerBuiltIn(builtIn, data.subarray(i * F, (i + 1) * F), 1)[0]!.data as Float32Array)[0]).toBe(all[i]);
  });

  test('a classifier keeps its labels and the order of its outputs', async () => {
    const bytes = classifier(forest(6), F, {base_values: Float32Array.of(0.1)});
    const builtIn = taken(bytes);
    expect(builtInOutputs(builtIn)).toEqual([
      {name: 'label', datatype: 'BYTES', shape: [-1]},
      {name: 'p', datatype: 'FP32', shape: [-1, 2]},
    ]);
    const data = randomRows(7, 1_000);
    const [label, p] = answerBuiltIn(builtIn, data, 1_000);
    const theirs = await runtime(bytes, data);
    expect((label!.data as Uint8Array[]).map(bytes => Buffer.from(bytes).toString())).toEqual(theirs.label!.data);
    const probabilities = theirs.p!.data as Float32Array;
    for (let i = 0; i < 2_000; i++)
      expect(Math.abs((p!.data as Float32Array)[i]! - probabilities[i]!)).toBeLessThan(2e-7);
  });

  test('imputation and scaling before trees are written into their branches, to the bit', async () => {
    const scale = [1.7, -0.3, 2e-4, 1];
    const before: Node[] = [
      {
        op: 'Imputer',
        domain: 'ai.onnx.ml',
        inputs: ['x'],
        outputs: ['full'],
        attributes: {imputed_value_floats: Float32Array.of(0.2, -1.5, 3, 7), replaced_value_float: Number.NaN},
      },
      {
        op: 'Scaler',
        domain: 'ai.onnx.ml',
        inputs: ['full'],
        outputs: ['scaled'],
        attributes: {offset: Float32Array.of(0.1, 0.7, -3, 0), scale: Float32Array.from(scale)},
      },
    ];
    const numbers = (branch: Branch): Branch =>
      'leaf' in branch
        ? branch
        : {
            ...branch,
            feature: branch.feature % 3,
            mode: branch.mode === 'BRANCH_EQ' ? 'BRANCH_LT' : branch.mode,
            yes: numbers(branch.yes),
            no: numbers(branch.no),
          };
    const bytes = regressor(forest(8).map(numbers), F, {}, before);
    const data = randomRows(9, 4_000);
    const builtIn = taken(bytes);
    const [ours] = answerBuiltIn(builtIn, data, 4_000);
    expect(ours!.data).toEqual((await runtime(bytes, data)).y!.data);
  });

  test.each<[string, Record<string, Attribute>, Branch[]]>([
    ['it branches by BRANCH_NEQ', {}, [{mode: 'BRANCH_NEQ', feature: 0, value: 1, yes: {leaf: 1}, no: {leaf: 2}}]],
    ['its trees are joined by AVERAGE', {aggregate_function: 'AVERAGE'}, forest(1, 2)],
    ['its scores are transformed by PROBIT', {post_transform: 'PROBIT'}, forest(1, 2)],
    ['it has more than one base value', {base_values: Float32Array.of(1, 2)}, forest(1, 2)],
    ['it tests feature 9 of 4', {}, [{mode: 'BRANCH_LT', feature: 9, value: 1, yes: {leaf: 1}, no: {leaf: 2}}]],
    ['a category is 0.5', {}, [{mode: 'BRANCH_EQ', feature: 0, value: 0.5, yes: {leaf: 1}, no: {leaf: 2}}]],
    ['a threshold is NaN', {}, [{mode: 'BRANCH_LT', feature: 0, value: Number.NaN, yes: {leaf: 1}, no: {leaf: 2}}]],
  ])('left to ONNX Runtime: %s', (reason, more, trees) => {
    expect(recognise(readOnnx(regressor(trees, F, more)))).toEqual({builtIn: null, reason});
  });

  test('nodes that run in a circle are left to ONNX Runtime', () => {
    const [tree] = [{mode: 'BRANCH_LT', feature: 0, value: 1, yes: {leaf: 1}, no: {leaf: 2}}] as const;
    expect(recognise(readOnnx(regressor([tree], F, {nodes_truenodeids: [0n, 0n, 0n]}))).reason).toMatch(/form trees/);
  });
});

const spec = (task: ModelSpec['task']): ModelSpec => ({
  format: 1,
  kind: 'trees',
  task,
  features: [
    ...['a', 'b', 'c'].map(name => ({name, kind: 'numeric'}) as const),
    {name: 'city', kind: 'categorical', vocabulary: ['ATL', 'BOS']},
  ],
  trainer: {kind: 'test', version: 1, parameters: {}},
  training: {rows: 0, validationRows: 0, seed: 0, iterations: 0, parent: null},
  checks: {rows: [], predictions: []},
});

describe('our own export', () => {
  const arraysOf = (sums: 'float32' | 'double'): ModelArrays => {
    const {forest: arrays} = taken(regressor(forest(11), F)).predictor as TreePredictor;
    return {...arrays, base: sums === 'double' ? Float64Array.of(-0.3) : Float32Array.of(-0.3)};
  };

  test.each([
    ['binary', 'double'],
    ['regression', 'double'],
    ['binary', 'float32'],
  ] as const)('of %s trees with %s sums comes back with the same trees and predictions', (task, sums) => {
    const ours = new TreePredictor(spec(task), arraysOf(sums));
    const builtIn = taken(exportOnnx(ours));
    expect(builtIn.predictor.spec.features).toEqual(spec(task).features);
    const {gain, cover, ...back} = (builtIn.predictor as TreePredictor).forest;
    expect(back).toEqual((({gain, cover, ...rest}) => rest)(ours.forest));
    const data = randomRows(12, 500);
    const [score] = answerBuiltIn(builtIn, data, 500).slice(-1);
    const width = task === 'binary' ? 2 : 1;
    for (let i = 0; i < 500; i++) {
      const expected = ours.predictRow(Float64Array.from(data.subarray(i * F, (i + 1) * F)));
      expect((score!.data as Float32Array)[i * width + width - 1]).toBe(Math.fround(expected));
    }
  });
});

test('our own export of a linear model comes back with the same predictions', () => {
  const linear: ModelArrays = {
    intercept: Float64Array.of(0.25),
    numericFeature: Int32Array.of(0, 2),
    mean: Float64Array.of(0.1, -2),
    scale: Float64Array.of(3, 0.7),
    indicatorFeature: Int32Array.of(2),
    categoryFeature: Int32Array.of(3, 3),
    categoryCode: Int32Array.of(0, 5),
    coefficient: Float64Array.of(0.3, -0.1, 0.4, 1, -1),
    center: new Float64Array(5),
  };
  const ours = new LinearPredictor({...spec('binary'), kind: 'linear'}, linear);
  const builtIn = taken(exportOnnx(ours));
  const data = randomRows(13, 500);
  const p = answerBuiltIn(builtIn, data, 500)[1]!.data as Float32Array;
  for (let i = 0; i < 500; i++)
    expect(p[2 * i + 1]).toBe(Math.fround(ours.predictRow(Float64Array.from(data.subarray(i * F, (i + 1) * F)))));
});

test('TreeEnsemble of ai.onnx.ml 5 gives the bits of ONNX Runtime', async () => {
  const random = seededRandom(14);
  const lists = {
    nodes_featureids: [] as bigint[],
    nodes_truenodeids: [] as bigint[],
    nodes_trueleafs: [] as bigint[],
    nodes_falsenodeids: [] as bigint[],
    nodes_falseleafs: [] as bigint[],
    nodes_missing_value_tracks_true: [] as bigint[],
  };
  const modes: number[] = [];
  const splits: number[] = [];
  const leaves: number[] = [];
  const grow = (depth: number): readonly [bigint, bigint] => {
    if (depth === 0) return [BigInt(leaves.push(random() - 0.5) - 1), 1n];
    const n = modes.push(Math.floor(random() * 4)) - 1;
    splits.push(LIMITS[Math.floor(random() * 6)]!);
    lists.nodes_featureids[n] = BigInt(Math.floor(random() * F));
    lists.nodes_missing_value_tracks_true[n] = BigInt(Math.round(random()));
    [lists.nodes_truenodeids[n], lists.nodes_trueleafs[n]] = grow(depth - 1);
    [lists.nodes_falsenodeids[n], lists.nodes_falseleafs[n]] = grow(depth - 1);
    return [BigInt(n), 0n];
  };
  const roots = Array.from({length: 20}, () => grow(4)[0]);
  const tensor = (data: Float32Array | Uint8Array) => ({name: '', dims: [data.length], data});
  const attributes = {
    ...lists,
    tree_roots: roots,
    n_targets: 1n,
    nodes_modes: tensor(Uint8Array.from(modes)),
    nodes_splits: tensor(Float32Array.from(splits)),
    leaf_weights: tensor(Float32Array.from(leaves)),
    leaf_targetids: leaves.map(() => 0n),
  };
  const bytes = encodeModel({
    name: 'test',
    nodes: [{op: 'TreeEnsemble', domain: 'ai.onnx.ml', inputs: ['x'], outputs: ['y'], attributes}],
    initializers: [],
    inputs: [{name: 'x', type: 'float', dims: ['rows', F]}],
    outputs: [{name: 'y', type: 'float', dims: ['rows', 1]}],
    metadata: {},
    mlOpset: 5n,
  });
  const data = randomRows(15, 1_000);
  expect(answerBuiltIn(taken(bytes), data, 1_000)[0]!.data).toEqual((await runtime(bytes, data)).y!.data);
});

describe('float32 neighbours', () => {
  const float = fc.float({noNaN: true});
  test('the one below is the next in the order of places', () => {
    fc.assert(
      fc.property(float, x => {
        fc.pre(x !== Number.NEGATIVE_INFINITY);
        const below = floatBelow(x);
        expect(below).toBeLessThan(x);
        expect(placeOf(x) - placeOf(below)).toBe(1);
        expect(floatAt(placeOf(x))).toBe(x === 0 ? 0 : x);
      }),
      {seed: 1},
    );
  });
  test('the floor of a double, and the largest that holds, are found', () => {
    fc.assert(
      fc.property(fc.double({noNaN: true}), x => {
        const floor = floatFloor(x);
        expect(floor).toBeLessThanOrEqual(x);
        expect(largestFloat(y => y <= x)).toBe(floor === 0 ? 0 : floor);
      }),
      {seed: 2},
    );
    expect(largestFloat(() => false)).toBeNaN();
    expect(largestFloat(() => true)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('an ONNX file', () => {
  const zipped = model(
    [
      {
        op: 'LinearClassifier',
        domain: 'ai.onnx.ml',
        inputs: ['x'],
        outputs: ['label', 'p'],
        attributes: {
          coefficients: Float32Array.of(-1, -2, 1, 2),
          intercepts: Float32Array.of(-0.5, 0.5),
          classlabels_ints: [3n, 9_007_199_254_740_993n],
          post_transform: 'LOGISTIC',
        },
      },
      {
        op: 'ZipMap',
        domain: 'ai.onnx.ml',
        inputs: ['p'],
        outputs: ['maps'],
        attributes: {classlabels_int64s: [3n, 9_007_199_254_740_993n]},
      },
    ],
    2,
    [
      {name: 'label', type: 'int64', dims: ['rows']},
      {name: 'maps', type: 'float', dims: ['rows', 2]},
    ],
  );

  test('says its ports, operator sets and producer', () => {
    const {producer, opsets, graph} = readOnnx(zipped);
    expect([producer, opsets.get(''), opsets.get('ai.onnx.ml')]).toEqual(['millrace', 13, 3]);
    expect(graph.inputs).toEqual([{name: 'x', kind: 'tensor', element: 1, shape: [-1, 2], symbols: ['rows', null]}]);
    expect(graph.nodes.map(({op}) => op)).toEqual(['LinearClassifier', 'ZipMap']);
  });

  test('loses its ZipMap and keeps the name of its output', async () => {
    const bytes = withoutZipMap(zipped, readOnnx(zipped));
    const data = Float32Array.of(1, 2, -3, 0.5, Number.NaN, 1);
    const theirs = await runtime(bytes, data, 2);
    const [label, maps] = answerBuiltIn(taken(bytes), data, 3);
    expect([...(label!.data as BigInt64Array)]).toEqual([...(theirs.label!.data as BigInt64Array)]);
    expect(label!.data[0]).toBe(9_007_199_254_740_993n);
    const expected = theirs.maps!.data as Float32Array;
    expect(maps!.name).toBe('maps');
    for (let i = 0; i < 4; i++) expect((maps!.data as Float32Array)[i]).toBeCloseTo(expected[i]!, 6);
    expect([maps!.data[4], expected[4]]).toEqual([Number.NaN, Number.NaN]);
  });

  test('that keeps tensors in other files is refused, wherever they stand', () => {
    const tensor = new BinaryWriter()
      .tag(8, WireType.LengthDelimited)
      .string('w')
      .tag(14, WireType.Varint)
      .int32(1)
      .finish();
    const wrap = (field: number, bytes: Uint8Array) =>
      new BinaryWriter().tag(field, WireType.LengthDelimited).bytes(bytes).finish();
    const initializer = wrap(5, tensor);
    const inside = wrap(1, wrap(5, wrap(6, initializer))); // a node, its attribute, the graph in it
    const ofFunction = wrap(25, wrap(7, wrap(5, wrap(5, tensor))));
    for (const part of [wrap(7, initializer), wrap(7, inside), ofFunction])
      expect(() => readOnnx(Buffer.concat([zipped, part]))).toThrow(/data of tensor 'w' lie in another file/);
  });

  test('that is none, or was cut, is refused', () => {
    for (const bytes of [
      Buffer.from('version https://git-lfs.github.com/spec/v1\n'),
      zipped.subarray(0, 60),
      new Uint8Array(),
    ])
      expect(() => readOnnx(bytes)).toThrow(/cannot be read/);
  });
});
