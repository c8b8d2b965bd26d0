import {mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {basename, join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {ManualClock, t} from '../../protocol/index.ts';
import {openDuckDb} from '../../stores/duckdb/index.ts';
import type {EventLog, SqlEngine} from '../../stores/index.ts';
import {openSegmentLog} from '../../stores/segments/index.ts';
import {EventGate} from '../gate/gate.ts';
import {FileQuarantine} from '../quarantine/file-quarantine.ts';
import {events} from '../source.ts';
import {EventArchive} from './archive.ts';

const schema = {
  id: t.string,
  at: t.time,
  n: t.int.orNull(),
  x: t.number.orNull(),
  ok: t.bool.orNull(),
  s: t.string.orNull(),
  seen: t.time.orNull(),
};
const orders = events('orders', {schema, time: 'at', id: 'id', delay: '1s'});
const other = events('other', {schema: {id: t.string, at: t.time}, time: 'at', id: 'id'});
const sources = [orders, other];

let folder = '';
let log: EventLog;
let sql: SqlEngine;
let quarantine: FileQuarantine;
let gate: EventGate;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "millrace-archive it's-"));
  sql = await openDuckDb({threads: 1});
  log = await openSegmentLog(join(folder, 'log'));
  quarantine = await FileQuarantine.open(join(folder, 'quarantine.jsonl'));
  gate = await EventGate.open({log, sources, clock: new ManualClock(5_000), quarantine});
});
afterEach(async () => {
  await log.close();
  await quarantine.close();
  await sql.close();
  rmSync(folder, {recursive: true, force: true});
});

const archiveOf = (...only: (typeof orders | typeof other)[]) =>
  new EventArchive({log, sql, folder: join(folder, 'archive'), sources: only.length > 0 ? only : sources});

const files = (stream: string) => {
  const at = join(folder, 'archive', stream);
  return readdirSync(at)
    .flatMap(version => readdirSync(join(at, version)).map(name => join(at, version, name)))
    .filter(path => path.endsWith('.parquet'))
    .sort();
};

let made = 0;
const push = (stream: string, count: number) =>
  gate.push(
    stream,
    Array.from({length: count}, () => ({id: `e${made++}`, at: 1_000})),
  );

async function positions(archive: EventArchive, stream: string): Promise<number[]> {
  const rows = await sql.rows(`SELECT _position AS p FROM ${archive.relation(stream)} ORDER BY 1`);
  return rows.map(row => row.p as number);
}

/** What the log itself says, read event by event. */
async function positionsInLog(stream: string, to?: number): Promise<number[]> {
  const found: number[] = [];
  for await (const batch of log.read({stream, ...(to === undefined ? {} : {to})}))
    for (let i = 0; i < batch.count; i++) found.push(batch.positions?.[i] ?? batch.position + i);
  return found;
}

test('an archived event has its position, id and times beside its own columns; times are epoch milliseconds', async () => {
  await gate.push('other', [{id: 'first', at: 0}]);
  await gate.push('orders', [
    {id: 'a', at: 1_000, n: -3, x: 0.1, ok: true, s: "it's", seen: '1970-01-01T00:00:02Z'},
    {id: 'b', at: 2_000},
  ]);
  const archive = archiveOf();
  await archive.update();
  const relation = archive.relation('orders');
  expect(await sql.rows(`SELECT * FROM ${relation} AS o ORDER BY _position`)).toEqual([
    {
      _position: 1,
      _id: 'a',
      _time: 1_000,
      _arrival: 5_000,
      id: 'a',
      at: 1_000,
      n: -3,
      x: 0.1,
      ok: true,
      s: "it's",
      seen: 2_000,
    },
    {
      _position: 2,
      _id: 'b',
      _time: 2_000,
      _arrival: 5_000,
      id: 'b',
      at: 2_000,
      n: null,
      x: null,
      ok: null,
      s: null,
      seen: null,
    },
  ]);
});

test('a stream without events is an empty relation with the same columns and types', async () => {
  const archive = archiveOf();
  await archive.update();
  const described = async () =>
    (await sql.rows(`DESCRIBE SELECT * FROM ${archive.relation('orders')}`)).map(row => [
      row.column_name,
      row.column_type,
    ]);
  const empty = await described();
  expect(await sql.rows(`SELECT count(*) AS n FROM ${archive.relation('orders')}`)).toEqual([{n: 0}]);
  await push('orders', 1);
  await archive.update();
  expect(await described()).toEqual(empty);
});

