import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {MillraceError} from '../../protocol/index.ts';
import {PrecomputedPredictions, servingPolicy} from '../../serving/index.ts';
import {eraseEverywhere} from '../data/erase-everywhere.ts';
import {LivePlatform} from '../live/live-platform.ts';
import type {Runtime} from '../runtime/runtime.ts';
import {trainingSetOf} from '../train/training-set.ts';
import {couriers, deploy, NOW, openAt, partsIn, predictionsIn} from './batch.fixture.ts';
import type {BatchOptions} from './begin-run.ts';
import {runBatch} from './run-batch.ts';

const folder = mkdtempSync(join(tmpdir(), 'batch-'));
const at = (...parts: string[]) => join(folder, ...parts);
let runtime: Runtime;
beforeAll(async () => {
  runtime = await openAt(await couriers(), at('data'), NOW, 2);
  await deploy(runtime);
}, 60_000);
afterAll(async () => {
  await runtime.close();
  rmSync(folder, {recursive: true});
});

let runs = 0;
async function predict(options: Omit<BatchOptions, 'out'> & {readonly out?: string}) {
  const out = options.out ?? at(`run-${runs++}`);
  const result = await runBatch(runtime, runtime.project.models[0]!, {...options, out});
  return {...result, rows: await predictionsIn(runtime, out)};
}

function file(name: string, text: string) {
  writeFileSync(at(name), text);
  return {kind: 'file' as const, path: at(name)};
}

const orNull = (value: unknown) => (Number.isNaN(value) ? null : value);

const REQUESTS = ['k0', 'k1', 'k5', 'never seen', 'ψωμί, "hot"'].flatMap(kitchen =>
  [0, 3.7, 8].map(distance => ({kitchen, distance})),
);
const jsonLines = (rows: readonly object[]) => rows.map(row => `${JSON.stringify(row)}\n`).join('');

