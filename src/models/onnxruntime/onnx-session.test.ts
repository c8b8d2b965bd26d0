import {afterAll, describe, expect, test} from 'vitest';
import {normal, seededRandom} from '../../math/index.ts';
import {elementsOf, type Tensor} from '../../protocol/index.ts';
import type {Node} from '../onnx/messages.ts';
import {graph, identity, perceptron, words} from './networks.fixture.ts';
import {OnnxSession, type SessionOptions} from './onnx-session.ts';

const opened: OnnxSession[] = [];
async function open(bytes: Uint8Array, options: SessionOptions = {}): Promise<OnnxSession> {
  const session = await OnnxSession.open(bytes, {threads: 1, ...options});
  opened.push(session);
  return session;
}
afterAll(() => Promise.all(opened.map(session => session.close())));

const text = (word: string) => new TextEncoder().encode(word);
function floats(rows: number, width: number, seed = 1): Tensor {
  const random = seededRandom(seed);
  return {
    name: 'x',
    datatype: 'FP32',
    shape: [rows, width],
    data: Float32Array.from({length: rows * width}, () => normal(random)),
  };
}
const row = ({data, shape, ...tensor}: Tensor, i: number): Tensor => {
  const width = elementsOf(shape.slice(1));
  return {...tensor, shape: [1, ...shape.slice(1)], data: (data as Float32Array).subarray(i * width, (i + 1) * width)};
};
const bits = (data: Tensor['data']) =>
  Buffer.from((data as Float32Array).buffer, (data as Float32Array).byteOffset, (data as Float32Array).byteLength);

/** Takes each row of `all` alone, in requests of several sizes at once, and as one request. */
async function expectSameBits(session: OnnxSession, all: Tensor): Promise<void> {
  const rows = all.shape[0]!;
  const width = all.shape[1]!;
  const [whole] = await session.run([all]);
  const out = whole!.data.length / rows;
  const requests: Promise<void>[] = [];
  for (let from = 0, size = 1; from < rows; from += size, size = (size % 9) + 1) {
    const count = Math.min(size, rows - from);
    const data = (all.data as Float32Array).subarray(from * width, (from + count) * width);
    const asked = session.run([{...all, shape: [count, width], data}]);
    requests.push(
      asked.then(([answer]) => {
        const expected = (whole!.data as Float32Array).subarray(from * out, (from + count) * out);
        expect(answer!.shape).toEqual([count, out]);
        expect(bits(answer!.data).equals(bits(expected)), `rows ${from} to ${from + count}`).toBe(true);
      }),
    );
  }
  await Promise.all(requests);
}

/** Products whose kernels for one row and for many differ, and functions that are taken several numbers at a time. */
const mixed = (end: 'Tanh' | 'Erf' | 'Elu') => {
  const random = seededRandom(3);
  const weights = (from: number, to: number) =>
    Float32Array.from({length: from * to}, () => normal(random) / Math.sqrt(from));
  const nodes: Node[] = [
    {op: 'MatMul', inputs: ['x', 'w'], outputs: ['h']},
    {op: end, inputs: ['h'], outputs: ['a']},
    {op: 'MatMul', inputs: ['a', 'v'], outputs: ['m']},
    {op: 'Sigmoid', inputs: ['m'], outputs: ['p']},
  ];
  return graph(
    nodes,
    [{name: 'x', type: 'float', dims: ['rows', 101]}],
    [{name: 'p', type: 'float', dims: ['rows', 1]}],
    [
      {name: 'w', dims: [101, 67], data: weights(101, 67)},
      {name: 'v', dims: [67, 1], data: weights(67, 1)},
    ],
  );
};

