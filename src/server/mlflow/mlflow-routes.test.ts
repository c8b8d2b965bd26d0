import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {type InferenceServer, inferenceServer} from '../inference/inference-server.fixture.ts';

let served: InferenceServer;
beforeAll(async () => {
  served = await inferenceServer();
});
afterAll(() => served.close());

type Predictions = {predictions: unknown};
type Failure = {error_code: string; message: string};
const JSON_TYPE = {'content-type': 'application/json'};
const CSV = {'content-type': 'text/csv; charset=utf-8'};
const ask = <T = Predictions>(model: string, body: unknown, headers = JSON_TYPE as Record<string, string>) =>
  served.ask<T>(`/invocations?model=${model}`, body, headers);
const people = [
  {name: 'Ada', height: [1.7], age: 36},
  {name: 'Kurt', height: null, age: 41},
];

describe('the forms of a request', () => {
  const sums = [
    {sum: 6, columns: 3},
    {sum: 15, columns: 3},
  ];
  test.each<[string, unknown]>([
    [
      'dataframe_split',
      {
        dataframe_split: {
          columns: ['c', 'a', 'x', 'b'],
          data: [
            [3, 1, 9, 2],
            [6, 4, 9, 5],
          ],
        },
      },
    ],
    [
      'dataframe_split, with an index',
      {
        dataframe_split: {
          index: [0, 1],
          columns: ['a', 'b', 'c'],
          data: [
            [1, 2, 3],
            [4, 5, 6],
          ],
        },
      },
    ],
    [
      'dataframe_split whose columns are counted',
      {
        dataframe_split: {
          columns: [0, 1, 2],
          data: [
            [1, 2, 3],
            [4, 5, 6],
          ],
        },
      },
    ],
    [
      'dataframe_records',
      {
        dataframe_records: [
          {a: 1, b: 2, c: 3},
          {c: 6, b: 5, a: 4, d: 'x'},
        ],
      },
    ],
    [
      'instances of lists',
      {
        instances: [
          [1, 2, 3],
          [4, 5, 6],
        ],
      },
    ],
    [
      'instances of records',
      {
        instances: [
          {a: 1, b: 2, c: 3},
          {a: 4, b: 5, c: 6},
        ],
      },
    ],
    ['instances of the tensor', {instances: [{x: [1, 2, 3]}, {x: [4, 5, 6]}]}],
    [
      'inputs as a list',
      {
        inputs: [
          [1, 2, 3],
          [4, 5, 6],
        ],
      },
    ],
    [
      'inputs by name',
      {
        inputs: {
          x: [
            [1, 2, 3],
            [4, 5, 6],
          ],
        },
      },
    ],
    ['inputs by column', {inputs: {a: [1, 4], b: [2, 5], c: [3, 6]}}],
    [
      'parameters beside them',
      {
        inputs: [
          [1, 2, 3],
          [4, 5, 6],
        ],
        params: {verbose: 1},
      },
    ],
  ])('%s is a matrix of its columns', async (_, body) => {
    expect((await ask('sum', body)).body).toEqual({predictions: sums});
  });

  test('CSV is read as the model needs it: quotes, line ends of all kinds, numbers, empty cells', async () => {
    expect((await ask('sum', 'b,a,c\r\n2,1,3\r\n5,4,6', CSV)).body).toEqual({predictions: sums});
    const csv = 'age,name,height\n36,"Lovelace, ""Ada""\nKing",1.7\n\n41,,NaN\n';
    expect((await ask('person', csv, CSV)).body.predictions).toEqual([
      {name: 'Lovelace, "Ada"\nKing', height: [1.7]},
      {name: '', height: [null]},
    ]);
    expect((await ask('echo-BOOL', 'x\ntrue\nFalse\n1\n', CSV)).body.predictions).toEqual([true, false, true]);
    const long = await ask('echo-INT64', 'x\n9007199254740993\n-1\n', CSV);
    expect(long.bytes.toString()).toBe('{"predictions":[9007199254740993,-1]}');
  });

  test('a model of many inputs takes them by name, and what is missing in a float is NaN', async () => {
    const expected = [
      {name: 'Ada', height: [1.7]},
      {name: 'Kurt', height: [null]},
    ];
    const flat = people.map(({height, ...person}) => ({...person, height: height?.[0] ?? null}));
    for (const body of [{dataframe_records: flat}, {instances: flat}])
      expect((await ask('person', body)).body.predictions).toEqual(expected);
  });

  test('one output is nested as its shape says, and keeps the digits of long integers', async () => {
    expect(
      (
        await ask('matrix', {
          instances: [
            [1, 2],
            [3, 4],
          ],
        })
      ).body,
    ).toEqual({
      predictions: [
        [1, 2],
        [3, 4],
      ],
    });
    const {bytes} = await ask('echo-INT64', '{"inputs": [9007199254740993, 2]}');
    expect(bytes.toString()).toBe('{"predictions":[9007199254740993,2]}');
    expect((await ask('echo-FP32', {inputs: []})).body).toEqual({predictions: []});
  });

  test('the model may stand in the path, and the version in the query', async () => {
    const body = {inputs: [[1, 2, 3]]};
    expect((await served.ask<Predictions>('/models/sum/invocations?version=1', body)).body.predictions).toHaveLength(1);
    expect((await served.ask('/models/sum/invocations?version=9', body)).status).toBe(404);
  });
});

