import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import fc from 'fast-check';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {type JsonValue, ManualClock, t} from '../../protocol/index.ts';
import type {EventLog} from '../../stores/index.ts';
import {openSegmentLog} from '../../stores/segments/index.ts';
import {inRange} from '../checks/check.ts';
import {EventGate} from '../gate/gate.ts';
import {events} from '../source.ts';
import {FileQuarantine} from './file-quarantine.ts';
import type {QuarantineRange, StoredRow} from './quarantine.ts';
import {discardQuarantined, replayQuarantine} from './replay.ts';

const NOW = 1_700_000_000_000;
const declare = (max: number) =>
  events('s', {
    schema: {id: t.string, at: t.time, n: t.int, ok: t.bool.orNull(), v: t.vector(2).orNull()},
    time: 'at',
    id: 'id',
    delay: '1m',
    checks: [inRange('n', {max})],
  });

let folder = '';
let log: EventLog;
let quarantine: FileQuarantine;
let gate: EventGate;

async function open(max = 9): Promise<void> {
  log = await openSegmentLog(join(folder, 'log'));
  quarantine = await FileQuarantine.open(join(folder, 'quarantine.jsonl'));
  gate = await EventGate.open({log, sources: [declare(max)], clock: new ManualClock(NOW), quarantine});
}

/** As kill -9 would. */
async function drop(): Promise<void> {
  await log.close();
  await quarantine.close();
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-replay-'));
  await open();
});
afterEach(async () => {
  await drop();
  rmSync(folder, {recursive: true, force: true});
});

async function stored(range?: QuarantineRange): Promise<StoredRow[]> {
  const rows: StoredRow[] = [];
  for await (const row of quarantine.read(range)) rows.push(row);
  return rows;
}

async function logged(): Promise<string[]> {
  const ids: string[] = [];
  for await (const batch of log.read()) ids.push(...batch.ids);
  return ids;
}

const row = (id: string, n: JsonValue) => ({id, at: NOW, n});

test('rows that get in are done, and those that are refused again stay as they came, with the new reason', async () => {
  await gate.push('s', [row('a', 12), row('b', 'x'), row('c', 99)]);
  await drop();
  await open(50);
  const mend = (r: JsonValue) => {
    const given = r as ReturnType<typeof row>;
    return given.n === 'x' ? {...given, n: 77} : given;
  };
  expect(await replayQuarantine({quarantine, gate, transform: mend})).toEqual({
    accepted: 1,
    duplicates: 0,
    refused: 2,
    left: 0,
  });
  expect(await logged()).toEqual(['a']);
  const waiting = [
    {row: row('b', 'x'), check: 'n at most 50', message: 'n at most 50; got 77.'},
    {row: row('c', 99), check: 'n at most 50', message: 'n at most 50; got 99.'},
  ];
  expect(await stored()).toMatchObject(waiting);
  await drop();
  await open(50);
  expect(await stored()).toMatchObject(waiting);
  expect((await stored({settled: true})).map(r => r.settlement?.outcome ?? null)).toEqual(['replayed', null, null]);
  expect(gate.report('s').checks.reduce((sum, check) => sum + check.count, 0)).toBe(3);
});

test('a row whose event is in the log already is done', async () => {
  await gate.push('s', [row('a', 12)]);
  await gate.push('s', [row('a', 2)]);
  const counts = await replayQuarantine({quarantine, gate, transform: () => row('a', 3)});
  expect(counts).toEqual({accepted: 0, duplicates: 1, refused: 0, left: 0});
  expect(await stored()).toEqual([]);
});

test('what is left out, or belongs to no source, stays', async () => {
  await gate.push('s', [row('a', 12)]);
  await quarantine.append([{stream: 'gone', at: NOW, check: 'type', message: '', example: '', row: {}}]);
  expect(await replayQuarantine({quarantine, gate, transform: () => undefined})).toMatchObject({left: 2});
  expect(await stored()).toHaveLength(2);
  await expect(replayQuarantine({quarantine, gate, stream: 'gone'})).rejects.toMatchObject({code: 'STREAM_UNKNOWN'});
});

