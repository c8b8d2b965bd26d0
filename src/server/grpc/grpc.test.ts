import {once} from 'node:events';
import {setTimeout as wait} from 'node:timers/promises';
import {Metadata} from '@grpc/grpc-js';
import fc from 'fast-check';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {MillraceError, wallClock} from '../../protocol/index.ts';
import {fixtureRepository} from '../inference/repository.fixture.ts';
import {rawBytes} from '../tensors/raw-tensor.ts';
import {anyTensor} from '../tensors/tensor.fixture.ts';
import {GrpcClient, inferRequest} from './grpc-client.fixture.ts';
import type {GrpcCaller} from './handlers.ts';
import {readInferResponse} from './infer-response.fixture.ts';
import {type RunningGrpc, startGrpc} from './start-grpc.ts';
import {hasContents, readContents, writeContents} from './tensor-contents.ts';
import {message, readMessage} from './wire.ts';

const repository = fixtureRepository();
const LIMIT = 1_000_000;
let grpc: RunningGrpc;
let client: GrpcClient;
beforeAll(async () => {
  grpc = await startGrpc({repository: () => repository, port: 0, messageLimit: LIMIT});
  client = new GrpcClient(grpc.address);
});
afterAll(async () => {
  client.close();
  await grpc.close();
});

const EMPTY = Buffer.alloc(0);
const named = (name: string, version = '') => inferRequest({model: name, ...(version === '' ? {} : {version})});
const ROW = {name: 'x', datatype: 'FP32', shape: [1, 3]};
const FLOATS = rawBytes(Float32Array.of(1, 2, 4));
const slow = (ms: number, parameters = {}) =>
  inferRequest({
    model: 'slow',
    inputs: [{name: 'ms', datatype: 'FP64', shape: [1]}],
    raw: [rawBytes(Float64Array.of(ms))],
    parameters,
  });

describe('the service', () => {
  test('lives, is ready, and says whether a model is', async () => {
    for (const method of ['ServerLive', 'ServerReady'])
      expect([...(await client.call(method, EMPTY)).bytes!]).toEqual([8, 1]);
    expect([...(await client.call('ModelReady', named('sum', '1'))).bytes!]).toEqual([8, 1]);
    expect((await client.call('RepositoryModelUnload', repositoryCall('sum'))).code).toBe(0);
    expect([...(await client.call('ModelReady', named('sum'))).bytes!]).toEqual([]);
    const refused = await client.call('ModelInfer', inferRequest({model: 'sum', inputs: [ROW], raw: [FLOATS]}));
    expect([refused.code, refused.trailers!.get('grpc-retry-pushback-ms')]).toEqual([14, ['1000']]);
    expect((await client.call('RepositoryModelLoad', repositoryCall('sum'))).code).toBe(0);
    expect((await client.call('RepositoryModelLoad', repositoryCall('broken'))).code).toBe(9);
    expect((await client.call('ModelReady', named('nobody'))).code).toBe(5);
  });

  test('lists the models, and tells what each takes and has done', async () => {
    const index = (await client.call('RepositoryIndex', EMPTY)).bytes!;
    let entries = 0;
    readMessage(index, (field, _, reader) => field === 1 && reader.bytes().length > 0 && ++entries > 0);
    expect(entries).toBe(repository.index().length);
    for (const method of ['ServerMetadata', 'ModelMetadata', 'ModelConfig', 'ModelStatistics'])
      expect((await client.call(method, named('sum'))).bytes!.length, method).toBeGreaterThan(10);
    expect((await client.call('SystemSharedMemoryStatus', EMPTY)).code).toBe(12);
  });
});

