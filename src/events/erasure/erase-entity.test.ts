import {mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {ManualClock, t} from '../../protocol/index.ts';
import {openDuckDb} from '../../stores/duckdb/index.ts';
import {openFiles} from '../../stores/files/index.ts';
import type {EventLog, SqlEngine} from '../../stores/index.ts';
import {openSegmentLog} from '../../stores/segments/index.ts';
import {EventArchive} from '../archive/archive.ts';
import {matches} from '../checks/check.ts';
import {unique} from '../checks/stream-check.ts';
import {EventGate} from '../gate/gate.ts';
import {FileQuarantine} from '../quarantine/file-quarantine.ts';
import {discardQuarantined} from '../quarantine/replay.ts';
import {events} from '../source.ts';
import {eraseEntity} from './erase-entity.ts';

const DAY = 86_400_000;
const orders = events('orders', {
  schema: {id: t.string, at: t.time, customer: t.string, shop: t.int, note: t.string.orNull()},
  time: 'at',
  id: 'id',
});
const clicks = events('clicks', {
  schema: {id: t.string, at: t.time, user: t.string, first: t.bool},
  time: 'at',
  id: 'id',
});
const sources = [orders, clicks];

let folder = '';
let log: EventLog;
let sql: SqlEngine;
let quarantine: FileQuarantine;
let gate: EventGate;
let archive: EventArchive;
const clock = new ManualClock(10 * DAY);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-erasure-'));
  sql = await openDuckDb({threads: 1});
  log = await openSegmentLog(join(folder, 'log'), {segmentBytes: 4_000});
  quarantine = await FileQuarantine.open(join(folder, 'quarantine.jsonl'));
  gate = await EventGate.open({log, sources, clock, quarantine});
  archive = new EventArchive({log, sql, folder: join(folder, 'archive'), sources});
});
afterEach(async () => {
  await log.close();
  await quarantine.close();
  await sql.close();
  rmSync(folder, {recursive: true, force: true});
});

let made = 0;
/** Orders of ten customers and clicks of as many users, over six days. */
async function push(count: number): Promise<void> {
  const rows = Array.from({length: count}, (_, i) => ({
    id: `e${made++}-customer-${i % 10}`,
    at: ((i * 7) % 60) * (DAY / 10),
  }));
  await gate.push(
    'orders',
    rows.map((row, i) => ({
      ...row,
      customer: `customer-${i % 10}`,
      shop: i % 3,
      note: i % 4 ? null : `for customer-${i % 10}`,
    })),
  );
  await gate.push(
    'clicks',
    rows.map((row, i) => ({...row, user: `customer-${i % 10}`, first: i % 2 === 0})),
  );
}

const erase = (keys: Parameters<typeof eraseEntity>[0]['keys']) =>
  eraseEntity({log, archive, sql, sources, quarantine, keys});

async function logged(): Promise<{position: number; stream: string; id: string}[]> {
  const found: {position: number; stream: string; id: string}[] = [];
  for await (const {stream, count, positions, ids} of log.read())
    for (let i = 0; i < count; i++) found.push({position: positions![i]!, stream, id: ids[i]!});
  return found;
}

async function archived(stream: string): Promise<{position: number; stream: string; id: string}[]> {
  const rows = await sql.rows(`SELECT _position AS position, _id AS id FROM ${archive.relation(stream)} ORDER BY 1`);
  return rows.map(row => ({position: row.position as number, stream, id: row.id as string}));
}

/** Whether text stands in any file of log or archive; compressed columns do not show it. */
const bytesOf = (path: string): Buffer =>
  Buffer.concat(
    readdirSync(path, {recursive: true, withFileTypes: true})
      .filter(entry => entry.isFile())
      .map(entry => readFileSync(join(entry.parentPath, entry.name))),
  );

test('all events of an entity go, from log, partitions and tails alike, and no others', async () => {
  await push(60);
  await archive.update();
  await archive.compact();
  await push(40);
  await archive.update();
  await push(30);
  const before = await logged();
  const mine = before.filter(({id}) => id.endsWith('customer-3'));
  const report = await erase({orders: {customer: 'customer-3'}, clicks: {user: 'customer-3'}});
  const left = before.filter(event => !mine.includes(event));
  expect(await logged()).toEqual(left);
  await archive.update();
  for (const stream of ['orders', 'clicks'])
    expect(await archived(stream)).toEqual(left.filter(event => event.stream === stream));
  expect(report.position).toBe(260);
  for (const {stream, events, positions, days, partsRewritten} of report.streams) {
    expect(positions).toEqual(mine.filter(event => event.stream === stream).map(({position}) => position));
    expect(events).toBe(13);
    expect(days).toEqual({from: 0, to: 6 * DAY});
    expect(partsRewritten).toBeGreaterThan(1);
  }
  expect(bytesOf(join(folder, 'log')).includes('customer-3')).toBe(false);
  expect(bytesOf(join(folder, 'log')).includes('customer-4')).toBe(true);
});