test('rows of a file are read from their texts, and arrive as history does', async () => {
  const texts = {id: 'a', at: '2001-04-01 12:00:00', n: '7', ok: 'yes', v_0: '1.5', v_1: '2'};
  const refused = {check: 'type', message: '', example: '', texts: true} as const;
  const none = {count: 0, columns: emptyColumns()};
  await gate.pushColumns('s', none, {arrival: 'history', unreadable: [{...refused, row: texts}]});
  expect(await replayQuarantine({quarantine, gate})).toMatchObject({accepted: 1});
  const batches = [];
  for await (const batch of log.read()) batches.push(batch);
  const time = Date.UTC(2001, 3, 1, 12);
  expect(batches[0]).toMatchObject({
    columns: {at: Float64Array.of(time), n: Float64Array.of(7), ok: Float64Array.of(1), v_1: Float64Array.of(2)},
    arrivalTimes: Float64Array.of(time + 60_000),
  });
});

const emptyColumns = () => ({
  id: [],
  ...Object.fromEntries(['at', 'n', 'ok', 'v_0', 'v_1'].map(name => [name, new Float64Array()])),
});

test('a row is discarded once, for a reason that stays with it', async () => {
  await gate.push('s', [row('a', 12), row('b', 13)]);
  const [first] = await stored();
  const discard = (offsets: number[], reason: string) => discardQuarantined(quarantine, {offsets, reason, at: NOW});
  await expect(discard([first!.offset], ' ')).rejects.toMatchObject({code: 'REQUEST_INVALID'});
  await expect(discard([first!.offset, 3], 'test')).rejects.toMatchObject({code: 'RECORD_NOT_FOUND'});
  await discard([first!.offset], 'a test of the sender');
  await expect(discard([first!.offset], 'again')).rejects.toMatchObject({code: 'RECORD_NOT_FOUND'});
  expect((await stored()).map(r => r.row)).toEqual([row('b', 13)]);
  expect((await stored({settled: true}))[0]!.settlement).toEqual({
    offset: first!.offset,
    at: NOW,
    outcome: 'discarded',
    reason: 'a test of the sender',
  });
});

test('replays that die before they are recorded lose no row and put none into the log twice', async () => {
  const step = fc.record({
    rows: fc.array(fc.record({id: fc.integer({min: 0, max: 20}), n: fc.integer({min: 0, max: 30})}), {maxLength: 6}),
    replay: fc.constantFrom('no', 'whole', 'unrecorded'),
    reopen: fc.boolean(),
    max: fc.integer({min: 5, max: 30}),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, {maxLength: 8}), async steps => {
      await drop();
      rmSync(folder, {recursive: true, force: true});
      await open(5);
      let max = 5;
      const pushed = new Map<string, number[]>();
      for (const {rows, replay, reopen, max: next} of steps) {
        await gate.push(
          's',
          rows.map(({id, n}) => row(`${id}`, n)),
        );
        for (const {id, n} of rows) pushed.set(`${id}`, [...(pushed.get(`${id}`) ?? []), n]);
        if (replay === 'whole') await replayQuarantine({quarantine, gate});
        if (replay === 'unrecorded') {
          const dies = Object.assign(Object.create(quarantine), {
            read: (range?: QuarantineRange) => quarantine.read(range),
            settle: () => Promise.reject(new Error('killed')),
          }) as FileQuarantine;
          await replayQuarantine({quarantine: dies, gate}).catch(error => expect(error.message).toBe('killed'));
        }
        if (reopen) {
          await drop();
          max = next;
          await open(max);
        }
      }
      await replayQuarantine({quarantine, gate});
      const ids = await logged();
      expect(new Set(ids).size).toBe(ids.length);
      const waiting = new Set((await stored()).map(r => (r.row as {id: string}).id));
      for (const [id, values] of pushed) {
        if (values.some(n => n <= max)) expect(ids).toContain(id);
        else expect(ids.includes(id) || waiting.has(id)).toBe(true);
      }
      for (const {row: r} of await stored()) expect((r as {n: number}).n).toBeGreaterThan(max);
    }),
    {seed: 5, numRuns: 60},
  );
});
