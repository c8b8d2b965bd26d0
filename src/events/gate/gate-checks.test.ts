// What a push gets that a check stops, how checks stand, and vectors at the door.
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {ManualClock, t} from '../../protocol/index.ts';
import type {EventLog} from '../../stores/index.ts';
import {openSegmentLog} from '../../stores/segments/index.ts';
import {inRange} from '../checks/check.ts';
import {fresh, unique, volume} from '../checks/stream-check.ts';
import {FileQuarantine} from '../quarantine/file-quarantine.ts';
import {events} from '../source.ts';
import {EventGate} from './gate.ts';

const NOON = Date.UTC(2024, 4, 1, 12);
const HOUR = 3_600_000;
const readings = events('readings', {
  schema: {id: t.string, at: t.time, level: t.number, serial: t.string.orNull()},
  time: 'at',
  id: 'id',
  checks: [
    inRange('level', {max: 9}, 'stop'),
    unique('serial', {}, 'stop'),
    inRange('level', {max: 5}, 'warn'),
    fresh({within: '2h'}),
    volume({per: '1h', min: 1}),
  ],
});
const images = events('images', {
  schema: {id: t.string, at: t.time, seen: t.vector(3), said: t.vector(2).orNull()},
  time: 'at',
  id: 'id',
});

let folder = '';
let log: EventLog;
let quarantine: FileQuarantine;
let clock: ManualClock;
let gate: EventGate;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-gate-checks-'));
  clock = new ManualClock(NOON);
  log = await openSegmentLog(join(folder, 'log'));
  quarantine = await FileQuarantine.open(join(folder, 'quarantine.jsonl'));
  gate = await EventGate.open({log, sources: [readings, images], clock, quarantine});
});
afterEach(async () => {
  await log.close();
  await quarantine.close();
  rmSync(folder, {recursive: true, force: true});
});

const reading = (id: string, more: object = {}) => ({id, at: clock.now(), level: 1, ...more});
const image = (more: object) => ({id: 'a', at: NOON, seen: [1, 2, 3], ...more});

const stateOf = () =>
  Object.fromEntries(gate.checkStatus().map(({stream, check, state}) => [`${stream}: ${check}`, state]));

test('a push that a check stops says which rows are to blame, and may be sent again without them', async () => {
  const rows = [reading('bad', {level: 'x'}), reading('a'), reading('b', {level: 10}), reading('c', {level: 11})];
  await expect(gate.push('readings', rows)).rejects.toMatchObject({
    code: 'CHECK_STOPPED',
    message: "Nothing of this got into 'readings': level at most 9; got 10, and 1 more.",
    problems: [
      {path: 'rows[2]', message: 'level at most 9; got 10.'},
      {path: 'rows[3]', message: 'level at most 9; got 11.'},
    ],
  });
  expect({events: log.end(), quarantine: quarantine.end()}).toEqual({events: 0, quarantine: 0});
  expect(await gate.push('readings', rows.slice(0, 2))).toMatchObject({accepted: 1, duplicates: 0});
  expect(gate.report('readings').checks[0]).toMatchObject({action: 'stop', count: 2, example: '10', lastAt: NOON});
});