describe('batch prediction', () => {
  test('answers what the live service answers at that time, to the bit', async () => {
    const source = file('requests.jsonl', jsonLines(REQUESTS.map((request, i) => ({...request, id: `r${i}`}))));
    const {rows, manifest} = await predict({source, features: true, partitionRows: 4});
    const platform = await LivePlatform.open(runtime, {training: 'poll'});
    const live = REQUESTS.map((request, i) => platform.model('punctuality').predict(request, `r${i}`));
    expect(rows.map(row => row.prediction)).toEqual(live.map(answer => answer.prediction));
    const names = runtime.project.models[0]!.features.features.map(feature => feature.name);
    expect(rows.map(row => names.map(name => row[name]))).toEqual(live.map(({features}) => features.map(orNull)));
    expect(
      rows.map(({id, kitchen, distance, version, at, asOf}) => ({id, kitchen, distance, version, at, asOf})),
    ).toEqual(REQUESTS.map((request, i) => ({id: `r${i}`, ...request, version: 1, at: NOW, asOf: NOW})));
    expect(new Set(rows.map(row => row.prediction)).size).toBeGreaterThan(8);
    expect(manifest).toMatchObject({rows: 15, asOf: NOW, version: 1, partitionRows: 4, finishedAt: NOW, online: null});
    expect(manifest.partitions.map(part => part.rows)).toEqual([4, 4, 4, 3]);
  });

  test('predicts each row as of its own time, with the features that a training set has', async () => {
    const [model] = runtime.project.models;
    const set = await trainingSetOf(runtime, model!, {from: 0, asOf: NOW, createdAt: NOW});
    const sql = `SELECT o.orderId AS id, o.kitchen, o.distance, o._time AS at FROM orders o
      SEMI JOIN (SELECT * FROM deliveries WHERE delay IS NOT NULL) d ON d.orderId = o.orderId AND d._time < o._time + 4 * 3600000
      WHERE o._time + 4 * 3600000 <= ${NOW} ORDER BY o._time, o._id;`;
    const {rows} = await predict({source: {kind: 'query', sql}, features: true, partitionRows: 1_000});
    expect(rows.map(row => row.at)).toEqual([...set.times]);
    for (const {name} of model!.features.features) {
      const column = set.features[name]!;
      expect(rows.map(row => row[name])).toEqual([...column].map(orNull));
    }
  });

  test('as of a time of the past uses what was known then, and nothing else', async () => {
    const past = NOW - 36 * 3_600_000;
    const source = file('past.jsonl', jsonLines(REQUESTS));
    const ends = jsonLines(REQUESTS.map(request => ({...request, at: new Date(past).toISOString()})));
    const then = await predict({source, asOf: past});
    const now = await predict({source});
    const byRow = await predict({source: file('by-row.jsonl', ends)});
    expect(then.rows.map(row => row.prediction)).toEqual(byRow.rows.map(row => row.prediction));
    expect(then.rows.map(row => row.prediction)).not.toEqual(now.rows.map(row => row.prediction));
    expect(then.rows[0]).toMatchObject({at: past, asOf: past, id: null});
    expect(byRow.rows[0]).toMatchObject({at: past, asOf: NOW});
  });

  test('takes all requests that were seen of late, each once', async () => {
    const {rows, manifest} = await predict({source: {kind: 'seen', withinMs: 6 * 3_600_000}, partitionRows: 50});
    const seen = await runtime.sql.rows(
      `SELECT DISTINCT kitchen, distance FROM ${runtime.archive.relation('orders')} WHERE _time >= ${NOW - 6 * 3_600_000} AND _time < ${NOW} ORDER BY ALL`,
    );
    expect(rows.map(({kitchen, distance}) => ({kitchen, distance}))).toEqual(seen);
    expect(seen.length).toBeGreaterThan(100);
    expect(manifest.partitions.length).toBe(Math.ceil(seen.length / 50));
    await expect(predict({source: {kind: 'seen', withinMs: 1}})).rejects.toMatchObject({code: 'DATASET_EMPTY'});
  });

  test('reads the same requests from CSV, JSON lines and Parquet, whatever else stands in them', async () => {
    const rows = REQUESTS.filter(({kitchen}) => !kitchen.includes('"'));
    const csv = ['extra,distance,kitchen', ...rows.map(r => `x,${r.distance},${r.kitchen}`)].join('\n');
    await runtime.sql.run(
      `COPY (SELECT kitchen, CAST(distance AS DECIMAL(9, 2)) AS distance, 7 AS id FROM read_csv('${file('r.csv', csv).path}')) TO '${at('r.parquet')}'`,
    );
    const answers = [];
    for (const source of [
      file('r.csv', csv),
      file('r.jsonl', jsonLines(rows)),
      {kind: 'file' as const, path: at('r.parquet')},
    ])
      answers.push(await predict({source}));
    const [first] = answers;
    for (const {rows: other} of answers)
      expect(other.map(r => r.prediction)).toEqual(first!.rows.map(r => r.prediction));
    expect(answers[2]!.rows[0]!.id).toBe('7');
  });

  test('keeps the order of a file, over partitions and threads', async () => {
    const many = Array.from({length: 60_000}, (_, i) => `k${(i * 7) % 11},${(i % 97) / 10},${i}`);
    const {rows} = await predict({
      source: file('many.csv', ['kitchen,distance,id', ...many].join('\n')),
      partitionRows: 17_000,
    });
    expect(rows.map(({kitchen, distance, id}) => `${kitchen},${distance},${id}`)).toEqual(many);
  });

  test('makes the table that is answered from beforehand, the latest row of a request counting', async () => {
    const early = NOW - 3_600_000;
    const source = file(
      'online.jsonl',
      jsonLines([...REQUESTS, {...REQUESTS[0], at: early}, {...REQUESTS[1], at: early - 1, kitchen: 'old'}]),
    );
    const {rows, manifest} = await predict({source, toOnline: true});
    expect(manifest.online).toEqual({entries: REQUESTS.length + 1, madeAt: NOW});
    const [
      {
        features: {request},
        name,
      },
    ] = runtime.project.models as [(typeof runtime.project.models)[number]];
    const table = new PrecomputedPredictions(runtime.online, {model: name, name: 'batch', schema: request});
    for (const [i, asked] of REQUESTS.entries())
      expect(table.get(asked)).toEqual({prediction: rows[i]!.prediction, version: 1, at: NOW});
    expect(table.get({...REQUESTS[1]!, kitchen: 'old'})).toMatchObject({at: early - 1});
    expect(table.age(NOW + 5)).toBe(5);
  });

  test.each(['ignore', 'flag', 'clip', 'refuse'] as const)(
    'does about inputs that training never saw what the model does online: %s',
    async outside => {
      const [model] = runtime.project.models;
      const changed = {...model!, serving: servingPolicy({inputs: {outside, margin: 0.1}})};
      const own = {...runtime, project: {...runtime.project, models: [changed]}};
      const requests = [...REQUESTS, {kitchen: 'k2', distance: 400}, {kitchen: 'k2', distance: -9}];
      const out = at(`outside-${outside}`);
      const source = file('outside.jsonl', jsonLines(requests));
      await runBatch(own, changed, {source, out, asOf: NOW, partitionRows: 6, features: true});
      const rows = await predictionsIn(runtime, out);
      const live = (await LivePlatform.open(own, {training: 'poll'})).model('punctuality');
      const answers = requests.map((request, i) => {
        try {
          const {prediction, outside: names} = live.predict(request, `o${i}`);
          return {prediction, names: names.length === 0 ? null : names.join(', ')};
        } catch (error) {
          expect(error).toBeInstanceOf(MillraceError);
          return {prediction: null, names: rows[i]!.outside};
        }
      });
      expect(rows.map(row => ({prediction: row.prediction, names: row.outside}))).toEqual(answers);
      expect(rows.map(row => row.km)).toEqual(requests.map(({distance}) => distance));
      if (outside !== 'ignore') expect(rows.at(-1)!.outside).toContain('km');
      expect(rows.filter(row => row.prediction === null).length > 0).toBe(outside === 'refuse');
    },
  );
});