describe('ModelInfer', () => {
  test('answers raw contents with raw ones, and typed with typed', async () => {
    const raw = await client.call('ModelInfer', inferRequest({model: 'sum', id: 'a', inputs: [ROW], raw: [FLOATS]}));
    const answer = readInferResponse(raw.bytes!);
    expect(answer).toMatchObject({model: 'sum', version: '2', id: 'a', outputs: [{name: 'sum'}, {name: 'columns'}]});
    expect(answer.raw.map(bytes => [...bytes])).toEqual([
      [0, 0, 0xe0, 0x40],
      [3, 0, 0, 0, 0, 0, 0, 0],
    ]);
    const contents = (writer: Parameters<typeof writeContents>[0]) =>
      writeContents(writer, 'FP32', Float32Array.of(1, 2, 4));
    const inputs = [{...ROW, contents}];
    const typed = await client.call('ModelInfer', inferRequest({model: 'sum', inputs, outputs: ['columns']}));
    const {outputs, raw: none} = readInferResponse(typed.bytes!);
    expect([outputs.length, none]).toEqual([1, []]);
    expect(readContents('columns', 'INT64', 1, outputs[0]!.contents!)).toEqual(BigInt64Array.of(3n));
  });

  test('carries any tensor through, bit by bit, raw and typed', async () => {
    await fc.assert(
      fc.asyncProperty(anyTensor('binary'), fc.boolean(), async ({datatype, shape: whole, data}, typed) => {
        // A JavaScript number does not keep the bits of every NaN.
        fc.pre(!(typed && isFloat(datatype) && (data as Float64Array).some(Number.isNaN)));
        const shape = [whole.reduce((a, b) => a * b, 1)];
        const asContents = typed && hasContents(datatype);
        const inputs = [
          {
            name: 'x',
            datatype,
            shape,
            ...(asContents
              ? {contents: (w: Parameters<typeof writeContents>[0]) => writeContents(w, datatype, data)}
              : {}),
          },
        ];
        const sent = inferRequest({model: `echo-${datatype}`, inputs, raw: asContents ? [] : [rawBytes(data)]});
        const {code, details, bytes} = await client.call('ModelInfer', sent);
        expect([code, details]).toEqual([0, '']);
        const answer = readInferResponse(bytes!);
        if (asContents) {
          const back = readContents('y', datatype, shape[0]!, answer.outputs[0]!.contents!);
          expect(rawBytes(back)).toEqual(rawBytes(data));
        } else expect(Buffer.from(answer.raw[0]!)).toEqual(Buffer.from(rawBytes(data)));
      }),
      {seed: 4, numRuns: 200},
    );
  });

  test('keeps to the deadline of the call and to the timeout of the request', async () => {
    const {aborted} = repository.log;
    expect(await client.call('ModelInfer', slow(5_000), {deadlineMs: 100})).toMatchObject({code: 4});
    expect(await client.call('ModelInfer', slow(5_000, {timeout: 30_000}))).toMatchObject({
      code: 4,
      details: expect.stringContaining('30 ms'),
    });
    await wait(50);
    expect(repository.log.aborted).toBe(aborted + 2);
    await client.call('ModelInfer', remember({priority: 3}), {deadlineMs: 10_000});
    const {timeoutMs, priority} = repository.log.requests.at(-1)!;
    expect(priority).toBe(2);
    expect(timeoutMs).toBeGreaterThan(5_000);
  });

  test('stops the model when the caller breaks off', async () => {
    const {aborted} = repository.log;
    const call = client.begin('ModelInfer', slow(5_000));
    await wait(100);
    call.cancel();
    expect((await call.answer).code).toBe(1);
    await wait(50);
    expect(repository.log.aborted).toBe(aborted + 1);
  });

  test('streams answers in the order of the requests, and goes on after one that failed', async () => {
    const stream = client.stream('ModelStreamInfer');
    const answers: {error: string; id: string}[] = [];
    stream.on('data', (bytes: Buffer) => {
      const answer = {error: '', id: ''};
      readMessage(bytes, (field, _, reader) => {
        if (field === 1) answer.error = reader.string();
        else if (field === 2) answer.id = readInferResponse(reader.bytes()).id;
        else return false;
        return true;
      });
      answers.push(answer);
    });
    for (const id of ['a', 'b', 'c'])
      stream.write(inferRequest({model: id === 'b' ? 'nobody' : 'sum', id, inputs: [ROW], raw: [FLOATS]}));
    stream.end();
    await once(stream, 'end');
    expect(answers.map(({error, id}) => [id, error !== ''])).toEqual([
      ['a', false],
      ['', true],
      ['c', false],
    ]);
  });
});

const typedInts = (...values: number[]) => ({
  contents: (w: Parameters<typeof writeContents>[0]) => writeContents(w, 'INT32', Int32Array.from(values)),
});
const x = (datatype: string, shape: number[], more: object = {}) => [{name: 'x', datatype, shape, ...more}];

