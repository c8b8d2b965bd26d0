import {connect} from 'node:net';
import {setTimeout as wait} from 'node:timers/promises';
import {deflateSync, gzipSync} from 'node:zlib';
import fc from 'fast-check';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {Tensor} from '../../protocol/index.ts';
import {rawBytes} from '../tensors/raw-tensor.ts';
import {anyTensor} from '../tensors/tensor.fixture.ts';
import {flatJson} from '../tensors/tensor-json.ts';
import {type InferenceServer, inferenceServer} from './inference-server.fixture.ts';

let served: InferenceServer;
beforeAll(async () => {
  served = await inferenceServer();
});
afterAll(() => served.close());

type Output = {name: string; datatype: string; shape: number[]; data?: unknown[]; parameters?: Record<string, number>};
type Inferred = {model_name: string; model_version: string; id?: string; parameters?: object; outputs: Output[]};

const infer = (model: string, body: unknown, headers?: Record<string, string>) =>
  served.ask<Inferred>(`/v2/models/${model}/infer`, body, headers);
const tensor = (datatype: string, shape: number[], data: unknown[], name = 'x') => ({name, datatype, shape, data});
const ROW = tensor('FP32', [1, 3], [1, 2, 4]);

/** A body with bytes behind its JSON. */
function binary(json: object, ...bytes: Uint8Array[]): [Buffer<ArrayBuffer>, Record<string, string>] {
  const head = Buffer.from(JSON.stringify(json));
  return [Buffer.concat([head, ...bytes]), {'inference-header-content-length': String(head.length)}];
}

describe('what is asked before anything is inferred', () => {
  test('the server lives, is ready, and says what it speaks', async () => {
    expect((await served.ask('/v2/health/live')).body).toEqual({live: true});
    expect((await served.ask('/v2/health/ready')).body).toEqual({ready: true});
    const {body} = await served.ask<{name: string; extensions: string[]}>('/v2');
    expect(body).toMatchObject({name: 'millrace', version: expect.stringMatching(/^\d+\.\d+\.\d+/)});
    expect(body.extensions).toContain('binary_tensor_data');
  });

  test('a model tells its versions and tensors, also by version', async () => {
    const metadata = {
      name: 'sum',
      versions: ['1', '2'],
      platform: 'fixture',
      inputs: [{name: 'x', datatype: 'FP32', shape: [-1, 3]}],
      outputs: [
        {name: 'sum', datatype: 'FP32', shape: [-1]},
        {name: 'columns', datatype: 'INT64', shape: [-1]},
      ],
    };
    for (const path of ['/v2/models/sum', '/v2/models/sum/versions/1'])
      expect((await served.ask(path)).body).toEqual(metadata);
    expect((await served.ask('/v2/models/sum/versions/1/ready')).body).toEqual({name: 'sum', ready: true});
    expect((await served.ask('/v2/models/sum/config')).body).toMatchObject({
      max_batch_size: 0,
      input: [{name: 'x', data_type: 'TYPE_FP32', dims: [-1, 3]}],
    });
  });

  test('the index lists every version, and an unloaded model is out until it is loaded', async () => {
    type Entry = {name: string; version: string; state: string; reason: string};
    const index = async (body: unknown) => (await served.ask<Entry[]>('/v2/repository/index', body)).body;
    const all = await index('');
    expect(all.filter(({name}) => name === 'sum')).toEqual([
      {name: 'sum', version: '1', state: 'READY', reason: ''},
      {name: 'sum', version: '2', state: 'READY', reason: ''},
    ]);
    expect((await served.ask('/v2/repository/models/sum/unload', '')).status).toBe(200);
    expect((await served.ask('/v2/models/sum/ready')).status).toBe(503);
    expect((await infer('sum', {inputs: [ROW]})).headers.get('retry-after')).toBe('1');
    expect((await index({ready: true})).length).toBe(all.length - 2);
    expect((await served.ask('/v2/health/ready')).status).toBe(200);
    expect((await served.ask('/v2/repository/models/sum/load', {})).status).toBe(200);
    expect((await infer('sum', {inputs: [ROW]})).status).toBe(200);
  });

  test('statistics count rows and calls, those that failed apart', async () => {
    type Stats = {
      model_stats: {inference_count: number; inference_stats: Record<string, {count: number; ns: number}>}[];
    };
    const stats = async () => (await served.ask<Stats>('/v2/models/echo-INT8/versions/1/stats')).body.model_stats[0]!;
    const before = await stats();
    await infer('echo-INT8', {inputs: [tensor('INT8', [3], [1, 2, 3])]});
    await infer('echo-INT8', {inputs: [tensor('INT16', [1], [1])]});
    const after = await stats();
    expect(after.inference_count - before.inference_count).toBe(3);
    expect(after.inference_stats.success!.count - before.inference_stats.success!.count).toBe(1);
    expect(after.inference_stats.fail!.count - before.inference_stats.fail!.count).toBe(1);
    expect((await served.ask<Stats>('/v2/models/stats')).body.model_stats.length).toBeGreaterThan(10);
  });
});

