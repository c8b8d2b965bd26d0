import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {ManualClock, t} from '../../protocol/index.ts';
import {openDuckDb} from '../../stores/duckdb/index.ts';
import type {EventLog, SqlEngine} from '../../stores/index.ts';
import {openSegmentLog} from '../../stores/segments/index.ts';
import {inRange} from '../checks/check.ts';
import {EventGate} from '../gate/gate.ts';
import {csv} from '../origin.ts';
import {FileQuarantine} from '../quarantine/file-quarantine.ts';
import {events} from '../source.ts';
import {ingest} from './ingest.ts';

const declaration = {
  schema: {id: t.string, at: t.time, km: t.int},
  time: 'at',
  id: 'id',
  delay: '1h',
  from: csv('trips.csv'),
} as const;
const source = events('trips', {...declaration, checks: [inRange('km', {min: 0})]});

let folder = '';
let log: EventLog;
let sql: SqlEngine;
let quarantine: FileQuarantine;
let gate: EventGate;
const clock = new ManualClock(0);

async function open(): Promise<void> {
  log = await openSegmentLog(join(folder, 'log'));
  quarantine = await FileQuarantine.open(join(folder, 'quarantine.jsonl'));
  gate = await EventGate.open({log, sources: [source], clock, quarantine});
}

async function shut(): Promise<void> {
  await gate.close();
  await log.close();
  await quarantine.close();
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-ingest-'));
  sql = await openDuckDb({threads: 1});
  await open();
});
afterEach(async () => {
  await shut();
  await sql.close();
  rmSync(folder, {recursive: true, force: true});
});

/** `count` trips, three minutes apart but every other at the time of the one before, newest first in the file. */
function writeTrips(count: number, ...more: string[]): void {
  const lines = Array.from({length: count}, (_, i) => `t${String(i).padStart(6, '0')},${(i >> 1) * 180_000},${i % 50}`);
  writeFileSync(join(folder, 'trips.csv'), ['id,at,km', ...more, ...lines.reverse()].join('\n'));
}

async function loggedIds(): Promise<string[]> {
  const ids = [];
  for await (const batch of log.read({stream: 'trips'})) ids.push(...batch.ids);
  return ids;
}

test('a history is loaded in order, and what is refused is reported and kept', async () => {
  writeTrips(20_000, 'bad,500,abc', 'below,600,-1', 't000000,0,0', 'half,700,1.5');
  const progress: number[] = [];
  const batches: number[] = [];
  const report = await ingest({
    source,
    gate,
    sql,
    folder,
    onProgress: rows => progress.push(rows),
    onBatch: ({position}) => {
      batches.push(position);
    },
    clock,
  });
  expect(report).toEqual({
    stream: 'trips',
    rows: 20_004,
    skipped: 0,
    accepted: 20_000,
    duplicates: 1,
    rejected: 3,
    late: 0,
    seconds: 0,
  });
  expect(progress.at(-1)).toBe(20_004);
  expect(batches[0]).toBe(0);
  const ids = await loggedIds();
  expect(ids).toEqual(ids.toSorted());
  const refused = [];
  for await (const {check, row} of quarantine.read()) refused.push([check, (row as {id: string}).id]);
  expect(refused.toSorted()).toEqual([
    ['km at least 0', 'below'],
    ['type', 'bad'],
    ['type', 'half'],
  ]);
  expect(gate.report('trips').checks.map(({check, count, example}) => [check, count, example])).toEqual([
    ['km at least 0', 1, '-1'],
    ['type', 2, '"abc"'],
  ]);
});

test('a load that was interrupted is resumed, and each event is in the log once', async () => {
  writeTrips(30_000);
  const interrupted = ingest({
    source,
    gate,
    sql,
    folder,
    onBatch: ({position}) => {
      if (position > 0) throw new Error('pulled the plug');
    },
  });
  await expect(interrupted).rejects.toThrow('pulled the plug');
  const before = log.end();
  await shut();
  await open();
  const report = await ingest({source, gate, sql, folder});
  expect(report).toMatchObject({rows: 30_000, accepted: 30_000 - before, rejected: 0});
  expect(report.skipped + report.duplicates).toBe(before);
  const ids = await loggedIds();
  expect(new Set(ids).size).toBe(30_000);
  expect(ids.length).toBe(30_000);
});

test('a second load finds nothing to do, also with a limit', async () => {
  writeTrips(1_000);
  expect(await ingest({source, gate, sql, folder, limit: 600})).toMatchObject({rows: 600, accepted: 600});
  expect(await ingest({source, gate, sql, folder, limit: 600})).toMatchObject({rows: 600, accepted: 0});
  expect(await ingest({source, gate, sql, folder})).toMatchObject({rows: 1_000, accepted: 400});
});

test('a load that a check stops leaves nothing of itself, however late the row stands that stops it', async () => {
  const rows = Array.from({length: 9_000}, (_, i) => `t${i},2024-01-01T00:00:00Z,${i === 8_999 ? 999 : 1}`);
  writeFileSync(join(folder, 'trips.csv'), `id,at,km\n${rows.join('\n')}\n`);
  const strict = events('trips', {...declaration, checks: [inRange('km', {max: 100}, 'stop')]});
  await shut();
  log = await openSegmentLog(join(folder, 'log'));
  quarantine = await FileQuarantine.open(join(folder, 'quarantine.jsonl'));
  gate = await EventGate.open({log, sources: [strict], clock, quarantine});
  await expect(ingest({source: strict, gate, sql, folder})).rejects.toMatchObject({code: 'CHECK_STOPPED'});
  expect(log.end()).toBe(0);
  writeFileSync(join(folder, 'trips.csv'), `id,at,km\n${rows.slice(0, -1).join('\n')}\n`);
  expect(await ingest({source: strict, gate, sql, folder})).toMatchObject({accepted: 8_999});
});
