// Compaction into partitions by event time: against what the log itself says, for random histories.
import {mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import fc from 'fast-check';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {t} from '../../protocol/index.ts';
import {openDuckDb} from '../../stores/duckdb/index.ts';
import type {EventLog, SqlEngine} from '../../stores/index.ts';
import {openSegmentLog} from '../../stores/segments/index.ts';
import {events} from '../source.ts';
import {EventArchive} from './archive.ts';
import type {PartitionBy} from './partition.ts';

const DAY = 86_400_000;
const schema = {id: t.string, at: t.time, n: t.int.orNull()};
const visits = events('visits', {schema, time: 'at', id: 'id'});

let folder = '';
let log: EventLog;
let sql: SqlEngine;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-partitions-'));
  sql = await openDuckDb({threads: 1});
  log = await openSegmentLog(join(folder, 'log'), {segmentBytes: 2_000});
});
afterEach(async () => {
  await log.close();
  await sql.close();
  rmSync(folder, {recursive: true, force: true});
});

const archiveOf = (partitionBy: PartitionBy = 'day', source = visits) =>
  new EventArchive({log, sql, folder: join(folder, 'archive'), sources: [source], partitionBy});

/** In batches of 40, so that the log has several files. */
async function append(times: readonly number[]): Promise<void> {
  for (let first = 0; first < times.length; first += 40) {
    const at = Float64Array.from(times.slice(first, first + 40));
    const from = log.end();
    const ids = Array.from(at, (_, i) => `v${from + i}`);
    const columns = {id: ids, at, n: at.map((_, i) => from + i)};
    await log.append({stream: 'visits', count: at.length, ids, eventTimes: at, arrivalTimes: at, columns});
  }
}

/** Positions of the events with from <= time < to, by reading every event of the log. */
async function inLog(from = -Infinity, to = Infinity): Promise<number[]> {
  const found: number[] = [];
  for await (const {count, positions, eventTimes} of log.read())
    for (let i = 0; i < count; i++) if (eventTimes[i]! >= from && eventTimes[i]! < to) found.push(positions![i]!);
  return found;
}

async function inArchive(archive: EventArchive, from?: number, to?: number): Promise<number[]> {
  const relation = archive.relation('visits', {
    ...(from === undefined ? {} : {from}),
    ...(to === undefined ? {} : {to}),
  });
  return (await sql.rows(`SELECT _position AS p FROM ${relation} ORDER BY 1`)).map(row => row.p as number);
}

