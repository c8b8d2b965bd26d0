import {afterEach, describe, expect, test} from 'vitest';
import {seededRandom} from '../../math/index.ts';
import type {Tensor} from '../../protocol/index.ts';
import type {Node} from '../onnx/messages.ts';
import {graph, identity, perceptron} from './networks.fixture.ts';
import {SessionPool} from './session-pool.ts';
import {SessionThread} from './session-thread.ts';

const pools: SessionPool[] = [];
afterEach(() => Promise.all(pools.splice(0).map(pool => pool.close())));

type Options = {threads?: number; queue?: number; batchRows?: number; batchWaitMs?: number; multiple?: number | null};

async function poolOf(bytes: Uint8Array, width: number, options: Options = {}) {
  const {threads = 1, queue = 4, batchRows = 8, batchWaitMs = 0, multiple = 1} = options;
  const model = new SharedArrayBuffer(bytes.length);
  new Uint8Array(model).set(bytes);
  const restart = () => SessionThread.start(model);
  const started = await Promise.all(Array.from({length: threads}, restart));
  const rule = multiple === null ? ({multiple, reason: 'asked'} as const) : ({multiple, reason: null} as const);
  const pool = new SessionPool([{name: 'x', datatype: 'FP32', shape: [-1, width]}], started, {
    rule,
    batchRows,
    batchWaitMs,
    queue,
    restart,
  });
  pools.push(pool);
  return {pool, threads: started};
}

const WIDTH = 400;
/** Half a millisecond a row. */
const SLOW = perceptron(seededRandom(1), [WIDTH, 1_000, 1_000, 1], 'Sigmoid');
const rows = (count: number, width = WIDTH, value = 1): Tensor => ({
  name: 'x',
  datatype: 'FP32',
  shape: [count, width],
  data: new Float32Array(count * width).fill(value),
});

describe('a pool of sessions', () => {
  test('joins requests that wait, up to the rows of a batch, and gives each its own rows', async () => {
    const {pool} = await poolOf(identity('float', ['rows', 1]), 1, {queue: 100});
    const answers = await Promise.all(Array.from({length: 40}, (_, i) => pool.run([rows(1 + (i % 3), 1, i)])));
    answers.forEach(([same], i) => {
      expect([...(same!.data as Float32Array)]).toEqual(Array(1 + (i % 3)).fill(i));
    });
    expect(pool.state.rows).toBe(79);
    expect(pool.state.runs).toBeLessThanOrEqual(11);
  });

  test('cuts a long request into batches and puts the answer together', async () => {
    const {pool} = await poolOf(identity('float', ['rows', 2]), 2, {threads: 2});
    const data = Float32Array.from({length: 202}, (_, i) => i);
    const [same] = await pool.run([{name: 'x', datatype: 'FP32', shape: [101, 2], data}]);
    expect(same).toEqual({name: 'same', datatype: 'FP32', shape: [101, 2], data});
    expect(pool.state.runs).toBe(13);
  });

  test('turns away what does not fit its queue, the least urgent first', async () => {
    const {pool} = await poolOf(SLOW, WIDTH, {queue: 2, batchRows: 1});
    const running = pool.run([rows(1)]);
    const calm = pool.run([rows(1)], {priority: 5});
    const waiting = pool.run([rows(1)], {priority: 1});
    await expect(pool.run([rows(1)], {priority: 5})).rejects.toMatchObject({code: 'QUEUE_FULL'});
    const urgent = pool.run([rows(1)], {priority: 0});
    await expect(calm).rejects.toMatchObject({code: 'QUEUE_FULL'});
    const order: string[] = [];
    await Promise.all([running, urgent.then(() => order.push('urgent')), waiting.then(() => order.push('waiting'))]);
    expect(order).toEqual(['urgent', 'waiting']);
  });

  test('drops what was given up before it began, and stops between batches', async () => {
    const {pool} = await poolOf(SLOW, WIDTH, {batchRows: 1});
    const gone = new AbortController();
    const running = pool.run([rows(200)], {signal: gone.signal});
    const waiting = pool.run([rows(1)], {signal: gone.signal});
    gone.abort(new Error('the caller hung up'));
    await expect(running).rejects.toThrow('the caller hung up');
    await expect(waiting).rejects.toThrow('the caller hung up');
    await pool.run([rows(1)]);
    expect(pool.state.rows).toBeLessThan(200);
    await expect(pool.run([rows(1)], {signal: gone.signal})).rejects.toThrow('the caller hung up');
  });

  test('says when time is up', async () => {
    const {pool} = await poolOf(SLOW, WIDTH, {batchRows: 1});
    const running = pool.run([rows(200)], {timeoutMs: 5});
    await expect(running).rejects.toMatchObject({code: 'DEADLINE_EXCEEDED', message: expect.stringMatching(/5 ms/)});
    expect((await pool.run([rows(1)], {timeoutMs: 10_000}))[0]!.shape).toEqual([1, 1]);
  });

  test('replaces a thread that died, and says so to those it worked for', async () => {
    const {pool, threads} = await poolOf(SLOW, WIDTH, {batchRows: 1});
    const lost = pool.run([rows(200)]);
    const waiting = pool.run([rows(1)]);
    await threads[0]!.kill();
    await expect(lost).rejects.toMatchObject({code: 'INTERNAL', message: expect.stringMatching(/thread .* ended/)});
    expect((await waiting)[0]!.shape).toEqual([1, 1]);
    expect(pool.state).toMatchObject({threads: 1, restarts: 1});
  });

  test('a request that the model refuses fails alone', async () => {
    const pick: Node = {op: 'Gather', inputs: ['table', 'i'], outputs: ['y']};
    const cast: Node = {op: 'Cast', inputs: ['x'], outputs: ['i'], attributes: {to: 7n}};
    const bytes = graph(
      [cast, pick],
      [{name: 'x', type: 'float', dims: ['rows', 1]}],
      [{name: 'y', type: 'float', dims: ['rows', 1]}],
      [{name: 'table', dims: [3], data: Float32Array.of(10, 20, 30)}],
    );
    const {pool} = await poolOf(bytes, 1, {queue: 10});
    const answers = await Promise.allSettled([0, 1, 7, 2].map(i => pool.run([rows(1, 1, i)])));
    expect(answers.map(({status}) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(answers[2]).toMatchObject({
      reason: {code: 'REQUEST_INVALID', message: expect.stringMatching(/indices|out of/i)},
    });
    expect((answers[3] as PromiseFulfilledResult<Tensor[]>).value[0]!.data[0]).toBe(30);
  });

  test('answers what it has taken before it closes, and nothing after', async () => {
    const {pool} = await poolOf(SLOW, WIDTH, {batchRows: 1});
    const taken = [pool.run([rows(3)]), pool.run([rows(1)])];
    const closed = pool.close();
    await expect(pool.run([rows(1)])).rejects.toMatchObject({code: 'NOT_READY'});
    expect((await Promise.all(taken)).map(([y]) => y!.shape[0])).toEqual([3, 1]);
    await closed;
  });
});
