import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {EventArchive, events} from '../../events/index.ts';
import {entity, featureView} from '../../features/index.ts';
import {ManualClock, t} from '../../protocol/index.ts';
import {openDuckDb} from '../../stores/duckdb/index.ts';
import type {MetadataStore, SqlEngine} from '../../stores/index.ts';
import {openLibsql} from '../../stores/libsql/index.ts';
import {openSegmentLog, type SegmentLog} from '../../stores/segments/index.ts';
import {accessRecords} from '../access/access-records.ts';
import {collectProject} from '../project/project.ts';
import {logNeeds} from './log-needs.ts';
import {LogRetention, planTruncation, truncateLog} from './log-retention.ts';
import {WholeLog} from './whole-log.ts';

const DAY = 86_400_000;
const schema = {id: t.string, at: t.time, user: t.string.orNull(), n: t.int, ok: t.bool};
const source = (name: string, retention?: `${number}d`) =>
  events(name, {schema, time: 'at', id: 'id', ...(retention ? {retention} : {})});
const clicks = source('clicks', '30d');
const views = source('views', '2d');
const users = entity('user', {id: t.string});
const spent = featureView('spent', {
  from: views,
  entity: users,
  keys: {id: 'user'},
  features: a => ({n: a.sum('n').over('7d'), all: a.count().over('1h')}),
});
const project = collectProject('p', '.', {clicks, views, spent});

let folder = '';
let segments: SegmentLog;
let sql: SqlEngine;
let metadata: MetadataStore;
let clock = new ManualClock(0);

beforeEach(async () => {
  clock = new ManualClock(0);
  folder = mkdtempSync(join(tmpdir(), 'millrace-retention-'));
  sql = await openDuckDb({threads: 1});
  metadata = await openLibsql(join(folder, 'metadata.db'));
  segments = await openSegmentLog(join(folder, 'log'), {segmentBytes: 1_000});
});
afterEach(async () => {
  await segments.close();
  await sql.close();
  await metadata.close();
  rmSync(folder, {recursive: true, force: true});
});

const stores = (of = project) => {
  const archive = new EventArchive({log: segments, sql, folder: join(folder, 'archive'), sources: of.sources});
  const log = new WholeLog({log: segments, archive, sql, sources: of.sources});
  return {project: of, archive, clock, log, audit: accessRecords(metadata, clock).audit};
};

/** An event of every stream each day, the streams in turn. */
async function days(count: number, streams = ['clicks', 'views']) {
  for (let d = 0; d < count; d++)
    for (const stream of streams)
      await segments.append({
        stream,
        count: 1,
        ids: [`${stream}-${d}`],
        eventTimes: Float64Array.of(d * DAY),
        arrivalTimes: Float64Array.of(d * DAY),
        columns: {
          id: [`${stream}-${d}`],
          at: Float64Array.of(d * DAY),
          user: [d % 3 ? `u${d % 3}` : null],
          n: Float64Array.of(d),
          ok: Float64Array.of(d % 2),
        },
      });
}

type Log = Pick<WholeLog, 'read'>;
async function all(log: Log, range: Parameters<WholeLog['read']>[0] = {}) {
  const found: unknown[] = [];
  for await (const {stream, count, position, positions, ids, eventTimes, arrivalTimes, columns} of log.read(range))
    for (let i = 0; i < count; i++)
      found.push([
        stream,
        positions?.[i] ?? position + i,
        ids[i],
        eventTimes[i],
        arrivalTimes[i],
        Object.keys(schema).map(column => columns[column]![i]),
      ]);
  return found;
}

describe('retention', () => {
  test('keeps what is longest: the declared time, windows with their lateness, and what the gate remembers', () => {
    expect(logNeeds(project)).toEqual([
      {stream: 'clicks', keepMs: 30 * DAY, because: 'its retention is 30 d'},
      {stream: 'views', keepMs: 8 * DAY, because: "'n_7d' reads so far back"},
    ]);
  });

  test('drops whole files of events that no stream needs, which the archive then has', async () => {
    await days(100);
    clock.advanceTo(100 * DAY);
    const {log, ...rest} = stores();
    const before = await all(log);
    const done = await truncateLog({log, ...rest});
    expect(done).toMatchObject({start: 0, end: 200, position: 140, heldBy: {stream: 'clicks'}});
    expect(done.newStart).toBeGreaterThan(120);
    expect(done.newStart).toBeLessThanOrEqual(140);
    expect(segments.start()).toBe(done.newStart);
    expect((await rest.audit.list()).entries).toMatchObject([
      {at: 100 * DAY, action: 'log.truncate', detail: {events: done.newStart, start: 0}, outcome: 'done'},
    ]);
    expect(await all(log)).toEqual(before);
    expect(await all(log, {from: 33, to: 190})).toEqual(before.slice(33, 190));
    expect(await all(log, {stream: 'views', from: 34, to: 39})).toEqual([before[35], before[37]]);
    expect(await all(segments)).toEqual(before.slice(done.newStart));
  });

  test('never drops what a stream without retention has, or one that is no source any more', async () => {
    await days(50, ['clicks', 'gone']);
    clock.advanceTo(100 * DAY);
    expect(await planTruncation(stores())).toMatchObject({
      position: 1,
      heldBy: {stream: 'gone', because: 'it is no source of the project any more'},
    });
    const forever = collectProject('p', '.', {clicks: source('clicks')});
    expect(await truncateLog(stores(forever))).toMatchObject({
      position: 0,
      newStart: 0,
      heldBy: {stream: 'clicks', because: 'it has no retention'},
    });
  });

  test('runs once a day of the clock, and not beyond what the live state has taken', async () => {
    await days(100);
    const retention = new LogRetention(stores());
    const taken: number[] = [];
    const tick = async (now: number, position: number) => {
      clock.advanceTo(now);
      await retention.tick(now, async () => {
        taken.push(position);
        return position;
      });
    };
    await tick(100 * DAY, 60);
    const start = segments.start();
    expect(start).toBeGreaterThan(40);
    expect(start).toBeLessThanOrEqual(60);
    await tick(100.5 * DAY, 200);
    expect(segments.start()).toBe(start);
    await tick(101 * DAY, 200);
    expect(segments.start()).toBeGreaterThan(start);
    expect(taken).toEqual([60, 200]);
  });

  test('that nobody asked for reads nothing', async () => {
    const forever = collectProject('p', '.', {clicks: source('clicks')});
    const never = () => Promise.reject(new Error('It asked for the position.'));
    await new LogRetention(stores(forever)).tick(0, never);
  });

  test('events that neither log nor archive have are an error, and never skipped', async () => {
    await days(100);
    await segments.truncateBefore(150);
    await expect(all(stores().log)).rejects.toMatchObject({code: 'STORE_CORRUPT'});
  });
});