test('each update adds a part for what is new, up to the position that it is given', async () => {
  const archive = archiveOf();
  await push('orders', 3);
  await push('other', 2);
  await push('orders', 4);
  await archive.update(4);
  expect(await positions(archive, 'orders')).toEqual(await positionsInLog('orders', 4));
  await Promise.all([archive.update(), archive.update(), archive.update(2)]);
  expect(files('orders').map(path => basename(path))).toEqual([
    'part-000000000000-000000000004-0.parquet',
    'part-000000000004-000000000009-1.parquet',
  ]);
  for (const stream of ['orders', 'other'])
    expect(await positions(archive, stream)).toEqual(await positionsInLog(stream));
  expect(archive.archivedTo('orders')).toBe(9);
});

test('an archive that is opened again goes on where it ended, and clears what a crash left', async () => {
  await push('orders', 3);
  await archiveOf().update();
  const [part] = files('orders');
  writeFileSync(`${part}.123-1.unfinished`, 'half a file');
  await push('orders', 2);
  const archive = archiveOf();
  await archive.update();
  expect(files('orders').length).toBe(2);
  expect(await positions(archive, 'orders')).toEqual([0, 1, 2, 3, 4]);
});

test('a lost part is made again', async () => {
  for (let i = 0; i < 3; i++) {
    await push('orders', 2);
    await archiveOf().update();
  }
  rmSync(files('orders')[1]!);
  const archive = archiveOf();
  await archive.update();
  expect(await positions(archive, 'orders')).toEqual([0, 1, 2, 3, 4, 5]);
});

test('an archive of another, longer log is thrown away', async () => {
  await push('orders', 2);
  await archiveOf().update();
  await log.close();
  log = await openSegmentLog(join(folder, 'another-log'));
  gate = await EventGate.open({log, sources, clock: new ManualClock(5_000), quarantine});
  await push('orders', 1);
  const archive = archiveOf();
  await archive.update();
  expect(await positions(archive, 'orders')).toEqual([0]);
});

test('many small parts become few, and no event is lost or doubled', async () => {
  const archive = archiveOf();
  for (let i = 0; i < 70; i++) {
    await push('orders', 1 + (i % 3));
    await push('other', i % 2);
    await archive.update();
  }
  expect(files('orders').length).toBeLessThan(40);
  const expected = await positionsInLog('orders');
  expect(await positions(archive, 'orders')).toEqual(expected);
  const again = archiveOf();
  await again.update();
  expect(await positions(again, 'orders')).toEqual(expected);
});

test('a source that gets another column begins again, and old events have null there', async () => {
  await push('other', 2);
  await archiveOf().update();
  const wider = events('other', {
    schema: {id: t.string, at: t.time, note: t.string.orNull(), n: t.int.orNull()},
    time: 'at',
    id: 'id',
  });
  const archive = archiveOf(wider as never);
  await archive.update();
  expect(await sql.rows(`SELECT _position, note, n FROM ${archive.relation('other')} ORDER BY 1`)).toEqual([
    {_position: 0, note: null, n: null},
    {_position: 1, note: null, n: null},
  ]);
});

test('an update that fails reports it and leaves the archive as it was', async () => {
  await push('orders', 2);
  const archive = archiveOf();
  await archive.update();
  await push('orders', 2);
  // A folder stands where the next part would.
  mkdirSync(files('orders')[0]!.replace(/part-.*/, 'part-000000000002-000000000004-1.parquet/in-the-way'), {
    recursive: true,
  });
  await expect(archive.update()).rejects.toThrow();
  expect(await positions(archive, 'orders')).toEqual([0, 1]);
  rmSync(files('orders')[1]!, {recursive: true});
  await archive.update();
  expect(await positions(archive, 'orders')).toEqual([0, 1, 2, 3]);
});

test('an unknown stream is an error that names those there are', async () => {
  const archive = archiveOf();
  expect(() => archive.relation('orders')).toThrow('update()');
  await archive.update();
  expect(() => archive.relation('order')).toThrow("There is no stream 'order' in the archive.");
});