describe('infer', () => {
  test('answers JSON with JSON: the id, the version, what the model says beside', async () => {
    const {body, headers} = await infer('sum', {id: 'a"b', inputs: [ROW]});
    expect(headers.get('content-type')).toContain('application/json');
    expect(body).toEqual({
      model_name: 'sum',
      model_version: '2',
      id: 'a"b',
      parameters: {level: 'main'},
      outputs: [
        {name: 'sum', datatype: 'FP32', shape: [1], data: [7]},
        {name: 'columns', datatype: 'INT64', shape: [1], data: [3]},
      ],
    });
    const older = await infer('sum/versions/1', {inputs: [ROW], outputs: [{name: 'columns'}]});
    expect([older.body.model_version, older.body.outputs.length]).toEqual(['1', 1]);
  });

  test('takes data flat and nested, and none', async () => {
    for (const data of [
      [1, 2, 3, 4, 5, 6],
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    ]) {
      const {body} = await infer('matrix', {inputs: [tensor('INT32', [2, 3], data)]});
      expect(body.outputs[0]).toEqual({name: 'y', datatype: 'INT32', shape: [2, 3], data: [1, 2, 3, 4, 5, 6]});
    }
    expect((await infer('matrix', {inputs: [tensor('INT32', [0, 3], [])]})).body.outputs[0]).toMatchObject({data: []});
  });

  test('sends as bytes what is asked for so: by default, by name, or none', async () => {
    const inputs = [ROW];
    const all = await infer('sum', {inputs, parameters: {binary_data_output: true}});
    expect(all.headers.get('content-type')).toBe('application/octet-stream');
    expect(all.body.outputs.map(output => output.parameters)).toEqual([{binary_data_size: 4}, {binary_data_size: 8}]);
    expect([...all.bytes.subarray(-12)]).toEqual([0, 0, 0xe0, 0x40, 3, 0, 0, 0, 0, 0, 0, 0]);
    const one = await infer('sum', {
      inputs,
      parameters: {binary_data_output: true},
      outputs: [{name: 'columns', parameters: {binary_data: false}}, {name: 'sum'}],
    });
    expect(one.body.outputs).toMatchObject([{data: [3]}, {parameters: {binary_data_size: 4}}]);
  });

  test('carries any tensor through, bit by bit, in every pairing of JSON and bytes', async () => {
    await fc.assert(
      fc.asyncProperty(anyTensor('json'), fc.boolean(), fc.boolean(), async (given, bytesIn, bytesOut) => {
        const {datatype, data} = given;
        const shape = [given.shape.reduce((a, b) => a * b, 1)];
        const parameters = {binary_data_output: bytesOut};
        const raw = Buffer.from(rawBytes(data));
        const [body, headers] = bytesIn
          ? binary(
              {inputs: [{name: 'x', datatype, shape, parameters: {binary_data_size: raw.length}}], parameters},
              raw,
            )
          : [jsonOf(given, shape, parameters), {}];
        const answer = await infer(`echo-${datatype}`, body, headers);
        expect(answer.status).toBe(200);
        if (bytesOut) expect(answer.bytes.subarray(answer.bytes.length - raw.length)).toEqual(raw);
        else expect(answer.bytes.toString()).toContain(`"data":${flatJson(given)}}`);
      }),
      {seed: 4, numRuns: 200},
    );
  });

  test('keeps every digit of 64-bit integers in JSON, next to other inputs', async () => {
    const big = '[9007199254740993,-9223372036854775808,9223372036854775807,1]';
    const {bytes} = await infer('echo-INT64', `{"inputs":[{"name":"x","datatype":"INT64","shape":[4],"data":${big}}]}`);
    expect(bytes.toString()).toContain(`"data":${big}`);
    const unsigned = '[18446744073709551615]';
    const body = `{"inputs":[{"data":[${unsigned}],"name":"x","datatype":"UINT64","shape":[1,1]}]}`;
    expect((await infer('echo-UINT64', body)).bytes.toString()).toContain('Send UINT64 [-1].');
    const flat = body.replace('[1,1]', '[1]').replace(`[${unsigned}]`, unsigned);
    expect((await infer('echo-UINT64', flat)).bytes.toString()).toContain(`"data":${unsigned}`);
  });

  test('unpacks gzip and deflate, with bytes behind the JSON too', async () => {
    const raw = rawBytes(Float32Array.of(1, 2, 4));
    const input = {name: 'x', datatype: 'FP32', shape: [1, 3], parameters: {binary_data_size: 12}};
    const [body, headers] = binary({inputs: [input]}, raw);
    for (const [encoding, packed] of [
      ['gzip', gzipSync(body)],
      ['deflate', deflateSync(body)],
    ] as const) {
      const answer = await infer('sum', packed, {...headers, 'content-encoding': encoding});
      expect(answer.body.outputs[0]!.data).toEqual([7]);
    }
  });

  test('hands on timeout and priority, and keeps to the timeout itself', async () => {
    const inputs = [tensor('INT32', [1], [1])];
    await infer('remember', {inputs, parameters: {timeout: 1_500_000, priority: 1}, id: 'r'});
    expect(served.repository.log.requests.at(-1)).toMatchObject({timeoutMs: 1_500, priority: 0, id: 'r'});
    await infer('remember', {inputs, parameters: {timeout: 0, priority: 0}});
    expect(Object.keys(served.repository.log.requests.at(-1)!)).not.toContain('timeoutMs');
    const {aborted} = served.repository.log;
    const slow = {inputs: [tensor('FP64', [1], [5_000], 'ms')], parameters: {timeout: 30_000}};
    expect(await infer('slow', slow)).toMatchObject({status: 504, body: {error: expect.stringContaining('30 ms')}});
    await wait(20);
    expect(served.repository.log.aborted).toBe(aborted + 1);
  });

  test('stops the model when the client hangs up', async () => {
    const {aborted} = served.repository.log;
    const {port} = new URL(served.url);
    const socket = connect(Number(port), '127.0.0.1');
    const body = JSON.stringify({inputs: [tensor('FP64', [1], [5_000], 'ms')]});
    socket.write(`POST /v2/models/slow/infer HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    await wait(150);
    socket.destroy();
    await wait(150);
    expect(served.repository.log.aborted).toBe(aborted + 1);
    expect((await served.ask('/v2/health/ready')).status).toBe(200);
  });
});

function jsonOf(given: Tensor, shape: number[], parameters: object): string {
  return `{"inputs":[{"name":"x","datatype":"${given.datatype}","shape":[${shape}],"data":${flatJson(given)}}],"parameters":${JSON.stringify(parameters)}}`;
}