const filesOf = (relation: string) => [...relation.matchAll(/[^/']+\.parquet/g)].map(([name]) => name);

const spread = (count: number, days: number, first = 0) =>
  Array.from({length: count}, (_, i) => first + (Math.floor((i * 7_919 * DAY * days) / 104_729) % (days * DAY)));

test('a query over one day reads the file of that day and the short tail', async () => {
  const archive = archiveOf();
  await append(spread(500, 30));
  await archive.update();
  await archive.compact();
  expect(filesOf(archive.relation('visits', {from: 3 * DAY, to: 4 * DAY}))).toEqual(['1970-01-04-4.parquet']);
  await append([3.5 * DAY, 31 * DAY]);
  await append([40 * DAY]);
  await archive.update();
  expect(filesOf(archive.relation('visits', {from: 3 * DAY, to: 4 * DAY}))).toEqual([
    '1970-01-04-4.parquet',
    'part-000000000500-000000000503-31.parquet',
  ]);
  expect(filesOf(archive.relation('visits', {from: 5 * DAY, to: 6 * DAY}))).toEqual(['1970-01-06-6.parquet']);
  expect(filesOf(archive.relation('visits', {from: 50 * DAY}))).toEqual([]);
  expect(await inArchive(archive, 3 * DAY, 4 * DAY)).toEqual(await inLog(3 * DAY, 4 * DAY));
  expect(await inArchive(archive, 50 * DAY)).toEqual([]);
});

test('files of a partition are sorted by time, and months are months', async () => {
  const archive = archiveOf('month');
  await append(spread(300, 100, Date.UTC(2023, 10, 20)));
  await archive.update();
  await archive.compact();
  expect(archive.partitions('visits').map(({from}) => new Date(from).toISOString().slice(0, 10))).toEqual([
    '2023-11-01',
    '2023-12-01',
    '2024-01-01',
    '2024-02-01',
  ]);
  const [path] = /\/[^']+2024-01-\d+\.parquet/.exec(archive.relation('visits'))!;
  const rows = await sql.rows(`SELECT "at" AS t FROM read_parquet('${path}')`);
  const times = rows.map(row => row.t as number);
  expect(times.length).toBeGreaterThan(50);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
});

test('the version of a partition changes when its events do, and not when they are compacted or archived anew', async () => {
  const archive = archiveOf();
  await append(spread(200, 5));
  await archive.update();
  const first = archive.partitions('visits');
  expect(first.map(({from, to, rows}) => [from / DAY, to / DAY, rows])).toEqual(
    await Promise.all([0, 1, 2, 3, 4].map(async d => [d, d + 1, (await inLog(d * DAY, (d + 1) * DAY)).length])),
  );
  await archive.compact();
  expect(archive.partitions('visits')).toEqual(first);

  await append([2.5 * DAY]);
  await archive.update();
  const changed = (after: typeof first) => after.filter(({version}, i) => version !== first[i]!.version);
  expect(changed(archive.partitions('visits')).map(({from}) => from / DAY)).toEqual([2]);
  await archive.compact();
  expect(changed(archive.partitions('visits')).map(({from}) => from / DAY)).toEqual([2]);

  await archive.erase(new Map([['visits', [200]]]));
  expect(archive.partitions('visits')).toEqual(first);
  rmSync(join(folder, 'archive'), {recursive: true});
  const again = archiveOf();
  await again.update();
  expect(again.partitions('visits')).toEqual(first);
});

test('after any run of appends, updates, compactions, erasures and reopenings it says what the log says', async () => {
  const day = fc.integer({min: 0, max: 8 * DAY - 1});
  const step = fc.oneof(
    {weight: 4, arbitrary: fc.record({append: fc.array(day, {minLength: 1, maxLength: 30})})},
    {weight: 4, arbitrary: fc.constant('update' as const)},
    {weight: 2, arbitrary: fc.constant('compact' as const)},
    {weight: 1, arbitrary: fc.constant('reopen' as const)},
    {weight: 1, arbitrary: fc.record({erase: fc.array(fc.integer({min: 0, max: 300}), {minLength: 1, maxLength: 9})})},
  );
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, {minLength: 5, maxLength: 25}), async steps => {
      await log.close();
      folder = join(folder, `${run++}`);
      log = await openSegmentLog(join(folder, 'log'), {segmentBytes: 2_000});
      let archive = archiveOf();
      for (const next of [...steps, 'update' as const]) {
        if (next === 'update') await archive.update();
        else if (next === 'compact') await archive.compact();
        else if (next === 'reopen') archive = archiveOf();
        else if ('append' in next) await append(next.append);
        else await archive.erase(new Map([['visits', next.erase.filter(position => position < log.end())]]));
      }
      expect(await inArchive(archive)).toEqual(await inLog());
      for (const [from, to] of [
        [2 * DAY, 3 * DAY],
        [1.3 * DAY, 4.7 * DAY],
      ] as const)
        expect(await inArchive(archive, from, to)).toEqual(await inLog(from, to));
      const rows = archive.partitions('visits').map(({from, to, rows}) => [from, to, rows]);
      for (const [from, to, count] of rows) expect((await inLog(from, to)).length).toBe(count);
    }),
    {seed: 7, numRuns: 12},
  );
}, 30_000);

test('what the log has dropped stays in the archive, also when the columns of the source change', async () => {
  await append(spread(400, 4));
  const archive = archiveOf();
  const all = await inLog();
  const start = await archive.truncateLog(300);
  expect(start).toBeGreaterThan(200);
  expect(await inArchive(archive)).toEqual(all);
  const wider = events('visits', {
    schema: {id: t.string, at: t.time, n: t.int.orNull(), note: t.string.orNull()},
    time: 'at',
    id: 'id',
  });
  await append([5 * DAY]);
  const second = archiveOf('day', wider as never);
  await second.update();
  const rows = await sql.rows(`SELECT _position AS p, n, note FROM ${second.relation('visits')} ORDER BY 1`);
  expect(rows).toEqual([...all, 400].map(p => ({p, n: p === 400 ? 400 : p, note: null})));
  // Erased from the older layout as well, whose files still stand.
  await second.erase(new Map([['visits', [7]]]));
  const third = archiveOf();
  await third.update();
  expect(await inArchive(third)).toEqual([...all, 400].filter(p => p !== 7));
});

test('a file that is lost is made again from the log, unless the log has dropped its events', async () => {
  const lose = () => {
    const at = join(folder, 'archive', 'visits', readdirSync(join(folder, 'archive', 'visits'))[0]!);
    rmSync(join(at, readdirSync(at).find(name => name.endsWith('.parquet'))!));
  };
  await append(spread(400, 4));
  const archive = archiveOf();
  await archive.update();
  await archive.compact();
  lose();
  const again = archiveOf();
  await again.update();
  expect(await inArchive(again)).toEqual(await inLog());
  await again.truncateLog(300);
  lose();
  await expect(archiveOf().update()).rejects.toMatchObject({
    code: 'STORE_CORRUPT',
    message: expect.stringContaining('lacks part-000000000000-000000000400-0.parquet'),
  });
});

test('events that are in neither log nor archive are an error that says which', async () => {
  await append(spread(100, 2));
  await archiveOf().update();
  await append(spread(400, 2));
  const start = await log.truncateBefore(400);
  await expect(archiveOf().update()).rejects.toMatchObject({
    code: 'STORE_CORRUPT',
    message: expect.stringContaining(`ends at position 100, and the log begins at ${start}`),
  });
});
