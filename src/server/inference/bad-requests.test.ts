// Whatever is sent: a 4xx in the protocol's own shape that says what was wrong, and the server stays ready.
import {request} from 'node:http';
import {gzipSync} from 'node:zlib';
import fc from 'fast-check';
import {afterAll, afterEach, beforeAll, expect, test} from 'vitest';
import {type InferenceServer, inferenceServer} from './inference-server.fixture.ts';

const LIMIT = 1_000_000;
let served: InferenceServer;
beforeAll(async () => {
  served = await inferenceServer(LIMIT);
});
afterAll(() => served.close());
afterEach(async () => {
  expect((await served.ask('/v2/models/sum/infer', {inputs: [{...X, data: [1, 2, 3]}]})).status).toBe(200);
});

const X = {name: 'x', datatype: 'FP32', shape: [1, 3]};
const input = (fields: object) => ({inputs: [{...X, data: [1, 2, 3], ...fields}]});
const nested = (depth: number): string => `${'['.repeat(depth)}1${']'.repeat(depth)}`;
const length = (bytes: number | string) => ({'inference-header-content-length': String(bytes)});
const withBytes = (json: object, bytes: string) => JSON.stringify(json) + bytes;
const sized = (size: unknown) => ({inputs: [{...X, parameters: {binary_data_size: size}}]});