test('a value that stands in the log already stops a push, even while that is on its way', async () => {
  const answers = await Promise.allSettled([
    gate.push('readings', [reading('a', {serial: 's1'}), reading('n')]),
    gate.push('readings', [reading('b', {serial: 's1'})]),
    gate.push('readings', [reading('c', {serial: 's2'}), reading('m')]),
  ]);
  expect(answers.map(({status}) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect((answers[1] as PromiseRejectedResult).reason).toMatchObject({
    message: "Nothing of this got into 'readings': serial unique within 24h; got s1",
  });
});

test('checks say how they stand: as the latest push left them, or as the clock says', async () => {
  const names = readings.checks.map(check => `readings: ${check.name}`);
  const [top, serial, warned, age, rate] = names as [string, string, string, string, string];
  expect(Object.values(stateOf())).toEqual(names.map(() => 'unknown'));
  await gate.push('readings', [reading('a', {level: 6})]);
  expect(stateOf()).toEqual({[top]: 'ok', [serial]: 'ok', [warned]: 'violated', [age]: 'ok', [rate]: 'unknown'});
  await expect(gate.push('readings', [reading('b', {level: 10})])).rejects.toThrow();
  expect(stateOf()).toMatchObject({[top]: 'violated', [warned]: 'ok'});
  clock.advanceTo(NOON + 2 * HOUR);
  expect(stateOf()).toMatchObject({[age]: 'ok', [rate]: 'violated'});
  clock.advanceTo(NOON + 2 * HOUR + 1);
  expect(gate.checkStatus().find(({kind}) => kind === 'fresh')).toEqual({
    stream: 'readings',
    check: 'an event every 2h',
    kind: 'fresh',
    action: 'warn',
    count: 0,
    example: null,
    state: 'violated',
    detail: 'the latest event is 2 h old; at most 2 h allowed',
  });
  await gate.push('readings', [reading('c')]);
  expect(gate.checkStatus().filter(({kind}) => kind === 'fresh' || kind === 'volume')).toMatchObject([
    {state: 'ok', count: 1, example: 'no event for 2 h'},
    {state: 'violated', count: 1, detail: '0 events in the 1 h from 2024-05-01T13:00:00.000Z'},
  ]);
});

test('a vector is pushed as an array, held as columns and described as one', async () => {
  expect(Object.keys(images.schema)).toEqual(['id', 'at', 'seen_0', 'seen_1', 'seen_2', 'said_0', 'said_1']);
  expect(images.vectors).toEqual({seen: 3, said: 2});
  await gate.push('images', [image({}), image({id: 'b', said: [0.5, -1]})]);
  const batches = [];
  for await (const batch of log.read()) batches.push(batch);
  expect(batches[0]!.columns).toMatchObject({
    seen_0: Float64Array.of(1, 1),
    seen_2: Float64Array.of(3, 3),
    said_0: Float64Array.of(Number.NaN, 0.5),
    said_1: Float64Array.of(Number.NaN, -1),
  });
  expect(gate.report('images').columns).toContainEqual({name: 'said', type: 'number', nullable: true, size: 2});
});

test.each([
  [{seen: [1, 2]}, 'seen must be an array of 3 finite numbers; got an array of 2.'],
  [{seen: [1, 2, 3, 4]}, 'seen must be an array of 3 finite numbers; got an array of 4.'],
  [{seen: [1, null, 3]}, 'seen must be an array of 3 finite numbers; got null at index 1.'],
  [{seen: [1, 2, Number.NaN]}, 'seen must be an array of 3 finite numbers; got NaN at index 2.'],
  [{seen: 5}, 'seen must be an array of 3 finite numbers; got 5.'],
  [{seen: null}, 'seen is null, and the schema says it never is.'],
  [{seen_0: 1}, '"seen_0" is no column of \'images\'; it has id, at, seen, said.'],
])('what is no vector is refused with what was given: %j', async (more, message) => {
  expect((await gate.push('images', [image(more)])).rejected).toMatchObject([{message}]);
});

test('columns of half a vector are refused, and stand in quarantine as the vector', async () => {
  const columns = {
    id: ['a', 'b', 'c', 'd'],
    at: new Float64Array(4).fill(NOON),
    seen_0: Float64Array.of(1, 1, 1, 1),
    seen_1: Float64Array.of(1, Number.NaN, Infinity, 1),
    seen_2: Float64Array.of(1, 1, 1, 1),
    said_0: Float64Array.of(Number.NaN, 1, 1, 1),
    said_1: Float64Array.of(Number.NaN, 1, 1, Number.NaN),
  };
  const pushed = await gate.pushColumns('images', {count: 4, columns}, {arrival: 'live'});
  expect(pushed).toMatchObject({accepted: 1, rejected: 3});
  const rows = [];
  for await (const {row, message} of quarantine.read()) rows.push({row, message});
  expect(rows).toMatchObject([
    {row: {id: 'b', seen: [1, null, 1]}, message: 'seen must be 3 finite numbers; number 2 of it is null.'},
    {row: {id: 'c', seen: [1, 'Infinity', 1]}, message: 'seen must be 3 finite numbers; number 2 of it is Infinity.'},
    {row: {id: 'd', said: [1, null]}, message: 'said must be 2 finite numbers or null; number 2 of it is null.'},
  ]);
});