describe('a batch run that stands', () => {
  const source = () => file('stands.jsonl', jsonLines(REQUESTS));
  const bytesIn = (out: string) => partsIn(out).map(part => readFileSync(join(out, part)).toString('base64'));

  test('goes on with the partitions that are missing or damaged, and leaves the others as they are', async () => {
    const whole = await predict({source: source(), asOf: NOW, partitionRows: 4, features: true});
    const expected = bytesIn(whole.out);
    const begun = at('begun');
    const stopped = new AbortController();
    const running = runBatch(runtime, runtime.project.models[0]!, {
      source: source(),
      out: begun,
      asOf: NOW,
      partitionRows: 4,
      features: true,
      signal: stopped.signal,
      onProgress: (step, rows) => step === 'predicting' && rows >= 4 && stopped.abort(new Error('stopped')),
    });
    await expect(running).rejects.toThrow('stopped');
    const written = JSON.parse(readFileSync(join(begun, 'manifest.json'), 'utf8'));
    expect(written.finishedAt).toBeNull();
    expect(written.partitions.length).toBeLessThan(4);
    writeFileSync(join(begun, partsIn(begun)[0]!), 'damaged');
    const again = await predict({source: source(), out: begun, features: true});
    expect(again.resumed).toBe((written.partitions.length - 1) * 4);
    expect(bytesIn(begun)).toEqual(expected);
    expect(readdirSync(begun).sort()).toEqual(['manifest.json', ...partsIn(begun)]);
  });

  test('sees no event that came after it was begun, whatever its time', async () => {
    const out = at('later');
    const options = {source: source(), out, partitionRows: 4};
    const stopped = new AbortController();
    stopped.abort(new Error('stopped'));
    await expect(predict({...options, signal: stopped.signal})).rejects.toThrow('stopped');
    const expected = (await predict({source: source(), asOf: NOW})).rows;
    const late = {orderId: 'late', kitchen: 'k0', delay: 500, deliveredAt: NOW - 60_000};
    await runtime.gate.push('deliveries', [late]);
    // It arrives now, which is the very time that the run predicts as of.
    expect((await predict({source: source(), asOf: NOW})).rows[0]!.prediction).not.toBe(expected[0]!.prediction);
    expect((await predict(options)).rows).toEqual(expected);
  });

  test('is not mixed with another one', async () => {
    const other = await predict({source: source(), partitionRows: 4});
    const options = {source: source(), out: other.out};
    await expect(predict(options)).rejects.toMatchObject({
      code: 'STORE_CONFLICT',
      message: expect.stringContaining('complete'),
    });
    expect((await predict({...options, asOf: NOW})).resumed).toBe(15);
    const moved = file('moved.jsonl', jsonLines(REQUESTS));
    expect((await predict({...options, source: moved, asOf: NOW})).resumed).toBe(15);
    const refused = [
      [{asOf: NOW - 1}, 'asOf is 2024-01-05T12:00:00.000Z there'],
      [{asOf: NOW, partitionRows: 5}, 'partitionRows is 4 there and 5 here.'],
      [{asOf: NOW, features: true}, 'features is false there'],
      [{asOf: NOW, source: file('else.jsonl', jsonLines(REQUESTS.slice(1)))}, 'requests is '],
    ] as const;
    for (const [change, message] of refused)
      await expect(predict({...options, ...change})).rejects.toMatchObject({
        code: 'STORE_CONFLICT',
        message: expect.stringContaining(message),
      });
    expect((await predict({...options, features: true, restart: true})).manifest.partitions).toHaveLength(1);
    writeFileSync(join(other.out, 'manifest.json'), '{"format": 9}');
    await expect(predict(options)).rejects.toMatchObject({code: 'STORE_CORRUPT'});
    rmSync(join(other.out, 'manifest.json'));
    await expect(predict(options)).rejects.toMatchObject({code: 'STORE_CONFLICT'});
  });
});

