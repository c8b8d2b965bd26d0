// A trained model behind all protocols: the same answer, and the same keys.
import {Metadata} from '@grpc/grpc-js';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {createKey, openAccessRecords} from '../../app/index.ts';
import type {PredictAnswer} from '../../protocol/index.ts';
import {GrpcClient, inferRequest} from '../grpc/grpc-client.fixture.ts';
import {readInferResponse} from '../grpc/infer-response.fixture.ts';
import {startServer} from '../start-server.ts';
import {rawBytes} from '../tensors/raw-tensor.ts';
import {deploy, type SmallPlatform, smallPlatform} from '../testing/small-platform.ts';

let small: SmallPlatform;
beforeAll(async () => {
  small = await smallPlatform();
  await small.open();
  await deploy(small);
  await small.restart();
});
afterAll(() => small.close());

async function post<T>(path: string, body: object): Promise<{status: number; body: T}> {
  const answer = await fetch(`${small.server.url}${path}`, {
    method: 'POST',
    headers: {'content-type': 'application/json'},
    body: JSON.stringify(body),
  });
  return {status: answer.status, body: (await answer.json()) as T};
}

const INPUTS = [
  {name: 'kitchen', datatype: 'BYTES', shape: [2], data: ['k1', 'k2']},
  {name: 'distance', datatype: 'FP64', shape: [2], data: [2, 7.5]},
];
const ROWS = [
  {kitchen: 'k1', distance: 2},
  {kitchen: 'k2', distance: 7.5},
];
const RAW = [rawBytes(['k1', 'k2'].map(name => Buffer.from(name))), rawBytes(Float64Array.of(2, 7.5))];
const GRPC_CALL = inferRequest({model: 'punctuality', inputs: INPUTS, outputs: ['prediction'], raw: RAW});

test('gives one answer over the API, /v2, /invocations and gRPC', async () => {
  const {body} = await post<PredictAnswer>('/v1/models/punctuality/predict', {instances: ROWS});
  const expected = body.predictions.map(({prediction}) => prediction);
  const outputs = [{name: 'prediction'}];
  const v2 = await post<{outputs: {data: number[]}[]}>('/v2/models/punctuality/infer', {inputs: INPUTS, outputs});
  expect(v2.body.outputs[0]!.data).toEqual(expected);
  const scored = await post<{predictions: {prediction: number}[]}>('/invocations', {dataframe_records: ROWS});
  expect(scored.body.predictions.map(({prediction}) => prediction)).toEqual(expected);
  const {address} = await small.server.serveGrpc(0);
  const client = new GrpcClient(address);
  const {bytes} = await client.call('ModelInfer', GRPC_CALL);
  expect(rawBytes(Float64Array.from(expected as number[]))).toEqual(new Uint8Array(readInferResponse(bytes!).raw[0]!));
  client.close();
});

test('a field that is not the model’s is named, in the shape of each protocol', async () => {
  const inputs = [{...INPUTS[0]!, name: 'kitchn'}, INPUTS[1]!];
  const v2 = await post<{error: string}>('/v2/models/punctuality/infer', {inputs});
  expect([v2.status, v2.body.error]).toEqual([400, expect.stringContaining('kitchn')]);
  const scored = await post<{error_code: string; message: string}>('/invocations', {inputs: {kitchn: ['k1']}});
  expect([scored.status, scored.body.error_code]).toEqual([400, 'BAD_REQUEST']);
});

test('gRPC asks for the same keys as HTTP, and changes nothing where admins have a port of their own', async () => {
  const records = await openAccessRecords(small.folder);
  const {token} = await createKey(records, {name: 'all', scopes: ['predict', 'admin']}, 'user ada');
  const {token: reader} = await createKey(records, {name: 'reader', scopes: ['read']}, 'user ada');
  await records.close();
  await small.restart();
  const server = await startServer(small.host, {port: 0, adminPort: 0});
  const {address} = await server.serveGrpc(0);
  const client = new GrpcClient(address);
  const by = (key: string) => {
    const metadata = new Metadata();
    metadata.set('authorization', `Bearer ${key}`);
    return {metadata};
  };
  const load = inferRequest({model: '', version: 'punctuality'});
  expect((await client.call('ServerReady', Buffer.alloc(0))).code).toBe(0);
  expect((await client.call('ModelInfer', GRPC_CALL)).code).toBe(16);
  expect((await client.call('ModelInfer', GRPC_CALL, by('wrong'))).code).toBe(16);
  expect((await client.call('ModelInfer', GRPC_CALL, by(reader))).code).toBe(7);
  expect((await client.call('RepositoryIndex', Buffer.alloc(0), by(reader))).code).toBe(0);
  expect((await client.call('ModelInfer', GRPC_CALL, by(token))).code).toBe(0);
  expect(await client.call('RepositoryModelUnload', load, by(token))).toMatchObject({
    code: 7,
    details: expect.stringContaining('admin port'),
  });
  await server.close();
  expect((await client.call('ServerLive', Buffer.alloc(0), {deadlineMs: 500})).code).not.toBe(0);
  client.close();
});
