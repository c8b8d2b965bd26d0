import {describe, expect, test} from 'vitest';
import {normal, seededRandom} from '../../../math/index.ts';
import {encodeModel, type Node, type Tensor} from '../../onnx/messages.ts';
import {openLocalSession} from '../../onnxruntime/index.ts';
import {denseLayers, transpose} from './dense-layers.ts';
import {int8Layers} from './int8-layers.ts';
import {lowRankLayers} from './low-rank-layers.ts';
import {OnnxGraph} from './onnx-graph.ts';
import {type Field, joinFields, makeField, readFields} from './wire.ts';

const text = (value: string) => new TextEncoder().encode(value);

const [IN, HIDDEN, OUT] = [96, 256, 160];
const random = seededRandom(4);
const floats = (length: number, scale: number) => Float32Array.from({length}, () => scale * normal(random));

/** Weights whose singular values fall off, as trained ones do. */
function fading(rows: number, columns: number): Float32Array {
  const out = new Float32Array(rows * columns);
  for (let k = 0; k < Math.min(rows, columns); k++) {
    const [a, b] = [floats(rows, 1), floats(columns, 2 ** (-k / 6) / Math.sqrt(rows))];
    for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[i * columns + j]! += a[i]! * b[j]!;
  }
  return out;
}

/** A MatMul, then a Gemm with its weights transposed, scaled, and with something added; then a small MatMul. */
function network(): Uint8Array {
  const initializers: Tensor[] = [
    {name: 'w1', dims: [IN, HIDDEN], data: fading(IN, HIDDEN)},
    {name: 'b1', dims: [HIDDEN], data: floats(HIDDEN, 0.1)},
    {name: 'w2', dims: [OUT, HIDDEN], data: transpose(fading(HIDDEN, OUT), HIDDEN, OUT)},
    {name: 'b2', dims: [OUT], data: floats(OUT, 0.1)},
    {name: 'w3', dims: [OUT, 2], data: floats(OUT * 2, 0.1)},
  ];
  const nodes: Node[] = [
    {op: 'MatMul', inputs: ['x', 'w1'], outputs: ['m1']},
    {op: 'Add', inputs: ['m1', 'b1'], outputs: ['h1']},
    {op: 'Relu', inputs: ['h1'], outputs: ['a1']},
    {
      op: 'Gemm',
      inputs: ['a1', 'w2', 'b2'],
      outputs: ['h2'],
      attributes: {alpha: 0.5, beta: 2, transB: 1n},
    },
    {op: 'Tanh', inputs: ['h2'], outputs: ['a2']},
    {op: 'MatMul', inputs: ['a2', 'w3'], outputs: ['y']},
  ];
  return encodeModel({
    name: 'network',
    nodes,
    initializers,
    inputs: [{name: 'x', type: 'float', dims: ['rows', IN]}],
    outputs: [{name: 'y', type: 'float', dims: ['rows', 2]}],
    metadata: {made: 'here'},
  });
}

const model = network();
const ROWS = 200;
const rows = floats(ROWS * IN, 1);

async function answers(bytes: Uint8Array, input = rows): Promise<Float32Array> {
  const session = await openLocalSession(bytes);
  try {
    return await session.run(input, IN);
  } finally {
    await session.release();
  }
}

const largest = (a: Float32Array, b: Float32Array) => a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i]!)), 0);
const deviation = (a: Float32Array) => Math.sqrt(a.reduce((sum, x) => sum + x * x, 0) / a.length);

describe('a graph that is rewritten', () => {
  test('is the same to the byte where nothing changes, fields that we do not know included', () => {
    const unknown = Uint8Array.of(0xfa, 0x07, 3, 1, 2, 3); // field 127, three bytes
    const bytes = new Uint8Array(Buffer.concat([model, unknown]));
    expect(joinFields(readFields(bytes))).toEqual(bytes);
    const again = new OnnxGraph(bytes).finish();
    expect(again).toEqual(bytes);
  });

  test('finds the dense layers, whichever way their weights lie', () => {
    const layers = denseLayers(new OnnxGraph(model));
    expect(
      layers.map(({inputs, outputs, transposed, alpha, beta}) => [inputs, outputs, transposed, alpha, beta]),
    ).toEqual([
      [IN, HIDDEN, false, 1, 1],
      [HIDDEN, OUT, true, 0.5, 2],
      [OUT, 2, false, 1, 1],
    ]);
  });

  test('is refused when it is no model', () => {
    for (const bytes of [Uint8Array.of(1, 2, 3), new Uint8Array(0), model.subarray(0, 1_000)])
      expect(() => new OnnxGraph(bytes)).toThrow(expect.objectContaining({code: 'MODEL_INVALID'}));
  });
});

/** The same file with other fields of its ModelProto. */
const withFields = (bytes: Uint8Array, change: (field: Field) => Uint8Array): Uint8Array =>
  new Uint8Array(Buffer.concat(readFields(bytes).map(change)));