describe('requests that cannot be predicted for', () => {
  const refused = async (options: Partial<BatchOptions>, code: string, ...messages: string[]) => {
    const out = at(`refused-${runs++}`);
    const error = await predict({source: file('x.jsonl', ''), out, ...options}).then(
      () => ({}),
      thrown => thrown,
    );
    expect(error).toMatchObject({code});
    for (const message of messages)
      expect(`${error.message} ${error.fix} ${JSON.stringify(error.problems)}`).toContain(message);
    expect(readdirSync(out)).toEqual([]);
  };
  const lines = (...rows: object[]) => ({source: file('bad.jsonl', jsonLines(rows))});
  const good = {kitchen: 'k1', distance: 1};

  test('are named by their rows, all before anything is predicted', async () => {
    const bad = lines(good, {kitchen: null, distance: 1}, {...good, distance: 'far'}, {...good, at: NOW + 1});
    await refused(
      bad,
      'REQUEST_INVALID',
      '3 of 4 rows',
      "Row 2: 'kitchen' is missing",
      'row 3.distance',
      'far',
      'row 4.at',
    );
    const csv = file('bad.csv', 'kitchen,distance\nk1,\nk2,1e400\nk3,NaN\n');
    await refused({source: csv}, 'REQUEST_INVALID', '3 of 3 rows', "Row 1: 'distance' is missing", 'row 2.distance');
  });

  test('lack a column', async () => {
    await refused({source: file('lack.csv', 'kitchn,distance\nk1,1\n')}, 'SOURCE_SCHEMA', "Call 'kitchn' 'kitchen'");
    const query = {kind: 'query' as const, sql: "SELECT 1 AS kitchen, 'x' AS distance"};
    await refused({source: query}, 'SOURCE_SCHEMA', "'kitchen' is INTEGER and must be string", "'distance' is VARCHAR");
  });

  test('stand in no file that could be read', async () => {
    await refused({source: {kind: 'file', path: at('nowhere.csv')}}, 'SOURCE_NOT_FOUND', 'nowhere.csv');
    await refused({source: file('requests.txt', 'x')}, 'USAGE', '.parquet, .csv or .jsonl');
    await refused({source: file('half.parquet', 'PAR1')}, 'SOURCE_SCHEMA');
    await refused({source: file('none.csv', 'kitchen,distance\n')}, 'DATASET_EMPTY');
  });

  test('are asked for by a query that is none, or that would change something', async () => {
    const query = (sql: string) => ({source: {kind: 'query' as const, sql}});
    await refused(query('SELECT * FROM nothing'), 'USAGE', 'nothing', 'deliveries, orders');
    await refused(query(`COPY (SELECT 1) TO '${at('stolen.csv')}'`), 'USAGE');
    await refused(
      query(`SELECT 1) LIMIT 0; COPY (SELECT 1) TO '${at('stolen.csv')}'; SELECT * FROM (SELECT 1`),
      'USAGE',
    );
    expect(readdirSync(folder)).not.toContain('stolen.csv');
  });

  test('lie in the future, or are for a version that is not there', async () => {
    await refused({...lines(good), asOf: NOW + 1}, 'USAGE', 'not 2024-01-05T12:00:00.001Z yet');
    await expect(predict({...lines(good), version: 9})).rejects.toMatchObject({code: 'VERSION_NOT_FOUND'});
  });
});

describe('when an entity is erased', () => {
  test('what was predicted for it beforehand goes, and a run that was begun with it is not gone on with', async () => {
    const [{name, features}] = runtime.project.models as [(typeof runtime.project.models)[number]];
    const source = file('erased.jsonl', jsonLines([{kitchen: 'never ordered from', distance: 1}]));
    const {out} = await predict({source, toOnline: true});
    const table = () =>
      new PrecomputedPredictions(runtime.online, {model: name, name: 'batch', schema: features.request});
    expect(table().record?.entries).toBe(1);
    // No event names it, so no live state is dropped.
    const where = [{stream: 'orders', key: {kitchen: 'never ordered from'}}];
    await eraseEverywhere(runtime, where, {id: 'erasure-1', by: 'test'});
    expect(table().record).toBeNull();
    await expect(predict({source, out, asOf: NOW})).rejects.toMatchObject({
      code: 'STORE_CONFLICT',
      message: expect.stringContaining('erasures is 0 there and 1 here.'),
    });
  });
});
