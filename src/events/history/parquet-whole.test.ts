import {mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import fc from 'fast-check';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {ManualClock, MillraceError, t} from '../../protocol/index.ts';
import {openDuckDb} from '../../stores/duckdb/index.ts';
import type {SqlEngine} from '../../stores/index.ts';
import {openSegmentLog} from '../../stores/segments/index.ts';
import {EventGate} from '../gate/gate.ts';
import {parquet} from '../origin.ts';
import {FileQuarantine} from '../quarantine/file-quarantine.ts';
import {events} from '../source.ts';
import {ingest} from './ingest.ts';
import {requireWhole} from './parquet-whole.ts';

let folder = '';
let sql: SqlEngine;
let whole: Buffer;
const path = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-parquet-'));
  sql = await openDuckDb({threads: 1});
  for (const part of [0, 1])
    await sql.run(
      `COPY (SELECT '${part}-' || i AS id, make_timestamp(i * 60000000 + ${part}) AS at FROM range(2000) r(i)) TO '${path(`${part}.parquet`)}'`,
    );
  whole = readFileSync(path('1.parquet'));
});
afterAll(async () => {
  await sql.close();
  rmSync(folder, {recursive: true});
});

test('a whole file passes, and one that is cut off anywhere does not', async () => {
  await requireWhole([path('0.parquet'), path('1.parquet')]);
  await fc.assert(
    fc.asyncProperty(fc.integer({min: 0, max: whole.length - 1}), async length => {
      writeFileSync(path('cut'), whole.subarray(0, length));
      await expect(requireWhole([path('cut')])).rejects.toMatchObject({code: 'SOURCE_SCHEMA'});
    }),
    {seed: 3, numRuns: 60, examples: [[0], [4], [11], [12], [whole.length - 1]]},
  );
});

test('all broken files are named at once, each with what is wrong', async () => {
  writeFileSync(path('half'), whole.subarray(0, whole.length / 2));
  writeFileSync(path('text'), 'id,at\na,2024-01-01\n');
  writeFileSync(path('empty'), '');
  const error = await requireWhole(['0.parquet', 'half', 'text', 'empty', 'gone'].map(path)).catch(e => e);
  expect(error).toBeInstanceOf(MillraceError);
  expect(error.message).toBe(
    `The file ${path('half')} cannot be read: it is cut off: after ${(whole.length >> 1).toLocaleString('en')} bytes it does not end as a Parquet file does. Neither can 3 more.`,
  );
  expect(error.problems.map(({path, message}: {path: string; message: string}) => [path, message])).toEqual([
    [path('half'), expect.stringContaining('cut off')],
    [path('text'), 'it does not begin as a Parquet file does.'],
    [path('empty'), 'its 0 bytes are too few for a Parquet file.'],
    [path('gone'), 'ENOENT.'],
  ]);
});

test('a load with a broken file takes nothing, and takes all once the file is mended', async () => {
  const source = events('trips', {
    schema: {id: t.string, at: t.time},
    time: 'at',
    id: 'id',
    from: parquet('*.parquet'),
  });
  const log = await openSegmentLog(path('log'));
  const quarantine = await FileQuarantine.open(path('quarantine.jsonl'));
  const gate = await EventGate.open({log, quarantine, sources: [source], clock: new ManualClock(0)});
  const load = () => ingest({source, gate, sql, folder});
  // The end is there and the middle is not: only reading finds it.
  const holed = Buffer.from(whole);
  holed.fill(0, 4, whole.length >> 1);
  // The engine takes a file of the same size and time for the same file.
  let written = 1e9;
  const write = (content: Uint8Array) => {
    writeFileSync(path('1.parquet'), content);
    utimesSync(path('1.parquet'), ++written, written);
  };
  for (const content of [whole.subarray(0, whole.length >> 1), holed]) {
    write(content);
    await expect(load()).rejects.toMatchObject({
      code: 'SOURCE_SCHEMA',
      message: expect.stringContaining(path('1.parquet')),
      fix: expect.any(String),
    });
    expect([log.end(), gate.report('trips').events, quarantine.end()]).toEqual([0, 0, 0]);
  }
  write(whole);
  expect(await load()).toMatchObject({rows: 4_000, skipped: 0, accepted: 4_000});
  await log.close();
  await quarantine.close();
});