test('the report says what was derived, and holds none of the erased values', async () => {
  await push(40);
  await archive.update();
  const report = await erase({orders: {customer: 'customer-3', shop: 1}});
  expect(JSON.stringify(report)).not.toContain('customer-3');
  const [first] = report.streams[0]!.positions;
  expect(report.derived).toEqual([
    {kind: 'online-state', stream: 'orders', fromPosition: first},
    {kind: 'features', stream: 'orders', fromTime: report.streams[0]!.days.from},
    {kind: 'training-sets', stream: 'orders', fromTime: report.streams[0]!.days.from},
    {kind: 'predictions', stream: 'orders', fromTime: report.streams[0]!.days.from},
    {kind: 'gate', stream: 'orders'},
  ]);
});

test('keys of several columns, of numbers and of booleans match in the archive as they do in the tail', async () => {
  await push(60);
  const keys = {orders: {customer: 'customer-4', shop: 2}, clicks: {user: 'customer-4', first: true}} as const;
  const inTail = async () => (await erase(keys)).streams.map(({events}) => events);
  await archive.update();
  const inArchive = await inTail();
  await push(60);
  expect(await inTail()).toEqual(inArchive);
  expect(inArchive).toEqual([2, 6]);
});

test('an entity that was erased is not found again, and one that never was changes nothing', async () => {
  await push(20);
  await archive.update();
  const versions = archive.partitions('orders');
  expect(await erase({orders: {customer: 'nobody'}})).toEqual({position: 40, streams: [], refused: 0, derived: []});
  expect(archive.partitions('orders')).toEqual(versions);
  await erase({orders: {customer: 'customer-1'}});
  expect((await erase({orders: {customer: 'customer-1'}})).streams).toEqual([]);
});

test('events that only the archive still has are erased as well', async () => {
  await push(60);
  await archive.truncateLog(log.end());
  expect(log.start()).toBe(120);
  const report = await erase({orders: {customer: 'customer-5'}});
  expect(report.streams[0]!.events).toBe(6);
  expect((await archived('orders')).some(({id}) => id.endsWith('customer-5'))).toBe(false);
});

test('refused rows of the entity go from the quarantine, whether they wait or not, and no others', async () => {
  const bad = (customer: string) => ({id: 'x', at: 0, customer, shop: 'no number'});
  await gate.push('orders', [bad('customer-1'), bad('customer-2'), bad('customer-1')]);
  await discardQuarantined(quarantine, {offsets: [0], reason: 'customer-1 said so', at: 1});
  const report = await erase({orders: {customer: 'customer-1'}});
  expect(report).toEqual({position: 0, streams: [], refused: 2, derived: []});
  const left: unknown[] = [];
  for await (const {row} of quarantine.read({settled: true})) left.push(row);
  expect(left).toEqual([bad('customer-2')]);
  expect(readFileSync(quarantine.path, 'utf8')).not.toContain('customer-1');
});

test('a gate that is told to forget knows no erased id, value or example, and its checkpoint neither', async () => {
  const objects = await openFiles(join(folder, 'objects'));
  const checked = [
    events('visits', {
      schema: {id: t.string, at: t.time, user: t.string, mail: t.string},
      time: 'at',
      id: 'id',
      checks: [matches('user', '^u.*', 'warn'), unique('mail')],
    }),
  ];
  const visits = await EventGate.open({log, sources: checked, clock, quarantine, objects});
  const row = (id: string, user: string) => ({id, at: 9 * DAY, user, mail: `${user}@x`});
  await visits.push('visits', [row('v1', 'secret'), row('v2', 'u2'), row('v3', 'u2')]);
  await visits.checkpoint();
  const own = new EventArchive({log, sql, folder: join(folder, 'visits'), sources: checked});
  await eraseEntity({log, archive: own, sql, sources: checked, quarantine, keys: {visits: {user: 'secret'}}});
  await visits.forget(['visits']);
  const kept = Buffer.from((await objects.get('events/gate.json'))!).toString();
  expect(kept).not.toContain('secret');
  expect(kept).not.toContain('v1');
  expect(visits.report('visits')).toMatchObject({
    events: 3,
    checks: [
      {count: 1, example: null},
      {count: 1, example: null},
    ],
  });
  // The others are still known.
  expect(await visits.push('visits', [row('v2', 'u2'), row('v4', 'u2')])).toMatchObject({accepted: 1, duplicates: 1});
  expect(visits.report('visits').checks[1]).toMatchObject({check: 'mail unique within 24h', count: 2});
});

test('keys that no event can have are refused together, without repeating the values', async () => {
  await push(10);
  const wrong = {order: {customer: 'secret'}, orders: {custommer: 'secret', shop: 'secret'}, clicks: {}};
  await expect(erase(wrong)).rejects.toMatchObject({
    code: 'REQUEST_INVALID',
    message: expect.not.stringContaining('secret'),
    problems: [
      {path: 'order', fix: 'Did you mean orders?'},
      {path: 'orders.custommer', fix: 'Did you mean customer?'},
      {path: 'orders.shop', message: "Column 'shop' holds ints, and a string was given."},
      {path: 'clicks'},
    ],
  });
  await expect(erase({})).rejects.toMatchObject({code: 'REQUEST_INVALID'});
  expect(await logged()).toHaveLength(20);
});