describe('int8 layers', () => {
  test('run under operator sets since 18 too, where axes are an input', async () => {
    // OperatorSetIdProto {domain: '', version: 18}
    const later = withFields(model, ({number, value, bytes}) =>
      number === 8 && value.length === 4 ? Uint8Array.of(0x42, 4, 0x0a, 0, 0x10, 18) : bytes,
    );
    expect(new OnnxGraph(later).opset).toBe(18);
    const [exact, rounded] = [await answers(later), await answers(int8Layers(later).bytes)];
    expect(largest(exact, rounded)).toBeLessThan(0.1 * deviation(exact));
    const earlier = withFields(model, ({number, value, bytes}) =>
      number === 8 && value.length === 4 ? Uint8Array.of(0x42, 4, 0x0a, 0, 0x10, 9) : bytes,
    );
    expect(() => int8Layers(earlier)).toThrow('The model is of opset 9; int8 layers need 10.');
  });

  test('keep weights that a branch reads as well', async () => {
    const body = makeField(
      1,
      joinFields([makeField(1, text('w1')), makeField(2, text('z')), makeField(4, text('Identity'))]),
    );
    const attribute = joinFields([makeField(1, text('then_branch')), makeField(6, body.bytes)]);
    const node = makeField(
      1,
      joinFields([makeField(2, text('unused')), makeField(4, text('If')), makeField(5, attribute)]),
    );
    const branched = withFields(model, ({number, value, bytes}) =>
      number === 7 ? makeField(7, joinFields([...readFields(value), node])).bytes : bytes,
    );
    const kept = (bytes: Uint8Array) => [...new OnnxGraph(bytes).initializers.keys()];
    expect(kept(int8Layers(model).bytes)).not.toContain('w1');
    expect(kept(int8Layers(branched).bytes)).toContain('w1');
  });

  test('take a third of the bytes and answer nearly alike in ONNX Runtime', async () => {
    const small = int8Layers(model);
    expect([small.changed, small.layers]).toEqual([2, 3]); // the smallest is not worth it
    expect(small.bytes.length).toBeLessThan(0.35 * model.length);
    const [exact, rounded] = [await answers(model), await answers(small.bytes)];
    const difference = largest(exact, rounded);
    expect(difference).toBeGreaterThan(0);
    expect(difference).toBeLessThan(0.1 * deviation(exact));
  });

  test('compute what the same arithmetic in plain loops computes', async () => {
    const weights = floats(64 * 64, 0.3);
    const single = encodeModel({
      name: 'single',
      nodes: [{op: 'MatMul', inputs: ['x', 'w'], outputs: ['y']}],
      initializers: [{name: 'w', dims: [64, 64], data: weights}],
      inputs: [{name: 'x', type: 'float', dims: ['rows', 64]}],
      outputs: [{name: 'y', type: 'float', dims: ['rows', 64]}],
      metadata: {},
    });
    const x = floats(5 * 64, 2);
    const session = await openLocalSession(int8Layers(single).bytes);
    const got = await session.run(x, 64);
    await session.release();
    const scales = Array.from(
      {length: 64},
      (_, j) => Math.max(...Array.from({length: 64}, (_, i) => Math.abs(weights[i * 64 + j]!))) / 127,
    );
    for (let r = 0; r < 5; r++) {
      const row = x.subarray(r * 64, (r + 1) * 64);
      const scale = Math.max(...row.map(Math.abs)) / 127;
      for (let j = 0; j < 64; j++) {
        let sum = 0;
        for (let i = 0; i < 64; i++) sum += Math.round(row[i]! / scale) * Math.round(weights[i * 64 + j]! / scales[j]!);
        expect(got[r * 64 + j]).toBeCloseTo(sum * scale * scales[j]!, 1);
      }
    }
  });

  test('give a row the same answer to the bit alone and beside others, however large those are', async () => {
    const {bytes} = int8Layers(model);
    const [one, other] = [rows.slice(0, IN), rows.slice(IN, 2 * IN).map(x => 1_000 * x)];
    const alone = await answers(bytes, one);
    const together = await answers(bytes, Float32Array.of(...one, ...other));
    expect(together.subarray(0, 2)).toEqual(alone);
  });

  test('take rows of zeros, and keep missing values missing', async () => {
    const {bytes} = int8Layers(model);
    const zeros = new Float32Array(IN);
    expect(largest(await answers(bytes, zeros), await answers(model, zeros))).toBeLessThan(0.01);
    const [first] = await answers(bytes, zeros.with(3, Number.NaN));
    expect(first).toBeNaN();
  });
});

describe('low-rank layers', () => {
  test('keep the share of the energy that was asked for in as few ranks as it takes', async () => {
    const small = lowRankLayers(model, {energy: 0.999});
    expect(small.ranks.map(({rank}) => rank !== null)).toEqual([true, true, false]);
    for (const {rank, energy} of small.ranks) if (rank !== null) expect(energy).toBeGreaterThanOrEqual(0.999);
    const fewer = lowRankLayers(model, {rank: small.ranks[0]!.rank! - 1}).ranks[0]!;
    expect(fewer.energy).toBeLessThan(0.999);
    expect(small.bytes.length).toBeLessThan(0.7 * model.length);
    const exact = await answers(model);
    expect(largest(exact, await answers(small.bytes))).toBeLessThan(0.5 * deviation(exact));
  });

  test('come nearer with every rank, and change nothing where two factors would be larger', async () => {
    const exact = await answers(model);
    const differences: number[] = [];
    for (const rank of [4, 16, 48]) differences.push(largest(exact, await answers(lowRankLayers(model, {rank}).bytes)));
    expect(differences[0]).toBeGreaterThan(1.5 * differences[1]!);
    expect(differences[1]).toBeGreaterThan(1.5 * differences[2]!);
    expect(lowRankLayers(model, {rank: 120})).toMatchObject({changed: 0, layers: 3, bytes: model});
  });

  test('can be made of integers in turn', async () => {
    const thin = lowRankLayers(model, {energy: 0.9999});
    const both = int8Layers(thin.bytes);
    expect(both.bytes.length).toBeLessThan(thin.bytes.length);
    const exact = await answers(model);
    expect(largest(exact, await answers(both.bytes))).toBeLessThan(0.3 * deviation(exact));
  });

  test.each([{rank: 0}, {rank: 1.5}, {energy: 0}, {energy: 1.1}])('refuse %o', options => {
    expect(() => lowRankLayers(model, options)).toThrow(expect.objectContaining({code: 'REQUEST_INVALID'}));
  });
});