describe('a network in ONNX Runtime', () => {
  test.each([
    ['a small perceptron', perceptron(seededRandom(1), [28, 64, 32, 2]), 28],
    ['one of odd sizes', perceptron(seededRandom(2), [13, 37, 19, 3]), 13],
    ['one of one score', perceptron(seededRandom(3), [28, 100, 1], 'Sigmoid'), 28],
    ['products and tanh', mixed('Tanh'), 101],
    ['products and erf', mixed('Erf'), 101],
    ['products and a function with a tail, elu', mixed('Elu'), 101],
  ])('%s gives a row the same bits in any company', async (_, bytes, width) => {
    const session = await open(bytes);
    expect(session.rule.multiple).not.toBe(null);
    await expectSameBits(session, floats(300, width));
    expect(session.state.runs).toBeLessThan(100);
  });

  test('a linear node rounds one row otherwise, so rows are run in pairs at least', async () => {
    const node: Node = {
      op: 'LinearRegressor',
      domain: 'ai.onnx.ml',
      inputs: ['x'],
      outputs: ['y'],
      attributes: {
        coefficients: Float32Array.from({length: 28}, (_, i) => 1 / (i + 1.3)),
        intercepts: Float32Array.of(0.1),
      },
    };
    const bytes = graph(
      [node],
      [{name: 'x', type: 'float', dims: ['rows', 28]}],
      [{name: 'y', type: 'float', dims: ['rows', 1]}],
    );
    const all = floats(300, 28);
    const off = await open(bytes, {batching: 'off'});
    const [together] = await off.run([all]);
    let largest = 0;
    let differ = 0;
    for (let i = 0; i < 300; i++) {
      const [alone] = await off.run([row(all, i)]);
      const difference = Math.abs((alone!.data as Float32Array)[0]! - (together!.data as Float32Array)[i]!);
      largest = Math.max(largest, difference);
      if (difference > 0) differ++;
    }
    expect(differ, 'ONNX Runtime itself answers one row otherwise than many').toBeGreaterThan(0);
    expect(largest).toBeLessThan(1e-6);
    const session = await open(bytes);
    expect(session.rule).toEqual({multiple: 2, reason: null});
    await expectSameBits(session, all);
  });

  test('one whose rows see each other is never given rows of two requests', async () => {
    const nodes: Node[] = [
      {op: 'ReduceMean', inputs: ['x'], outputs: ['mean'], attributes: {axes: [0n], keepdims: 1n}},
      {op: 'Sub', inputs: ['x', 'mean'], outputs: ['y']},
    ];
    const ports = (name: string) => [{name, type: 'float', dims: ['rows', 3]}] as const;
    const session = await open(graph(nodes, ports('x'), ports('y')));
    expect(session.rule).toMatchObject({
      multiple: null,
      reason: expect.stringMatching(/changes with the rows beside it/),
    });
    const answers = await Promise.all([1, 2, 3].map(seed => session.run([floats(1, 3, seed)])));
    for (const [answer] of answers) expect([...(answer!.data as Float32Array)]).toEqual([0, 0, 0]);
  });

  test('one of fixed size is run as it comes', async () => {
    const session = await open(identity('float', [2, 3]));
    expect(session.rule.reason).toMatch(/first dimension/);
    const [answer] = await session.run([floats(2, 3)]);
    expect(answer!.shape).toEqual([2, 3]);
  });
});

describe('tensors of all datatypes', () => {
  const data = {
    int64: ['INT64', BigInt64Array.of(9_007_199_254_740_993n, -9_223_372_036_854_775_808n)],
    uint64: ['UINT64', BigUint64Array.of(18_446_744_073_709_551_615n, 0n)],
    int32: ['INT32', Int32Array.of(-2_147_483_648, 5)],
    uint32: ['UINT32', Uint32Array.of(4_294_967_295, 5)],
    int16: ['INT16', Int16Array.of(-32_768, 5)],
    uint16: ['UINT16', Uint16Array.of(65_535, 5)],
    int8: ['INT8', Int8Array.of(-128, 5)],
    uint8: ['UINT8', Uint8Array.of(255, 5)],
    bool: ['BOOL', Uint8Array.of(1, 0)],
    float16: ['FP16', Uint16Array.of(0x3c01, 0x7e00)],
    float: ['FP32', Float32Array.of(0.1, Number.NaN)],
    double: ['FP64', Float64Array.of(0.1, Number.NEGATIVE_INFINITY)],
    string: ['BYTES', [text('Ελλάς'), text('')]],
  } as const;

  test('come back as they went, and the request is left whole', async () => {
    const types = Object.keys(data) as (keyof typeof data)[];
    const ports = (end: string) => types.map(type => ({name: `${type}${end}`, type, dims: ['rows', 2]}));
    const nodes = types.map((type): Node => ({op: 'Identity', inputs: [`${type}In`], outputs: [`${type}Out`]}));
    const session = await open(graph(nodes, ports('In'), ports('Out')));
    const tensors = (end: string): Tensor[] =>
      types.map(type => ({name: `${type}${end}`, datatype: data[type][0], shape: [1, 2], data: data[type][1]}));
    expect(session.inputs).toEqual(tensors('In').map(({name, datatype}) => ({name, datatype, shape: [-1, 2]})));
    const before = structuredClone(data);
    expect(await session.run(tensors('In'))).toEqual(tensors('Out'));
    expect(data).toEqual(before);
    expect(session.rule).toEqual({multiple: 1, reason: null});
  });

  test('words are looked up', async () => {
    const session = await open(words(['ATL', 'BOS']));
    const ask = async (...cities: string[]) =>
      (await session.run([{name: 'city', datatype: 'BYTES', shape: [cities.length], data: cities.map(text)}]))[0]!.data;
    const answers = await Promise.all([ask('BOS'), ask('BOS', 'ZZZ', 'ATL'), ask('ATL')]);
    expect(answers.map(codes => [...(codes as BigInt64Array)])).toEqual([[1n], [1n, -1n, 0n], [0n]]);
  });

  test('what no protocol can carry is refused when the model is opened', async () => {
    const sequence: Node = {op: 'SequenceConstruct', inputs: ['x'], outputs: ['s']};
    const bytes = graph(
      [sequence],
      [{name: 'x', type: 'float', dims: ['rows']}],
      [{name: 's', type: 'float', dims: ['rows']}],
    );
    await expect(OnnxSession.open(bytes, {threads: 1})).rejects.toMatchObject({code: 'MODEL_INVALID'});
    await expect(OnnxSession.open(text('nothing'), {threads: 1})).rejects.toMatchObject({code: 'MODEL_INVALID'});
  });
});