describe('what is refused', () => {
  test.each<[string, string, unknown, Record<string, string>, string]>([
    ['no JSON', 'sum', '{"inputs"', JSON_TYPE, 'The body is no JSON'],
    ['a list', 'sum', [1], JSON_TYPE, 'The body is [1]'],
    ['no form', 'sum', {data: [[1, 2, 3]]}, JSON_TYPE, 'The body has no data'],
    ['two forms', 'sum', {inputs: [], instances: []}, JSON_TYPE, 'has instances and inputs'],
    ['a number', 'sum', {inputs: 3}, JSON_TYPE, "'inputs' is 3"],
    ['columns that are missing', 'sum', {dataframe_records: [{a: 1}]}, JSON_TYPE, 'The columns b, c are missing'],
    ['too few columns', 'sum', {dataframe_split: {data: [[1, 2]]}}, JSON_TYPE, 'There are 2 columns'],
    ['rows of different lengths', 'sum', {dataframe_split: {data: [[1, 2, 3], [1]]}}, JSON_TYPE, 'Row 1 has 1 cells'],
    ['lists of different lengths', 'sum', {inputs: [[1, 2, 3], [1]]}, JSON_TYPE, 'has a list of 1 in dimension 1'],
    ['columns of different lengths', 'sum', {inputs: {a: [1], b: [1, 2], c: [1]}}, JSON_TYPE, "'b' has 2 rows"],
    [
      'a column twice',
      'sum',
      {dataframe_split: {columns: ['a', 'a'], data: []}},
      JSON_TYPE,
      "Two columns are called 'a'",
    ],
    ['text in a matrix', 'sum', {inputs: [[1, 2, 'x']]}, JSON_TYPE, 'Element 2 of input \'x\' is "x", no FP32'],
    ['no names for many inputs', 'person', {inputs: [[1]]}, JSON_TYPE, 'Name the columns: age, name, height'],
    ['an input that is missing', 'person', {inputs: {age: [1]}}, JSON_TYPE, "There is no column 'name'"],
    [
      'rows that are no records',
      'person',
      {dataframe_records: [[1]]},
      JSON_TYPE,
      "Row 0 of 'dataframe_records' is [1]",
    ],
    ['a table of more cells than rows fill', 'sum', {instances: wide(4_000)}, JSON_TYPE, 'more than 10000000 cells'],
    ['CSV with open quotes', 'sum', 'a,b,c\n1,"2,3', CSV, 'quotes do not end'],
    ['CSV with more behind quotes', 'sum', 'a,b,c\n1,"2"2,3', CSV, "has '2' behind a cell in quotes"],
    ['CSV with text', 'sum', 'a,b,c\n1,2,x', CSV, 'Element 2 of input \'x\' is "x", no FP32'],
    ['empty CSV', 'sum', '', CSV, 'are missing'],
    ['another type', 'sum', 'a=1', {'content-type': 'application/x-www-form-urlencoded'}, "The body's type is"],
  ])('%s', async (_, model, body, headers, text) => {
    const {status, body: failure} = await ask<Failure>(model, body, headers);
    expect([status, failure]).toEqual([
      text.includes('cells') && text.startsWith('more') ? 413 : 400,
      {error_code: 'BAD_REQUEST', message: expect.stringContaining(text)},
    ]);
  });

  test('a model that is not there, one that nobody names, one that is busy', async () => {
    const unknown = await ask<Failure>('nobody', {inputs: [1]});
    expect([unknown.status, unknown.body.error_code]).toEqual([404, 'RESOURCE_DOES_NOT_EXIST']);
    const unnamed = await served.ask<Failure>('/invocations', {inputs: [1]});
    expect([unnamed.status, unnamed.body.message]).toEqual([400, expect.stringContaining('/invocations?model=<name>')]);
    const busy = await ask<Failure>('failing', {inputs: ['QUEUE_FULL']});
    expect([busy.status, busy.headers.get('retry-after'), busy.body.error_code]).toEqual([
      429,
      '1',
      'REQUEST_LIMIT_EXCEEDED',
    ]);
  });

  test('a failure of the inside keeps its secrets', async () => {
    const {status, body} = await ask<Failure>('failing', {inputs: ['TypeError']});
    expect([status, body.error_code]).toEqual([500, 'INTERNAL_ERROR']);
    expect(body.message).not.toContain('secret');
  });
});

test('GET /ping and /version', async () => {
  expect((await served.ask('/ping')).status).toBe(200);
  expect((await served.ask('/version')).bytes.toString()).toMatch(/^\d+\.\d+\.\d+/);
});

/** Records that share no column. */
function wide(rows: number): object[] {
  return Array.from({length: rows}, (_, i) => ({[`column${i}`]: 1}));
}