test.each<[what: string, body: unknown, error: string, headers?: Record<string, string>]>([
  ['an empty body', '', 'The body is no JSON'],
  ['half a body', '{"inputs": [', 'The body is no JSON'],
  ['what is no object', '[]', 'The body is []'],
  ['null', 'null', 'The body is null'],
  ['a NaN', '{"inputs": [{"name":"x","datatype":"FP32","shape":[1,3],"data":[NaN,1,2]}]}', 'It has no NaN'],
  ['what is not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'not UTF-8'],
  ['no inputs', {}, "'inputs' is absent"],
  ['inputs that are no list', {inputs: {x: 1}}, "'inputs' is an object"],
  ['inputs of nothing', {inputs: [null]}, "Entry 0 of 'inputs' is null"],
  ['an id that is a number', {...input({}), id: 7}, "'id' is 7"],
  ['no name', input({name: undefined}), 'whose name is absent'],
  ['an empty name', input({name: ''}), 'whose name is ""'],
  ['a name twice', {inputs: [input({}).inputs[0], input({}).inputs[0]]}, 'whose name is "x"'],
  ['a datatype of no kind', input({datatype: 'FLOAT'}), 'The datatype of input \'x\' is "FLOAT"'],
  ['a datatype from the prototype', input({datatype: 'constructor'}), 'The datatype of input'],
  ['the wrong datatype', input({datatype: 'FP64'}), 'Send FP32 [-1,3].'],
  ['no shape', input({shape: undefined}), "The shape of input 'x' is absent"],
  ['a negative dimension', input({shape: [-1, 3]}), "The shape of input 'x' is [-1,3]"],
  ['a dimension with a fraction', input({shape: [1.5, 2]}), "The shape of input 'x' is [1.5,2]"],
  ['a dimension as text', input({shape: ['1', 3]}), "The shape of input 'x' is a list of 2"],
  ['a shape that overflows', input({shape: [2 ** 40, 2 ** 40]}), 'whose product is below 2^53'],
  ['a shape that overflows to 0', input({shape: [2 ** 52, 2 ** 52, 0]}), 'whose product is below 2^53'],
  ['a shape larger than the data', input({shape: [2 ** 40, 3]}), 'has 3 elements of data. Send 3298534883328'],
  ['too many dimensions', input({shape: new Array(33).fill(1)}), 'at most 32 whole numbers'],
  ['too few data', input({data: [1, 2]}), "Input 'x' has 2 elements of data. Send 3, the product of its shape [1, 3]."],
  ['no data', input({data: undefined}), "The data of input 'x' is absent"],
  ['data that are no list', input({data: 'AAAA'}), 'The data of input \'x\' is "AAAA"'],
  ['data nested otherwise', input({data: [[1], [2], [3]]}), 'has a list of 3 in dimension 0'],
  ['data nested in part', input({data: [[1, 2, 3]], shape: [1, 3, 1]}), 'has 1 in dimension 1, where a list is due'],
  ['data nested too deep', input({data: [[[1], [2], [3]]]}), "Element 0 of input 'x' is [1], no FP32"],
  ['text for a number', input({data: [1, 2, 'three']}), 'Element 2 of input \'x\' is "three", no FP32'],
  ['a number beyond FP32', input({data: [1, 2, 1e39]}), "Element 2 of input 'x' is 1e+39, no FP32"],
  ['1e999', JSON.stringify(input({data: [1, 2, 7]})).replace('7', '1e999'), 'no FP32'],
  ['parameters that are no object', {...input({}), parameters: 3}, "'parameters' of the request is 3"],
  ['a timeout below 0', {...input({}), parameters: {timeout: -1}}, "The parameter 'timeout' is -1"],
  ['a timeout as text', {...input({}), parameters: {timeout: '1s'}}, "The parameter 'timeout' is 1s"],
  ['a sequence', {...input({}), parameters: {sequence_id: 1}}, 'Stateful sequences are not served'],
  ['shared memory', input({parameters: {shared_memory_region: 'r'}}), 'Shared memory is not offered'],
  ['classification', {...input({}), outputs: [{name: 'sum', parameters: {classification: 2}}]}, 'not offered'],
  ['outputs that are no list', {...input({}), outputs: 'sum'}, '\'outputs\' is "sum"'],
  ['an output that is not there', {...input({}), outputs: [{name: 'z'}]}, "There is no output 'z'"],
  ['an output twice', {...input({}), outputs: [{name: 'sum'}, {name: 'sum'}]}, 'whose name is "sum"'],
  ['a length that is none', input({}), 'Inference-Header-Content-Length is "3.5"', length('3.5')],
  ['a negative length', input({}), 'Inference-Header-Content-Length is "-1"', length(-1)],
  ['a length beyond the body', input({}), 'Inference-Header-Content-Length is 1000000', length(1_000_000)],
  ['a length of 0', input({}), 'The body is no JSON', length(0)],
  ['bytes that nobody claims', withBytes(input({}), 'xxxx'), '4 bytes of data belong to no input', length(72)],
  [
    'fewer bytes than claimed',
    withBytes(sized(12), 'xxxx'),
    "'binary_data_size' of input 'x' is 12",
    length(JSON.stringify(sized(12)).length),
  ],
  [
    'fewer bytes than the shape',
    withBytes(sized(4), 'xxxx'),
    "Input 'x' has 4 bytes of data. Send 12",
    length(JSON.stringify(sized(4)).length),
  ],
  ['a negative size', sized(-4), "'binary_data_size' of input 'x' is -4"],
  ['a size of 2^53', sized(2 ** 53), "'binary_data_size' of input 'x' is"],
  ['data twice', input({parameters: {binary_data_size: 0}}), "both 'data' and 'binary_data_size'"],
  ['a body that is not gzip', 'xxxx', 'The body is not gzip', {'content-encoding': 'gzip'}],
  ['an encoding of no kind', 'xxxx', "The body is encoded as 'zstd'", {'content-encoding': 'zstd'}],
  [
    'an encoding from the prototype',
    'xxxx',
    "The body is encoded as 'constructor'",
    {'content-encoding': 'constructor'},
  ],
])('%s is refused with 400', async (_, body, error, headers) => {
  const answer = await served.ask<{error: string}>('/v2/models/sum/infer', body, headers);
  expect(answer.body.error).toContain(error);
  expect([answer.status, Object.keys(answer.body)]).toEqual([400, ['error']]);
});

test.each<[path: string, body: unknown, status: number, error: string]>([
  ['/v2/models/nobody/infer', input({}), 404, "There is no model 'nobody'"],
  ['/v2/models/sum/versions/9/infer', input({}), 404, "'sum' has no version 9"],
  ['/v2/models/nobody', undefined, 404, "There is no model 'nobody'"],
  ['/v2/models/nobody/ready', undefined, 404, "There is no model 'nobody'"],
  ['/v2/nothing', undefined, 404, 'There is nothing at GET /v2/nothing'],
  ['/v2/systemsharedmemory/region/r/register', {}, 404, 'There is nothing at POST'],
  ['/v2/models/%E0%A4%A', undefined, 400, 'not a valid url component'],
  ['/v2/repository/index', '[', 400, 'The body is no JSON'],
  ['/v2/repository/models/nobody/load', '', 404, "There is no model 'nobody'"],
  ['/v2/repository/models/broken/load', '', 422, "'broken' cannot be read"],
  ['/v2/repository/models/sum/load', {parameters: {config: '{}'}}, 400, 'A load takes no parameters'],
])('%s with %j is %i', async (path, body, status, error) => {
  const answer = await served.ask<{error: string}>(path, body);
  expect([answer.status, answer.body.error]).toEqual([status, expect.stringContaining(error)]);
});

test.each<[code: string, status: number, retryAfter: string | null]>([
  ['QUEUE_FULL', 429, '1'],
  ['NOT_READY', 503, '1'],
  ['DEADLINE_EXCEEDED', 504, null],
  ['FORBIDDEN', 403, null],
])('a model that fails with %s is answered with %i', async (code, status, retryAfter) => {
  const body = {inputs: [{name: 'code', datatype: 'BYTES', shape: [1], data: [code]}]};
  const answer = await served.ask<{error: string}>('/v2/models/failing/infer', body);
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([status, retryAfter]);
  expect(answer.body.error).toBe(`It fails with ${code}.`);
});

test('bodies of as many bytes as are allowed pass, one more is too large, and so is one that unpacks to more', async () => {
  const body = (bytes: number) => {
    const json = JSON.stringify(input({}));
    return json + ' '.repeat(bytes - json.length);
  };
  const ask = (bytes: string | Uint8Array<ArrayBuffer>, headers = {}) =>
    served.ask('/v2/models/sum/infer', bytes, headers);
  const gzip = {'content-encoding': 'gzip'};
  expect((await ask(body(LIMIT))).status).toBe(200);
  expect((await ask(gzipSync(body(LIMIT)), gzip)).status).toBe(200);
  for (const [bytes, headers] of [
    [body(LIMIT + 1), {}],
    [gzipSync(body(LIMIT + 1)), gzip],
    [gzipSync(Buffer.alloc(50 * LIMIT)), gzip],
  ] as const)
    expect(await ask(bytes, headers)).toMatchObject({
      status: 413,
      body: {error: expect.stringContaining('body is larger than 1000000 bytes')},
    });
});

test('lists in lists without end are refused, wherever they stand', async () => {
  const deep = nested(400_000);
  for (const body of [
    deep,
    `{"inputs":${deep}}`,
    `{"inputs":[{"name":"x","datatype":"FP32","shape":[1,3],"data":${deep}}]}`,
  ]) {
    const answer = await served.ask<{error: string}>('/v2/models/sum/infer', body);
    expect([answer.status, typeof answer.body.error]).toEqual([400, 'string']);
  }
  const shape = `{"inputs":[{"name":"x","datatype":"FP32","shape":${deep},"data":[1]}]}`;
  expect((await served.ask('/v2/models/sum/infer', shape)).status).toBe(400);
});

test('a page of another origin may neither infer nor unload', async () => {
  const ask = (headers: Record<string, string>) =>
    new Promise<number | undefined>((resolve, reject) => {
      const url = `${served.url}/v2/repository/models/sum/unload`;
      request(url, {method: 'POST', headers}, response => resolve(response.resume().statusCode))
        .on('error', reject)
        .end();
    });
  expect(await ask({origin: 'https://example.com'})).toBe(403);
  expect(await ask({'sec-fetch-site': 'cross-site'})).toBe(403);
  expect((await served.ask('/v2/models/sum/ready')).status).toBe(200);
});

test('no JSON at all makes the server fail', async () => {
  const anything = fc.oneof(
    fc.json(),
    fc
      .record(
        {
          id: fc.jsonValue(),
          parameters: fc.jsonValue(),
          outputs: fc.jsonValue(),
          inputs: fc.array(
            fc.record(
              {
                name: fc.constantFrom('x', '', '__proto__'),
                datatype: fc.constantFrom('FP32', 'BYTES', 'INT64', 'BOOL', 'x'),
                shape: fc.oneof(fc.array(fc.integer({min: -1, max: 4})), fc.jsonValue()),
                data: fc.oneof(fc.array(fc.jsonValue(), {maxLength: 4}), fc.jsonValue()),
                parameters: fc.oneof(fc.record({binary_data_size: fc.jsonValue()}), fc.jsonValue()),
              },
              {requiredKeys: []},
            ),
            {maxLength: 3},
          ),
        },
        {requiredKeys: []},
      )
      .map(body => JSON.stringify(body)),
  );
  await fc.assert(
    fc.asyncProperty(anything, async body => {
      const answer = await served.ask<{error?: string}>('/v2/models/sum/infer', body);
      expect(answer.status).toBe(400);
      expect(answer.body.error!.length).toBeGreaterThan(10);
    }),
    {seed: 4, numRuns: 300},
  );
});