test.each<[what: string, request: Buffer, code: number, details: string]>([
  ['what is no message', Buffer.from([255, 255, 255]), 3, 'The message cannot be read'],
  ['half a message', inferRequest({model: 'sum', inputs: [ROW], raw: [FLOATS]}).subarray(0, -3), 3, 'cannot be read'],
  ['nothing', EMPTY, 5, "There is no model ''"],
  ['no inputs', inferRequest({model: 'sum'}), 3, "Input 'x' is undefined"],
  ['a model of no name', inferRequest({model: 'nobody', inputs: [ROW], raw: [FLOATS]}), 5, "no model 'nobody'"],
  [
    'a version that is not',
    inferRequest({model: 'sum', version: '9', inputs: [ROW], raw: [FLOATS]}),
    5,
    'no version 9',
  ],
  ['no data', inferRequest({model: 'sum', inputs: [ROW]}), 3, 'There are 1 inputs and 0 raw contents'],
  ['too many raw contents', inferRequest({model: 'sum', inputs: [ROW], raw: [FLOATS, FLOATS]}), 3, '2 raw contents'],
  [
    'too few bytes',
    inferRequest({model: 'sum', inputs: [ROW], raw: [FLOATS.subarray(4)]}),
    3,
    'has 8 bytes of data. Send 12',
  ],
  ['a negative shape', inferRequest({model: 'sum', inputs: x('FP32', [-1, -3]), raw: [FLOATS]}), 3, 'is [-1,-3]'],
  [
    'a shape that overflows',
    inferRequest({model: 'sum', inputs: x('FP32', [2 ** 40, 2 ** 40]), raw: [FLOATS]}),
    3,
    'below 2^53',
  ],
  ['a shape of 2^62', inferRequest({model: 'sum', inputs: x('FP32', [2 ** 62]), raw: [FLOATS]}), 3, 'below 2^53'],
  ['a datatype of no kind', inferRequest({model: 'sum', inputs: x('FLOAT', [1]), raw: [FLOATS]}), 3, 'is "FLOAT"'],
  ['the wrong shape', inferRequest({model: 'sum', inputs: x('FP32', [3]), raw: [FLOATS]}), 3, 'Send FP32 [-1,3]'],
  ['a name twice', inferRequest({model: 'sum', inputs: [ROW, ROW], raw: [FLOATS, FLOATS]}), 3, "Input 1 is called 'x'"],
  [
    'contents in another field',
    inferRequest({model: 'sum', inputs: x('FP32', [1, 3], typedInts(1, 2, 3))}),
    3,
    'has contents in field 2',
  ],
  ['contents of FP16', inferRequest({model: 'echo-FP16', inputs: x('FP16', [1], typedInts(1))}), 3, 'cannot hold FP16'],
  [
    'contents that are too many',
    inferRequest({model: 'matrix', inputs: x('INT32', [1, 1], typedInts(1, 2))}),
    3,
    'Send 1 elements',
  ],
  [
    'contents that are too few',
    inferRequest({model: 'matrix', inputs: x('INT32', [2 ** 30, 1], typedInts(1, 2))}),
    3,
    'not as many',
  ],
  [
    'contents out of range',
    inferRequest({model: 'echo-INT8', inputs: x('INT8', [2], typedInts(1, 128))}),
    3,
    "Element 1 of input 'x' is 128, no INT8",
  ],
  [
    'contents and raw ones',
    inferRequest({model: 'matrix', inputs: x('INT32', [1, 1], typedInts(1)), raw: [FLOATS]}),
    3,
    'has contents, and raw contents',
  ],
  [
    'an output that is not',
    inferRequest({model: 'sum', inputs: [ROW], raw: [FLOATS], outputs: ['z']}),
    3,
    "no output 'z'",
  ],
  [
    'a negative timeout',
    inferRequest({model: 'sum', inputs: [ROW], raw: [FLOATS], parameters: {timeout: -1}}),
    3,
    "'timeout' is -1",
  ],
  [
    'a sequence',
    inferRequest({model: 'sum', inputs: [ROW], raw: [FLOATS], parameters: {sequence_id: 3}}),
    3,
    'not served',
  ],
  ['too many tensors', inferRequest({model: 'sum', raw: new Array(10_001).fill(EMPTY)}), 8, 'more than 10000 tensors'],
  [
    'a message too large',
    inferRequest({model: 'sum', inputs: [ROW], raw: [new Uint8Array(LIMIT)]}),
    8,
    'larger than max',
  ],
  ['a full queue', failing('QUEUE_FULL'), 8, 'It fails with QUEUE_FULL.'],
  ['a failure without a name', failing('RECORD_NOT_FOUND'), 13, 'It fails with'],
])('%s is refused', async (_, request, code, details) => {
  expect(await client.call('ModelInfer', request)).toMatchObject({code, details: expect.stringContaining(details)});
  expect((await client.call('ServerReady', EMPTY)).code).toBe(0);
});

test('random bytes are refused or understood, and end nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({maxLength: 60}), async bytes => {
      expect([3, 5]).toContain((await client.call('ModelInfer', Buffer.from(bytes))).code);
    }),
    {seed: 4, numRuns: 200},
  );
});

describe('who may call', () => {
  test('is asked with the key, the scope, the model and the address, before anything is read', async () => {
    const asked: GrpcCaller[] = [];
    const guarded = await startGrpc({
      repository: () => repository,
      port: 0,
      clock: wallClock,
      authorize: async caller => {
        asked.push(caller);
        if (caller.authorization === undefined) throw new MillraceError('UNAUTHENTICATED', 'Show a key.');
        if (caller.scope === 'admin') throw new MillraceError('FORBIDDEN', 'Not with this key.');
        return 'somebody';
      },
    });
    const caller = new GrpcClient(guarded.address);
    const metadata = new Metadata();
    metadata.set('authorization', 'Bearer k');
    const broken = Buffer.concat([named('sum'), Buffer.from([0x2a, 1, 0xff])]);
    expect((await caller.call('ServerLive', EMPTY)).code).toBe(0);
    expect((await caller.call('ModelInfer', broken)).code).toBe(16);
    expect((await caller.call('ModelInfer', broken, {metadata})).code).toBe(3);
    expect((await caller.call('RepositoryModelUnload', repositoryCall('sum'), {metadata})).code).toBe(7);
    expect((await caller.call('RepositoryIndex', EMPTY, {metadata})).code).toBe(0);
    expect(asked.map(({authorization, scope, model}) => [authorization, scope, model])).toEqual([
      [undefined, 'predict', 'sum'],
      ['Bearer k', 'predict', 'sum'],
      ['Bearer k', 'admin', 'sum'],
      ['Bearer k', 'read', null],
    ]);
    expect(asked[0]!.peer).toMatch(/^127\.0\.0\.1:\d+$/);
    caller.close();
    await guarded.close();
  });
});

describe('closing', () => {
  test('finishes the calls that run and takes no more', async () => {
    const closing = await startGrpc({repository: () => repository, port: 0});
    const caller = new GrpcClient(closing.address);
    const running = caller.call('ModelInfer', slow(200));
    await wait(100);
    const closed = closing.close();
    expect((await running).code).toBe(0);
    await closed;
    expect((await caller.call('ServerLive', EMPTY, {deadlineMs: 500})).code).not.toBe(0);
    caller.close();
  });

  test('breaks off what has not ended after the grace', async () => {
    const closing = await startGrpc({repository: () => repository, port: 0});
    const caller = new GrpcClient(closing.address);
    const running = caller.call('ModelInfer', slow(20_000));
    await wait(100);
    await closing.close(50);
    expect((await running).code).not.toBe(0);
    caller.close();
  });

  test('a port that is taken is named', async () => {
    const port = Number(grpc.address.split(':')[1]);
    await expect(startGrpc({repository: () => repository, port})).rejects.toMatchObject({code: 'PORT_IN_USE'});
  });
});

const isFloat = (datatype: string): boolean => datatype === 'FP32' || datatype === 'FP64';

function remember(parameters: Record<string, number>): Buffer {
  const inputs = [{name: 'x', datatype: 'INT32', shape: [1]}];
  return inferRequest({model: 'remember', inputs, raw: [rawBytes(Int32Array.of(1))], parameters});
}

function failing(code: string): Buffer {
  const inputs = [{name: 'code', datatype: 'BYTES', shape: [1]}];
  return inferRequest({model: 'failing', inputs, raw: [rawBytes([Buffer.from(code)])]});
}

/** RepositoryModelLoadRequest, RepositoryModelUnloadRequest: the model's name is field 2. */
const repositoryCall = (model: string): Buffer => message(writer => writer.tag(2, 2).string(model));
